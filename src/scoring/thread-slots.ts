import type { Room } from './thread-write.ts';

/** A buffer that batches are copied into, one after the other. */
export interface Slot extends Room {
  buffer: ArrayBuffer | SharedArrayBuffer;
}

/** Sizes that buffers are rounded up to, so that a batch fits where one of nearly its size was. */
const SMALL = 4096;
const LARGE = 65536;

/**
 * Buffers for copies, each used again: new pages cost more than the copying. They are shared with the threads, where memory can
 * be; else they travel.
 */
export class Slots {
  /** Whether buffers stay where they are. */
  readonly shared: boolean = typeof SharedArrayBuffer !== 'undefined';
  private readonly free: Slot[] = [];
  private readonly number: () => number;
  private readonly drop: (number: number) => void;

  constructor(number: () => number, drop: (number: number) => void) {
    this.number = number;
    this.drop = drop;
  }

  /** The smallest that has room. Where none has, a larger one takes the place of the largest: no more are held than are used. */
  take(bytes: number): Slot {
    let best = -1;
    let largest = -1;
    const { free } = this;
    for (let s = 0; s < free.length; s++) {
      const { byteLength } = free[s]!.buffer;
      if (byteLength >= bytes && (best < 0 || byteLength < free[best]!.buffer.byteLength)) best = s;
      if (largest < 0 || byteLength > free[largest]!.buffer.byteLength) largest = s;
    }
    if (best >= 0) return free.splice(best, 1)[0]!;
    const unit = bytes < LARGE ? SMALL : LARGE;
    const size = Math.max(1, Math.ceil(bytes / unit)) * unit;
    const buffer = this.shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size);
    if (largest >= 0) this.drop(free.splice(largest, 1)[0]!.number);
    return { number: this.number(), buffer };
  }

  give(slot: Slot): void {
    // One that went down with a thread is empty.
    if (slot.buffer.byteLength > 0) this.free.push(slot);
  }
}
