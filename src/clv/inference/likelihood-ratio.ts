import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import type { Estimator } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { chiSquaredTail } from '../../numerics/chi-squared.ts';
import { seededRandom } from '../../numerics/random.ts';
import type { LikelihoodModel } from './estimates.ts';

/** A likelihood-ratio test of a smaller model within a larger one. */
export interface LikelihoodRatio {
  /** 2·(ln L of the larger − ln L of the smaller), at least 0. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /**
   * `chi-squared`: the smaller model is inside the larger one's range. `boundary mixture`: it lies on its edge in one
   * parameter, ½χ²₀ + ½χ²₁ (Self & Liang 1987). `unknown`: on the edge, where another parameter loses its meaning; no
   * table holds, use {@link bootstrapLikelihoodRatio}.
   */
  readonly distribution: 'chi-squared' | 'boundary mixture' | 'unknown';
  /** P(a statistic this large | the smaller model); null where the distribution is unknown. */
  readonly pValue: number | null;
}

const NEVER_DROPS_OUT = ['bgNbd', 'mbgNbd', 'paretoNbd', 'ggomNbd'];

/** How a kind lies within another of which it is a special case. */
function nesting(smaller: LikelihoodModel, larger: LikelihoodModel): LikelihoodRatio['distribution'] | null {
  const terms = (model: LikelihoodModel): string[] =>
    (model.covariates ?? []).map(({ process, column }) => `${process}.${column}`);
  if (!terms(smaller).every((term) => terms(larger).includes(term))) return null;
  if (smaller.kind === larger.kind) return 'chi-squared';
  if (smaller.kind === 'shiftedBetaGeometric' && larger.kind === 'betaDiscreteWeibull') return 'chi-squared';
  if (smaller.kind === 'paretoNbd' && larger.kind === 'ggomNbd') return 'boundary mixture';
  if (smaller.kind === 'nbd' && NEVER_DROPS_OUT.includes(larger.kind)) return 'unknown';
  return null;
}

/**
 * Tests a smaller model within a larger one fitted to the same rows: the same kind with fewer covariates or with equal
 * ones, sBG in BdW (c = 1), Pareto/NBD in Gamma-Gompertz/NBD, NBD in the models with dropout.
 * @throws ClienteleError `invalid-option` when the one is no special case of the other, when rows differ, or when either
 * was fitted with priors
 */
export function likelihoodRatioTest(smaller: LikelihoodModel, larger: LikelihoodModel): LikelihoodRatio {
  for (const [side, model] of Object.entries({ smaller, larger }))
    if (typeof model?.fit?.aic !== 'number')
      fail('invalid-option', `invalid ${side} model: use what the fit of a likelihood model returned`);
  const distribution = nesting(smaller, larger);
  // Coefficients that are equal by option count once: the criterion knows how many were estimated.
  const count = ({ fit }: LikelihoodModel): number => Math.round((fit.aic + 2 * fit.logLikelihood) / 2);
  const degreesOfFreedom = count(larger) - count(smaller);
  if (distribution === null || degreesOfFreedom <= 0)
    fail('invalid-option', `${smaller.kind} is no special case of ${larger.kind} with these covariates`);
  for (const model of [smaller, larger])
    if ('logPosterior' in model.fit)
      fail('invalid-option', `${model.kind} was fitted with priors or a ridge: its likelihood is not the highest`);
  if (smaller.fit.rows !== larger.fit.rows)
    fail(
      'invalid-option',
      `${smaller.fit.rows} rows against ${larger.fit.rows}: fit both models to the same customers`,
    );
  const statistic = Math.max(0, 2 * (larger.fit.logLikelihood - smaller.fit.logLikelihood));
  const tail = chiSquaredTail(statistic, distribution === 'boundary mixture' ? 1 : degreesOfFreedom);
  return {
    ...{ statistic, degreesOfFreedom, distribution },
    pValue: distribution === 'unknown' ? null : distribution === 'chi-squared' ? tail : statistic === 0 ? 1 : tail / 2,
  };
}

/** A likelihood-ratio test by parametric bootstrap. */
export interface BootstrapLikelihoodRatio {
  readonly statistic: number;
  /** (1 + #{draws with a statistic as large}) / (1 + draws) (Davison & Hinkley 1997, eq. 4.11). */
  readonly pValue: number;
  /** The statistics of the draws, ascending. */
  readonly drawn: readonly number[];
}

/**
 * The same test where no table holds: data are drawn from the fitted smaller model, and both models are fitted to each.
 * @param simulate data of one draw, such as `(seed) => nbd.simulate(smaller, customers, { seed })`
 */
export function bootstrapLikelihoodRatio(
  { smaller, larger }: { readonly smaller: Estimator<LikelihoodModel>; readonly larger: Estimator<LikelihoodModel> },
  data: Columns,
  options: {
    readonly draws: number;
    readonly seed: number;
    readonly simulate: (model: LikelihoodModel, seed: number) => Columns;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, draws: number) => void;
  },
): BootstrapLikelihoodRatio {
  const { draws, seed, simulate, signal, onProgress } = knownOptions(
    options,
    'bootstrapLikelihoodRatio',
    'draws seed simulate signal onProgress',
  );
  const compare = (on: Columns): { readonly small: LikelihoodModel; readonly statistic: number } => {
    const small = smaller.fit(on);
    return { small, statistic: Math.max(0, 2 * (larger.fit(on).fit.logLikelihood - small.fit.logLikelihood)) };
  };
  const { small, statistic } = compare(data);
  const seeds = seededRandom(seed);
  const drawn: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    if (signal?.aborted) fail('aborted', `the bootstrap was stopped after ${draw} of ${draws} draws`);
    drawn.push(compare(simulate(small, seeds.below(2 ** 31))).statistic);
    onProgress?.(draw + 1, draws);
  }
  drawn.sort((a, b) => a - b);
  // A tie within rounding counts as as large.
  const asLarge = drawn.filter((other) => other >= statistic - 1e-9 * (1 + statistic)).length;
  return { statistic, pValue: (1 + asLarge) / (1 + draws), drawn };
}
