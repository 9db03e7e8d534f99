import { describe, expect, it } from 'vitest';
import { QUALITY_CELLS } from '../loyalty/quality-cells.ts';
import { engine } from '../scoring/engine.ts';
import { grid } from './grid.ts';
import { gridKind } from './grid-kind.ts';

const { compile } = engine({ grid: gridKind });
const names = ({ codes, levels }: { codes: Int32Array; levels: readonly string[] }): (string | null)[] =>
  [...codes].map((code) => levels[code] ?? null);
const axes = [
  { column: 'orders', cut: { fixed: 1 } },
  { column: 'bond', cut: { fixed: 60 } },
] as const;

describe('the customer quality grid (S48)', () => {
  const data = { orders: [1, 2, 2, 1, 2, null, 1], bond: [60, 60, 60.1, 60.1, null, 90, null] };

  it('tells new, repeat, fan and sympathiser, equal to a cut being low (S48, by hand)', () => {
    const model = grid({ axes, cells: QUALITY_CELLS, as: 'quality' }).fit(data);
    expect(names(compile(model).score(data).columns.quality)).toEqual([
      'new',
      'repeat',
      'fan',
      'sympathiser',
      null,
      null,
      null,
    ]);
    expect(model.segments.map((segment) => segment.names?.zh)).toEqual(['新客', '好感客户', '老客', '粉丝']);
  });

  it('calls any infrequent customer new when the cells say so, whatever the bond, known or not (S48)', () => {
    const cells = [{ key: 'new', when: ['low', '*'] }, ...QUALITY_CELLS.slice(2)];
    const model = grid({ axes, cells, as: 'quality' }).fit(data);
    expect(names(compile(model).score(data).columns.quality)).toEqual([
      'new',
      'repeat',
      'fan',
      'new',
      null,
      null,
      'new',
    ]);
  });
});
