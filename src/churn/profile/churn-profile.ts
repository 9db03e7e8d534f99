import { requireColumn } from '../../columns/batch.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions, list, object } from '../../model/options.ts';
import { type CutRule, equalParts, ruleOption } from '../../numerics/cut-rule.ts';
import { mean, sum } from '../../numerics/sum.ts';
import { twoClasses } from '../../regression/outcome.ts';
import { type ChurnLabel, refuseLabel } from '../logistic/options.ts';
import {
  binEvidence,
  checkZeroCells,
  type IndependenceTest,
  independenceTest,
  type ZeroCells,
} from './information-value.ts';
import { type BinnedColumn, binColumn, type ProfileFeature } from './profile-bins.ts';

export interface ChurnProfileOptions {
  readonly label: Pick<ChurnLabel, 'column' | 'churned'>;
  readonly features: readonly (string | ProfileFeature)[];
  /** How numbers are cut. Default: deciles; cuts that leave an interval empty are merged. */
  readonly bins?: CutRule;
  /** What is done about bins in which nobody left or stayed. Default: `'half-in-zero-bins'`. */
  readonly zeroCells?: ZeroCells;
}

export interface ProfileBin {
  /** Level or interval; null for the customers whose cell is null. */
  readonly bin: string | null;
  readonly customers: number;
  readonly leavers: number;
  /** leavers / customers; this and the next one null in a bin without customers. */
  readonly churnRate: number | null;
  /** churnRate / churn rate of all. */
  readonly lift: number | null;
  /** Share of all leavers, and of all stayers, that are in this bin: as counted, without adjustment. */
  readonly shareOfLeavers: number;
  readonly shareOfStayers: number;
  /** ln(share of leavers / share of stayers): above 0 where leavers are the more frequent. */
  readonly weightOfEvidence: number | null;
  /** Its part of the information value. */
  readonly contribution: number | null;
}

export interface FeatureProfile {
  readonly column: string;
  readonly type: 'number' | 'category';
  /** The stored cuts of a number column, whose bins are (lo, hi]. */
  readonly cuts: readonly number[] | null;
  readonly bins: readonly ProfileBin[];
  /** Null where it is infinite (`zeroCells: 'none'`). */
  readonly informationValue: number | null;
  /** What it is expected to be, about, when the feature says nothing: (bins in use − 1)·(1/leavers + 1/stayers). */
  readonly byChance: number;
  /** Whether `zeroCells` changed a count. */
  readonly adjusted: boolean;
  /** Null with a single bin in use. */
  readonly test: IndependenceTest | null;
  /** Of a number column over its cells that are not null; null for categories. */
  readonly numbers: {
    readonly meanOfLeavers: number | null;
    readonly meanOfStayers: number | null;
    /** With leaving as 0 and 1 (point-biserial); null when either is constant. */
    readonly correlation: number | null;
  } | null;
}

export interface ChurnProfile {
  /** Customers whose label is not null. */
  readonly customers: number;
  readonly leavers: number;
  readonly churnRate: number;
  /** Rows left out because the label is null. */
  readonly nulls: number;
  readonly zeroCells: ZeroCells;
  /** From the largest information value (infinite first) down; equal ones by name. */
  readonly features: readonly FeatureProfile[];
}

/**
 * Leavers against stayers, feature by feature (S80): the churn rate of every level or interval, its weight of evidence
 * WoE = ln(share of leavers / share of stayers), the feature's information value Σ (share of leavers − share of
 * stayers)·WoE, and Pearson's chi-squared test of independence on the counts. What goes with leaving need not cause it, and
 * features are looked at one at a time. By custom a value below 0.02 is no use and one above 0.5 too good to be true: look
 * for a column that knows the outcome.
 *
 * Null cells of a feature are a bin of their own, null labels are left out and counted. The order of rows does not matter.
 *
 * Source: Siddiqi (2006), Credit Risk Scorecards, ch. 6, whose WoE has the opposite sign (ln good/bad).
 * @throws unknown-column; one-class, all-null or empty-input by the label; label-as-feature; wrong-type; invalid-option.
 * @example
 * const data = { left: [1, 1, 0, 0, 0, 0], plan: ['a', 'b', 'a', 'b', 'b', 'b'] };
 * churnProfile(data, { label: { column: 'left', churned: 1 }, features: ['plan'] }).features[0].informationValue
 * // 0.2746530721670274 = ¼·ln 2 + ¼·ln 1.5
 */
export function churnProfile(data: Columns, options: ChurnProfileOptions): ChurnProfile {
  const {
    label,
    features,
    bins = { quantile: equalParts(10) },
    zeroCells = 'half-in-zero-bins',
  } = knownOptions(options, 'churnProfile', 'label features bins zeroCells');
  const rule = ruleOption(bins, 'bins');
  checkZeroCells(zeroCells);
  const columns = checkFeatures(features);
  const { column, churned } = object(label, 'label');
  refuseLabel(columns, column);
  for (const feature of columns) requireColumn(data, feature.column);
  const y = twoClasses(data, column, churned);
  const leavers = y.filter((cell) => cell === 1).length;
  const customers = y.filter((cell) => cell === cell).length;
  const found = columns.map((feature) => {
    const binned = binColumn(data, feature, rule, (row) => y[row] === y[row]);
    return profile(feature.column, binned, y, leavers, customers - leavers, zeroCells);
  });
  const size = ({ informationValue }: FeatureProfile): number => informationValue ?? Number.POSITIVE_INFINITY;
  found.sort((a, b) => (size(a) === size(b) ? (a.column < b.column ? -1 : 1) : size(b) - size(a)));
  return {
    customers,
    leavers,
    churnRate: leavers / customers,
    nulls: y.length - customers,
    zeroCells,
    features: found,
  };
}

function profile(
  column: string,
  { codes, names, cuts, values }: BinnedColumn,
  y: Float64Array,
  leavers: number,
  stayers: number,
  zeroCells: ZeroCells,
): FeatureProfile {
  // The last place is that of null cells.
  const left = [...names, null].map(() => 0);
  const stayed = left.slice();
  for (let row = 0; row < y.length; row++) {
    const bin = codes[row]! < 0 ? names.length : codes[row]!;
    if (y[row] === 1) left[bin]!++;
    else if (y[row] === 0) stayed[bin]!++;
  }
  const evidence = binEvidence(left, stayed, zeroCells);
  const rate = leavers / (leavers + stayers);
  const bins = [...names, null].map((bin, i): ProfileBin => {
    const customers = left[i]! + stayed[i]!;
    const churnRate = customers > 0 ? left[i]! / customers : null;
    return {
      bin,
      customers,
      leavers: left[i]!,
      churnRate,
      lift: churnRate === null ? null : churnRate / rate,
      shareOfLeavers: left[i]! / leavers,
      shareOfStayers: stayed[i]! / stayers,
      weightOfEvidence: evidence.weightOfEvidence[i]!,
      contribution: evidence.contribution[i]!,
    };
  });
  const used = bins.filter(({ customers }) => customers > 0).length;
  return {
    column,
    type: values ? 'number' : 'category',
    cuts,
    bins: bins.filter(({ bin, customers }) => bin !== null || customers > 0),
    informationValue: evidence.informationValue,
    byChance: (used - 1) * (1 / leavers + 1 / stayers),
    adjusted: evidence.adjusted,
    test: independenceTest(left, stayed),
    numbers: values && comparison(values, y),
  };
}

function comparison(values: Float64Array, y: Float64Array): NonNullable<FeatureProfile['numbers']> {
  const leavers = values.filter((value, row) => value === value && y[row] === 1);
  const stayers = values.filter((value, row) => value === value && y[row] === 0);
  // Relative to one of the values, so that a constant column has a spread of exactly 0.
  const first = leavers[0] ?? stayers[0] ?? 0;
  const a = mean(leavers.map((value) => value - first));
  const b = mean(stayers.map((value) => value - first));
  const n = leavers.length + stayers.length;
  const [p, q] = [leavers.length / n, stayers.length / n];
  const variance = sum(values.map((value) => (value - first - p * a - q * b) ** 2)) / n;
  return {
    meanOfLeavers: p > 0 ? first + a : null,
    meanOfStayers: q > 0 ? first + b : null,
    // The variance is NaN or 0 when one of the groups is empty.
    correlation: variance > 0 ? ((a - b) * Math.sqrt(p * q)) / Math.sqrt(variance) : null,
  };
}

function checkFeatures(features: ChurnProfileOptions['features']): readonly ProfileFeature[] {
  const columns = list(features, 'features').map((feature) =>
    typeof feature === 'string' ? { column: feature } : object(feature, 'feature'),
  );
  if (columns.length === 0) fail('invalid-option', 'no features given: name at least one column');
  const seen = new Set<string>();
  for (const { column, type, bins } of columns) {
    if (typeof column !== 'string' || column === '') fail('invalid-option', 'invalid feature: name its column');
    const at = `feature "${column}"`;
    if (seen.has(column)) fail('invalid-option', `${at} is given twice`);
    seen.add(column);
    if (type !== undefined && type !== 'number' && type !== 'category')
      fail('invalid-option', `${at}: invalid type: ${String(type)}; use "number" or "category"`);
    if (bins !== undefined) {
      if (type === 'category') fail('invalid-option', `${at}: bins belong to a number, not to a category`);
      ruleOption(bins, `${at}: bins`);
    }
  }
  return columns;
}
