import { isNumeric, readCategories, readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions } from '../../model/options.ts';
import { type CutRule, equalParts, fitCuts, ruleOption } from '../../numerics/cut-rule.ts';
import { codeOf } from '../../numerics/cuts.ts';
import { log } from '../../numerics/elementary.ts';
import { sum } from '../../numerics/sum.ts';

/** How a column was spread when the baseline was taken: plain JSON data, to be kept beside the model. */
export type ColumnBaseline = {
  readonly column: string;
  /** Rows per bin: `cuts.length + 1` intervals (lo, hi], or one per level. */
  readonly counts: readonly number[];
  readonly nulls: number;
} & (
  | { readonly type: 'number'; readonly cuts: readonly number[] }
  | { readonly type: 'category'; readonly levels: readonly string[] }
);

export interface DriftBaseline {
  readonly rows: number;
  readonly columns: readonly ColumnBaseline[];
}

export interface DriftOptions {
  /** How numbers are cut. Default: deciles of the baseline; equal cuts are merged. */
  readonly cuts?: CutRule;
}

export interface DriftBin {
  /** Interval, level, `unseen level` or `null`. */
  readonly bin: string;
  readonly baselineRows: number;
  readonly currentRows: number;
  /** (current share − baseline share)·ln(current share / baseline share). */
  readonly contribution: number;
}

export interface ColumnDrift {
  readonly column: string;
  /** Population stability index: Σ of the contributions. */
  readonly psi: number;
  /** What the index is expected to be without any drift: (bins − 1)·(1/baseline rows + 1/current rows). */
  readonly byChance: number;
  /** `stable` below 0.1, `shifted` below 0.25, else `drifted`: customary thresholds, not a test. */
  readonly verdict: 'stable' | 'shifted' | 'drifted';
  /** Whether a bin empty on one side was counted as half a row there. */
  readonly adjusted: boolean;
  readonly bins: readonly DriftBin[];
}

/** From this index on a column has shifted, and drifted. */
export const PSI_THRESHOLDS: { readonly shifted: number; readonly drifted: number } = { shifted: 0.1, drifted: 0.25 };

/**
 * Counts features and scores into bins, to compare later batches with by {@link drift}. Nulls are a bin of their own.
 * @param columns names of number columns and categories.
 * @throws unknown-column; all-null for a number column without a value; empty-input; invalid-option.
 * @example driftBaseline({ plan: ['a', 'b', 'a'] }, ['plan']).columns[0].counts // [2, 1]
 */
export function driftBaseline(data: Columns, columns: readonly string[], options: DriftOptions = {}): DriftBaseline {
  knownOptions(options, 'driftBaseline', 'cuts');
  const rule = ruleOption(options.cuts ?? { quantile: equalParts(10) }, 'cuts');
  let rows = 0;
  const found = columns.map((column): ColumnBaseline => {
    if (!isNumeric(data, column)) {
      const { codes, levels } = readCategories(data, column);
      rows = codes.length;
      return { column, type: 'category', levels: [...levels], ...counted(codes, levels.length) };
    }
    const values = readNumbers(data, column);
    rows = values.length;
    const cuts = [...new Set(fitCuts(values, rule, 'right', column))];
    return { column, type: 'number', cuts, ...counted(binned(values, cuts), cuts.length + 1) };
  });
  if (rows === 0) fail('empty-input', 'a baseline needs columns with rows');
  return { rows, columns: found };
}

/**
 * Population stability index of each column of a baseline: Σ (qᵢ − pᵢ)·ln(qᵢ/pᵢ) over bins, with the shares p of the baseline
 * and q of the batch. Numbers fall into the baseline's intervals (lo, hi]; nulls, and levels that the baseline did not have,
 * are bins of their own. A bin that is empty on one side only would make the index infinite: it counts as half a row there.
 *
 * Source: Siddiqi (2006), Credit Risk Scorecards, ch. 8; for `byChance` Yurdakul (2018), Western Michigan University.
 * @throws unknown-column; wrong-type for numbers that were categories, or the reverse; empty-input.
 * @example
 * drift(driftBaseline({ plan: ['a', 'a', 'b', 'b'] }, ['plan']), { plan: ['a', 'b', 'b', 'b'] })[0].psi // 0.2746530721670274
 */
export function drift(baseline: DriftBaseline, data: Columns): readonly ColumnDrift[] {
  return baseline.columns.map((before) => {
    const { column, counts, nulls } = before;
    if (isNumeric(data, column) !== (before.type === 'number'))
      fail('wrong-type', `column "${column}" was a ${before.type} in the baseline and is not one now`);
    const size = counts.length;
    const now =
      before.type === 'number'
        ? counted(binned(readNumbers(data, column), before.cuts), size)
        : counted(mapped(data, column, before.levels), size + 1);
    const labels = before.type === 'number' ? intervals(before.cuts) : [...before.levels, 'unseen level'];
    const old = [...counts, ...labels.slice(size).map(() => 0), nulls];
    const current = [...now.counts, now.nulls];
    const total = sum(current);
    if (total === 0) fail('empty-input', `column "${column}" has no rows to compare`);
    const bins: DriftBin[] = [];
    let adjusted = false;
    [...labels, 'null'].forEach((bin, i) => {
      const baselineRows = old[i]!;
      const currentRows = current[i]!;
      // Special bins are told of only where there is something in them.
      if (i >= size && baselineRows + currentRows === 0) return;
      const p = (baselineRows || 0.5) / baseline.rows;
      const q = (currentRows || 0.5) / total;
      const empty = baselineRows + currentRows === 0;
      adjusted ||= !empty && (baselineRows === 0 || currentRows === 0);
      bins.push({ bin, baselineRows, currentRows, contribution: empty ? 0 : (q - p) * log(q / p) });
    });
    const psi = sum(bins.map(({ contribution }) => contribution));
    return {
      column,
      psi,
      byChance: (bins.length - 1) * (1 / baseline.rows + 1 / total),
      verdict: psi < PSI_THRESHOLDS.shifted ? 'stable' : psi < PSI_THRESHOLDS.drifted ? 'shifted' : 'drifted',
      adjusted,
      bins,
    };
  });
}

function counted(codes: ArrayLike<number>, bins: number): { readonly counts: number[]; readonly nulls: number } {
  const counts = Array.from({ length: bins }, () => 0);
  let nulls = 0;
  for (let row = 0; row < codes.length; row++)
    if (codes[row]! < 0) nulls++;
    else counts[codes[row]!]!++;
  return { counts, nulls };
}

function binned(values: Float64Array, cuts: readonly number[]): Int32Array {
  return Int32Array.from(values, (value) => (value === value ? codeOf(value, cuts, 'right') : -1));
}

/** Codes in the levels of the baseline; one beyond them for a level it did not have. */
function mapped(data: Columns, column: string, known: readonly string[]): Int32Array {
  const { codes, levels } = readCategories(data, column);
  const index = new Map(known.map((level, code) => [level, code]));
  const to = levels.map((level) => index.get(level) ?? known.length);
  return codes.map((code) => (code < 0 ? -1 : to[code]!));
}

function intervals(cuts: readonly number[]): string[] {
  if (cuts.length === 0) return ['all'];
  const inner = cuts.slice(1).map((cut, i) => `(${cuts[i]}, ${cut}]`);
  return [`≤ ${cuts[0]}`, ...inner, `> ${cuts[cuts.length - 1]}`];
}
