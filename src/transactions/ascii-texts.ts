import { type Chunk, validity } from '../columns/arrow-shape.ts';

const utf8: TextDecoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The texts of a chunk of UTF-8, cut out of one text: several times faster than to decode each. `null` where a cell is
 * null, a character is not ASCII, or a text lies outside the buffer.
 */
export function asciiTexts(chunk: Chunk): readonly string[] | null {
  const bytes = chunk.values as Uint8Array | undefined;
  const offsets = (chunk.valueOffsets ?? chunk.offsets) as Int32Array | undefined;
  if (!bytes || !offsets || validity(chunk)) return null;
  const { length } = chunk;
  const start = offsets[0]!;
  let before = start;
  for (let i = 1; i <= length; i++) {
    if (!(offsets[i]! >= before)) return null;
    before = offsets[i]!;
  }
  if (!(start >= 0 && before <= bytes.length)) return null;
  let all = 0;
  for (let at = start; at < before; at++) all |= bytes[at]!;
  if (all > 127) return null;
  // A copy, as decoders refuse shared memory.
  const text = utf8.decode(bytes.slice(start, before));
  const texts = new Array<string>(length);
  for (let i = 0; i < length; i++) texts[i] = text.slice(offsets[i]! - start, offsets[i + 1]! - start);
  return texts;
}
