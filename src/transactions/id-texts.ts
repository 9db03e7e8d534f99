const utf8: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Texts that are made into strings at once. */
const AT_ONCE = 1024;

/**
 * Texts by place, as bytes in one buffer: strings are made at the end, of those that are asked for. A character code of
 * UTF-16 takes one to three bytes, like a character of UTF-8 but surrogates one by one (CESU-8), so that texts compare as
 * their bytes do, and every string comes back.
 */
export class IdTexts {
  count = 0;
  /** Text `p` has the bytes `starts[p] … starts[p + 1]`. */
  starts: Uint32Array = new Uint32Array(2 ** 12);
  bytes: Uint8Array = new Uint8Array(2 ** 14);

  /** Adds `bytes[from … to)`, and returns its place. */
  push(bytes: Uint8Array, from: number, to: number): number {
    const start = this.starts[this.count]!;
    const end = start + to - from;
    this.makeRoom(this.count + 1, end);
    for (let k = 0; k < to - from; k++) this.bytes[start + k] = bytes[from + k]!;
    this.starts[++this.count] = end;
    return this.count - 1;
  }

  /** Adds `count` texts that lie one behind the other; `offsets` as in Arrow. */
  pushAll(bytes: Uint8Array, offsets: Int32Array, count: number): void {
    const [first, start] = [offsets[0]!, this.starts[this.count]!];
    this.makeRoom(this.count + count, start + offsets[count]! - first);
    this.bytes.set(bytes.subarray(first, offsets[count]!), start);
    for (let k = 1; k <= count; k++) this.starts[this.count + k] = start + offsets[k]! - first;
    this.count += count;
  }

  /** The strings at `places`. */
  strings(places: Uint32Array): string[] {
    return strings(places, this.starts, this.bytes);
  }

  /** Makes these strings when called, whatever texts have come by then. */
  later(places: Uint32Array): () => string[] {
    // What stands there stays: texts are only added behind it, or to copies.
    const { bytes, starts } = this;
    return () => strings(places, starts, bytes);
  }

  private makeRoom(count: number, size: number): void {
    if (count >= this.starts.length) {
      const { starts } = this;
      this.starts = new Uint32Array(Math.max(2 * starts.length, count + 1));
      this.starts.set(starts);
    }
    if (size > this.bytes.length) {
      const { bytes } = this;
      this.bytes = new Uint8Array(Math.max(2 * bytes.length, size));
      this.bytes.set(bytes);
    }
  }
}

function strings(places: Uint32Array, starts: Uint32Array, bytes: Uint8Array): string[] {
  const texts = new Array<string>(places.length);
  const ends = new Uint32Array(AT_ONCE);
  let scratch = new Uint8Array(2 ** 14);
  for (let from = 0; from < places.length; from += AT_ONCE) {
    const some = places.subarray(from, from + AT_ONCE);
    let size = 0;
    for (let i = 0; i < some.length; i++) size += starts[some[i]! + 1]! - starts[some[i]!]!;
    if (size > scratch.length) scratch = new Uint8Array(2 * size);
    if (gather(some, starts, bytes, scratch, ends))
      cut(utf8.decode(scratch.subarray(0, size)), ends, texts, from, some.length);
    else for (let i = 0; i < some.length; i++) texts[from + i] = decode(scratch, i === 0 ? 0 : ends[i - 1]!, ends[i]!);
  }
  return texts;
}

/** Puts texts one behind the other; whether all of them are ASCII. */
function gather(
  places: Uint32Array,
  starts: Uint32Array,
  bytes: Uint8Array,
  into: Uint8Array,
  ends: Uint32Array,
): boolean {
  let at = 0;
  let all = 0;
  for (let i = 0; i < places.length; i++) {
    const end = starts[places[i]! + 1]!;
    for (let k = starts[places[i]!]!; k < end; k++) {
      const byte = bytes[k]!;
      all |= byte;
      into[at++] = byte;
    }
    ends[i] = at;
  }
  return all < 128;
}

function cut(text: string, ends: Uint32Array, into: string[], from: number, count: number): void {
  for (let i = 0, start = 0; i < count; i++) {
    const end = ends[i]!;
    into[from + i] = text.slice(start, end);
    start = end;
  }
}

/** Writes a text, and returns where it ends; a character code takes three bytes at most. */
export function encode(text: string, into: Uint8Array, from: number): number {
  let at = from;
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    if (code < 0x80) into[at++] = code;
    else {
      if (code < 0x800) into[at++] = 0xc0 | (code >> 6);
      else {
        into[at++] = 0xe0 | (code >> 12);
        into[at++] = 0x80 | ((code >> 6) & 0x3f);
      }
      into[at++] = 0x80 | (code & 0x3f);
    }
  }
  return at;
}

function decode(bytes: Uint8Array, from: number, to: number): string {
  const codes: number[] = [];
  for (let at = from; at < to; ) {
    const byte = bytes[at++]!;
    if (byte < 0x80) codes.push(byte);
    else if (byte < 0xe0) codes.push(((byte & 0x1f) << 6) | (bytes[at++]! & 0x3f));
    else codes.push(((byte & 0x0f) << 12) | ((bytes[at++]! & 0x3f) << 6) | (bytes[at++]! & 0x3f));
  }
  let text = '';
  for (let k = 0; k < codes.length; k += 4096) text += String.fromCharCode(...codes.slice(k, k + 4096));
  return text;
}
