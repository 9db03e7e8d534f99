import { log } from '../numerics/elementary.ts';
import { bgNbdLikelihood } from './bg-nbd-likelihood.ts';
import type { BgNbdFit } from './bg-nbd-model.ts';
import { type BgNbdParameters, probabilityAlive } from './bg-nbd-posterior.ts';
import type { Histories } from './history.ts';
import { covarianceOf, type Maximum, maximise } from './maximise.ts';

/** Fewer expected dropouts than this in the whole data: nobody drops out. */
const NOBODY = 1e-4;
/** A Gamma or Beta distribution this concentrated is one value. */
const CONCENTRATED = 1e4;

const NO_ERRORS: BgNbdFit['standardErrors'] = { r: null, alpha: null, a: null, b: null };

/** Maximum likelihood over grouped histories, time scaled by its mean, from moment starts. */
export function fitBgNbd(data: Histories): { readonly parameters: BgNbdParameters; readonly fit: BgNbdFit } {
  const { x, T, weight, rows, nulls } = data;
  let purchases = 0;
  let squares = 0;
  let length = 0;
  for (let i = 0; i < x.length; i++) {
    purchases += weight[i]! * x[i]!;
    squares += weight[i]! * x[i]! * x[i]!;
    length += weight[i]! * T[i]!;
  }
  const scale = length > 0 ? length / rows : 1;
  const left = nulls > 0 ? [`${nulls} rows with a null in frequency, recency or T were left out`] : [];
  const common = { rows, leftOut: nulls, distinctRows: x.length };
  if (purchases === 0) {
    const warning = 'no customer bought a second time: purchase rate and dropout cannot be told';
    return {
      parameters: { r: 0, alpha: scale, a: 0, b: 1 },
      fit: {
        ...{ status: 'not-identified', limit: 'no repeat purchase', ...common, warnings: [...left, warning] },
        ...{ iterations: 0, gradientNorm: 0, logLikelihood: 0, standardErrors: NO_ERRORS, covariance: null },
      },
    };
  }

  const likelihood = bgNbdLikelihood({
    ...data,
    T: T.map((t) => t / scale),
    recency: data.recency.map((t) => t / scale),
  });
  const mean = purchases / rows;
  const excess = squares / rows - mean * mean - mean;
  const r = excess > 0 ? Math.min(20, Math.max(0.05, (mean * mean) / excess)) : 20;
  let best = maximise(likelihood, [r, r / mean, 0.8, 2.5]);
  let end = verdict(best, data, scale);
  if (end.status !== 'converged')
    for (const start of [
      [2 * r, (2 * r) / mean, 0.2, 2],
      [r, r / mean, 0.02, 0.1],
      [1, 1 / mean, 2, 10],
    ]) {
      const other = maximise(likelihood, start);
      if (!(other.logLikelihood > best.logLikelihood + 1e-9 * Math.abs(best.logLikelihood))) continue;
      best = other;
      end = verdict(best, data, scale);
    }
  const { parameters, note, status, ...found } = end;
  return {
    parameters,
    fit: {
      ...{ status, ...common, ...found, iterations: best.iterations, gradientNorm: best.gradientNorm },
      logLikelihood: best.logLikelihood - purchases * log(scale),
      warnings: note === undefined ? left : [...left, note],
    },
  };
}

type Verdict = Pick<BgNbdFit, 'status' | 'covariance' | 'standardErrors' | 'limit'> & {
  readonly parameters: BgNbdParameters;
  readonly note?: string;
};

/** What the end of a search means: an interior maximum, a limiting model, or a ridge. */
function verdict(found: Maximum, data: Histories, scale: number): Verdict {
  const [r, scaled, a, b] = found.parameters as unknown as [number, number, number, number];
  const parameters = { r, alpha: scaled * scale, a, b };
  const natural = [r, parameters.alpha, a, b];
  const errors = (free: readonly number[], shown: readonly number[] = free): BgNbdFit['standardErrors'] => {
    const covariance = covarianceOf(found, natural, free);
    const error = (i: number): number | null =>
      covariance && shown.includes(i) ? Math.sqrt(covariance[free.indexOf(i)]![free.indexOf(i)]!) : null;
    return { r: error(0), alpha: error(1), a: error(2), b: error(3) };
  };

  let dropouts = 0;
  for (let i = 0; i < data.x.length; i++)
    dropouts += data.weight[i]! * (1 - probabilityAlive(parameters, data.x[i]!, data.recency[i]!, data.T[i]!));
  if (dropouts < NOBODY)
    return {
      parameters: { r, alpha: parameters.alpha, a: 0, b: 1 },
      ...{ status: 'boundary', limit: 'NBD', covariance: null, standardErrors: errors([0, 1]) },
      note: 'no sign of dropout: the likelihood is highest in the limit a → 0, the NBD model',
    };

  const covariance = covarianceOf(found, natural);
  if (covariance)
    return {
      ...{ parameters, covariance, standardErrors: errors([0, 1, 2, 3]) },
      ...(found.converged
        ? { status: 'converged' }
        : { status: 'iteration-limit', note: 'the search stopped before the maximum' }),
    };

  // With b (or α) held, a (or r) moves the ratio of the pair, which has a finite value in the limit.
  if (r > CONCENTRATED)
    return {
      ...{ parameters, status: 'boundary', limit: 'one purchase rate', covariance: null },
      standardErrors: errors([0, 2, 3], [2, 3]),
      note: 'customers do not differ in their purchase rate: the likelihood is highest in the limit r, alpha → ∞',
    };
  if (a + b > CONCENTRATED)
    return {
      ...{ parameters, status: 'boundary', limit: 'one dropout probability', covariance: null },
      standardErrors: errors([0, 1, 2], [0, 1]),
      note: 'customers do not differ in their dropout probability: the likelihood is highest in the limit a, b → ∞',
    };
  if (a + b < 1 / CONCENTRATED)
    return {
      ...{ parameters, status: 'boundary', limit: 'all-or-none dropout', covariance: null },
      standardErrors: errors([0, 1, 2], [0, 1]),
      note: 'customers drop out at once or never: the likelihood is highest in the limit a, b → 0',
    };
  return {
    ...{ parameters, status: 'not-identified', covariance: null, standardErrors: NO_ERRORS },
    note: 'the likelihood is flat along a ridge: the data do not tell the parameters apart',
  };
}
