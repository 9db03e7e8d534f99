import { exp, expm1, log1p } from '../../numerics/elementary.ts';
import { NOTHING, PANEL, ruleFor } from '../pareto-nbd/lomax.ts';

/** Integrals over a run: of φ, and of φ times the products up to second order of u, v, P, Q. */
export const MOMENTS = 15;

/** A stretch of time in which A and B, the covariate-weighted time of purchase and dropout, grow at constant rates. */
export interface Stretch {
  readonly length: number;
  /** A and B at its start. */
  readonly purchase: number;
  readonly dropout: number;
  /** Growth of A and B in it. */
  readonly purchaseRate: number;
  readonly dropoutRate: number;
}

/** u = ln(1 + A/α), v = ln(1 + B/β), P = A/(α + A), Q = B/(β + B) at one point, times `value`, added to `into`. */
export function addMoments(into: Float64Array, value: number, u: number, v: number, P: number, Q: number): void {
  const fu = value * u;
  const fv = value * v;
  const fP = value * P;
  const fQ = value * Q;
  into[0]! += value;
  into[1]! += fu;
  into[2]! += fv;
  into[3]! += fP;
  into[4]! += fQ;
  into[5]! += fu * u;
  into[6]! += fu * v;
  into[7]! += fu * P;
  into[8]! += fu * Q;
  into[9]! += fv * v;
  into[10]! += fv * P;
  into[11]! += fv * Q;
  into[12]! += fP * P;
  into[13]! += fP * Q;
  into[14]! += fQ * Q;
}

/**
 * Fills `into` with the moments of φ = e^(base − R·u − s·v)/(1 + B/β) over a stretch: the integral of the static
 * Pareto/NBD with its own slopes, by Gauss–Legendre in w = L(e^y − 1).
 */
export function runMoments(
  into: Float64Array,
  { R, alpha, s, beta }: { readonly R: number; readonly alpha: number; readonly s: number; readonly beta: number },
  { length, purchase, dropout, purchaseRate, dropoutRate }: Stretch,
  base: number,
): void {
  into.fill(0);
  const fall =
    R * log1p((purchaseRate * length) / (alpha + purchase)) + s * log1p((dropoutRate * length) / (beta + dropout));
  const width =
    fall > NOTHING
      ? Math.min(
          length,
          ((alpha + purchase) / purchaseRate) * expm1(NOTHING / R),
          ((beta + dropout) / dropoutRate) * expm1(NOTHING / s),
        )
      : length;
  const L = 1 / (((R + 1) * purchaseRate) / (alpha + purchase) + ((s + 2) * dropoutRate) / (beta + dropout));
  const span = log1p(width / L);
  const panels = Math.ceil(span / PANEL);
  const half = span / panels / 2;
  const { nodes, weights } = ruleFor(2 * half);
  for (let panel = 0; panel < panels; panel++)
    for (let i = 0; i < nodes.length; i++) {
      const w = L * expm1(half * (2 * panel + 1 + nodes[i]!));
      const overAlpha = (purchase + purchaseRate * w) / alpha;
      const overBeta = (dropout + dropoutRate * w) / beta;
      const u = log1p(overAlpha);
      const v = log1p(overBeta);
      const value = (half * weights[i]! * (w + L) * exp(base - R * u - s * v)) / (1 + overBeta);
      addMoments(into, value, u, v, overAlpha / (1 + overAlpha), overBeta / (1 + overBeta));
    }
}
