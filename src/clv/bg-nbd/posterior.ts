import { kernelsAt } from '../../kernels/wasm/registry.ts';
import type { TimeUnit } from '../../model/field.ts';
import { tabulated } from '../../numerics/chebyshev.ts';
import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { type Patches, patched } from '../../numerics/patches.ts';
import { betaRule, gaussLegendre } from '../../numerics/quadrature.ts';
import type { Posterior } from '../family/family.ts';
import { continuousRate, limit, mostOf, type Quantity } from '../family/quantities.ts';

/** The four parameters: purchase rate λ ~ Gamma(r, α), dropout after a purchase p ~ Beta(a, b). a = 0: nobody drops out. */
export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** After which purchases a customer may drop out: 0, each repeat purchase; 1, the first purchase as well. */
export type FirstDropout = 0 | 1;

/**
 * P(alive | x, t_x, T) = 1/(1 + [n > 0]·a/(b + n − 1)·((α + T)/(α + t_x))^(r + x)), n the number of times the customer
 * might have dropped out: x, or x + 1 with a dropout after the first purchase (Fader & Hardie 2008, note 021).
 */
export function probabilityAlive(
  { r, alpha, a, b }: BgNbdParameters,
  x: number,
  recency: number,
  T: number,
  first: FirstDropout = 0,
): number {
  const n = x + first;
  if (n === 0 || a === 0) return 1;
  return 1 / (1 + (a / (b + n - 1)) * exp((r + x) * log1p((T - recency) / (alpha + recency))));
}

/** P(at least one purchase in h | alive at T) = 1 − ((α + T)/(α + T + h))^(r + x). */
export function purchaseGivenAlive({ r, alpha }: BgNbdParameters, x: number, T: number, h: number): number {
  return -expm1(-(r + x) * log1p(h / (alpha + T)));
}

// Tables are kept for customers up to this many purchases; beyond, every call integrates. The rule looks at x alone, so
// equal customers get equal bits.
const TABLED = 4096;
const WIDTH = 0.5;
const PANEL = 2;

/**
 * E[number of purchases in t | alive at T] for x purchases in T, with A = α + T, R = r + x and the posterior
 * p ~ Beta(a, b + x):
 *
 *   E_p[(1 − (1 + p·q)^(−R))/p],  q = t/A.
 *
 * This is (a+b+x−1)/(a−1)·[1 − (A/(A+t))^R ₂F₁(R, b+x; a+b+x−1; t/(A+t))] of Fader, Hardie & Lee (2005), eq. 10, but
 * nothing in it cancels, at a = 1 as elsewhere. Divided by R·q it is a smooth function of v = ln(1 + (R+1)q) for each x,
 * the same for every horizon, and is tabulated in v.
 */
export function expectedGivenAlive(
  { r, alpha, a, b }: BgNbdParameters,
  tabled: number = TABLED,
): (x: number, T: number, t: number) => number {
  const tables: ((v: number) => number)[] = [];
  const integral = (x: number, highest: number): ((v: number) => number) => {
    const R = r + x;
    const { nodes, weights } = betaRule(a, b + x, exp(-highest));
    return (v) => {
      const q = expm1(v) / (R + 1);
      let sum = 0;
      for (let i = 0; i < nodes.length; i++) {
        const s = nodes[i]! * q;
        sum += weights[i]! * (s < 1e-290 ? 1 : -expm1(-R * log1p(s)) / (R * s));
      }
      return sum;
    };
  };
  return (x, T, t) => {
    const R = r + x;
    if (R === 0) return 0;
    const q = t / (alpha + T);
    const v = log1p((R + 1) * q);
    if (x > tabled) return R * q * integral(x, v)(v);
    let table = tables[x];
    if (table === undefined) {
      table = tabulated(WIDTH, (_, high) => integral(x, high));
      tables[x] = table;
    }
    return R * q * table(v);
  };
}

/** P(alive at T + t | alive at T) = E_p[(1 + p·t/A)^(−R)], p ~ Beta(a, b + x), with A = α + T, R = r + x. */
export function stillAlive(parameters: BgNbdParameters, x: number, T: number, t: number): number {
  const q = t / (parameters.alpha + T);
  return Math.min(1, survivalOver(parameters, x, q)(q));
}

/** E_p[(1 + p·q)^(−R)] for q up to `most`. It is no less than at the mean of p, so what is far below that may be missed. */
function survivalOver({ r, a, b }: BgNbdParameters, x: number, most: number): (q: number) => number {
  const R = r + x;
  const least = exp(-R * log1p((a / (a + b + x)) * most));
  const { nodes, weights } = betaRule(a, b + x, 1 / (1 + (R + 1) * most), Math.max(1e-19 * least, 1e-300));
  return (q) => {
    let sum = 0;
    for (let i = 0; i < nodes.length; i++) sum += weights[i]! * exp(-R * log1p(nodes[i]! * q));
    return sum;
  };
}

/**
 * E[Σ e^(−δt) over the purchases within h | alive at T] = e^(−δh)·N(h) + δ∫₀ʰ e^(−δt) N(t) dt, N the expected number
 * of {@link expectedGivenAlive}; h may be Infinity when δ > 0. The integral runs over t = L(e^w − 1),
 * L = 1/(δ + (R+1)/A), by Gauss–Legendre in panels of w; tabulated in ln(A/α) for each x.
 */
export function discountedGivenAlive(
  parameters: BgNbdParameters,
  delta: number,
  h: number,
  expected: (x: number, T: number, t: number) => number = expectedGivenAlive(parameters),
  tabled: number = TABLED,
): (x: number, T: number) => number {
  const { r, alpha } = parameters;
  const integral = (x: number, T: number): number => {
    const end = Math.min(h, 45 / delta);
    let total = h === Infinity ? 0 : exp(-delta * h) * expected(x, T, h);
    if (delta === 0) return total;
    const L = 1 / (delta + (r + x + 1) / (alpha + T));
    const span = log1p(end / L);
    const panels = Math.ceil(span / PANEL);
    const half = span / panels / 2;
    const { nodes, weights } = gaussLegendre(16);
    for (let panel = 0; panel < panels; panel++)
      for (let i = 0; i < nodes.length; i++) {
        const w = half * (2 * panel + 1 + nodes[i]!);
        const t = L * expm1(w);
        total += half * weights[i]! * delta * exp(w - delta * t) * L * expected(x, T, t);
      }
    return total;
  };
  const tables: ((v: number) => number)[] = [];
  return (x, T) => {
    if (x > tabled) return integral(x, T);
    let table = tables[x];
    if (table === undefined) {
      table = tabulated(WIDTH, () => (v) => integral(x, alpha * expm1(v)));
      tables[x] = table;
    }
    return table(log1p(T / alpha));
  };
}

// A Beta(a, b) this narrow is one value to all digits; its quadrature would need nodes closer than numbers are.
const NARROW = 1e12;

/** The parameters that averages over the dropout are taken under: a and b in their proportion, a no more than 1e12. */
export function averaged(parameters: BgNbdParameters): BgNbdParameters {
  const { a, b } = parameters;
  return a > NARROW ? { ...parameters, a: NARROW, b: b * (NARROW / a) } : parameters;
}

/**
 * ln P(alive at T + t | alive at T) tabulated for each x in v = ln(1 + (R+1)t/A), where it is nearly a line: the
 * probability falls as a power.
 */
function tabledStillAlive(parameters: BgNbdParameters, t: number): (x: number, T: number) => number {
  const { r, alpha } = parameters;
  const tables: ((v: number) => number)[] = [];
  return (x, T) => {
    if (x > TABLED) return stillAlive(parameters, x, T, t);
    const R = r + x;
    let table = tables[x];
    if (table === undefined) {
      table = tabulated(WIDTH, (_, high) => {
        const survival = survivalOver(parameters, x, expm1(high) / (R + 1));
        return (v) => log(survival(expm1(v) / (R + 1)));
      });
      tables[x] = table;
    }
    return Math.min(1, exp(table(log1p(((R + 1) * t) / (alpha + T)))));
  };
}

/**
 * The BG/NBD as the history kernel asks for it. With a dropout after the first purchase the dropout of who is alive is
 * Beta(a, b + x + 1): the same model with b + 1, but for P(alive).
 */
export function bgNbdPosterior(
  prior: BgNbdParameters,
  unit: TimeUnit,
  tables: boolean,
  first: FirstDropout = 0,
): Posterior {
  const parameters = averaged({ ...prior, b: prior.b + first });
  const { r, alpha, a, b } = prior;
  const tabled = tables ? TABLED : -1;
  const expected = expectedGivenAlive(parameters, tabled);
  const givenAlive = (q: Quantity): ((x: number, T: number) => number) | null => {
    switch (q.quantity) {
      case 'probabilityAlive': {
        const { ahead = 0 } = q;
        if (ahead === 0 || a === 0) return null;
        return tables ? tabledStillAlive(parameters, ahead) : (x, T) => stillAlive(parameters, x, T, ahead);
      }
      case 'probabilityOfPurchase':
        return (x, T) => purchaseGivenAlive(parameters, x, T, q.periods);
      case 'expectedPurchases':
        return (x, T) => expected(x, T, q.periods);
      case 'discountedResidualTransactions':
        return discountedGivenAlive(
          parameters,
          continuousRate(q.rate, unit),
          q.periods === 'infinite' ? Infinity : q.periods,
          expected,
          tabled,
        );
    }
  };
  const alive = (x: number, recency: number, T: number): number => probabilityAlive(prior, x, recency, T, first);
  if (!tables) return { alive, given: givenAlive };
  const patches = (q: Quantity): Patches | null => {
    const f = givenAlive(q);
    return f && patched(alpha, (x, A) => f(x, A - alpha));
  };
  return {
    alive,
    given: (q) => {
      const table = patches(q);
      return table && ((x, T) => Math.min(mostOf(q), table.at(x, alpha + T)));
    },
    bulk: {
      alive: (count, { x, recency, T }, out) => {
        const known = (a === 0 ? undefined : kernelsAt(out.buffer))?.betaGeometricAlive(
          ...([x.byteOffset, recency.byteOffset, T.byteOffset, out.byteOffset] as const),
          ...([count, r, alpha, a, b, first] as const),
        );
        if (known === 1) return;
        for (let i = 0; i < count; i++)
          if (known === undefined || out[i] !== out[i]) out[i] = alive(x[i]!, recency[i]!, T[i]!);
      },
      given: (q) => {
        const table = patches(q);
        return (
          table &&
          ((count, { x, T }, out) => {
            table.each(count, x, alpha, T, out);
            limit(count, mostOf(q), out);
          })
        );
      },
    },
  };
}
