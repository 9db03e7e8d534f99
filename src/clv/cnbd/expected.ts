import { tabulated } from '../../numerics/chebyshev.ts';
import { exp, expm1, log1p } from '../../numerics/elementary.ts';
import { betaRule, gaussLegendre } from '../../numerics/quadrature.ts';
import type { BgNbdParameters } from '../bg-nbd/posterior.ts';
import { type PhaseAverages, phaseAverages } from './phase-average.ts';

/** A figure of a customer with x purchases in T who is alive with phase j begun. */
export type ByPhase = (x: number, j: number, T: number) => number;

// Tables are kept for customers up to this many purchases; beyond, every call sums. The rule looks at x alone, so equal
// customers get equal bits.
const TABLED = 1024;
const B = 2 ** 60;

/** Steps of k phases leave waves that a table must resolve. */
const widthOf = (k: number): number => Math.min(0.5, 3 / k);

/** {@link phaseAverages} by x. */
export function averagesByCount({ r, a, b }: BgNbdParameters, k: number): (x: number) => PhaseAverages {
  const all = new Map<number, PhaseAverages>();
  return (x) => {
    let found = all.get(x);
    if (found === undefined) {
      found = phaseAverages(k, r + k * x, a, b + x);
      if (x <= TABLED) all.set(x, found);
    }
    return found;
  };
}

/** One table of a function of v for each x and phase. */
function tables(
  k: number,
  tabled: boolean,
  f: (x: number, j: number, v: number) => number,
): (x: number, j: number, v: number) => number {
  if (!tabled) return f;
  const all: ((v: number) => number)[] = [];
  return (x, j, v) => {
    if (x > TABLED) return f(x, j, v);
    const at = k * x + j;
    let table = all[at];
    if (table === undefined) {
      table = tabulated(widthOf(k), () => (u) => f(x, j, u));
      all[at] = table;
    }
    return table(v);
  };
}

/**
 * Expected purchases within t. With m = (R+1)·t/(α+T) they go as m^(k−j) where m is small and as m where it is large;
 * divided by m·(m/(1+m))^(k−j−1) they are smooth in v = ln(1 + m) and tabulated there.
 */
export function expectedByPhase(
  parameters: BgNbdParameters,
  k: number,
  tabled: boolean,
): (x: number, j: number, T: number, t: number) => number {
  const { r, alpha } = parameters;
  const averages = averagesByCount(parameters, k);
  const scale = (m: number, j: number): number => {
    let out = m;
    for (let i = k - j - 1; i > 0; i--) out *= m / (1 + m);
    return out;
  };
  const table = tables(k, tabled, (x, j, v) => {
    const m = expm1(v);
    return averages(x).purchases(j, m / (r + k * x + 1)) / scale(m, j);
  });
  return (x, j, T, t) => {
    const q = t / (alpha + T);
    if (r + x === 0) return 0;
    if (!tabled || x > TABLED) return averages(x).purchases(j, q);
    const m = (r + k * x + 1) * q;
    return table(x, j, log1p(m)) * scale(m, j);
  };
}

/** P(alive at T + t), tabulated as {@link expectedByPhase} is. */
export function aliveByPhase(
  parameters: BgNbdParameters,
  k: number,
  tabled: boolean,
): (x: number, j: number, T: number, t: number) => number {
  const { r, alpha } = parameters;
  const averages = averagesByCount(parameters, k);
  const table = tables(k, tabled, (x, j, v) => averages(x).alive(j, expm1(v) / (r + k * x + 1)));
  return (x, j, T, t) => table(x, j, log1p(((r + k * x + 1) * t) / (alpha + T)));
}

/**
 * E[Σ e^(−δt) over the purchases within h]. Over a finite h: e^(−δh)·N(h) + δ∫₀ʰ e^(−δt) N(t) dt, N the expected number,
 * over t = L(e^w − 1) by Gauss–Legendre in panels of w. For ever: purchase i comes after ik − j phases, each discounted by
 * φ = λ/(λ+δ), so it is E[φ^(k−j)/(1 − (1−p)·φ^k)] over λ ~ Gamma(R+j, α+T) and p. Tabulated in ln(1 + T/α).
 */
export function discountedByPhase(
  parameters: BgNbdParameters,
  k: number,
  delta: number,
  h: number,
  expected: (x: number, j: number, T: number, t: number) => number,
  tabled: boolean,
): ByPhase {
  const { r, alpha, a, b } = parameters;
  const panel = Math.min(2, 6 / k);
  const within = (x: number, j: number, T: number): number => {
    let total = exp(-delta * h) * expected(x, j, T, h);
    if (delta === 0) return total;
    const L = 1 / (delta + (r + k * x + 1) / (alpha + T));
    const span = log1p(h / L);
    const panels = Math.ceil(span / panel);
    const half = span / panels / 2;
    const { nodes, weights } = gaussLegendre(16);
    for (let i = 0; i < panels; i++)
      for (let n = 0; n < nodes.length; n++) {
        const w = half * (2 * i + 1 + nodes[n]!);
        const t = L * expm1(w);
        total += half * weights[n]! * delta * exp(w - delta * t) * L * expected(x, j, T, t);
      }
    return total;
  };
  const ever = (x: number, j: number, T: number): number => {
    const shape = r + k * x + j;
    if (r + x === 0) return 0;
    const A = alpha + T;
    const rates = betaRule(shape, B, (delta * A) / B);
    const dropouts = betaRule(a, b + x, Math.min(1, (k * delta * A) / (shape + 40)));
    let total = 0;
    for (let i = 0; i < rates.nodes.length; i++) {
      const step = -log1p((delta * A) / (rates.nodes[i]! * B));
      const gone = -expm1(k * step);
      const left = exp(k * step);
      let mean = 0;
      for (let n = 0; n < dropouts.nodes.length; n++) mean += dropouts.weights[n]! / (gone + dropouts.nodes[n]! * left);
      total += rates.weights[i]! * exp((k - j) * step) * mean;
    }
    return total;
  };
  const discounted = delta * h >= 45 ? ever : within;
  const table = tables(k, tabled, (x, j, v) => discounted(x, j, alpha * expm1(v)));
  return (x, j, T) => (tabled ? table(x, j, log1p(T / alpha)) : discounted(x, j, T));
}
