import { type Lane, WHY } from '../model/batch.ts';
import { allFinite } from './all-finite.ts';
import { makeLane, NO_VALUES } from './lane.ts';

/** Hands out buffers that readers decode into. */
interface Rooms {
  numbers(): Float64Array;
}

/**
 * A lane to read numbers into. A block of the caller's own float64 cells is only held, and looked at – are all of them
 * finite? – when a kernel asks for `values`, `why` or `clean`. A kernel whose results tell by themselves whether a cell
 * was not finite works on {@link heldCells} instead: that look is a pass over memory that can cost more than the kernel.
 */
export class InputLane implements Lane {
  readonly codes: Int32Array;
  private column: Float64Array | null = null;
  private start = 0;
  private count = 0;
  private cells: Float64Array | null = null;
  private readonly seen: Lane;
  private rooms: Rooms | null = null;
  private own: Float64Array | null = null;

  constructor(rows: number) {
    this.seen = makeLane({ type: 'number' }, 0);
    this.seen.why = new Uint8Array(rows);
    this.codes = this.seen.codes;
  }

  /** Forgets what was read. From now on readers decode into what `rooms` hands out; without it they bring their own. */
  reset(rooms: Rooms | null): void {
    this.rooms = rooms;
    this.own = null;
    this.column = null;
    this.cells = null;
    this.seen.values = NO_VALUES;
    this.seen.clean = false;
  }

  hold(column: Float64Array, start: number, count: number): void {
    this.column = column;
    this.start = start;
    this.count = count;
    this.cells = null;
  }
  /** The cells of the block nobody has looked at yet, `null` once looked at. */
  get held(): Float64Array | null {
    if (this.column !== null) this.cells ??= this.column.subarray(this.start, this.start + this.count);
    return this.cells;
  }
  /** Where the block lies in the memory of `buffer`, looked at or not; −1 when it lies elsewhere. */
  addressIn(buffer: ArrayBufferLike): number {
    if (this.column === null) return this.seen.values.buffer === buffer ? this.seen.values.byteOffset : -1;
    return this.column.buffer === buffer ? this.column.byteOffset + 8 * this.start : -1;
  }
  room(): Float64Array | undefined {
    this.own ??= this.rooms?.numbers() ?? null;
    return this.own ?? undefined;
  }

  private look(): Lane {
    const cells = this.held;
    if (cells !== null) {
      this.column = null;
      this.cells = null;
      look(cells, this.seen);
    }
    return this.seen;
  }
  /** Says that the cells nobody has looked at are finite. */
  settle(): void {
    const cells = this.held;
    if (cells === null) return;
    this.column = null;
    this.cells = null;
    if (!this.seen.clean) this.seen.why.fill(WHY.valid);
    this.seen.values = cells;
    this.seen.clean = true;
  }
  get values(): Float64Array {
    return this.look().values;
  }
  set values(values: Float64Array) {
    this.look().values = values;
  }
  get why(): Uint8Array {
    return this.look().why;
  }
  get clean(): boolean {
    return this.look().clean;
  }
  set clean(clean: boolean) {
    this.look().clean = clean;
  }
}

/** The caller's cells of a block that nobody has looked at yet; any of them may be infinite or NaN. */
export function heldCells(lane: Lane): Float64Array | null {
  return lane instanceof InputLane ? lane.held : null;
}

/** Says that the cells of a lane are finite, as a kernel has found. */
export function settleCells(lane: Lane): void {
  if (lane instanceof InputLane) lane.settle();
}

/**
 * Copies cells that nobody has looked at yet, where all of them turn out to be finite: the copy is looked at, while it is in
 * cache. False where there are none, or one is not finite.
 */
export function copyFinite(lane: Lane, from: number, count: number, to: Float64Array, at: number): boolean {
  const held = heldCells(lane);
  if (held === null) return false;
  const whole = from === 0 && count === held.length;
  to.set(whole ? held : held.subarray(from, from + count), at);
  if (!allFinite(to, at, count)) return false;
  if (whole) (lane as InputLane).settle();
  return true;
}

/** Address of a block of cells in the memory of `buffer`, −1 when it lies elsewhere. */
export function addressIn(buffer: ArrayBufferLike, lane: Lane): number {
  if (lane instanceof InputLane) return lane.addressIn(buffer);
  return lane.values.buffer === buffer ? lane.values.byteOffset : -1;
}

/** Why one cell is null, without a look at the others. */
export function whyAt(lane: Lane, row: number): number {
  const held = heldCells(lane);
  if (held === null) return lane.why[row]!;
  return Number.isFinite(held[row]!) ? WHY.valid : WHY.notFinite;
}

/** Points the lane at the caller's cells; where one is not finite and the lane is looked at, at a copy that marks it. */
export function readFloat64(column: Float64Array, start: number, count: number, lane: Lane): void {
  if (lane instanceof InputLane) lane.hold(column, start, count);
  else look(column.subarray(start, start + count), lane);
}

/** A buffer for `count` cells to decode into: the lane's own where it has one, else that of the reader. */
export function roomFor(lane: Lane, count: number, own: Float64Array): Float64Array {
  const room = lane instanceof InputLane ? lane.room() : undefined;
  if (room !== undefined && room.length >= count) return room;
  return own.length >= count ? own : new Float64Array(count);
}

function look(cells: Float64Array, lane: Lane): void {
  if (!lane.clean) lane.why.fill(WHY.valid);
  lane.clean = allFinite(cells, 0, cells.length);
  lane.values = lane.clean ? cells : cells.slice();
  if (lane.clean) return;
  for (let i = 0; i < cells.length; i++)
    if (!Number.isFinite(cells[i]!)) {
      lane.values[i] = Number.NaN;
      lane.why[i] = WHY.notFinite;
    }
}
