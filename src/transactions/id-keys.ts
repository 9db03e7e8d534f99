import { kernelsAt } from '../kernels/wasm/registry.ts';
import { plainRoom, roomFor, roomOf } from '../kernels/wasm/room.ts';
import type { IdTexts } from './id-texts.ts';

/** So many bytes of a text are packed at most. */
export const MOST = 16;
/** Bytes of what a sort counts. */
const COUNTS: number = 3 * 4 * 2 ** 11;
const KEYS: number = 2 ** 32;
/** Fewer than these are not worth a memory of their own. */
const FEW: number = 2 ** 14;

/** Places by key, equal keys by place. */
export interface Keys {
  readonly keys: Uint32Array;
  readonly order: Uint32Array;
}

/**
 * `places`, which ascend, by keys that never fall while the texts rise: by the first bytes in which texts differ. `null` where
 * WASM does not help.
 */
export function keysInOrder({ bytes, count: all, starts }: IdTexts, places: Uint32Array): Keys | null {
  const count = places.length;
  if (count < FEW) return null;
  const size = starts[all]!;
  // Kernels read 16 bytes of a text, whatever its length.
  const sizes = [size + MOST, 4 * (all + 1), 4 * count, 8 * count, 8 * count, COUNTS, 256 * MOST, 1024 * MOST, 32];
  const room = roomOf(sizes.reduce((sum, bytes) => sum + roomFor(bytes), 0));
  if (room === plainRoom) return null;
  const [texts, ends, own, items, others, counts, seen, table, ranges] = sizes.map((bytes) => room.uint8(bytes)) as [
    Uint8Array,
    ...Uint8Array[],
  ];
  const kernels = kernelsAt(texts.buffer)!;
  texts.set(bytes.subarray(0, size));
  wordsOf(ends!).set(starts.subarray(0, all + 1));
  wordsOf(own!).set(places);

  const read = [texts.byteOffset, ends!.byteOffset, own!.byteOffset, count] as const;
  let start = 0;
  let shortest = 0;
  for (let same = 1; same > 0; start += same) {
    shortest = kernels.textRanges(...read, start, ranges!.byteOffset);
    same = 0;
    while (same < shortest && ranges![same] === ranges![MOST + same]) same++;
  }
  kernels.seeTexts(...read, start, seen!.byteOffset);
  const weights = weightsOf(seen!, shortest);
  wordsOf(table!).set(weights);
  const [to, other, counted] = [items!.byteOffset, others!.byteOffset, counts!.byteOffset];
  kernels.sortTexts(...read, start, weights.length / 256, table!.byteOffset, to, other, counted);
  return apart(wordsOf(items!), { keys: new Uint32Array(count), order: new Uint32Array(count) });
}

const wordsOf = ({ buffer, byteLength, byteOffset }: Uint8Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, byteLength / 4);

function apart(items: Uint32Array, { keys, order }: Keys): Keys {
  for (let i = 0; i < order.length; i++) {
    order[i] = items[2 * i]!;
    keys[i] = items[2 * i + 1]!;
  }
  return { keys, order };
}

/**
 * `weights[256 k + byte]` is what a byte at place k adds to a key, where `seen[256 k + byte]` is 1: the first bytes as digits
 * of one number below 2³², of a base of their own each, the number of bytes found there. A text that has ended adds nothing;
 * the shortest one has `shortest` bytes.
 */
export function weightsOf(seen: Uint8Array, shortest: number): Int32Array {
  const bases: number[] = [];
  for (let k = 0, size = 1; k < MOST; k++) {
    // Where some have ended, bytes count from 1.
    let base = Number(k >= shortest);
    for (let byte = 0; byte < 256; byte++) base += seen[256 * k + byte]!;
    size *= Math.max(1, base);
    if (size > KEYS) break;
    bases.push(base);
  }
  const weights = new Int32Array(256 * bases.length);
  for (let k = bases.length - 1, scale = 1; k >= 0; scale *= Math.max(1, bases[k--]!))
    for (let byte = 0, rank = Number(k >= shortest); byte < 256; byte++)
      if (seen[256 * k + byte] === 1) weights[256 * k + byte] = rank++ * scale;
  return weights;
}
