import { exp } from '../../numerics/elementary.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';

/** Gregory's coefficients: at an end of a sum, ½f − ∆f/12 + ∆²f/24 − …, differences taken inward (Jordan 1965, § 99). */
const GREGORY = [
  1 / 2,
  1 / 12,
  1 / 24,
  19 / 720,
  3 / 160,
  863 / 60480,
  275 / 24192,
  33953 / 3628800,
  8183 / 1036800,
  3250433 / 479001600,
  4671 / 788480,
] as const;

/** Terms are added one by one until they are this many from the start, and the next is this near (in logarithms). */
const FAR = 128;
const NEAR = 1 / 16;
const SHORTEST_PANEL = 32;
/** The fall of ln f over one panel. */
const FALL = 3;
const NEGLIGIBLE = 1e-19;
/** Beyond any number of periods; the lifetime is then as good as endless. */
const ENDLESS = 1e290;

/** A positive, decreasing f, smooth on the scale of its distance from `−origin`. */
export interface SmoothTerms {
  /** −ln f(k) at any real k ≥ 1. */
  readonly cost: (k: number) => number;
  readonly origin: number;
  /** ∫_k^∞ f, from where on it is known in closed form, else null. */
  readonly tail: (k: number, f: number) => number | null;
}

/**
 * Σ f(k), k = 1 … last (a whole number or Infinity). Terms are added as they are until f has become smooth; the rest is
 * ∫f by Gauss–Legendre, panel by panel, with Gregory's corrections at the two ends. An endless sum stops where what is
 * left is negligible: f falls by more than e^(−1/16) a term, or a panel gave nothing and f is falling.
 */
export function smoothSum({ cost, origin, tail }: SmoothTerms, last: number): number {
  const { nodes, weights } = gaussLegendre(16);
  const f = (k: number): number => exp(-cost(k));
  const smooth = (k: number): boolean => origin + k >= FAR && cost(k + 1) - cost(k) <= NEAR;
  const integral = (from: number, width: number): number => {
    let area = 0;
    for (let i = 0; i < nodes.length; i++) area += weights[i]! * f(from + (width * (1 + nodes[i]!)) / 2);
    return (area * width) / 2;
  };
  let total = 0;
  let k = 1;
  while (k <= last) {
    if (last - k < 2 * SHORTEST_PANEL || !smooth(k)) {
      const term = f(k);
      total += term;
      if (term <= NEGLIGIBLE * total && !(cost(k + 1) - cost(k) <= NEAR)) return total;
      k++;
      continue;
    }
    total += endOfSum(f, k, 1);
    do {
      const here = cost(k);
      const rest = last === Number.POSITIVE_INFINITY ? tail(k, exp(-here)) : null;
      if (rest !== null) return total + rest;
      let width = Math.min(Math.floor((origin + k) / 2), last - k);
      while (width >= 2 * SHORTEST_PANEL && cost(k + width) - here > FALL) width = Math.floor(width / 2);
      const area = integral(k, width);
      total += area;
      if (total > ENDLESS) return Number.POSITIVE_INFINITY;
      if (area <= NEGLIGIBLE * total) return total;
      k += width;
    } while (k < last && smooth(k));
    total += endOfSum(f, k, -1);
    k++;
  }
  return total;
}

/** Gregory's correction at `end`, differences taken in the direction `inward`. */
function endOfSum(f: (k: number) => number, end: number, inward: 1 | -1): number {
  const differences = Float64Array.from(GREGORY, (_, j) => f(end + inward * j));
  let correction = 0;
  for (const [order, coefficient] of GREGORY.entries()) {
    correction += coefficient * differences[0]!;
    for (let j = 0; j + 1 < GREGORY.length - order; j++) differences[j] = differences[j]! - differences[j + 1]!;
  }
  return correction;
}
