export type FixedArray = Float64Array | Int32Array;

/** Text in Arrow's layout. */
export class Strings {
  private readonly encoder = new TextEncoder();
  private bytes = new Uint8Array(4096);
  private offsets = new Int32Array(1025);
  private count = 0;

  /** Adds a string; false when the offsets no longer fit into 31 bits. */
  push(text: string): boolean {
    const start = this.offsets[this.count]!;
    // A UTF-16 unit takes at most three bytes.
    const most = start + 3 * text.length;
    if (most > 0x7fff_ffff) return false;
    if (most > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(most, 2 * this.bytes.length));
      bigger.set(this.bytes.subarray(0, start));
      this.bytes = bigger;
    }
    const { written } = this.encoder.encodeInto(text, this.bytes.subarray(start));
    this.count++;
    if (this.count === this.offsets.length) this.offsets = grown(this.offsets, Int32Array) as Int32Array<ArrayBuffer>;
    this.offsets[this.count] = start + written;
    return true;
  }

  buffers(): { valueOffsets: Int32Array; data: Uint8Array } {
    return {
      valueOffsets: this.offsets.slice(0, this.count + 1),
      data: this.bytes.slice(0, this.offsets[this.count]!),
    };
  }
}

/** One bit per row, set where the cell is valid. */
export class Validity {
  rows: number = 0;
  private nulls = 0;
  private bits = new Uint8Array(128);

  push(valid: boolean): void {
    const byte = this.rows >> 3;
    if (byte === this.bits.length) {
      const bigger = new Uint8Array(2 * byte);
      bigger.set(this.bits);
      this.bits = bigger;
    }
    if (valid) this.bits[byte]! |= 1 << (this.rows & 7);
    else this.nulls++;
    this.rows++;
  }

  take(): { length: number; nullCount: number; nullBitmap: Uint8Array | null } {
    const { rows: length, nulls: nullCount } = this;
    const nullBitmap = nullCount > 0 ? this.bits.slice(0, (length + 7) >> 3) : null;
    this.rows = 0;
    this.nulls = 0;
    this.bits = new Uint8Array(128);
    return { length, nullCount, nullBitmap };
  }
}

/** A copy with twice the room. */
export function grown(values: FixedArray, Values: new (length: number) => FixedArray): FixedArray {
  const bigger = new Values(2 * values.length);
  bigger.set(values);
  return bigger;
}
