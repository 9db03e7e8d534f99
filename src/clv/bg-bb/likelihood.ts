import { exp, log } from '../../numerics/elementary.ts';
import { rise } from '../bg-nbd/rise.ts';
import type { Histories } from '../family/history.ts';
import type { Likelihood } from '../maximise.ts';
import { type BgBbParameters, split } from './posterior.ts';

/**
 * ln L(x, t_x, n) (Fader, Hardie & Shang 2010): the logarithm of
 *
 *   B(α+x, β+n−x)/B(α, β)·B(γ, δ+n)/B(γ, δ) + Σ_{t_x≤m<n} B(α+x, β+m−x)/B(α, β)·B(γ+1, δ+m)/B(γ, δ).
 */
export function logLikelihoodOf(parameters: BgBbParameters, x: number, recency: number, n: number): number {
  const { alpha, beta, gamma, delta } = parameters;
  const aliveAt = (m: number): number =>
    rise(alpha, x) + (rise(beta, m - x) - rise(alpha + beta, m)) + (rise(delta, m) - rise(gamma + delta, m));
  if (gamma === 0) return aliveAt(n);
  const { alive, dropped } = split(parameters, x, recency, n);
  return aliveAt(recency) + log(alive + dropped);
}

/** ln (c)_k, Σ 1/(c+i) and −Σ 1/(c+i)², i < k, at [k] for k = 0 … length. */
interface Rises {
  readonly value: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function rises(length: number): Rises {
  const column = (): Float64Array => new Float64Array(length + 1);
  return { value: column(), first: column(), second: column() };
}

function fill({ value, first, second }: Rises, c: number): void {
  for (let k = 0; k + 1 < value.length; k++) {
    const inverse = 1 / (c + k);
    value[k + 1] = value[k]! + log(c + k);
    first[k + 1] = first[k]! + inverse;
    second[k + 1] = second[k]! - inverse * inverse;
  }
}

/**
 * The log-likelihood of grouped histories in alpha, beta, gamma, delta with its exact derivatives: each history is a sum
 * over the opportunity m at which the customer was last alive, and every term a product of rising factorials, whose
 * logarithms and derivatives are tabulated once per evaluation.
 */
export function bgBbLikelihood({ x, recency, T, weight }: Histories): Likelihood {
  const longest = T.reduce((most, n) => Math.max(most, n), 0);
  const [A, B, AB, D, GD] = [rises(longest), rises(longest), rises(longest), rises(longest), rises(longest)];
  const d = new Float64Array(4);
  const slope = new Float64Array(4);
  const curve = new Float64Array(16);
  return (parameters, g, H) => {
    const [alpha, beta, gamma, delta] = parameters as unknown as [number, number, number, number];
    fill(A, alpha);
    fill(B, beta);
    fill(AB, alpha + beta);
    fill(D, delta);
    fill(GD, gamma + delta);
    const logGamma = log(gamma);
    let total = 0;
    let lost = 0;
    g.fill(0);
    H.fill(0);
    for (let i = 0; i < x.length; i++) {
      const [k, from, n, w] = [x[i]!, recency[i]!, T[i]!, weight[i]!];
      const aliveAt = (m: number): number =>
        A.value[k]! + (B.value[m - k]! - AB.value[m]!) + (D.value[m]! - GD.value[m]!);
      const droppedAt = (m: number): number => aliveAt(m) + logGamma - log(gamma + delta + m);
      const highest = from < n ? Math.max(droppedAt(from), aliveAt(n)) : aliveAt(n);
      let mass = 0;
      slope.fill(0);
      curve.fill(0);
      for (let m = from; m <= n; m++) {
        const dropped = m < n;
        const p = exp((dropped ? droppedAt(m) : aliveAt(n)) - highest);
        const out = dropped ? 1 / (gamma + delta + m) : 0;
        mass += p;
        d[0] = A.first[k]! - AB.first[m]!;
        d[1] = B.first[m - k]! - AB.first[m]!;
        d[2] = (dropped ? 1 / gamma - out : 0) - GD.first[m]!;
        d[3] = D.first[m]! - GD.first[m]! - out;
        for (let a = 0; a < 4; a++) {
          slope[a]! += p * d[a]!;
          for (let b = 0; b <= a; b++) curve[4 * a + b]! += p * d[a]! * d[b]!;
        }
        const purchase = AB.second[m]!;
        const dropout = GD.second[m]! - out * out;
        curve[0]! += p * (A.second[k]! - purchase);
        curve[4]! -= p * purchase;
        curve[5]! += p * (B.second[m - k]! - purchase);
        curve[10]! -= p * (dropout + (dropped ? 1 / (gamma * gamma) : 0));
        curve[14]! -= p * dropout;
        curve[15]! += p * (D.second[m]! - dropout);
      }
      for (let a = 0; a < 4; a++) {
        const mean = slope[a]! / mass;
        g[a]! += w * mean;
        for (let b = 0; b <= a; b++) H[4 * a + b]! += w * (curve[4 * a + b]! / mass - (mean * slope[b]!) / mass);
      }
      const term = w * (highest + log(mass));
      const next = total + term;
      lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
      total = next;
    }
    for (let a = 0; a < 4; a++) for (let b = 0; b < a; b++) H[4 * b + a] = H[4 * a + b]!;
    return total + lost;
  };
}
