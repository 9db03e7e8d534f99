import { type Lane, WHY } from '../model/batch.ts';
import { allFinite } from './all-finite.ts';
import { makeLane } from './lane.ts';

/**
 * A lane to read numbers into. A block of the caller's own float64 cells is only held, and looked at – are all of them
 * finite? – when a kernel asks for `values`, `why` or `clean`. A kernel whose results tell by themselves whether a cell
 * was not finite works on {@link heldCells} instead: that look is a pass over memory that can cost more than the kernel.
 */
export class InputLane implements Lane {
  readonly codes: Int32Array;
  /** The cells of the block nobody has looked at yet, `null` once looked at. */
  held: Float64Array | null = null;
  private readonly seen: Lane;

  constructor(rows: number) {
    // Readers bring their own buffers.
    this.seen = { ...makeLane({ type: 'number' }, 0), why: new Uint8Array(rows) };
    this.codes = this.seen.codes;
  }

  private look(): Lane {
    if (this.held !== null) {
      const cells = this.held;
      this.held = null;
      look(cells, this.seen);
    }
    return this.seen;
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
  return (lane as Partial<InputLane>).held ?? null;
}

/** Why one cell is null, without a look at the others. */
export function whyAt(lane: Lane, row: number): number {
  const held = heldCells(lane);
  if (held === null) return lane.why[row]!;
  return Number.isFinite(held[row]!) ? WHY.valid : WHY.notFinite;
}

/** Points the lane at the caller's cells; where one is not finite and the lane is looked at, at a copy that marks it. */
export function readFloat64(column: Float64Array, start: number, count: number, lane: Lane): void {
  const cells = column.subarray(start, start + count);
  if ('held' in lane) lane.held = cells;
  else look(cells, lane);
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
