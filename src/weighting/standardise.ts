import { fail } from '../errors.ts';
import { quantile } from '../numerics/quantile.ts';
import { ascending } from '../numerics/rank.ts';
import { mean, sum } from '../numerics/sum.ts';

/**
 * How the unit of an indicator is removed (S10), each as (x − centre)/spread:
 * `z-sample` (mean, standard deviation with n − 1, as SPSS), `z-population` (with n), `min-max` (minimum, range),
 * `robust-z` (median, 1.4826·MAD), and from 0: `sum`, `vector` (root of the sum of squares), `max`.
 */
export type StandardKind = 'z-sample' | 'z-population' | 'min-max' | 'robust-z' | 'sum' | 'vector' | 'max';

/** Learned parameters: x becomes (x − centre)/spread, or 0 for every row when the spread is 0. */
export interface Standard {
  readonly kind: StandardKind;
  readonly centre: number;
  readonly spread: number;
}

/** 1/Φ⁻¹(3/4) to the five digits that R's `mad` has: makes the MAD of normal data their standard deviation. */
const MAD_TO_SD = 1.4826;

export const STANDARD_KINDS: readonly StandardKind[] = [
  'z-sample',
  'z-population',
  'min-max',
  'robust-z',
  'sum',
  'vector',
  'max',
];
/** The kinds for which "less is better" can be had: by turning the sign, for `max` by the least value over x. */
export const REVERSIBLE: readonly StandardKind[] = ['z-sample', 'z-population', 'min-max', 'robust-z', 'max'];

/**
 * Learns a standardisation from the cells that are not null. A column without spread gets `spread: 0`, which maps every
 * row to 0, never to NaN. `cost`: less is better; z-scores change sign, min–max becomes (max − x)/range, and `max` becomes
 * least value over x, whose spread is that least value.
 *
 * @throws ClienteleError `all-null` when no cell is left; `invalid-value` for `sum` and `max` of negative values, or when
 *   the spread is beyond the largest number.
 * @example fitStandard([12, 7, 9, 7, 15, 10, 3], 'min-max') // { kind: 'min-max', centre: 3, spread: 12 }
 */
export function fitStandard(column: ArrayLike<number>, kind: StandardKind, cost = false, name = 'values'): Standard {
  const sorted = ascending(column);
  const n = sorted.length;
  if (n === 0) fail('all-null', `column "${name}" holds nothing but nulls`);
  const low = sorted[0]!;
  const high = sorted[n - 1]!;
  if ((kind === 'sum' || kind === 'max') && low < 0)
    fail('invalid-value', `column "${name}" has negative values, ${kind} needs none: use min-max or z-sample`);
  if (kind === 'max' && cost)
    return low > 0
      ? { kind, centre: 0, spread: low }
      : fail('invalid-value', `column "${name}" has the value 0: the max of a cost is least value over x, use min-max`);
  const about = centreOf(sorted, kind);
  const width = spreadOf(sorted, kind, about);
  if (!Number.isFinite(about) || !Number.isFinite(width))
    fail('invalid-value', `column "${name}" has values beyond what ${kind} can square or sum: rescale it`);
  if (!cost) return { kind, centre: about + 0, spread: width + 0 };
  return { kind, centre: (kind === 'min-max' ? high : about) + 0, spread: 0 - width };
}

function centreOf(sorted: Float64Array, kind: StandardKind): number {
  if (kind === 'z-sample' || kind === 'z-population') return mean(sorted);
  if (kind === 'min-max') return sorted[0]!;
  return kind === 'robust-z' ? quantile(sorted, 0.5) : 0;
}

function spreadOf(sorted: Float64Array, kind: StandardKind, centre: number): number {
  const n = sorted.length;
  if (kind === 'min-max') return sorted[n - 1]! - centre;
  if (kind === 'max') return sorted[n - 1]!;
  if (kind === 'sum') return sum(sorted);
  if (kind === 'robust-z') return MAD_TO_SD * quantile(sorted.map((x) => Math.abs(x - centre)).sort(), 0.5);
  if (kind !== 'vector' && sorted[0] === sorted[n - 1]) return 0; // the mean may be off by a rounding error
  const squares = sum(sorted.map((x) => (x - centre) * (x - centre)));
  if (kind === 'vector') return Math.sqrt(squares);
  const free = kind === 'z-sample' ? n - 1 : n;
  return free === 0 ? 0 : Math.sqrt(squares / free);
}
