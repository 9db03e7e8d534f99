import type { TimeUnit } from '../../model/field.ts';
import { tabulated } from '../../numerics/chebyshev.ts';
import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import type { Posterior } from '../family/family.ts';
import { continuousRate, type Quantity } from '../family/quantities.ts';
import { comesFirst, discountedTimeAlive, timeAlive } from './lomax.ts';

/** The four parameters: purchase rate λ ~ Gamma(r, α), dropout rate μ ~ Gamma(s, β). s = 0: nobody drops out. */
export interface ParetoNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

// Tables are kept for customers up to this many purchases; beyond, every call integrates. The rule looks at x alone, so
// equal customers get equal bits.
const TABLED = 4096;
// All tabulated functions are bounded in the strip |Im v| < π/2 of their variable v.
const WIDTH = 0.5;

/** −ln P(alive at T and no purchase in (t_x, T] | alive at t_x), R = r + x. */
function quiet({ alpha, s, beta }: ParetoNbdParameters, R: number, recency: number, T: number): number {
  const pause = T - recency;
  return R * log1p(pause / (alpha + recency)) + s * log1p(pause / (beta + recency));
}

/** P(dropout in (t_x, T] before a purchase | alive at t_x), R = r + x. */
function dropped({ alpha, s, beta }: ParetoNbdParameters, R: number, recency: number, T: number): number {
  return comesFirst(s, R, (beta + recency) / (alpha + recency), (T - recency) / (beta + recency));
}

/** P(no purchase in (t_x, T] | alive at t_x): the two ways to be silent. */
export function silence(parameters: ParetoNbdParameters, x: number, recency: number, T: number): number {
  const R = parameters.r + x;
  return exp(-quiet(parameters, R, recency, T)) + dropped(parameters, R, recency, T);
}

/**
 * P(alive | x, t_x, T) = 1/(1 + z·(α+T)^R (β+T)^s), z = s∫(α+τ)^(−R)(β+τ)^(−s−1) dτ over (t_x, T], R = r + x
 * (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005).
 */
export function probabilityAlive(parameters: ParetoNbdParameters, x: number, recency: number, T: number): number {
  const R = parameters.r + x;
  const alive = exp(-quiet(parameters, R, recency, T));
  return alive === 0 ? 0 : alive / (alive + dropped(parameters, R, recency, T));
}

/**
 * {@link probabilityAlive} from tables. With g(t) the probability that a customer alive at t drops out before the next
 * purchase, P(alive) = 1/(1 − g(T) + g(t_x)·e^quiet): the difference of two endless races, well conditioned since
 * g ≤ 1. For each x, g depends on v = |ln (β+t)/(α+t)| alone.
 */
function tabledAlive(parameters: ParetoNbdParameters): (x: number, recency: number, T: number) => number {
  const { r, alpha, s, beta } = parameters;
  const sign = beta < alpha ? -1 : 1;
  const tables: ((v: number) => number)[] = [];
  return (x, recency, T) => {
    if (x > TABLED) return probabilityAlive(parameters, x, recency, T);
    const R = r + x;
    let table = tables[x];
    if (table === undefined) {
      table = tabulated(WIDTH, () => (v) => comesFirst(s, R, exp(sign * v), Infinity));
      tables[x] = table;
    }
    const pause = T - recency;
    const purchase = log1p(pause / (alpha + recency));
    const dropout = log1p(pause / (beta + recency));
    const v = sign * log((beta + recency) / (alpha + recency));
    const now = table(Math.max(0, v + sign * (dropout - purchase)));
    return 1 / (1 - now + table(Math.max(0, v)) * exp(R * purchase + s * dropout));
  };
}

/** P(at least one purchase in h | alive at T): purchase before dropout, R∫₀ʰ(α+T)^R(α+T+τ)^(−R−1)(1+τ/(β+T))^(−s) dτ. */
export function purchaseGivenAlive(
  { r, alpha, s, beta }: ParetoNbdParameters,
  x: number,
  T: number,
  h: number,
): number {
  return comesFirst(r + x, s, (alpha + T) / (beta + T), h / (alpha + T));
}

/** The Pareto/NBD as the history kernel asks for it. */
export function paretoNbdPosterior(parameters: ParetoNbdParameters, unit: TimeUnit, tables: boolean): Posterior {
  const { r, alpha, s, beta } = parameters;
  const rate = (x: number, T: number): number => (r + x) / (alpha + T);
  return {
    alive: tables ? tabledAlive(parameters) : (x, recency, T) => probabilityAlive(parameters, x, recency, T),
    given: (q: Quantity) => {
      switch (q.quantity) {
        case 'probabilityAlive': {
          const { ahead = 0 } = q;
          return ahead === 0 ? null : (_, T) => exp(-s * log1p(ahead / (beta + T)));
        }
        case 'probabilityOfPurchase': {
          const { periods } = q;
          const direct = (x: number, T: number): number => purchaseGivenAlive(parameters, x, T, periods);
          if (!tables) return direct;
          const least = Math.min(alpha, beta);
          const rows: ((v: number) => number)[] = [];
          return (x, T) => {
            if (x > TABLED) return direct(x, T);
            let table = rows[x];
            if (table === undefined) {
              table = tabulated(WIDTH, () => (v) => direct(x, least * expm1(v)));
              rows[x] = table;
            }
            return table(log1p(T / least));
          };
        }
        case 'expectedPurchases':
          return (x, T) => rate(x, T) * timeAlive(s, beta + T, q.periods);
        case 'discountedResidualTransactions': {
          const delta = continuousRate(q.rate, unit);
          const h = q.periods === 'infinite' ? Infinity : q.periods;
          const time = tables
            ? tabulated(WIDTH, () => (v) => discountedTimeAlive(s, beta + beta * expm1(v), delta, h))
            : null;
          return (x, T) => rate(x, T) * (time ? time(log1p(T / beta)) : discountedTimeAlive(s, beta + T, delta, h));
        }
      }
    },
  };
}
