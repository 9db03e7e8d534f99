import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { PANEL, ruleFor } from './lomax.ts';
import type { ParetoNbdParameters } from './posterior.ts';

/**
 * P(X(t) = x) for a new customer, x = 0 … upTo (Fader & Hardie 2006, "Deriving an expression for P(X(t) = x) under the
 * Pareto/NBD model"): with n_x(τ) the negative binomial probability of x purchases in τ,
 *
 *   n_x(t)·(1 + t/β)^(−s) + ∫₀ᵗ (s/β)(1 + τ/β)^(−s−1) n_x(τ) dτ,
 *
 * alive all the time or dropped out at τ. The panels of the integral are narrow enough for the peak of n_x(τ) in ln τ,
 * of width 1/√x.
 */
export function purchaseDistribution(
  { r, alpha, s, beta }: ParetoNbdParameters,
  t: number,
  upTo: number,
): Float64Array {
  const out = new Float64Array(upTo + 1);
  if (r === 0) {
    out[0] = 1;
    return out;
  }
  // ln Γ(r+x)/(Γ(r)·x!)
  const choices = new Float64Array(upTo + 1);
  for (let x = 1; x <= upTo; x++) choices[x] = choices[x - 1]! + log((r + x - 1) / x);
  const add = (tau: number, logWeight: number): void => {
    const per = log1p(tau / alpha);
    const logZ = log(tau / alpha) - per;
    for (let x = 0; x <= upTo; x++) out[x]! += exp(choices[x]! + logWeight - r * per + (x === 0 ? 0 : x * logZ));
  };
  add(t, -s * log1p(t / beta));
  if (s === 0) return out;
  const L = 1 / ((r + 1) / alpha + (s + 1) / beta);
  const span = log1p(t / L);
  const panels = Math.ceil(span * Math.max(1 / PANEL, Math.sqrt(1 + upTo) / 4));
  const half = span / panels / 2;
  const { nodes, weights } = ruleFor(PANEL);
  for (let panel = 0; panel < panels; panel++)
    for (let i = 0; i < nodes.length; i++) {
      const tau = L * expm1(half * (2 * panel + 1 + nodes[i]!));
      add(tau, log((half * weights[i]! * (tau + L) * s) / beta) - (s + 1) * log1p(tau / beta));
    }
  return out;
}
