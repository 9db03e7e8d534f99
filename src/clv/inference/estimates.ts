import { fail } from '../../errors.ts';
import type { ModelBase } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { choleskyFactor } from '../../numerics/cholesky.ts';
import { normalDraw } from '../../numerics/draw.ts';
import { exp } from '../../numerics/elementary.ts';
import { normalQuantile } from '../../numerics/normal.ts';
import { seededRandom } from '../../numerics/random.ts';
import type { LikelihoodFit } from '../fit-report.ts';

/** A model fitted by maximum likelihood (or posterior mode) whose parameters stand in it by name. */
export type LikelihoodModel = ModelBase & {
  readonly fit: LikelihoodFit;
  readonly covariates?: readonly { readonly process: string; readonly column: string; readonly coefficient: number }[];
};

/** A figure with its uncertainty. */
export interface Interval {
  readonly estimate: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/** The estimated entries of a model: positive parameters on the log scale, coefficients of covariates as they are. */
export interface Estimates {
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly positive: readonly boolean[];
  /** Covariance of the entries on those scales. */
  readonly covariance: readonly (readonly number[])[];
}

/**
 * Reads the estimates of a model.
 * @throws ClienteleError `invalid-option` where the fit states no covariance: at a boundary, along a ridge
 */
export function estimatesOf(model: LikelihoodModel): Estimates {
  const { covariance, standardErrors, status } = model.fit;
  if (covariance === null)
    fail(
      'invalid-option',
      `the fit of ${model.kind} is ${status} and states no covariance; use a bootstrap, priors or a smaller model`,
    );
  const names = Object.keys(standardErrors);
  const coefficients = new Map((model.covariates ?? []).map((c) => [`${c.process}.${c.column}`, c.coefficient]));
  const positive = names.map((name) => !coefficients.has(name));
  const values = names.map(
    (name) => coefficients.get(name) ?? (model as unknown as { readonly [name: string]: number })[name]!,
  );
  const slope = values.map((value, i) => (positive[i] ? value : 1));
  return {
    ...{ names, values, positive },
    covariance: covariance.map((row, i) => row.map((c, j) => c / (slope[i]! * slope[j]!))),
  };
}

/** The model with other values of its estimates, in the order of {@link estimatesOf}. */
export function withEstimates<M extends LikelihoodModel>(
  model: M,
  names: readonly string[],
  values: readonly number[],
): M {
  const by = new Map(names.map((name, i) => [name, values[i]!]));
  const { covariates } = model;
  const parameters = Object.fromEntries([...by].filter(([name]) => name in model));
  return {
    ...model,
    ...parameters,
    ...(covariates
      ? { covariates: covariates.map((c) => ({ ...c, coefficient: by.get(`${c.process}.${c.column}`)! })) }
      : {}),
  };
}

/**
 * Confidence intervals of a model's parameters by the delta method: exp(ln θ ± z·se(θ)/θ) for positive parameters, which
 * are near normal on the log scale, γ ± z·se for coefficients of covariates.
 * @param options.level confidence, default 0.95
 * @throws ClienteleError `invalid-option` where the fit states no covariance
 * @example parameterIntervals(bgNbd({ unit: 'week' }).fit(cdnow)).r // { estimate: 0.2426, …, low: 0.2192, high: 0.2685 }
 */
export function parameterIntervals<M extends LikelihoodModel>(
  model: M,
  options: { readonly level?: number } = {},
): { readonly [P in keyof M['fit']['standardErrors']]: Interval } {
  const { level = 0.95 } = knownOptions(options, 'parameterIntervals', 'level');
  const { names, values, positive, covariance } = estimatesOf(model);
  const z = criticalValue(level);
  return Object.fromEntries(
    names.map((name, i) => {
      const estimate = values[i]!;
      const error = Math.sqrt(covariance[i]![i]!);
      return [
        name,
        positive[i]
          ? {
              estimate,
              standardError: estimate * error,
              low: estimate * exp(-z * error),
              high: estimate * exp(z * error),
            }
          : { estimate, standardError: error, low: estimate - z * error, high: estimate + z * error },
      ];
    }),
  ) as { readonly [P in keyof M['fit']['standardErrors']]: Interval };
}

/** z with P(|Z| ≤ z) = level. */
export function criticalValue(level: number): number {
  if (!(level > 0 && level < 1)) fail('invalid-option', `invalid level: ${level}; use a number between 0 and 1`);
  return normalQuantile((1 + level) / 2);
}

/**
 * Models drawn from Laplace's approximation to the posterior of the parameters: normal in their logarithms (coefficients
 * as they are) about the mode, with the inverse information as covariance. Without priors this is the large-sample
 * distribution of the estimates.
 * @throws ClienteleError `invalid-option` where the fit states no covariance
 * @example drawIntervals(laplaceDraws(model, { draws: 500, seed: 1 }), (m) => [bgNbd.expectedTransactions(m, { periods: 52 })])
 */
export function* laplaceDraws<M extends LikelihoodModel>(
  model: M,
  options: { readonly draws: number; readonly seed: number },
): Generator<M, void> {
  const { draws, seed } = knownOptions(options, 'laplaceDraws', 'draws seed');
  const { names, values, positive, covariance } = estimatesOf(model);
  const n = names.length;
  // Entries that share one coefficient are one entry: the factor needs a definite matrix.
  const own = names.map((_, i) => i).filter((i) => !duplicates(covariance, i));
  const m = own.length;
  const factor = Float64Array.from(own.flatMap((i) => own.map((j) => covariance[i]![j]!)));
  choleskyFactor(factor, m);
  const random = seededRandom(seed);
  const z = new Float64Array(m);
  for (let draw = 0; draw < draws; draw++) {
    for (let k = 0; k < m; k++) z[k] = normalDraw(random);
    const shift = new Float64Array(n);
    own.forEach((i, k) => {
      for (let l = 0; l <= k; l++) shift[i]! += factor[m * k + l]! * z[l]!;
    });
    names.forEach((_, i) => {
      const first = duplicates(covariance, i);
      if (first !== null) shift[i] = shift[first.of]!;
    });
    yield withEstimates(
      model,
      names,
      values.map((value, i) => (positive[i] ? value * exp(shift[i]!) : value + shift[i]!)),
    );
  }
}

/** The earlier entry whose row of the covariance entry i repeats, if there is one. */
function duplicates(covariance: Estimates['covariance'], i: number): { readonly of: number } | null {
  for (let j = 0; j < i; j++) if (covariance[i]!.every((c, k) => c === covariance[j]![k]!)) return { of: j };
  return null;
}
