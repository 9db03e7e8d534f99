import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { seededRandom } from '../../numerics/random.ts';
import { lbeta, lgamma } from '../../numerics/special.ts';
import { sum } from '../../numerics/sum.ts';
import { modelOf, relative } from '../clv.test-support.ts';
import { bgNbd } from './bg-nbd.ts';
import type { BgNbdParameters } from './posterior.ts';
import { simulate } from './simulate.test-support.ts';

const LEGENDRE = gaussLegendre(48);
/** Composite Gauss–Legendre over the pieces between `ends`. */
function integrate(f: (x: number) => number, ends: readonly number[]): number {
  let total = 0;
  for (let k = 1; k < ends.length; k++) {
    const half = (ends[k]! - ends[k - 1]!) / 2;
    LEGENDRE.nodes.forEach((node, i) => {
      total += half * LEGENDRE.weights[i]! * f(ends[k - 1]! + half * (1 + node));
    });
  }
  return total;
}

/**
 * The model's story integrated as it is told, over λ and p: the oracle. A customer with x repeat purchases, the last at
 * t_x, has likelihood λ^x e^(−λT)(1−p)^x if alive at T and, for x > 0, λ^x e^(−λt_x) p(1−p)^(x−1) if not.
 */
function told({ r, alpha, a, b }: BgNbdParameters, x: number, recency: number, T: number) {
  const prior = (lambda: number, p: number): number =>
    Math.exp(
      r * Math.log(alpha) +
        (r - 1) * Math.log(lambda) -
        alpha * lambda -
        lgamma(r) +
        (a - 1) * Math.log(p) +
        (b - 1) * Math.log1p(-p) -
        lbeta(a, b),
    );
  // λ = s⁶ and p = u⁶ take the singularities of the densities at 0 away.
  const over = (f: (lambda: number, p: number) => number): number =>
    integrate(
      (s) =>
        6 * s ** 5 * integrate((u) => 6 * u ** 5 * prior(s ** 6, u ** 6) * f(s ** 6, u ** 6), [0, 0.5, 0.8, 0.95, 1]),
      [0, 0.4, 0.7, 1, 1.4, 2],
    );
  const alive = (lambda: number, p: number): number => lambda ** x * Math.exp(-lambda * T) * (1 - p) ** x;
  const dead = (lambda: number, p: number): number =>
    x === 0 ? 0 : lambda ** x * Math.exp(-lambda * recency) * p * (1 - p) ** (x - 1);
  const total = over((l, p) => alive(l, p) + dead(l, p));
  const mean = (f: (lambda: number, p: number) => number): number => over((l, p) => alive(l, p) * f(l, p)) / total;
  return {
    logLikelihood: Math.log(total),
    alive: mean(() => 1),
    purchase: (h: number) => mean((l) => -Math.expm1(-l * h)),
    // Purchases come at rate λ while alive, and the customer is alive after τ with probability e^(−λpτ).
    expected: (t: number) => mean((l, p) => -Math.expm1(-l * p * t) / p),
    discounted: (delta: number, t: number) => mean((l, p) => (l * -Math.expm1(-(l * p + delta) * t)) / (l * p + delta)),
  };
}

describe('against the integral over λ and p of the model’s own story', () => {
  const parameters = { r: 1.7, alpha: 9, a: 1.4, b: 2.6 };
  const model = modelOf(parameters);
  for (const [x, recency, T] of [
    [0, 0, 30],
    [1, 4, 30],
    [6, 29.5, 30],
    [12, 20, 24],
  ] as const)
    it(`x ${x}, t_x ${recency}, T ${T}: likelihood, P(alive), purchase probability, expected and discounted purchases`, () => {
      const customer = { frequency: [x], recency: [recency], T: [T] };
      const oracle = told(parameters, x, recency, T);
      expect(relative(bgNbd.logLikelihood(model, customer)[0]!, oracle.logLikelihood)).toBeLessThan(1e-9);
      expect(relative(bgNbd.probabilityAlive(model, customer)[0]!, oracle.alive)).toBeLessThan(1e-8);
      for (const periods of [1, 39]) {
        const bought = bgNbd.probabilityOfPurchase(model, customer, { periods })[0]!;
        expect(relative(bought, oracle.purchase(periods))).toBeLessThan(1e-8);
        const expected = bgNbd.expectedPurchases(model, customer, { periods })[0]!;
        expect(relative(expected, oracle.expected(periods))).toBeLessThan(1e-8);
        for (const discount of [0.0027, 0.5]) {
          const rate = { discount: Math.expm1(discount), per: 'week' } as const;
          const worth = bgNbd.discountedResidualTransactions(model, customer, { periods, rate })[0]!;
          expect(relative(worth, oracle.discounted(discount, periods))).toBeLessThan(1e-8);
        }
      }
      const ever = bgNbd.discountedResidualTransactions(model, customer, {
        periods: 'infinite',
        rate: { discount: Math.expm1(0.0027), per: 'week' },
      })[0]!;
      expect(relative(ever, oracle.discounted(0.0027, Number.POSITIVE_INFINITY))).toBeLessThan(1e-7);
    });
});

describe('what must hold for any customer', () => {
  const random = seededRandom(11);
  const cases = Array.from({ length: 60 }, () => {
    const parameters = {
      r: Math.exp(6 * random.uniform() - 4),
      alpha: Math.exp(8 * random.uniform() - 3),
      a: Math.exp(8 * random.uniform() - 5),
      b: Math.exp(8 * random.uniform() - 4),
    };
    const T = Math.exp(9 * random.uniform() - 2);
    const x = Math.floor(Math.exp(7 * random.uniform()) - 1);
    return {
      model: modelOf(parameters),
      customer: { frequency: [x], recency: [x === 0 ? 0 : T * random.uniform()], T: [T] },
    };
  });
  const rate = { discount: 0.15, per: 'year' } as const;

  it('probabilities lie in [0, 1]; a purchase is no likelier than being alive, nor than one is expected', () => {
    for (const { model, customer } of cases) {
      const alive = bgNbd.probabilityAlive(model, customer)[0]!;
      const bought = bgNbd.probabilityOfPurchase(model, customer, { periods: 20 })[0]!;
      const expected = bgNbd.expectedPurchases(model, customer, { periods: 20 })[0]!;
      expect(alive >= 0 && alive <= 1).toBe(true);
      expect(bought >= 0 && bought <= alive).toBe(true);
      expect(bought).toBeLessThanOrEqual(expected * (1 + 1e-12));
    }
  });

  it('expected purchases grow with the horizon and flatten; discounting only takes away; ever is the limit', () => {
    for (const { model, customer } of cases) {
      const [one, two, three] = [10, 20, 30].map(
        (periods) => bgNbd.expectedPurchases(model, customer, { periods })[0]!,
      );
      expect(two! - one!).toBeLessThanOrEqual(one! * (1 + 1e-12));
      expect(three! - two!).toBeLessThanOrEqual((two! - one!) * (1 + 1e-9) + 1e-13 * two!);
      const worth = (periods: number | 'infinite'): number =>
        bgNbd.discountedResidualTransactions(model, customer, { periods, rate })[0]!;
      expect(worth(20)).toBeLessThanOrEqual(two! * (1 + 1e-13));
      expect(worth(20)).toBeGreaterThanOrEqual(two! * Math.exp(-20 * 0.00267853 * 1.001));
      expect(relative(worth(20_000), worth('infinite'))).toBeLessThan(1e-12);
    }
  });

  it('the law of total expectation: purchases to T + t are those to T and, averaged over histories, those expected', () => {
    // E[X(T + t)] of a new customer = E[X(T)] + E[expected purchases given the history]; 200,000 simulated histories.
    const parameters = { r: 0.8, alpha: 6, a: 0.6, b: 2 };
    const model = modelOf(parameters);
    const drawn = simulate(parameters, 200_000, seededRandom(5), { shortest: 20, longest: 20, ahead: 30 });
    const after = sum(bgNbd.expectedPurchases(model, drawn, { periods: 30 })) / 200_000;
    const wanted =
      bgNbd.expectedTransactions(model, { periods: 50 }) - bgNbd.expectedTransactions(model, { periods: 20 });
    expect(relative(after, wanted)).toBeLessThan(0.02);
    expect(relative(sum(drawn.later) / 200_000, wanted)).toBeLessThan(0.03);
    const bought = drawn.later.filter((n) => n > 0).length / 200_000;
    const foreseen = sum(bgNbd.probabilityOfPurchase(model, drawn, { periods: 30 })) / 200_000;
    expect(relative(foreseen, bought)).toBeLessThan(0.02);
  });

  it('the distribution of a new customer’s purchases adds up to 1 and has the expected mean', () => {
    const model = modelOf({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 });
    const p = bgNbd.purchaseDistribution(model, { periods: 39, upTo: 2000 });
    expect(sum(p)).toBeCloseTo(1, 12);
    expect(relative(sum(p.map((q, x) => q * x)), bgNbd.expectedTransactions(model, { periods: 39 }))).toBeLessThan(
      1e-10,
    );
  });

  it('it ends where the tail is too small for a number', () => {
    // r = 1, z = 9/13: the smallest number times z rounds back to itself.
    const model = modelOf({ r: 1, alpha: 4, a: 0.7, b: 2.5 });
    expect(sum(bgNbd.purchaseDistribution(model, { periods: 9, upTo: 5000 }))).toBeCloseTo(1, 12);
  });

  it('a = 0 is the NBD: alive for sure, (r + x)/(α + T)·t purchases expected', () => {
    const model = modelOf({ r: 0.5, alpha: 3, a: 0, b: 1 });
    const customer = { frequency: [4], recency: [5], T: [20] };
    expect(bgNbd.probabilityAlive(model, customer)[0]).toBe(1);
    expect(bgNbd.expectedPurchases(model, customer, { periods: 10 })[0]).toBeCloseTo((4.5 / 23) * 10, 12);
    expect(
      relative(
        bgNbd.discountedResidualTransactions(model, customer, { periods: 'infinite', rate })[0]!,
        4.5 / 23 / ((Math.log(1.15) * 7) / 365.25),
      ),
    ).toBeLessThan(1e-12);
  });
});
