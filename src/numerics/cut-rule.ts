import { type ErrorCode, fail } from '../errors.ts';
import { type Check, checked, finite, listOf, oneOf, optional, record, whole } from '../model/checks.ts';
import type { Closed } from './cuts.ts';
import { isFloat64Array } from './float64.ts';
import { quantiles } from './quantile.ts';
import { ascending } from './rank.ts';
import { sum } from './sum.ts';

/** One number, or several in strictly ascending order: several cuts. */
export type Limits = number | readonly number[];

/**
 * How the numbers that cut an ordered column are found. Null cells take no part, the order of the rows does not matter.
 * - `'mean'`, `'median'`: one cut.
 * - `fixed`: the limits themselves; nothing is learned.
 * - `quantile`: type-7 quantiles at these probabilities. `plus` is added to each, as the R package rfm does with 1; the
 *   result then depends on the unit of the column.
 * - `equalWidth`: so many intervals of one width between the smallest and the largest value.
 * - `averageRank`: so many groups by ⌈groups · averageRank / n⌉, tied ranks averaged.
 * - `shareOfCustomers`, `shareOfValue`: cumulated from the top, so `[0.2, 0.5]` parts the top 20 %, the next 30 % and
 *   the rest of the customers, or of the column's total. Equal values stay together. The group at which the share is
 *   crossed goes up (`crossing: 'up'`, default: it is in when the share before it is below the limit) or `'down'` (it
 *   is in only when the share with it does not exceed the limit).
 */
export type CutRule =
  | 'mean'
  | 'median'
  | { readonly fixed: Limits }
  | { readonly quantile: Limits; readonly plus?: number }
  | { readonly equalWidth: number }
  | { readonly averageRank: number }
  | { readonly shareOfCustomers: Limits; readonly crossing?: 'up' | 'down' }
  | { readonly shareOfValue: Limits; readonly crossing?: 'up' | 'down' };

/**
 * The cuts of a rule on a column, ascending (equal neighbours where many values are equal).
 * @throws ClienteleError `all-null` when nothing can be learned; `invalid-value` when a share of a total ≤ 0 is asked.
 * @example fitCuts([1, 2, 3, 6], 'mean') // [3]
 * @example fitCuts([1, 2, 3, 4], { shareOfCustomers: 0.25 }) // [3]
 */
export function fitCuts(
  values: ArrayLike<number>,
  rule: CutRule,
  closed: Closed = 'right',
  name = 'values',
): readonly number[] {
  if (typeof rule !== 'string' && 'fixed' in rule) return list(rule.fixed).map((cut) => cut + 0);
  if (!someCell(values)) fail('all-null', `"${name}": no cell to find a cut from, all are null`);
  return found(values, rule, closed).map((cut) =>
    Number.isFinite(cut)
      ? cut + 0
      : fail('invalid-value', `"${name}": a cut is beyond the largest number, rescale the column`),
  );
}

function someCell(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) return true;
  return false;
}

function found(
  values: ArrayLike<number>,
  rule: Exclude<CutRule, { readonly fixed: Limits }>,
  closed: Closed,
): number[] {
  if (rule === 'median') return quantiles(float64(values), [0.5]);
  if (typeof rule !== 'string' && 'quantile' in rule)
    return quantiles(float64(values), list(rule.quantile)).map((cut) => cut + (rule.plus ?? 0));
  const sorted = ascending(values);
  const lo = sorted[0]!;
  const hi = sorted[sorted.length - 1]!;
  // Relative to the smallest value: exact when all are equal, so that none is "above the mean" by a rounding error.
  if (rule === 'mean') return [lo + sum(sorted.map((x) => x - lo)) / sorted.length];
  if ('equalWidth' in rule) return upTo(rule.equalWidth).map((j) => lo + ((hi - lo) * j) / rule.equalWidth);
  if ('averageRank' in rule) return rankCuts(sorted, rule.averageRank, closed);
  return 'shareOfCustomers' in rule
    ? shareCuts(sorted, list(rule.shareOfCustomers), () => 1, rule.crossing, closed)
    : shareCuts(sorted, list(rule.shareOfValue), (x) => x, rule.crossing, closed);
}

function float64(values: ArrayLike<number>): Float64Array {
  return isFloat64Array(values) ? values : Float64Array.from(values);
}

function rankCuts(sorted: Float64Array, groups: number, closed: Closed): number[] {
  const starts = upTo(groups).map(() => sorted.length);
  for (let end = sorted.length; end > 0; ) {
    const start = groupStart(sorted, end);
    const code = Math.ceil((groups * (start + end + 1)) / 2 / sorted.length) - 1;
    for (let j = 0; j < code; j++) starts[j] = start;
    end = start;
  }
  return starts.map((start) => between(sorted, start, closed));
}

function shareCuts(
  sorted: Float64Array,
  shares: readonly number[],
  weigh: (value: number) => number,
  crossing: 'up' | 'down' = 'up',
  closed: Closed,
): number[] {
  let total = 0;
  for (let i = sorted.length; i > 0; i--) total += weigh(sorted[i - 1]!);
  if (!(total > 0)) fail('invalid-value', `shares of a total of ${total} have no meaning: it must be above 0`);
  return shares.toReversed().map((share) => {
    let before = 0;
    let end = sorted.length;
    while (end > 0) {
      const start = groupStart(sorted, end);
      let after = before;
      for (let i = end; i > start; i--) after += weigh(sorted[i - 1]!);
      if (crossing === 'up' ? before / total >= share : after / total > share) break;
      before = after;
      end = start;
    }
    return between(sorted, end, closed);
  });
}

function groupStart(sorted: Float64Array, end: number): number {
  let start = end - 1;
  while (start > 0 && sorted[start - 1] === sorted[start]) start--;
  return start;
}

/** A cut that has `sorted[start]` above it and `sorted[start − 1]` below it, either of which may not exist. */
function between(sorted: Float64Array, start: number, closed: Closed): number {
  if (closed === 'right') return start > 0 ? sorted[start - 1]! : beyond(sorted[0]!, -1);
  return start < sorted.length ? sorted[start]! : beyond(sorted[start - 1]!, 1);
}
const beyond = (value: number, sign: number): number => value + sign * (Math.abs(value) || 1) * Number.EPSILON;

const list = (limits: Limits): readonly number[] => (typeof limits === 'number' ? [limits] : limits);
const upTo = (groups: number): number[] => Array.from({ length: groups - 1 }, (_, j) => j + 1);

/** The probabilities that part a column into so many groups of equal size: 1/k … (k−1)/k. */
export function equalParts(groups: number): readonly number[] {
  return upTo(groups).map((j) => j / groups);
}

/** How many cuts a rule gives. */
export function cutCount(rule: CutRule): number {
  if (typeof rule === 'string') return 1;
  const [limits] = Object.values(rule) as [Limits];
  return 'equalWidth' in rule || 'averageRank' in rule ? (limits as number) - 1 : list(limits).length;
}

const rising =
  (each: Check<number>): Check<readonly number[]> =>
  (json, path) => {
    const limits = listOf(each)(typeof json === 'number' ? [json] : json, path);
    if (limits.length === 0) fail('invalid-model', `${path}: at least one limit is needed`);
    limits.forEach((limit, i) => {
      if (i > 0 && limit <= limits[i - 1]!)
        fail('invalid-model', `${path}: limits must rise, got ${limits.join(', ')}`);
    });
    return limits;
  };
const inside: Check<number> = (json, path) => {
  const p = finite(json, path);
  return p > 0 && p < 1 ? p : fail('invalid-model', `${path}: expected a number between 0 and 1, got ${p}`);
};
const crossing = optional(oneOf('up', 'down'));
const FORMS: { readonly [form: string]: Check<CutRule> } = {
  fixed: record({ fixed: rising(finite) }),
  quantile: record({ quantile: rising(inside), plus: optional(finite) }),
  equalWidth: record({ equalWidth: whole(2, 1000) }),
  averageRank: record({ averageRank: whole(2, 1000) }),
  shareOfCustomers: record({ shareOfCustomers: rising(inside), crossing }),
  shareOfValue: record({ shareOfValue: rising(inside), crossing }),
};

/** A cut rule, checked, with the form's own key first. */
export const cutRule: Check<CutRule> = (json, path) => {
  if (json === 'mean' || json === 'median') return json;
  const form = Object.keys(FORMS).find((key) => typeof json === 'object' && json !== null && Object.hasOwn(json, key));
  return form === undefined
    ? fail(
        'invalid-model',
        `${path}: expected 'mean', 'median' or one of { ${Object.keys(FORMS).join(' }, { ')} }, got ${JSON.stringify(json)}`,
      )
    : FORMS[form]!(json, path);
};

/** For options: the same check with the code `invalid-option`. */
export function ruleOption(rule: CutRule, path: string, code: ErrorCode = 'invalid-option'): CutRule {
  return checked(code, cutRule, rule, path);
}
