import { readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, names, object } from '../model/options.ts';
import { type CutRule, cutCount, equalParts, fitCuts, ruleOption } from '../numerics/cut-rule.ts';
import type { Closed } from '../numerics/cuts.ts';
import { type Measure, type RfmFit, type RfmModel, rfmFields, rfmKind, scoreOf } from './rfm-kind.ts';

const MEASURES = ['recency', 'frequency', 'monetary'] as const;
type Per<T> = { readonly [M in (typeof MEASURES)[number]]: T };
const OUTPUTS = ['recencyScore', 'frequencyScore', 'monetaryScore', 'rfmCode', 'rfmScore'] as const;
type OutputName = (typeof OUTPUTS)[number];
/** Other names for outputs. */
export type RfmNames = { readonly [N in OutputName]?: string };
type Renamed<As, N extends OutputName> = As extends { readonly [K in N]: infer R extends string } ? R : N;
/** The outputs of an RFM model. */
export type RfmOutputs<As> =
  | Field<Renamed<As, 'recencyScore'>, 'number'>
  | Field<Renamed<As, 'frequencyScore'>, 'number'>
  | Field<Renamed<As, 'monetaryScore'>, 'number'>
  | Field<Renamed<As, 'rfmCode'>, 'category'>
  | (Field<Renamed<As, 'rfmScore'>, 'number'> & { readonly explained: 'score' });

export interface RfmOptions<R extends string, F extends string, M extends string, As extends RfmNames> {
  /** Days since the last purchase at the as-of date; lower is better. Default `daysSinceLast`, as in a customer summary. */
  readonly recency?: R;
  /** Purchases, the first one included; higher is better. Default `orders`. */
  readonly frequency?: F;
  /** Money spent, total or mean; higher is better. Default `total`. */
  readonly monetary?: M;
  /** Highest score of the rules quantile, averageRank and equalWidth. Default 5. */
  readonly scores?: number;
  /**
   * `'quantile'` (default): type-7 quantiles at 1/n … (n−1)/n. `'averageRank'`: ⌈n · averageRank / N⌉. `'equalWidth'`:
   * intervals of one width. `'mean'`, `'median'`: 2 when strictly better than it, else 1. Or a cut rule per measure,
   * such as fixed limits. Under every rule equal values get equal scores.
   */
  readonly rule?: 'quantile' | 'averageRank' | 'equalWidth' | 'mean' | 'median' | Per<CutRule>;
  /**
   * Where a value equal to a cut goes: to the `'worse'` (default) or `'better'` score, or to the `'down'` or `'up'` side
   * of its column. By default a higher score means strictly better than the cut: it makes no difference whether recency
   * is told in days since or as a date. (Down is worse for frequency, better for recency.)
   */
  readonly ties?: 'down' | 'up' | 'worse' | 'better';
  /**
   * Many equal values can leave scores without customers. `'report'` (default) keeps the scale, and the fit says which
   * are empty; `'merge'` drops cuts that repeat or lie on the ends, and renumbers: fewer scores.
   */
  readonly empty?: 'report' | 'merge';
  /** Cut frequency within each recency score and monetary within each pair of them. */
  readonly nested?: boolean;
  /** Customers with frequency 0 and no recency: null with reason no-purchase, or score 1 everywhere. */
  readonly noPurchase?: 'exclude' | 'lowest';
  /** Of the weighted score Σ w·score / Σ w. Default: equal. */
  readonly weights?: Per<number>;
  readonly as?: As;
}

/**
 * Recency, frequency and monetary scores 1 (worst) … n (best), with the cuts stored: a later batch is scored by the cuts
 * of the fitted one. Outputs `recencyScore`, `frequencyScore`, `monetaryScore`, the composite category `rfmCode`
 * ('555'; '10-9-1' when a score can exceed 9) and the weighted `rfmScore`. Rows with a null take no part in the cuts.
 * Named segments: `rfmTiers`. Rules that part equal values by row position: `ntile`.
 * @throws ClienteleError `all-null` when no row is complete; `invalid-option`.
 * @example
 * const customers = { days: [5, 40, 90, 200], orders: [9, 4, 2, 1], spend: [900, 250, 80, 20] };
 * const model = rfm({ recency: 'days', frequency: 'orders', monetary: 'spend', scores: 2 }).fit(customers);
 * model.measures[0].cuts // [[65]]
 */
export function rfm<
  const R extends string = 'daysSinceLast',
  const F extends string = 'orders',
  const M extends string = 'total',
  const As extends RfmNames = Record<never, never>,
>(options: RfmOptions<R, F, M, As> = {}): Estimator<RfmModel<R | F | M, RfmOutputs<As>>> {
  const {
    recency = 'daysSinceLast',
    frequency = 'orders',
    monetary = 'total',
  } = knownOptions(options, 'rfm', 'recency frequency monetary scores rule ties empty nested noPurchase weights as');
  const { rule = 'quantile', empty = 'report', nested = false, noPurchase = 'exclude', ties = 'worse' } = options;
  const weights = knownOptions(
    object(options.weights ?? { recency: 1, frequency: 1, monetary: 1 }, 'weights'),
    'weights',
    'recency frequency monetary',
  );
  const as: RfmNames = knownOptions(
    object<RfmNames>(options.as ?? {}, 'as'),
    'as',
    'recencyScore frequencyScore monetaryScore rfmCode rfmScore',
  );
  names({ recency, frequency, monetary });
  word('ties', ties, ['worse', 'better', 'down', 'up']);
  word('empty', empty, ['report', 'merge']);
  word('noPurchase', noPurchase, ['exclude', 'lowest']);
  const columns = [recency, frequency, monetary];
  if (new Set(columns).size < 3) fail('invalid-option', `recency, frequency and monetary are three columns`);
  const outputs = OUTPUTS.map((name) => as[name] ?? name);
  OUTPUTS.forEach((name, o) => {
    names({ [`as.${name}`]: outputs[o] });
  });
  if (new Set(outputs).size < outputs.length) fail('invalid-option', `as: an output name is repeated`);
  const rules = rulesOf(rule, options.scores ?? 5);
  if (nested && empty === 'merge')
    fail('invalid-option', `empty: 'merge' gives each nested group its own scale; leave it out, or nested`);
  const perMeasure = MEASURES.map((measure) => weights[measure]);
  if (!perMeasure.every((w) => Number.isFinite(w) && w >= 0) || !perMeasure.some((w) => w > 0))
    fail('invalid-option', `weights: expected numbers ≥ 0, at least one above 0, got ${perMeasure.join(', ')}`);

  return {
    kind: rfmKind,
    fit(data) {
      const all = columns.map((column) => readNumbers(data, column));
      const { values, rows } = completeRows(all);
      if (rows === 0) fail('all-null', `no row has ${columns.map((c) => `"${c}"`).join(', ')} all given`);
      const warnings: string[] = [];
      const without = noPurchases(all);
      const nulls = all[0]!.length - rows - without;
      if (nulls > 0) warnings.push(`${nulls} of ${all[0]!.length} rows have a null and took no part in the cuts`);
      if (without > 0)
        warnings.push(`${without} of ${all[0]!.length} rows have no purchase and took no part in the cuts`);

      const measures: Measure[] = [];
      const customers: number[][] = [];
      const groups = new Uint32Array(rows);
      let count = 1;
      MEASURES.forEach((name, m) => {
        const best = name === 'recency' ? 'low' : 'high';
        const closed = closedFor(ties, best);
        const own = values[m]!;
        const cut = (part: Float64Array): readonly number[] => {
          const cuts = fitCuts(part, rules[m]!, closed, columns[m]);
          return empty === 'merge' ? inner(cuts, part) : cuts;
        };
        const cuts =
          count === 1
            ? [cut(own)]
            : Array.from({ length: count }, (_, group) => {
                const part = own.filter((_, row) => groups[row] === group);
                return cut(part.length > 0 ? part : own);
              });
        const measure: Measure = { cuts, closed, best, weight: perMeasure[m]! + 0 };
        const size = cuts[0]!.length + 1;
        const sizes = new Array<number>(size).fill(0);
        for (let row = 0; row < rows; row++) {
          const score = scoreOf(own[row]!, measure, groups[row]!);
          sizes[score - 1]!++;
          if (nested) groups[row] = groups[row]! * size + score - 1;
        }
        if (nested) count *= size;
        const missing = sizes.flatMap((n, s) => (n === 0 ? [s + 1] : []));
        if (missing.length > 0)
          warnings.push(
            `"${columns[m]}": no customer has ${name} score ${missing.join(', ')}, as many values are equal`,
          );
        measures.push(measure);
        customers.push(sizes);
      });
      const fit: RfmFit = {
        status: 'converged',
        rows,
        warnings,
        customers: { recency: customers[0]!, frequency: customers[1]!, monetary: customers[2]! },
      };
      return {
        kind: 'rfm',
        version: 1,
        ...rfmFields(columns, outputs, measures),
        measures,
        noPurchase,
        fit,
      } as unknown as RfmModel<R | F | M, RfmOutputs<As>>;
    },
  } as Estimator<RfmModel<R | F | M, RfmOutputs<As>>>;
}

function word(option: string, value: string, known: readonly string[]): void {
  if (!known.includes(value))
    fail('invalid-option', `invalid ${option}: ${JSON.stringify(value)}; use one of ${known.join(', ')}`);
}

function rulesOf(rule: NonNullable<RfmOptions<string, string, string, RfmNames>['rule']>, scores: number): CutRule[] {
  if (!(Number.isInteger(scores) && scores >= 2 && scores <= 20))
    fail('invalid-option', `scores: expected a whole number from 2 to 20, got ${scores}`);
  return MEASURES.map((measure) => {
    if (typeof rule !== 'string') {
      object(rule, 'rule');
      const own = ruleOption(rule[measure], `rule.${measure}`);
      return cutCount(own) < 20 ? own : fail('invalid-option', `rule.${measure}: at most 19 cuts`);
    }
    if (rule === 'mean' || rule === 'median') return rule;
    if (rule === 'quantile') return { quantile: equalParts(scores) };
    if (rule === 'averageRank') return { averageRank: scores };
    if (rule === 'equalWidth') return { equalWidth: scores };
    return fail('invalid-option', `rule: unknown rule ${JSON.stringify(rule)}`);
  });
}

function closedFor(ties: 'down' | 'up' | 'worse' | 'better', best: Measure['best']): Closed {
  const down = ties === 'down' || ties === (best === 'high' ? 'worse' : 'better');
  return down ? 'right' : 'left';
}

/** The rows in which no column is null, moved together. */
function completeRows(columns: readonly Float64Array[]): {
  readonly values: readonly Float64Array[];
  readonly rows: number;
} {
  const values = columns.map((column) => new Float64Array(column.length));
  let rows = 0;
  for (let row = 0; row < columns[0]!.length; row++) {
    let complete = true;
    for (let c = 0; c < columns.length; c++) {
      const value = columns[c]![row]!;
      values[c]![rows] = value;
      if (value !== value) complete = false;
    }
    if (complete) rows++;
  }
  return { values: values.map((column) => column.subarray(0, rows)), rows };
}

/** Distinct cuts strictly between the smallest and the largest value. */
function inner(cuts: readonly number[], values: Float64Array): readonly number[] {
  const lo = values.reduce((a, b) => Math.min(a, b));
  const hi = values.reduce((a, b) => Math.max(a, b));
  return cuts.filter((cut, i) => cut > lo && cut < hi && cut !== cuts[i - 1]);
}

function noPurchases([recency, frequency]: readonly Float64Array[]): number {
  let count = 0;
  recency!.forEach((days, row) => {
    if (days !== days && frequency![row] === 0) count++;
  });
  return count;
}
