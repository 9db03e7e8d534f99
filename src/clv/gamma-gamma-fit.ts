import { fail } from '../errors.ts';
import { log } from '../numerics/elementary.ts';
import { sum } from '../numerics/sum.ts';
import { spendCorrelation } from './correlation.ts';
import { criteria } from './fit-report.ts';
import { gammaGammaLikelihood } from './gamma-gamma-likelihood.ts';
import type { GammaGammaFit, GammaGammaParameters } from './gamma-gamma-model.ts';
import { covarianceOf, maximise } from './maximise.ts';

/** Maximum likelihood over customers with x > 0 and a positive mean, money scaled by its mean. */
export function fitGammaGamma(
  frequency: Float64Array,
  spend: Float64Array,
): { readonly parameters: GammaGammaParameters; readonly fit: GammaGammaFit } {
  const rows: number[] = [];
  let [unpaid, nulls] = [0, 0];
  for (let i = 0; i < frequency.length; i++) {
    const [x, z] = [frequency[i]!, spend[i]!];
    if (x === x && !(x >= 0 && Number.isSafeInteger(x)))
      fail('invalid-value', `row ${i}: frequency ${x} is not a whole number of repeat purchases`);
    if (x === 0) continue;
    if (x !== x || z !== z) nulls++;
    else if (!(z > 0)) unpaid++;
    else rows.push(i);
  }
  if (rows.length === 0)
    fail('empty-input', `no customer has a repeat purchase and a positive mean spend, of ${frequency.length} rows`);
  const x = Float64Array.from(rows, (i) => frequency[i]!);
  const z = Float64Array.from(rows, (i) => spend[i]!);
  const scale = sum(z) / z.length;
  // The start has the population mean p·v/(q − 1) = 1, that of the scaled spend.
  const likelihood = gammaGammaLikelihood(
    x,
    z.map((m) => m / scale),
  );
  const found = maximise(likelihood, [3, 3, 2 / 3]);
  const [p, q, scaled] = found.parameters as unknown as [number, number, number];
  const natural = [p, q, scaled * scale];
  const covariance = covarianceOf(found, natural);
  const error = (i: number): number | null => (covariance ? Math.sqrt(covariance[i]![i]!) : null);
  const correlation = spendCorrelation(x, z);
  const logLikelihood = found.logLikelihood - rows.length * log(scale);
  const warnings: string[] = [];
  if (unpaid > 0) warnings.push(`${unpaid} customers whose mean spend is not above 0 were left out`);
  if (nulls > 0) warnings.push(`${nulls} rows with a null in frequency or mean spend were left out`);
  if (!covariance) warnings.push('the likelihood is flat along a ridge: the data do not tell p, q and v apart');
  else if (!found.converged) warnings.push('the search stopped before the maximum');
  if (q <= 1) warnings.push(`q = ${q.toPrecision(4)} ≤ 1: spend has no population mean, single buyers get none`);
  if (correlation && correlation.interval[0] * correlation.interval[1] > 0)
    warnings.push(
      'spend and frequency are not independent, as the model takes them to be: correlation ' +
        `${correlation.pearson.toFixed(3)} (95 % ${correlation.interval[0].toFixed(3)} to ` +
        `${correlation.interval[1].toFixed(3)}), Spearman ${correlation.spearman.toFixed(3)}`,
    );
  return {
    parameters: { p, q, v: scaled * scale },
    fit: {
      status: !covariance ? 'not-identified' : found.converged ? 'converged' : 'iteration-limit',
      ...{ rows: rows.length, leftOut: unpaid + nulls, iterations: found.iterations },
      ...{ gradientNorm: found.gradientNorm, logLikelihood },
      ...criteria(logLikelihood, 3, rows.length),
      standardErrors: { p: error(0), q: error(1), v: error(2) },
      ...{ covariance, correlation, warnings },
    },
  };
}
