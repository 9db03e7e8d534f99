import { readCategories, readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { log } from '../../numerics/elementary.ts';
import { type Feature, readFeatures } from '../../regression/feature.ts';
import { type PreparedLogistic, prepareLogistic } from '../../regression/fit-logistic.ts';
import type { Clusters } from '../../regression/logistic-likelihood.ts';
import { labelWarnings, twoClasses } from '../../regression/outcome.ts';
import type { ClassWeightReport } from '../../regression/report.ts';
import { separationWarnings } from '../../regression/separating.ts';
import { groupCells } from '../../validation/groups.ts';
import { type ClassWeight, type LogisticOptions, offsetColumn } from './options.ts';

/** The rows of a logistic regression with everything that its options say of them. */
export interface LogisticData extends PreparedLogistic {
  readonly clusters: Clusters | undefined;
  readonly classWeights: ClassWeightReport | undefined;
  /** Sum of the weights of the `weight` column, class weights aside; undefined without such a column. */
  readonly totalWeight: number | undefined;
}

/** Reads label, weights, offset, clusters and features; a row without one of them is left out. */
export function readLogistic(
  data: Columns,
  features: readonly Feature[],
  { label, weight, offset, errors, classWeight }: LogisticOptions<string, string>,
): LogisticData {
  const y = twoClasses(data, label.column, label.churned);
  const warnings: string[] = [];
  const leaveOut = (absent: (row: number) => boolean, what: string): void => {
    let count = 0;
    for (let i = 0; i < y.length; i++)
      if (y[i] === y[i] && absent(i)) {
        y[i] = Number.NaN;
        count++;
      }
    if (count > 0) warnings.push(`${count} rows without ${what} are left out of the fit`);
  };
  const unknown = nullsOf(y);
  if (unknown > 0) warnings.push(`${unknown} rows without a label are left out of the fit`);
  const weights = weight === undefined ? undefined : readWeights(data, weight, y);
  const column = offsetColumn(offset);
  const offsets = column === undefined ? undefined : readNumbers(data, column);
  if (offsets) leaveOut((i) => offsets[i] !== offsets[i], 'an offset');
  const groups = typeof errors === 'object' ? readCategories(data, errors.cluster).codes : undefined;
  if (groups) leaveOut((i) => groups[i]! < 0, 'a cluster');
  const read = readFeatures(data, features, (row) => y[row] === y[row]);
  warnings.push(...labelWarnings(data, label.column, label.churned), ...separationWarnings(read, y));
  const what = `label "${label.column}"`;
  const problem = prepareLogistic(read, y, { what, weight: weights, offset: offsets });
  const classes = classWeight === undefined ? undefined : weighClasses(problem, classWeight);
  return {
    ...problem,
    weight: classes?.weight ?? problem.weight,
    clusters: groups && clustersOf(groups, problem.used, (errors as { readonly cluster: string }).cluster),
    classWeights: classes?.report,
    totalWeight: problem.weight?.reduce((sum, w) => sum + w, 0),
    warnings: [...warnings, ...problem.warnings],
  };
}

function nullsOf(y: Float64Array): number {
  let count = 0;
  for (let i = 0; i < y.length; i++) if (y[i] !== y[i]) count++;
  return count;
}

/** Observation weights; a row without one is taken out of the fit (its `y` becomes NaN). */
function readWeights(data: Columns, column: string, y: Float64Array): Float64Array {
  const weights = readNumbers(data, column);
  weights.forEach((w, i) => {
    if (w < 0) fail('invalid-value', `weight "${column}", row ${i}: ${w}; weights are 0 or above`);
    if (w !== w || w === 0) y[i] = Number.NaN;
  });
  return weights;
}

/** The clusters of the rows used, numbered by first appearance. */
function clustersOf(groups: Int32Array, used: Int32Array, column: string): Clusters {
  const { of: codes, count } = groupCells(
    Int32Array.from(used, (row) => groups[row]!),
    (code) => code < 0,
  );
  if (count < 2)
    fail('invalid-value', `errors.cluster "${column}" has one value only: errors need at least two clusters`);
  return { codes, count };
}

function weighClasses(
  { y, weight, baseRate }: PreparedLogistic,
  classWeight: ClassWeight,
): { readonly weight: Float64Array; readonly report: ClassWeightReport } {
  const { event, nonEvent } =
    classWeight === 'balanced' ? { event: 0.5 / baseRate, nonEvent: 0.5 / (1 - baseRate) } : classWeight;
  return {
    weight: y.map((hit, i) => (hit === 1 ? event : nonEvent) * (weight === undefined ? 1 : weight[i]!)),
    // The odds of an event grow by event/nonEvent, whatever they are.
    report: { event, nonEvent, interceptShift: log(nonEvent / event) + 0 },
  };
}
