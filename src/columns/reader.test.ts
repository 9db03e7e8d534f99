// Columns of every kind read one after the other into one lane, as a stream of batches does.
import { describe, expect, it } from 'vitest';
import type { Columns } from '../model/batch.ts';
import { toArrow } from './build.ts';
import { InputLane } from './input-lane.ts';
import { makeLane } from './lane.ts';
import { openCategories, openNumbers } from './open.ts';

const ROWS = 5;

type Cells = readonly number[] | readonly string[];

/** `x` in every form that a column of such cells has; the last cell is null, or none is. */
function forms(cells: Cells, holed: boolean): Columns[] {
  const x = (holed ? [...cells.slice(0, -1), null] : cells) as readonly (string | null)[];
  const forms: Columns[] = [{ x }, toArrow({ x }), toArrow({ x: [...x, ...x] })];
  if (typeof cells[0] === 'number')
    forms.push({ x: Float64Array.from(x, (cell) => (cell === null ? Number.NaN : +cell)) });
  return forms;
}

describe('a column read after another into the same lane', () => {
  for (const [kind, cells, open, newLane] of [
    ['numbers', [1, 2, 3, 4, 5], openNumbers, () => new InputLane(ROWS)],
    ['numbers in a lane of its own', [1, 2, 3, 4, 5], openNumbers, () => makeLane({ type: 'number' }, ROWS)],
    ['categories', ['a', 'b', 'c', 'd', 'e'], openCategories, () => makeLane({ type: 'category' }, ROWS)],
  ] as const)
    it(`finds no null of the one before: ${kind}`, () => {
      for (const holed of forms(cells, true))
        for (const short of forms(cells.slice(0, 1), false))
          for (const whole of forms(cells, false)) {
            const lane = newLane();
            open(holed, 'x').read(0, ROWS, lane);
            expect([lane.clean, lane.why[ROWS - 1]! > 0]).toEqual([false, true]);
            open(short, 'x').read(0, 1, lane);
            expect([lane.clean, lane.why[0]]).toEqual([true, 0]);
            open(whole, 'x').read(0, ROWS, lane);
            expect([lane.clean, ...lane.why]).toEqual([true, 0, 0, 0, 0, 0]);
          }
    });
});
