import { kernelsAt } from '../../kernels/wasm/registry.ts';
import type { TimeUnit } from '../../model/field.ts';
import { tabulated } from '../../numerics/chebyshev.ts';
import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { type Patches, patched } from '../../numerics/patches.ts';
import type { Posterior } from '../family/family.ts';
import { continuousRate, limit, type Quantity } from '../family/quantities.ts';
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
  if (parameters.s === 0) return 1;
  const R = parameters.r + x;
  const alive = exp(-quiet(parameters, R, recency, T));
  return alive === 0 ? 0 : alive / (alive + dropped(parameters, R, recency, T));
}

/**
 * g(x, t), the probability that a customer alive at t drops out before the next purchase. With it
 * P(alive) = 1/(1 − g(T) + g(t_x)·e^quiet): the difference of two endless races, well conditioned since g ≤ 1.
 * For each x, g depends on v = |ln (β+t)/(α+t)| alone.
 */
function tabledDropout({ r, alpha, s, beta }: ParetoNbdParameters): (x: number, t: number) => number {
  const sign = beta < alpha ? -1 : 1;
  const tables: ((v: number) => number)[] = [];
  return (x, t) => {
    const R = r + x;
    let table = tables[x];
    if (table === undefined) {
      table = tabulated(WIDTH, () => (v) => comesFirst(s, R, exp(sign * v), Infinity));
      tables[x] = table;
    }
    return table(Math.max(0, sign * log((beta + t) / (alpha + t))));
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
  return tables ? tabledPosterior(parameters, unit) : directPosterior(parameters, unit);
}

/**
 * Given that the customer is alive at T: a probability that x and T decide, the rate (r + x)/(α + T) times what T decides,
 * or a probability that T alone decides.
 */
type GivenAlive =
  | { readonly of: 'history'; readonly f: (x: number, T: number) => number }
  | { readonly of: 'rate' | 'time'; readonly f: (T: number) => number };

function givenAlive(parameters: ParetoNbdParameters, unit: TimeUnit, q: Quantity): GivenAlive | null {
  const { s, beta } = parameters;
  switch (q.quantity) {
    case 'probabilityAlive': {
      const { ahead = 0 } = q;
      return ahead === 0 || s === 0 ? null : { of: 'time', f: (T) => exp(-s * log1p(ahead / (beta + T))) };
    }
    case 'probabilityOfPurchase':
      return { of: 'history', f: (x, T) => purchaseGivenAlive(parameters, x, T, q.periods) };
    case 'expectedPurchases':
      return { of: 'rate', f: (T) => timeAlive(s, beta + T, q.periods) };
    case 'discountedResidualTransactions': {
      const delta = continuousRate(q.rate, unit);
      const h = q.periods === 'infinite' ? Infinity : q.periods;
      return { of: 'rate', f: (T) => discountedTimeAlive(s, beta + T, delta, h) };
    }
  }
}

function directPosterior(parameters: ParetoNbdParameters, unit: TimeUnit): Posterior {
  const { r, alpha } = parameters;
  return {
    alive: (x, recency, T) => probabilityAlive(parameters, x, recency, T),
    given: (q) => {
      const given = givenAlive(parameters, unit, q);
      if (given === null) return null;
      if (given.of === 'history') return given.f;
      const { of, f } = given;
      return of === 'time' ? (_, T) => f(T) : (x, T) => ((r + x) / (alpha + T)) * f(T);
    },
  };
}

/** The same by tables in t counted from −least, where all of it is smooth in the logarithm. */
function tabledPosterior(parameters: ParetoNbdParameters, unit: TimeUnit): Posterior {
  const { r, alpha, s, beta } = parameters;
  const least = Math.min(alpha, beta);
  const time = (A: number): number => A - least;
  const dropout = tabledDropout(parameters);
  const leaves = patched(least, (x, A) => (x > TABLED ? 0 : dropout(x, time(A))));
  const alive = (x: number, recency: number, T: number): number =>
    x > TABLED || s === 0
      ? probabilityAlive(parameters, x, recency, T)
      : Math.min(
          1,
          1 / (1 - leaves.at(x, least + T) + leaves.at(x, least + recency) * exp(quiet(parameters, r + x, recency, T))),
        );
  const tableOf = (given: GivenAlive): Patches => {
    if (given.of !== 'history') return patched(beta, (_, B) => given.f(B - beta));
    const rows: ((v: number) => number)[] = [];
    return patched(least, (x, A) => {
      if (x > TABLED) return given.f(x, time(A));
      let table = rows[x];
      if (table === undefined) {
        table = tabulated(WIDTH, () => (v) => given.f(x, least * expm1(v)));
        rows[x] = table;
      }
      return table(log1p(time(A) / least));
    });
  };
  return {
    alive,
    given: (q) => {
      const given = givenAlive(parameters, unit, q);
      if (given === null) return null;
      const table = tableOf(given);
      if (given.of === 'history') return (x, T) => Math.min(1, table.at(x, least + T));
      if (given.of === 'time') return (_, T) => Math.min(1, table.at(0, beta + T));
      return (x, T) => ((r + x) / (alpha + T)) * table.at(0, beta + T);
    },
    bulk: {
      alive: (count, { x, recency, T, room: g }, out) => {
        if (s === 0) {
          out.fill(1, 0, count);
          return;
        }
        const wasm = kernelsAt(out.buffer);
        const known = wasm?.quietOdds(
          ...([x.byteOffset, recency.byteOffset, T.byteOffset, out.byteOffset] as const),
          ...([count, r, alpha, s, beta] as const),
        );
        if (known !== 1)
          for (let i = 0; i < count; i++)
            if (known === undefined || out[i] !== out[i])
              out[i] = exp(quiet(parameters, r + x[i]!, recency[i]!, T[i]!));
        leaves.each(count, x, least, recency, g);
        for (let i = 0; i < count; i++) out[i] = g[i]! * out[i]!;
        leaves.each(count, x, least, T, g);
        for (let i = 0; i < count; i++)
          out[i] =
            x[i]! > TABLED
              ? probabilityAlive(parameters, x[i]!, recency[i]!, T[i]!)
              : Math.min(1, 1 / (1 - g[i]! + out[i]!));
      },
      given: (q) => {
        const given = givenAlive(parameters, unit, q);
        if (given === null) return null;
        const table = tableOf(given);
        if (given.of === 'history')
          return (count, { x, T }, out) => {
            table.each(count, x, least, T, out);
            limit(count, 1, out);
          };
        const rate = given.of === 'rate';
        return (count, { x, T }, out) => {
          table.each(count, null, beta, T, out);
          if (rate) for (let i = 0; i < count; i++) out[i] = ((r + x[i]!) / (alpha + T[i]!)) * out[i]!;
          else limit(count, 1, out);
        };
      },
    },
  };
}
