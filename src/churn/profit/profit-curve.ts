import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { ascendingRows } from '../../numerics/rank.ts';
import { checkCount } from '../metrics.ts';

/** What contacting every customer who scores at least `cut` brings. */
export interface ProfitPoint {
  /** null: nobody is contacted. */
  readonly cut: number | null;
  readonly contacted: number;
  /** Of the rows that have a score and a profit. */
  readonly share: number;
  /** Σ profit of those contacted. */
  readonly profit: number;
}

export interface ProfitCurve {
  /** The most profitable point of all distinct scores; of equal ones that with the fewest contacts. */
  readonly best: ProfitPoint;
  /** From nobody to everybody, at about even steps of the share contacted. */
  readonly points: readonly ProfitPoint[];
  readonly rows: number;
  /** Rows without a score or a profit. */
  readonly leftOut: number;
}

/**
 * Profit of a campaign against how far down a score it goes, and the profit-optimal cut. Equal scores are contacted
 * together, so that the cut can be kept. `best.cut` serves as `minimumProbability` of a warning list.
 *
 * Ranked by a probability it finds the best cut of that probability; ranked by the profit itself, which differs when values
 * do, it contacts everyone who is worth it.
 *
 * @param score by which customers are contacted, the highest first; NaN is null.
 * @param profit of contacting each, from `campaignProfit`: expected, or with known outcomes.
 * @throws wrong-length; empty-input; invalid-option unless `points` is a whole number of at least 1.
 * @example profitCurve([0.9, 0.5, 0.1], [30, 5, -8]).best // { cut: 0.5, contacted: 2, share: 2 / 3, profit: 35 }
 */
export function profitCurve(
  score: ArrayLike<number>,
  profit: ArrayLike<number>,
  options: { readonly points?: number } = {},
): ProfitCurve {
  const { points = 100 } = knownOptions(options, 'profitCurve', 'points');
  checkCount(points, 'points');
  if (score.length !== profit.length)
    fail('wrong-length', `the scores have ${score.length} rows, the profit has ${profit.length}`);
  const order = ascendingRows(Float64Array.from(score, (s, row) => (profit[row] === profit[row] ? s : Number.NaN)));
  const rows = order.length;
  if (rows === 0) fail('empty-input', 'no row has both a score and a profit');
  const nobody: ProfitPoint = { cut: null, contacted: 0, share: 0, profit: 0 };
  const curve = [nobody];
  let best = nobody;
  let total = 0;
  let lost = 0;
  /** The next share to show, in `points` parts. */
  let mark = 1;
  for (let from = rows; from > 0; ) {
    const cut = score[order[from - 1]!]!;
    for (; from > 0 && score[order[from - 1]!] === cut; from--) {
      // Neumaier's sum, readable at every step.
      const x = profit[order[from - 1]!]!;
      const next = total + x;
      lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
      total = next;
    }
    const contacted = rows - from;
    const point = { cut, contacted, share: contacted / rows, profit: total + lost };
    if (point.profit > best.profit) best = point;
    if (contacted * points >= mark * rows) curve.push(point);
    while (contacted * points >= mark * rows) mark++;
  }
  return { best, points: curve, rows, leftOut: score.length - rows };
}
