import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { betaRule } from '../../numerics/quadrature.ts';
import { type Staircase, staircase } from './staircase.ts';

/** Longer sums over phases give way to an integral over the rate. */
const LONGEST = 20_000;
/** Gamma(s, B) is the limit of Beta(s, B). */
const B = 2 ** 60;

/**
 * E f(N) for a whole N whose probabilities have the ratios p(m+1)/p(m) = (c + d·m)/(m + 1): negative binomial
 * (c = s·z, d = z) or Poisson (c = μ, d = 0), f ≥ 0 of at most linear growth. Summed from the mode outward and divided by
 * the sum of the weights, so that nothing underflows or cancels; `spread` = 1/(1 − d).
 */
function countMean(c: number, d: number, spread: number, f: (m: number) => number, least: number): number {
  const mode = Math.max(0, Math.floor((c - 1) * spread));
  let weights = 1;
  let total = f(mode);
  let weight = 1;
  for (let m = mode; ; m++) {
    const ratio = (c + d * m) / (m + 1);
    weight *= ratio;
    if (!(weight > 1e-300)) break;
    const value = weight * f(m + 1);
    weights += weight;
    total += value;
    const worst = Math.max(ratio, d);
    if (m > least && worst < 1 && value <= 1e-17 * (1 - worst) * total && weight <= 1e-17 * (1 - worst) * weights)
      break;
  }
  weight = 1;
  for (let m = mode - 1; m >= 0; m--) {
    weight *= (m + 1) / (c + d * m);
    weights += weight;
    total += weight * f(m);
    if (weight < 1e-18 * weights && weight * f(m) <= 1e-18 * total) break;
  }
  return total / weights;
}

/** ln(sinh(u)/u). */
function logSinhc(u: number): number {
  if (u > 0.1) return u - log(2 * u) + log1p(-exp(-2 * u));
  const w = u * u;
  return w * (1 / 6 - w * (1 / 180 - w * (1 / 2835 - w * (1 / 37800 - w / 467775))));
}

/** Averages over the phases that end within q, in units of α + T, of a customer alive at T with phase j begun. */
export interface PhaseAverages {
  /** Expected purchases. */
  purchases(j: number, q: number): number;
  /** P(still alive). */
  alive(j: number, q: number): number;
}

/**
 * With a rate λ ~ Gamma(s, α + T), s = R + j, the number N of phases within q is negative binomial, and the averages are
 * sums over N of the {@link staircase} at j + N. Where such a sum is long they are integrals over μ = λq of Poisson sums;
 * for μ above 1.5k² the steps are not felt: there s^⌊(j+N)/k⌋, s = 1 − p = e^(−ky), has the mean c·e^(−jy − μ(1 − e^(−y))),
 * c = sinh(ky/2)/(k·sinh(y/2))·e^((k−1)y/2), but for a part in e^(−2π²μ/k²) (the other roots of z^k = s).
 */
export function phaseAverages(k: number, R: number, a: number, b: number): PhaseAverages {
  const steps = staircase(k, a, b);
  const far = Math.max(50, 1.5 * k * k);
  const average = (j: number, q: number, of: keyof Staircase): number => {
    const shape = R + j;
    if (shape === 0 || q === 0) return steps[of](j);
    const mean = shape * q;
    const f = (m: number): number => steps[of](j + m);
    if (mean + 12 * Math.sqrt(mean * (1 + q)) + 45 * (1 + q) <= LONGEST) {
      const z = q / (1 + q);
      return countMean(shape * z, z, 1 + q, f, k);
    }
    const rates = betaRule(shape, B, 1 / (B * q));
    const dropouts = betaRule(a, b, 1 / (q * (shape + 40)));
    let total = 0;
    for (let i = 0; i < rates.nodes.length; i++) {
      const mu = rates.nodes[i]! * B * q;
      total += rates.weights[i]! * (mu <= far ? countMean(mu, 0, 1, f, k) : smooth(j, mu, of, dropouts));
    }
    return total;
  };
  const smooth = (
    j: number,
    mu: number,
    of: keyof Staircase,
    { nodes, weights }: ReturnType<typeof betaRule>,
  ): number => {
    let total = 0;
    for (let i = 0; i < nodes.length; i++) {
      const p = nodes[i]!;
      const y = -log1p(-p) / k;
      // ln E s^⌊(j+N)/k⌋; everyone has dropped out where p = 1.
      const ln =
        y === Infinity
          ? Number.NEGATIVE_INFINITY
          : ((k - 1) / 2 - j) * y + mu * expm1(-y) + logSinhc((k * y) / 2) - logSinhc(y / 2);
      if (of === 'alive') total += weights[i]! * exp(ln);
      else total += weights[i]! * (y < 1e-290 ? (mu + j - (k - 1) / 2) / k : -expm1(ln) / p);
    }
    return total;
  };
  return { purchases: (j, q) => average(j, q, 'purchases'), alive: (j, q) => average(j, q, 'alive') };
}
