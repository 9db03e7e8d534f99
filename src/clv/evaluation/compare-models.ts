import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import type { Estimator, ModelBase } from '../../model/contract.ts';
import type { TimeUnit } from '../../model/field.ts';
import { knownOptions } from '../../model/options.ts';
import { sum } from '../../numerics/sum.ts';
import type { Ahead, HistoryEstimator } from '../family/estimator.ts';
import type { HistoryModel } from '../family/model.ts';
import { criticalValue } from '../inference/estimates.ts';
import { evaluateHoldout, type HoldoutEvaluation, type HoldoutOptions } from './evaluate-holdout.ts';
import { purchaseMoments } from './purchase-moments.ts';

/** Any buy-till-you-die family, for functions that take several: `bgNbd`, `paretoNbd` … */
export interface AnyHistoryEstimator {
  readonly family: { readonly kind: string };
  expectedPurchases(model: never, customers: never, options: Ahead): Float64Array;
}

/** A model to compare: its family, and the estimator that says columns and unit. */
export interface Candidate {
  readonly family: AnyHistoryEstimator;
  readonly estimator: Estimator<ModelBase & { readonly unit: TimeUnit }>;
}

/** A mean difference per customer with its interval; below 0 the candidate is better than the best. */
export interface PairedDifference {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number];
}

/** One candidate of {@link compareModels}. */
export interface ComparedModel {
  readonly name: string;
  readonly model: HistoryModel<string, never>;
  readonly evaluation: HoldoutEvaluation;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  /** Against the best by log score, per customer: of the log score and of the squared error. */
  readonly againstBest: { readonly logScore: PairedDifference; readonly squaredError: PairedDifference };
}

/** Which family to use, judged on a holdout. */
export interface ModelComparison {
  /** Lowest holdout log score, and lowest RMSE. */
  readonly best: { readonly logScore: string; readonly rmse: string };
  /** Ascending by log score. Likelihoods, of the calibration, stand beside: they may point elsewhere. */
  readonly models: readonly ComparedModel[];
}

/**
 * Fits each candidate to the calibration and judges it on the holdout: log score and RMSE, with paired intervals of the
 * differences between customers, z·sd/√n.
 * @throws ClienteleError `empty-input` without candidates; those of {@link evaluateHoldout}
 */
export function compareModels(
  candidates: { readonly [name: string]: Candidate },
  customers: Columns,
  actual: ArrayLike<number>,
  options: HoldoutOptions,
): ModelComparison {
  knownOptions(options, 'compareModels', 'periods level topFrequency tracking value');
  const level = options.level ?? 0.95;
  const compared = Object.entries(candidates).map(([name, candidate]) => {
    if (candidate.estimator.kind.kind !== candidate.family.family.kind)
      fail(
        'invalid-option',
        `candidate "${name}": the estimator is of another family, ${candidate.estimator.kind.kind}`,
      );
    // One stand-in for all families: they differ in the names of their parameters only.
    const family = candidate.family as unknown as HistoryEstimator<string, 'r'>;
    const model = candidate.estimator.fit(customers) as unknown as HistoryModel<string, 'r'>;
    const expected = family.expectedPurchases(model, customers, { periods: options.periods });
    return {
      ...{ name, model, evaluation: evaluateHoldout(family, model, customers, actual, options) },
      surprise: purchaseMoments(family.family, model, customers, options.periods, actual).surprise,
      square: expected.map((value, i) => (value - actual[i]!) * (value - actual[i]!)),
    };
  });
  if (compared.length === 0) fail('empty-input', 'no candidates; give a family and its estimator by name');
  compared.sort((a, b) => a.evaluation.logScore - b.evaluation.logScore);
  const best = compared[0]!;
  const sharpest = compared.reduce((a, b) => (b.evaluation.rmse < a.evaluation.rmse ? b : a));
  return {
    best: { logScore: best.name, rmse: sharpest.name },
    models: compared.map(({ name, model, evaluation, surprise, square }) => ({
      ...{ name, model, evaluation },
      ...{ logLikelihood: model.fit.logLikelihood, aic: model.fit.aic, bic: model.fit.bic },
      againstBest: {
        logScore: paired(surprise, best.surprise, level),
        squaredError: paired(square, best.square, level),
      },
    })),
  };
}

function paired(a: Float64Array, b: Float64Array, level: number): PairedDifference {
  const differences = a.map((value, i) => value - b[i]!).filter((value) => value === value);
  const n = differences.length;
  const mean = sum(differences) / n;
  const square = sum(differences.map((value) => (value - mean) * (value - mean)));
  const half = n > 1 ? criticalValue(level) * Math.sqrt(square / (n - 1) / n) : 0;
  return { mean, interval: [mean - half, mean + half] };
}
