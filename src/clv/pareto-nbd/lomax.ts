import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { gaussLegendre, type Rule } from '../../numerics/quadrature.ts';

/** A factor below e^(−this) is nothing. */
export const NOTHING = 45;

/** Panels of w = L(e^u − 1) are at most this wide in u. */
export const PANEL = 3;

/**
 * The Gauss–Legendre rule that leaves 1e-13 of ∫(1 + w/A)^(−k)(1 + w/B)^(−m) dw over a panel of `span` ≤ {@link PANEL}
 * in u, w = L(e^u − 1), 1/L ≥ k/A + m/B + 1/max(A, B): all singularities then lie at |Im u| = π.
 */
export function ruleFor(span: number): Rule {
  return gaussLegendre(span < 0.003 ? 3 : span < 0.03 ? 4 : Math.ceil(4.6 + 4.7 * span));
}

/**
 * P(Y < Z and Y < W) for independent Y ~ Lomax(k, 1) and Z ~ Lomax(m, 1/ratio), the waiting times of two Gamma-mixed
 * Poisson processes: k·∫₀^W (1 + w)^(−k−1) (1 + ratio·w)^(−m) dw. It is
 * k/(k+m)·₂F₁(m, 1; k+m+1; 1 − ratio) for W = ∞; as a positive integral nothing in it overflows or cancels, and no case
 * is told by ratio ≷ 1. Everything the Pareto/NBD says of a customer is such a race of dropout and purchase.
 */
export function comesFirst(k: number, m: number, ratio: number, W: number): number {
  if (k === 0 || W === 0) return 0;
  const far = 1e18 * Math.max(1, 1 / ratio);
  const end = Math.min(W, expm1(NOTHING / k), expm1(NOTHING / m) / ratio, far);
  const L = 1 / (k + 1 + (m + 1) * ratio);
  const span = log1p(end / L);
  const panels = Math.ceil(span / PANEL);
  const half = span / panels / 2;
  const { nodes, weights } = ruleFor(2 * half);
  let sum = 0;
  for (let panel = 0; panel < panels; panel++)
    for (let i = 0; i < nodes.length; i++) {
      const w = L * expm1(half * (2 * panel + 1 + nodes[i]!));
      sum += weights[i]! * ((w + L) / (1 + w)) * exp(-k * log1p(w) - m * log1p(ratio * w));
    }
  // From `far` on the integrand is a power of w.
  const tail = W > far && end === far ? exp(-(k + m) * log(far) - m * log(ratio)) / (k + m) : 0;
  return k * (half * sum + tail);
}

/** Expected time alive within t, ∫₀ᵗ (1 + τ/B)^(−s) dτ, also at s = 1 and for B without end. */
export function timeAlive(s: number, B: number, t: number): number {
  const l = log1p(t / B);
  if (l === 0) return t;
  const y = (s - 1) * l;
  return B * (y === 0 ? l : (l * -expm1(-y)) / y);
}

/**
 * Discounted time alive, ∫₀ʰ e^(−δt)(1 + t/B)^(−s) dt; h may be Infinity when δ > 0. The integral runs over
 * t = L(e^u − 1), L = 1/(δ + (s+1)/B).
 */
export function discountedTimeAlive(s: number, B: number, delta: number, h: number): number {
  if (delta === 0) return timeAlive(s, B, h);
  const end = Math.min(h, NOTHING / delta, B * expm1(NOTHING / s));
  const L = 1 / (delta + (s + 1) / B);
  const span = log1p(end / L);
  const panels = Math.ceil(span / PANEL);
  const half = span / panels / 2;
  const { nodes, weights } = ruleFor(2 * half);
  let sum = 0;
  for (let panel = 0; panel < panels; panel++)
    for (let i = 0; i < nodes.length; i++) {
      const t = L * expm1(half * (2 * panel + 1 + nodes[i]!));
      sum += weights[i]! * (t + L) * exp(-delta * t - s * log1p(t / B));
    }
  return half * sum;
}
