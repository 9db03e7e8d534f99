import { exp, log, log1p } from '../../numerics/elementary.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { aged, PANEL, panelWidth, poleOf, wear } from './lifetime.ts';
import { aliveAt, type GgomNbdParameters } from './posterior.ts';

/**
 * P(X(t) = x) for a new customer, x = 0 … upTo: with n_x(τ) the negative binomial probability of x purchases by an
 * immortal customer in τ, n_x(t)·S(t) + ∫₀ᵗ n_x(τ)·f(τ) dτ, f the density of the lifetime.
 */
export function purchaseDistribution(parameters: GgomNbdParameters, t: number, upTo: number): Float64Array {
  const { r, alpha, b, s, beta } = parameters;
  const out = new Float64Array(upTo + 1);
  addNegativeBinomial(out, r, t / alpha, exp(-s * wear(b, beta, t)));
  if (s === 0) return out;
  const customer = aliveAt(parameters, 0, 0);
  const pole = poleOf(b, beta);
  const { nodes, weights } = gaussLegendre(PANEL);
  // n_x rises as τ^x: beyond the polynomials a panel is good for, let it rise by e^12 at most.
  const rising = upTo > PANEL;
  let width = 0;
  for (let u = 0; u < t; u += width) {
    const most = !rising ? t : u === 0 ? t / 8 : (12 * u * (alpha + u)) / (alpha * upTo);
    width = Math.min(panelWidth(customer, pole, 0, u), most, t - u);
    for (let i = 0; i < nodes.length; i++) {
      const tau = u + (width / 2) * (1 + nodes[i]!);
      const density = exp(-s * wear(b, beta, tau)) * ((s * b) / aged(b, beta, tau));
      addNegativeBinomial(out, r, tau / alpha, (width / 2) * weights[i]! * density);
    }
  }
  return out;
}

/** Adds `by` times the negative binomial probabilities with shape r and odds q. */
function addNegativeBinomial(out: Float64Array, r: number, q: number, by: number): void {
  const z = q / (1 + q);
  let ln = -r * log1p(q);
  let x = 0;
  // Below the smallest number, in logarithms.
  for (; ln < -600 && x < out.length; x++) ln += log(((r + x) * z) / (x + 1));
  for (let p = by * exp(ln); x < out.length; x++) {
    out[x]! += p;
    p *= ((r + x) * z) / (x + 1);
  }
}
