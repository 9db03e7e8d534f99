import { exp, expm1, log, log1p, pow } from '../../numerics/elementary.ts';
import { betaHazard } from './beta-hazard.ts';
import { smoothSum } from './smooth-sum.ts';

/**
 * Parameters of a contractual lifetime: the probability of leaving θ ~ Beta(alpha, beta) over customers, and
 * P(T > t | θ) = (1 − θ)^(t^c). With c = 1 (its default) θ is the same at every renewal: the shifted-beta-geometric.
 */
export interface LifetimeParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly c?: number;
}

/** What the models say of a customer who has made `tenure` renewals. */
export interface LifetimeLaw {
  /** (tenure + k)^c − tenure^c. */
  ahead(tenure: number, k: number): number;
  /** −ln S(tenure + k)/S(tenure). */
  hazard(tenure: number, k: number): number;
  /** P(at least `periods` more renewals | tenure made), any real `periods` ≥ 0. */
  survival(tenure: number, periods: number): number;
  /** Σ_{k=1}^{last} P(k more renewals)·e^(−δ(k−1)); `last` whole or Infinity. NaN where the endless sum diverges. */
  residual(tenure: number, last: number, delta: number): number;
}

/** t^c stays finite: beyond, everyone has left. */
const LARGEST = 1e300;

/** t^c. */
export function timeOf(t: number, c: number): number {
  return t === 0 ? 0 : c === 1 ? t : Math.min(LARGEST, pow(t, c));
}

/** (t + k)^c − t^c without cancellation. */
function ahead(t: number, k: number, c: number): number {
  if (c === 1) return k;
  if (t === 0) return timeOf(k, c);
  return Math.min(LARGEST, timeOf(t, c) * expm1(c * log1p(k / t)));
}

/** The law of the sBG (c absent or 1) and the BdW: S(t) = B(α, β + t^c)/B(α, β). */
export function lifetimeLaw({ alpha, beta, c = 1 }: LifetimeParameters): LifetimeLaw {
  const hazard = (tenure: number, k: number): number =>
    betaHazard(beta + timeOf(tenure, c), alpha, ahead(tenure, k, c));
  /** From here on t^c hides every other term of the hazard: S(t) is a power of t. */
  const powerLaw = 1e17 * (1 + alpha) * (1 + alpha + beta);
  return {
    ahead: (tenure, k) => ahead(tenure, k, c),
    hazard,
    survival: (tenure, periods) => exp(-hazard(tenure, periods)),
    residual(tenure, last, delta) {
      if (hazard(tenure, 1) === Number.POSITIVE_INFINITY) return 0;
      if (last === Number.POSITIVE_INFINITY && delta === 0 && !(c * alpha > 1)) return Number.NaN;
      // E[(1 − θ)/θ] of Beta(alpha, beta + tenure).
      if (c === 1 && last === Number.POSITIVE_INFINITY && delta === 0) return (beta + tenure) / (alpha - 1);
      return smoothSum(
        {
          cost: (k) => hazard(tenure, k) + delta * (k - 1),
          origin: tenure,
          tail: (k, f) =>
            delta === 0 && c * log(tenure + k) > log(powerLaw) ? ((tenure + k) * f) / (c * alpha - 1) : null,
        },
        last,
      );
    },
  };
}
