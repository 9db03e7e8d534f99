import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions } from '../../model/options.ts';
import { exp } from '../../numerics/elementary.ts';
import { normalQuantile } from '../../numerics/normal.ts';
import { logisticLikelihood } from '../../regression/logistic-likelihood.ts';
import { maximise } from '../../regression/newton.ts';
import { profileEnds } from '../../regression/profile-likelihood.ts';
import { asInterval, type CoefficientInterval, checkLevel } from './inference.ts';
import { checkLogisticOptions, type LogisticOptions } from './options.ts';
import { readLogistic } from './problem.ts';

export interface ProfileOptions
  extends Pick<LogisticOptions<string, string>, 'label' | 'features' | 'weight' | 'offset' | 'maxIterations'> {
  /** Default .95. */
  readonly level?: number;
  /** Names of coefficients, as in `fit.coefficients`. Default: all of them. */
  readonly coefficients?: readonly string[];
}

/**
 * Profile-likelihood intervals of the coefficients of a logistic regression without a penalty: the values that a
 * likelihood-ratio test does not reject, `2(ln L̂ − ln L(β_j)) ≤ χ²₁(level)` with the other coefficients at their best. Unlike Wald
 * intervals they are not symmetric and do not depend on the scale. Null where a coefficient is left out or has no finite
 * estimate. The model is fitted anew; a few Newton searches per coefficient.
 *
 * @throws invalid-option for an unknown coefficient; what `logisticRegression` throws.
 * Source: Venzon & Moolgavkar (1988), Applied Statistics 37, 87–94.
 * @example
 * profileIntervals(
 *   { left: [1, 1, 0, 0, 0, 1, 0, 0], plan: ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'b'] },
 *   { label: { column: 'left', churned: 1, horizon: null }, features: ['plan'] },
 * ).map(({ name }) => name); // ['(intercept)', 'plan=a']
 */
export function profileIntervals(data: Columns, options: ProfileOptions): readonly CoefficientInterval[] {
  const {
    level = 0.95,
    coefficients,
    maxIterations = 100,
  } = knownOptions(
    // The options of the regression may be passed whole.
    options as ProfileOptions & LogisticOptions<string, string>,
    'profileIntervals',
    'level coefficients label features weight penalty classWeight offset errors intervals as l2 standardise groupCollinear maxIterations',
  );
  checkLevel(level);
  for (const refused of ['l2', 'penalty', 'classWeight'] as const)
    if ((options as Partial<LogisticOptions<string, string>>)[refused])
      fail('invalid-option', `${refused}: a likelihood that is penalised or weighted by class has no such intervals`);
  const problem = readLogistic(data, checkLogisticOptions(options), options);
  const { columns } = problem.design;
  const names = ['(intercept)', ...columns.map(({ name }) => name)];
  for (const name of coefficients ?? [])
    if (!names.includes(name)) fail('invalid-option', `no coefficient "${name}"; the fit has ${names.join(', ')}`);
  const likelihood = logisticLikelihood(problem);
  const n = likelihood.size;
  const fit = maximise(likelihood, new Float64Array(n), maxIterations);
  const fixed = fit.dropped.map((flag, j) => flag | fit.unbounded[j]!);
  const z = normalQuantile((1 + level) / 2);
  return names.flatMap((name, at): CoefficientInterval[] => {
    if (coefficients && !coefficients.includes(name)) return [];
    // The coefficient on the raw scale, as a function of those on scaled columns.
    const contrast = new Float64Array(n);
    if (at > 0) contrast[at] = 1 / columns[at - 1]!.scale;
    else {
      contrast[0] = 1;
      columns.forEach(({ mean, scale }, j) => {
        contrast[j + 1] = -mean / scale;
      });
    }
    const estimate = contrast.reduce((sum, a, j) => sum + a * fit.beta[j]!, 0) + 0;
    const ratio = exp(estimate);
    const told = (low: number | null, high: number | null): CoefficientInterval =>
      asInterval(name, estimate, low, high, fit.dropped[at] === 0 && Number.isFinite(ratio) ? ratio : null);
    if (fixed[at] === 1) return [told(null, null)];
    let variance = 0;
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++)
        if (fixed[a] === 0 && fixed[b] === 0) variance += contrast[a]! * contrast[b]! * fit.covariance[a * n + b]!;
    return [told(...profileEnds(likelihood, { ...fit, fixed }, { contrast, error: Math.sqrt(variance) }, z))];
  });
}
