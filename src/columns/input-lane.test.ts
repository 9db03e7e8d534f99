import { describe, expect, it } from 'vitest';
import { WHY } from '../model/batch.ts';
import { heldCells, InputLane, readFloat64, whyAt } from './input-lane.ts';
import { makeLane } from './lane.ts';

const column = Float64Array.of(1, Number.NaN, -0, Number.POSITIVE_INFINITY, 5, 6, 7, 8);

describe('an input lane', () => {
  it('holds the caller’s cells as they stand until a kernel asks for more', () => {
    const lane = new InputLane(4);
    readFloat64(column, 0, 4, lane);
    expect(heldCells(lane)).toEqual(column.subarray(0, 4));
    expect(heldCells(lane)!.buffer).toBe(column.buffer);
    expect([0, 1, 2, 3].map((row) => whyAt(lane, row))).toEqual([0, WHY.notFinite, 0, WHY.notFinite]);
    expect(heldCells(lane)).not.toBeNull();
  });

  it('marks what is not finite in a copy, whichever of its properties is asked for first', () => {
    for (const first of ['values', 'why', 'clean'] as const) {
      const lane = new InputLane(4);
      readFloat64(column, 0, 4, lane);
      void lane[first];
      expect(heldCells(lane)).toBeNull();
      expect(lane.values).toEqual(Float64Array.of(1, Number.NaN, -0, Number.NaN));
      expect([...lane.why]).toEqual([0, WHY.notFinite, 0, WHY.notFinite]);
      expect(lane.clean).toBe(false);
    }
    expect(column[3]).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives the next block without a trace of the last, and clean cells without a copy', () => {
    const lane = new InputLane(4);
    readFloat64(column, 0, 4, lane);
    expect(lane.clean).toBe(false);
    readFloat64(column, 4, 4, lane);
    expect([lane.clean, ...lane.why]).toEqual([true, 0, 0, 0, 0]);
    expect(lane.values).toEqual(column.subarray(4));
    expect(lane.values.buffer).toBe(column.buffer);
  });

  it('reads as a plain lane does', () => {
    for (const [start, count] of [
      [0, 8],
      [4, 3],
      [1, 1],
      [3, 0],
    ] as const) {
      const lane = new InputLane(8);
      const plain = makeLane({ type: 'number' }, 8);
      readFloat64(column, start, count, lane);
      readFloat64(column, start, count, plain);
      expect([lane.values, lane.why, lane.clean]).toEqual([plain.values, plain.why, plain.clean]);
      expect(heldCells(plain)).toBeNull();
    }
  });
});
