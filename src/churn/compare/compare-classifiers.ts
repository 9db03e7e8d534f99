import { columnNames, rowCount } from '../../columns/batch.ts';
import { takeRows } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import type { Estimator, FitReport, FitStatus, Target } from '../../model/contract.ts';
import { worstStatus } from '../../model/contract.ts';
import { knownOptions, object } from '../../model/options.ts';
import { type DatedSet, openDated, type Parted, type Split } from '../../validation/folds.ts';
import { type Frame, kindsWithin, outOfFold } from '../../validation/out-of-fold.ts';
import { pastAsOf } from '../../validation/temporal.ts';
import { type EvaluateOptions, evaluate } from '../judgement/evaluate.ts';
import type { LogisticModel } from '../logistic-kind.ts';
import { binaryMetrics, checkLevel } from '../metrics.ts';
import type { CandidateResult, FoldMetrics } from './candidate-result.ts';
import { type Comparison, type ComparisonMetric, compared, higherIsBetter } from './comparison.ts';
import { partedBy, type Validation } from './splits.ts';

/** Estimators by name, the logistic regression among them: whatever does not beat it is not worth its trouble. */
export interface Candidates {
  readonly logistic: Estimator<LogisticModel>;
  // biome-ignore lint/suspicious/noExplicitAny: estimators are invariant in their model; any is the only common supertype
  readonly [name: string]: Estimator<any>;
}

export interface CompareOptions extends Omit<EvaluateOptions, 'weight'> {
  /** Default: by time where the data carry as-of dates, else stratified folds with a customer's rows together. */
  readonly validation?: Validation;
  /** What decides. Default `'rocAuc'`. */
  readonly metric?: ComparisonMetric;
}

export interface ClassifierComparison {
  readonly metric: ComparisonMetric;
  /** Test rows with an outcome that every candidate scored: all figures are of these. */
  readonly rows: number;
  readonly events: number;
  /** The best first. */
  readonly candidates: readonly CandidateResult[];
  readonly winner: string;
  /** The winner against each of the others, in their order. */
  readonly comparisons: readonly Comparison[];
  /** Whether the winner is ahead of the runner-up by more than both intervals' doubt. */
  readonly decided: boolean;
  /** How rows were parted, and what was judged. */
  readonly validation: { readonly rule: string; readonly splits: readonly string[] };
  /** Of the parting; those of the fits stand with each candidate. */
  readonly warnings: readonly string[];
  /** Out-of-fold score of every row, by candidate; NaN where it was not tested or not scored. */
  readonly scores: { readonly [name: string]: Float64Array };
}

/**
 * Fits several classifiers on the same splits, judges them on the same rows that none of them had seen, and says which wins, by
 * how much and how surely: a plain result, and no model – fit the winner on all rows.
 *
 * A candidate is judged by its last output that learns from the label, so that a pipeline of a classifier and a calibrator can
 * be one. The winner of many candidates flatters itself by the choice; judge it again on rows that took no part.
 *
 * @throws invalid-option when candidates are of different labels; one-class; what estimators and `evaluate` throw.
 * @example
 * const { winner, comparisons } = compareClassifiers(customers, {
 *   logistic: logisticRegression({ label, features }),
 *   boosting: gradientBoosting({ label, features }),
 * }, { validation: { count: 5, seed: 1, by: 'customer' } });
 * compareClassifiers(panel, { logistic, boosting }).validation.rule; // 'temporal': panel is a data set of `observe`
 */
export function compareClassifiers(
  given: Columns | DatedSet,
  candidates: Candidates,
  how: CompareOptions = {},
): ClassifierComparison {
  const {
    validation,
    metric = 'rocAuc',
    ...options
  } = knownOptions(how, 'compareClassifiers', 'level groups bins cuts severity profit validation metric');
  const { level = 0.95 } = options;
  checkLevel(level);
  if (!['rocAuc', 'logLoss', 'brier'].includes(metric))
    fail('invalid-option', `invalid metric: ${String(metric)}; use "rocAuc", "logLoss" or "brier"`);
  const entries = Object.entries(object(candidates, 'candidates'));
  if (candidates.logistic?.kind.kind !== 'logisticRegression')
    fail('invalid-option', 'candidates.logistic must be a logisticRegression: it is what others are measured against');
  if (entries.length < 2) fail('invalid-option', 'candidates: name at least one beside the logistic');
  if (validation !== undefined) object(validation, 'validation');
  const { data, lookAhead } = openDated(given);
  const actual = sharedOutcome(data, entries);
  const parted = partedBy(data, validation, {
    actual,
    lookAhead,
    // An estimator does not tell the horizon of its label, a fit does.
    horizon: () => candidates.logistic.fit(data).outputs[0]!.horizon ?? null,
  });
  const { splits } = parted;
  const fitted = crossFit(data, entries, parted);

  const tested = new Uint8Array(actual.length);
  for (const { test } of splits) for (let i = 0; i < test.length; i++) tested[test[i]!] = 1;
  const common = actual.map((y, row) =>
    tested[row] === 1 && fitted.every(({ scores }) => scores[row] === scores[row]) ? y : Number.NaN,
  );
  const results = fitted.map(
    ({ name, kind, scores, status, warnings }): CandidateResult => ({
      name,
      kind,
      evaluation: evaluate(common, scores, options),
      folds: splits.map((split) => foldMetrics(split, common, scores)),
      unscored: scores.reduce(
        (n, p, row) => n + (p !== p && tested[row] === 1 && actual[row] === actual[row] ? 1 : 0),
        0,
      ),
      status,
      warnings,
    }),
  );
  const sign = higherIsBetter(metric) ? -1 : 1;
  const rank = ({ evaluation }: CandidateResult): number => sign * (evaluation[metric] ?? Number.POSITIVE_INFINITY);
  // `logLoss` is null when infinite: last. Equal candidates stay in the order they were given.
  const ordered = [...results].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
  const scores = Object.fromEntries(fitted.map((own) => [own.name, own.scores]));
  const [best, ...others] = ordered as [CandidateResult, ...CandidateResult[]];
  const comparisons = others.map((other) => compared(common, best, other, scores, splits, metric, level));
  return {
    metric,
    rows: best.evaluation.rows,
    events: best.evaluation.events,
    candidates: ordered,
    winner: best.name,
    comparisons,
    decided: comparisons[0]!.decided,
    validation: { rule: parted.rule, splits: parted.titles },
    warnings: [
      ...parted.warnings,
      ...best.folds.flatMap((own, k) =>
        own === null ? [`${parted.titles[k]}: the rows to judge are of one class, so it has no figures`] : [],
      ),
    ],
    scores,
  };
}

type Entry = readonly [name: string, estimator: Estimator];

function targetOf([name, { targets }]: Entry): Target {
  return targets?.at(-1) ?? fail('invalid-option', `candidate "${name}" learns from no label: use a classifier`);
}

/** The outcomes that all candidates learn from. */
function sharedOutcome(data: Columns, entries: readonly Entry[]): Float64Array {
  const [first, ...others] = entries.map((entry) => ({ name: entry[0], actual: targetOf(entry).actual(data) }));
  for (const { name, actual } of others)
    if (actual.some((y, row) => !Object.is(y, first!.actual[row])))
      fail('invalid-option', `candidates "${first!.name}" and "${name}" learn from different labels`);
  return first!.actual;
}

interface Fitted {
  readonly name: string;
  readonly kind: string;
  readonly scores: Float64Array;
  readonly status: FitStatus;
  readonly warnings: readonly string[];
}

/** Every candidate fitted on every training part, and its scores of the test rows. */
function crossFit(data: Columns, entries: readonly Entry[], parted: Parted): readonly Fitted[] {
  const names = [...new Set(columnNames(data))];
  const frame: Frame = takeRows(
    data,
    Int32Array.from({ length: rowCount(data) }, (_, row) => row),
    names,
  );
  return entries.map((entry) => {
    const [name, estimator] = entry;
    const { output } = targetOf(entry);
    const fits: FitReport[] = [];
    let past: readonly string[] = [];
    const scores = outOfFold(estimator, [{ name: output, type: 'number' }], parted, frame, kindsWithin(estimator), {
      fitted: ({ fit, inputs }) => {
        // What a model reads is the same in every split.
        if (fits.length === 0 && parted.dates) past = pastAsOf(data, parted.dates, inputs);
        fits.push(fit);
      },
    });
    return {
      name,
      kind: estimator.kind.kind,
      scores: scores[output] as Float64Array,
      status: worstStatus(fits.map(({ status }) => status)),
      warnings: [...new Set([...fits.flatMap(({ warnings }) => warnings), ...past])],
    };
  });
}

function foldMetrics({ test }: Split, actual: Float64Array, scores: Float64Array): FoldMetrics | null {
  const y = Float64Array.from(test, (row) => actual[row]!);
  if (!y.includes(0) || !y.includes(1)) return null;
  const own = binaryMetrics(
    y,
    Float64Array.from(test, (row) => scores[row]!),
  );
  return { rows: own.rows, events: own.events, rocAuc: own.rocAuc, logLoss: own.logLoss, brier: own.brier };
}
