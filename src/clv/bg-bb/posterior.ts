import type { TimeUnit } from '../../model/field.ts';
import { exp, expm1, log1p } from '../../numerics/elementary.ts';
import { betaRule } from '../../numerics/quadrature.ts';
import { lgammaRise } from '../../numerics/special.ts';
import type { Posterior } from '../family/family.ts';
import { continuousRate, type Quantity } from '../family/quantities.ts';

/**
 * At each opportunity a customer who is alive buys with probability p ~ Beta(alpha, beta); before each the customer drops
 * out with probability θ ~ Beta(gamma, delta). gamma = 0: nobody drops out.
 */
export interface BgBbParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly delta: number;
}

/**
 * The likelihood of a history split by the last opportunity m at which the customer was alive, over its value at m = t_x
 * without the dropout: `alive` for m = n, `dropped` the sum for t_x ≤ m < n. Neighbours differ by
 * (β+m−x)/(α+β+m)·(δ+m)/(γ+δ+m), and of those alive at m the share γ/(γ+δ+m) drops out next.
 */
export function split(
  { alpha, beta, gamma, delta }: BgBbParameters,
  x: number,
  recency: number,
  n: number,
): { readonly alive: number; readonly dropped: number } {
  let alive = 1;
  let dropped = 0;
  for (let m = recency; m < n; m++) {
    const end = alive / (gamma + delta + m);
    dropped += gamma * end;
    alive = (((delta + m) * end) / (alpha + beta + m)) * (beta + (m - x));
  }
  return { alive, dropped };
}

/**
 * E[p] and E[θ] given the history: averages over the opportunity m at which the customer was last alive, of
 * (α+x)/(α+β+m), and of (γ+1)/(γ+δ+m+1) for m < n, γ/(γ+δ+n) for m = n.
 */
export function meansOf(
  { alpha, beta, gamma, delta }: BgBbParameters,
  x: number,
  recency: number,
  n: number,
): { readonly purchase: number; readonly dropout: number } {
  let alive = 1;
  let [mass, purchase, dropout] = [0, 0, 0];
  for (let m = recency; m < n; m++) {
    const end = alive / (gamma + delta + m);
    const dropped = gamma * end;
    mass += dropped;
    purchase += (dropped * (alpha + x)) / (alpha + beta + m);
    dropout += (dropped * (gamma + 1)) / (gamma + delta + m + 1);
    alive = (((delta + m) * end) / (alpha + beta + m)) * (beta + (m - x));
  }
  mass += alive;
  // Where nobody drops out, `alive` may underflow in a long silence.
  if (mass === 0) return { purchase: (alpha + x) / (alpha + beta + n), dropout: 0 };
  return {
    purchase: (purchase + (alive * (alpha + x)) / (alpha + beta + n)) / mass,
    dropout: (dropout + (alive * gamma) / (gamma + delta + n)) / mass,
  };
}

/** P(alive at opportunity n | x, t_x, n): 1 for t_x = n. */
export function probabilityAlive(parameters: BgBbParameters, x: number, recency: number, n: number): number {
  if (parameters.gamma === 0) return 1;
  const { alive, dropped } = split(parameters, x, recency, n);
  return alive / (alive + dropped);
}

/** P(alive at n + k | alive at n) = (δ+n)_k/(γ+δ+n)_k, (c)_k = c(c+1)…(c+k−1). */
function stillAlive({ gamma, delta }: BgBbParameters, n: number, k: number): number {
  return exp(lgammaRise(delta + n, k) - lgammaRise(gamma + delta + n, k));
}

/**
 * Σ_{1≤j≤m} P(alive at n + j | alive at n)/(1+d)^j = E[(1−θ)/(d+θ)·(1 − ((1−θ)/(1+d))^m)], θ ~ Beta(γ, δ+n). Every term
 * is positive, so nothing cancels at γ = 1, where the closed form of the sum is 0/0. m may be Infinity when
 * d = e^rate − 1 > 0.
 */
function opportunitiesAlive({ gamma, delta }: BgBbParameters, n: number, m: number, rate: number): number {
  const d = expm1(rate);
  const { nodes, weights } = betaRule(gamma, delta + n, Math.min(1, Math.max(d, 1 / (m + 1))));
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const theta = nodes[i]!;
    const seen = -expm1(m * (log1p(-theta) - rate));
    sum += weights[i]! * (theta + d > 1e-290 ? ((1 - theta) / (d + theta)) * seen : m);
  }
  return sum;
}

/**
 * P(a purchase at one of the next m opportunities | alive at n): the sum over the opportunity of the first purchase of
 * E[p(1−p)^(j−1)]·E[(1−θ)^j], p ~ Beta(α+x, β+n−x), θ ~ Beta(γ, δ+n).
 */
function purchaseGivenAlive({ alpha, beta, gamma, delta }: BgBbParameters, x: number, n: number, m: number): number {
  const a = alpha + x;
  const b = beta + (n - x);
  let first = a / (a + b);
  let alive = 1;
  let sum = 0;
  for (let j = 0; j < m; j++) {
    alive *= (delta + (n + j)) / (gamma + delta + (n + j));
    const term = first * alive;
    sum += term;
    // What is left is at most m − j times this.
    if (term * (m - j) < 1e-18 * sum) break;
    first *= (b + j) / (a + b + (j + 1));
  }
  return sum;
}

/** Figures for every (x, n) up to this n are kept once worked out. */
const KEPT = 512;

/** f(n), worked out once for each n. */
function keptByLength(f: (n: number) => number): (n: number) => number {
  const kept: number[] = [];
  return (n) => {
    kept[n] ??= f(n);
    return kept[n]!;
  };
}

/** f(x, n), worked out once for each cell with n ≤ KEPT. */
function keptByCell(f: (x: number, n: number) => number): (x: number, n: number) => number {
  const kept: Float64Array[] = [];
  return (x, n) => {
    if (n > KEPT) return f(x, n);
    let row = kept[n];
    if (row === undefined) {
      row = new Float64Array(n + 1).fill(Number.NaN);
      kept[n] = row;
    }
    let value = row[x]!;
    if (value !== value) {
      value = f(x, n);
      row[x] = value;
    }
    return value;
  };
}

/** The BG/BB as the history kernel asks for it. */
export function bgBbPosterior(parameters: BgBbParameters, unit: TimeUnit): Posterior {
  const { alpha, beta } = parameters;
  const purchases = (m: number, rate: number): ((x: number, n: number) => number) => {
    const opportunities = keptByLength((n) => opportunitiesAlive(parameters, n, m, rate));
    return (x, n) => ((alpha + x) / (alpha + beta + n)) * opportunities(n);
  };
  return {
    alive: (x, recency, n) => probabilityAlive(parameters, x, recency, n),
    given: (q: Quantity) => {
      switch (q.quantity) {
        case 'probabilityAlive': {
          const { ahead = 0 } = q;
          if (ahead === 0) return null;
          const still = keptByLength((n) => stillAlive(parameters, n, ahead));
          return (_, n) => still(n);
        }
        case 'probabilityOfPurchase':
          return keptByCell((x, n) => purchaseGivenAlive(parameters, x, n, q.periods));
        case 'expectedPurchases':
          return purchases(q.periods, 0);
        case 'discountedResidualTransactions':
          return purchases(q.periods === 'infinite' ? Infinity : q.periods, continuousRate(q.rate, unit));
      }
    },
  };
}
