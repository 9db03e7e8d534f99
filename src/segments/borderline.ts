import { readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { knownOptions, object } from '../model/options.ts';
import { codeOf } from '../numerics/cuts.ts';
import type { GridModel } from './grid-kind.ts';

export interface BorderlineAxis {
  readonly column: string;
  /** Customers whom a small change of this column alone would put into another segment. */
  readonly count: number;
  readonly share: number | null;
}

export interface Borderline {
  /** Customers without a null in the columns of the axes. */
  readonly rows: number;
  /** Those near a cut of any axis that parts their segment from another. */
  readonly count: number;
  readonly share: number | null;
  readonly axes: readonly BorderlineAxis[];
}

/**
 * How many customers stand so near a cut that a small change would put them into another segment: |value − cut| is at
 * most `within`, and the segment across that cut is another one.
 * @param options.within a share of each cut's own size, such as 0.05; or amounts by column, where a cut may be near 0.
 *   A column that is not named is held fixed.
 * @throws ClienteleError `invalid-option`; `unknown-column`; `wrong-type`.
 * @example
 * const model = pyramid({ column: 'spend', cut: { fixed: 100 }, tiers: [{ key: 'low' }, { key: 'high' }] }).fit({ spend: [1] });
 * borderline({ spend: [94, 95, 105, 106] }, model, { within: 0.05 }).share // 0.5
 */
export function borderline<In extends string>(
  data: Columns<In>,
  model: GridModel<In>,
  options: { readonly within: number | { readonly [C in In]?: number } },
): Borderline {
  const { within } = knownOptions(options, 'borderline', 'within');
  const { axes, cells } = model;
  const amounts = axes.map(({ column, cuts }) => {
    const own = typeof within === 'number' ? within : object(within, 'within')[column as In];
    if (own === undefined) return cuts.map(() => -1);
    if (!(own >= 0 && own < Number.POSITIVE_INFINITY))
      fail('invalid-option', `invalid within: ${own}; use finite numbers of at least 0`);
    return cuts.map((cut) => (typeof within === 'number' ? own * Math.abs(cut) : own));
  });
  const columns = axes.map(({ column }) => readNumbers(data, column));
  const strides = axes.map((_, a) => axes.slice(a + 1).reduce((n, axis) => n * axis.levels.length, 1));
  const counts = axes.map(() => 0);
  let rows = 0;
  let count = 0;
  for (let row = 0; row < columns[0]!.length; row++) {
    if (columns.some((values) => Number.isNaN(values[row]!))) continue;
    rows++;
    const levels = axes.map(({ cuts, closed }, a) => codeOf(columns[a]![row]!, cuts, closed));
    const cell = levels.reduce((index, level, a) => index + level * strides[a]!, 0);
    let near = false;
    axes.forEach(({ cuts }, a) => {
      // Level l lies between cut l − 1 and cut l: across a cut c lies level c or c + 1.
      const moves = cuts.some((cut, c) => {
        if (!(Math.abs(columns[a]![row]! - cut) <= amounts[a]![c]!)) return false;
        const other = levels[a]! > c ? c : c + 1;
        return cells[cell + (other - levels[a]!) * strides[a]!] !== cells[cell];
      });
      if (moves) counts[a]!++;
      near ||= moves;
    });
    if (near) count++;
  }
  const share = (n: number): number | null => (rows > 0 ? n / rows : null);
  return {
    rows,
    count,
    share: share(count),
    axes: axes.map(({ column }, a) => ({ column, count: counts[a]!, share: share(counts[a]!) })),
  };
}
