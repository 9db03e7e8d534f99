import type { TimeUnit } from '../../model/field.ts';
import { tabulated } from '../../numerics/chebyshev.ts';
import { exp, expm1, log1p } from '../../numerics/elementary.ts';
import type { Posterior } from '../family/family.ts';
import { continuousRate, type Quantity } from '../family/quantities.ts';
import { aged, type Customer, poleOf, race, wear } from './lifetime.ts';

/**
 * Purchase rate λ ~ Gamma(r, alpha); lifetime Gompertz with hazard ηb·e^(bt), η ~ Gamma(s, beta). s = 0: nobody drops out.
 */
export interface GgomNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly b: number;
  readonly s: number;
  readonly beta: number;
}

/** Who is alive at t after x purchases, as a new customer. */
export function aliveAt({ r, alpha, b, s, beta }: GgomNbdParameters, x: number, t: number): Customer {
  return { R: r + x, A: alpha + t, b, s, beta: aged(b, beta, t) };
}

/** P(alive and no purchase from t_x to T | alive at t_x), and that of dropout there without a purchase. */
export function silence(
  parameters: GgomNbdParameters,
  x: number,
  recency: number,
  T: number,
): { readonly alive: number; readonly dropped: number } {
  const then = aliveAt(parameters, x, recency);
  const gap = T - recency;
  return {
    alive: exp(-then.R * log1p(gap / then.A) - then.s * wear(then.b, then.beta, gap)),
    dropped: race(then, 'dropout', gap),
  };
}

// Tables are kept for customers up to this many purchases; beyond, every call integrates. The rule looks at x alone, so
// equal customers get equal bits.
const TABLED = 4096;
const WIDTH = 0.5;

/**
 * f(x, t) tabulated for each x in a variable in which all that a customer alive at t can expect is smooth: ln(1 + t/m),
 * m the distance of the nearest singularity on the left, plus b·t where the hazard rises to a pole.
 */
function tabulatedInTime(
  { alpha, b, beta }: GgomNbdParameters,
  f: (x: number, t: number) => number,
): (x: number, t: number) => number {
  const linear = beta > 1 ? b : 0;
  const m = beta < 1 ? Math.min(alpha, -poleOf(b, beta)) : alpha;
  const timeAt = (v: number): number => {
    if (linear === 0) return m * expm1(v);
    // Newton from the left on a concave function never overshoots.
    let t = 0;
    for (let k = 0; k < 200; k++) {
      const step = (v - linear * t - log1p(t / m)) / (linear + 1 / (m + t));
      t += step;
      if (!(step > 1e-15 * t)) break;
    }
    return t;
  };
  const tables: ((v: number) => number)[] = [];
  return (x, t) => {
    if (x > TABLED) return f(x, t);
    let table = tables[x];
    if (table === undefined) {
      table = tabulated(WIDTH, () => (v) => f(x, timeAt(v)));
      tables[x] = table;
    }
    return table(linear * t + log1p(t / m));
  };
}

/** The Gamma-Gompertz/NBD as the history kernel asks for it. */
export function ggomNbdPosterior(parameters: GgomNbdParameters, unit: TimeUnit, tables: boolean): Posterior {
  const { r, alpha, b, s, beta } = parameters;
  const kept = (f: (x: number, t: number) => number): ((x: number, t: number) => number) =>
    tables ? tabulatedInTime(parameters, f) : f;
  // Life ahead does not depend on x.
  const life = (h: number, delta: number): ((x: number, T: number) => number) => {
    const left = kept((_, T) => race({ ...aliveAt(parameters, 0, T), R: 0 }, 'life', h, delta));
    return (x, T) => ((r + x) / (alpha + T)) * left(0, T);
  };
  const leaves = kept((x, t) => race(aliveAt(parameters, x, t), 'dropout', Infinity));
  const alive = (x: number, recency: number, T: number): number => {
    if (s === 0 || recency === T) return 1;
    if (!tables) {
      const { alive, dropped } = silence(parameters, x, recency, T);
      return alive / (alive + dropped);
    }
    // With J(t) the chance to leave without another purchase: dropped = J(t_x) − alive·J(T).
    const gap = T - recency;
    const odds = exp((r + x) * log1p(gap / (alpha + recency)) + s * wear(b, aged(b, beta, recency), gap));
    return 1 / (1 + Math.max(0, leaves(x, recency) * odds - leaves(x, T)));
  };
  return {
    alive,
    given: (q: Quantity) => {
      switch (q.quantity) {
        case 'probabilityAlive': {
          const { ahead = 0 } = q;
          return ahead === 0 ? null : (_, T) => exp(-s * wear(b, aged(b, beta, T), ahead));
        }
        case 'probabilityOfPurchase':
          return kept((x, T) => race(aliveAt(parameters, x, T), 'purchase', q.periods));
        case 'expectedPurchases':
          return life(q.periods, 0);
        case 'discountedResidualTransactions':
          return life(q.periods === 'infinite' ? Infinity : q.periods, continuousRate(q.rate, unit));
      }
    },
  };
}
