import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { seededRandom } from '../../numerics/random.ts';
import { lgamma } from '../../numerics/special.ts';
import { relative } from '../clv.test-support.ts';
import { comesFirst } from './lomax.ts';
import type { ParetoNbdModel } from './model.ts';
import { paretoNbd } from './pareto-nbd.ts';
import { type ParetoNbdParameters, paretoNbdPosterior } from './posterior.ts';

const modelOf = (
  parameters: ParetoNbdParameters,
): ParetoNbdModel<'frequency' | 'recency' | 'T', 'probabilityAlive'> => ({
  ...paretoNbd({ unit: 'week' }).fit({ frequency: [0], recency: [0], T: [1] }),
  ...parameters,
});

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
 * The model's story integrated as it is told, over λ and μ: the oracle. A customer with x repeat purchases, the last at
 * t_x, has likelihood λ^x e^(−(λ+μ)T) if alive at T and λ^x·μ/(λ+μ)·(e^(−(λ+μ)t_x) − e^(−(λ+μ)T)) if not.
 */
function told({ r, alpha, s, beta }: ParetoNbdParameters, x: number, recency: number, T: number) {
  const density = (shape: number, rate: number, at: number): number =>
    Math.exp(shape * Math.log(rate) + (shape - 1) * Math.log(at) - rate * at - lgamma(shape));
  // λ = q⁶ and μ = u⁶ take the singularities of the densities at 0 away.
  const over = (f: (lambda: number, mu: number) => number): number =>
    integrate(
      (q) =>
        6 *
        q ** 5 *
        density(r, alpha, q ** 6) *
        integrate((u) => 6 * u ** 5 * density(s, beta, u ** 6) * f(q ** 6, u ** 6), [0, 0.4, 0.7, 1, 1.4, 2]),
      [0, 0.4, 0.7, 1, 1.4, 2],
    );
  const alive = (l: number, m: number): number => l ** x * Math.exp(-(l + m) * T);
  const dead = (l: number, m: number): number =>
    l ** x * (m / (l + m)) * Math.exp(-(l + m) * recency) * -Math.expm1(-(l + m) * (T - recency));
  const total = over((l, m) => alive(l, m) + dead(l, m));
  const mean = (f: (lambda: number, mu: number) => number): number => over((l, m) => alive(l, m) * f(l, m)) / total;
  return {
    logLikelihood: Math.log(total),
    alive: (ahead: number) => mean((_, m) => Math.exp(-m * ahead)),
    purchase: (h: number) => mean((l, m) => (l / (l + m)) * -Math.expm1(-(l + m) * h)),
    expected: (t: number) => mean((l, m) => (l * -Math.expm1(-m * t)) / m),
    discounted: (delta: number, t: number) => mean((l, m) => (l * -Math.expm1(-(m + delta) * t)) / (m + delta)),
    // Poisson while alive: none, or one, in t.
    none: (t: number) => mean((l, m) => (m + l * Math.exp(-(l + m) * t)) / (l + m)) + over(dead) / total,
    one: (t: number) =>
      mean((l, m) => {
        const c = l + m;
        const whole = l * t * Math.exp(-c * t);
        return whole + (l * m * (-Math.expm1(-c * t) - c * t * Math.exp(-c * t))) / (c * c);
      }),
  };
}

describe('against the integral over λ and μ of the model’s own story', () => {
  const parameters = { r: 1.7, alpha: 9, s: 1.4, beta: 12 };
  const model = modelOf(parameters);
  for (const [x, recency, T] of [
    [0, 0, 30],
    [1, 4, 30],
    [6, 29.5, 30],
    [12, 20, 24],
  ] as const)
    it(`x ${x}, t_x ${recency}, T ${T}: likelihood and every quantity`, () => {
      const customer = { frequency: [x], recency: [recency], T: [T] };
      const oracle = told(parameters, x, recency, T);
      expect(relative(paretoNbd.logLikelihood(model, customer)[0]!, oracle.logLikelihood)).toBeLessThan(1e-9);
      for (const ahead of [0, 26]) {
        const alive = paretoNbd.probabilityAlive(model, customer, { ahead })[0]!;
        expect(relative(alive, oracle.alive(ahead))).toBeLessThan(1e-8);
      }
      for (const periods of [1, 39]) {
        const bought = paretoNbd.probabilityOfPurchase(model, customer, { periods })[0]!;
        expect(relative(bought, oracle.purchase(periods))).toBeLessThan(1e-8);
        const expected = paretoNbd.expectedPurchases(model, customer, { periods })[0]!;
        expect(relative(expected, oracle.expected(periods))).toBeLessThan(1e-8);
        const ahead = paretoNbd.futurePurchaseDistribution(model, customer, { periods, upTo: 1 });
        expect(relative(ahead[0]!, oracle.none(periods))).toBeLessThan(1e-8);
        expect(relative(ahead[1]!, oracle.one(periods))).toBeLessThan(1e-8);
        for (const delta of [0.0027, 0.5]) {
          const rate = { discount: Math.expm1(delta), per: 'week' } as const;
          const worth = paretoNbd.discountedResidualTransactions(model, customer, { periods, rate })[0]!;
          expect(relative(worth, oracle.discounted(delta, periods))).toBeLessThan(1e-8);
        }
      }
      const rate = { discount: Math.expm1(0.0027), per: 'week' } as const;
      const ever = paretoNbd.discountedResidualTransactions(model, customer, { periods: 'infinite', rate })[0]!;
      expect(relative(ever, oracle.discounted(0.0027, Number.POSITIVE_INFINITY))).toBeLessThan(1e-7);
    });
});

describe('the race of two Lomax times', () => {
  it('the one or the other comes first, or neither before W', () => {
    // P(Y first) + P(Z first) + P(both after W) = 1, with Z's race in units of its own scale.
    const random = seededRandom(4);
    for (let i = 0; i < 300; i++) {
      const k = Math.exp(16 * random.uniform() - 8);
      const m = Math.exp(16 * random.uniform() - 8);
      const ratio = Math.exp(16 * random.uniform() - 8);
      const W = i % 5 === 0 ? Infinity : Math.exp(16 * random.uniform() - 8);
      const after = Math.exp(-k * Math.log1p(W) - m * Math.log1p(ratio * W));
      expect(Math.abs(comesFirst(k, m, ratio, W) + comesFirst(m, k, 1 / ratio, ratio * W) + after - 1)).toBeLessThan(
        1e-12,
      );
    }
  });

  it('equal scales: k/(k + m) of all', () => {
    for (const [k, m] of [
      [0.001, 0.002],
      [2000, 0.6],
      [1e-12, 1e-12],
    ] as const)
      expect(relative(comesFirst(k, m, 1, Infinity), k / (k + m))).toBeLessThan(1e-12);
  });

  it('₂F₁ of mpmath (40 digits): s/(R+s)·₂F₁(R, 1; R+s+1; 1−ρ)', () => {
    for (const [R, s, rho, wanted] of [
      [0.553, 0.606, 1.1031, 0.50971534486768],
      [0.05, 0.02, 300, 0.21602465703524],
      [26.5, 0.6, 0.0021, 0.7319150483812],
      [2000.5, 64.28, 203, 1.5833923621033e-4],
      [0.3, 1e-6, 7, 2.0452502714044e-6],
      [3, 1, 1e-5, 0.99970959972021],
    ] as const)
      expect(relative(comesFirst(s, R, rho, Infinity), wanted)).toBeLessThan(1e-12);
  });
});

describe('tables', () => {
  it('give the figures of the integrals, whatever the parameters', () => {
    const random = seededRandom(9);
    for (let i = 0; i < 60; i++) {
      const parameters = {
        r: Math.exp(7 * random.uniform() - 4),
        alpha: Math.exp(10 * random.uniform() - 4),
        s: Math.exp(9 * random.uniform() - 4),
        beta: Math.exp(10 * random.uniform() - 4),
      };
      const [tabled, direct] = [true, false].map((tables) => paretoNbdPosterior(parameters, 'week', tables));
      for (const x of [0, 1, 17, 400]) {
        const T = Math.exp(9 * random.uniform() - 2);
        const recency = x === 0 ? 0 : T * random.uniform();
        const alive = direct!.alive(x, recency, T);
        expect(Math.abs(tabled!.alive(x, recency, T) - alive)).toBeLessThan(1e-11 * alive + 1e-300);
        for (const q of [
          { quantity: 'probabilityOfPurchase', periods: 39 },
          { quantity: 'discountedResidualTransactions', periods: 80, rate: { discount: 0.15, per: 'year' } },
          { quantity: 'discountedResidualTransactions', periods: 'infinite', rate: { discount: 0.15, per: 'year' } },
        ] as const)
          expect(
            relative(tabled!.given(q)!(x, T, recency), direct!.given(q)!(x, T, recency)),
            JSON.stringify([parameters, x, T, q]),
          ).toBeLessThan(1e-12);
      }
    }
  });
});

describe('limits', () => {
  it('s = 0 is the NBD: alive for sure, (r + x)/(α + T)·t purchases expected', () => {
    const model = modelOf({ r: 0.5, alpha: 3, s: 0, beta: 1 });
    const customer = { frequency: [4], recency: [5], T: [20] };
    expect(paretoNbd.probabilityAlive(model, customer, { ahead: 9 })[0]).toBe(1);
    expect(paretoNbd.expectedPurchases(model, customer, { periods: 10 })[0]).toBeCloseTo((4.5 / 23) * 10, 12);
    expect(paretoNbd.probabilityOfPurchase(model, customer, { periods: 10 })[0]).toBeCloseTo(1 - (23 / 33) ** 4.5, 12);
    const rate = { discount: 0.15, per: 'year' } as const;
    const ever = paretoNbd.discountedResidualTransactions(model, customer, { periods: 'infinite', rate })[0]!;
    expect(relative(ever, 4.5 / 23 / ((Math.log(1.15) * 7) / 365.25))).toBeLessThan(1e-12);
  });

  it('at and beside s = 1 the expected purchases are those of the logarithm, (r+x)(β+T)/(α+T)·ln(1 + t/(β+T))', () => {
    const customer = { frequency: [4], recency: [5], T: [20] };
    const at = (s: number): number =>
      paretoNbd.expectedPurchases(modelOf({ r: 0.5, alpha: 3, s, beta: 7 }), customer, { periods: 10 })[0]! /
      paretoNbd.probabilityAlive(modelOf({ r: 0.5, alpha: 3, s, beta: 7 }), customer)[0]!;
    const wanted = ((4.5 * 27) / 23) * Math.log1p(10 / 27);
    for (const s of [1, 1 + 1e-15, 1 - 1e-12]) expect(relative(at(s), wanted)).toBeLessThan(1e-12);
  });
});

describe('histories at the edge', () => {
  it('a purchase at the last moment is proof of life; a huge count and a long silence are numbers', () => {
    const model = modelOf({ r: 0.55, alpha: 10.6, s: 0.6, beta: 11.7 });
    const customers = {
      frequency: [3, 1_000_000, 100_000, 0, 1, 5000],
      recency: [12, 360, 1, 0, 1e-12, 300],
      T: [12, 365, 10_000, 0, 1e9, 300.5],
    };
    const alive = paretoNbd.probabilityAlive(model, customers);
    expect([alive[0], alive[3]]).toEqual([1, 1]);
    for (const figures of [
      alive,
      paretoNbd.logLikelihood(model, customers),
      paretoNbd.probabilityOfPurchase(model, customers, { periods: 39 }),
      paretoNbd.expectedPurchases(model, customers, { periods: 39 }),
    ])
      expect(figures.every((f) => Number.isFinite(f))).toBe(true);
  });
});
