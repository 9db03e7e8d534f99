import { exp, expm1, log, log1p } from './elementary.ts';
import { digammaRise, trigamma } from './special.ts';

/** Nodes and weights of a quadrature rule: ∫ f ≈ Σ weights[i]·f(nodes[i]). */
export interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** cos(πm/n) for 0 ≤ m ≤ 2n: only + and ×, so that derived tables have the same bits on every engine. */
export function cosPi(m: number, n: number): number {
  if (m > n) return cosPi(2 * n - m, n);
  if (2 * m > n) return -cosPi(n - m, n);
  const square = ((Math.PI * m) / n) ** 2;
  let sum = 0;
  for (let k = 11; k >= 1; k--) sum = (1 + sum) * (-square / ((2 * k - 1) * (2 * k)));
  return 1 + sum;
}

const RULES: Rule[] = [];

/**
 * The n-point Gauss–Legendre rule on [−1, 1], exact for polynomials of degree 2n − 1: zeros of P_n by Newton from
 * cos π(i + ¾)/(n + ½), weights 2/((1 − x²)P_n′(x)²). Made once for each n, when it is first asked for.
 */
export function gaussLegendre(n: number): Rule {
  RULES[n] ??= newRule(n);
  return RULES[n];
}
function newRule(n: number): Rule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = cosPi(4 * i + 3, 4 * n + 2);
    let slope = 0;
    for (let step = 0; step < 8; step++) {
      let p = 1;
      let before = 0;
      for (let k = 1; k <= n; k++) {
        const next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
        before = p;
        p = next;
      }
      slope = (n * (before - x * p)) / (1 - x * x);
      x -= p / slope;
    }
    nodes[n - 1 - i] = x;
    weights[n - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

const NEGLIGIBLE = 1e-19;

/**
 * A rule for E[f(p)], p ~ Beta(a, b); the weights are positive and add up to 1. With p = 1 − e^(−y) the density in y is
 * (1 − e^(−y))^(a−1) e^(−by); y = c·exp(s − e^(−s)) makes both tails fall doubly exponentially in s, where the
 * trapezoid rule converges geometrically (Takahasi & Mori 1974). No case for a < 1, a = 1 or b ≫ 1 is needed; what
 * has a probability below `negligible` may be missed.
 *
 * `fine` is the scale of p below which f is nearly constant (1 when f varies only on the scale of p itself): the rule
 * stays dense down to it.
 */
export function betaRule(a: number, b: number, fine = 1, negligible: number = NEGLIGIBLE): Rule {
  if (a === 0) return { nodes: Float64Array.of(0), weights: Float64Array.of(1) };
  const logScale = -Math.max(0, log(b), -log(fine));
  const meanOfY = digammaRise(b, a);
  // Standard deviation of y over its mean; never below that of the limiting Gamma(a), where the difference cancels.
  const spread = Math.max(1 / Math.sqrt(a), Math.sqrt(Math.max(trigamma(b) - trigamma(a + b), 0)) / meanOfY);
  // The rise of the density has width 1 in y near ln a when b is small, narrower than its spread.
  const step = Math.min(0.2, 0.45 * spread, 0.4 / log1p(a));
  // Start near the mean of y (any start within the bulk will do) and walk out until nothing is added.
  let start = log(meanOfY) - logScale;
  for (let k = 0; k < 40 && start < 1; k++) {
    const e = exp(-start);
    const next = start - (start - e - (log(meanOfY) - logScale)) / (1 + e);
    if (Math.abs(next - start) < 1e-3) break;
    start = next;
  }
  const density = (s: number): readonly [number, number] => {
    const tail = exp(-s);
    const logY = s - tail + logScale;
    const y = exp(logY);
    const p = -expm1(-y);
    const shape = y < 1e-290 ? a * logY : a * log(p) + log(y / p);
    return [p, shape - b * y + log1p(tail)];
  };
  const nodes: number[] = [];
  const weights: number[] = [];
  const reference = density(start)[1];
  let largest = 0;
  for (const direction of [1, -1]) {
    for (let k = direction === 1 ? 0 : 1; k < 20_000; k++) {
      const [p, logWeight] = density(start + direction * k * step);
      const weight = exp(logWeight - reference);
      if (weight > largest) largest = weight;
      else if (weight < negligible * largest) break;
      nodes.push(p);
      weights.push(weight);
    }
  }
  let total = 0;
  for (const weight of weights) total += weight;
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights, (weight) => weight / total) };
}
