import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { betaRule, gaussLegendre } from '../../numerics/quadrature.ts';
import { seededRandom } from '../../numerics/random.ts';
import { lbeta, lgamma } from '../../numerics/special.ts';
import { sum } from '../../numerics/sum.ts';
import { bgNbd } from '../bg-nbd/bg-nbd.ts';
import type { BgNbdParameters } from '../bg-nbd/posterior.ts';
import { relative, summaryOf } from '../clv.test-support.ts';
import { mbgNbd } from '../mbg-nbd/mbg-nbd.ts';
import { bgCnbd } from './bg-cnbd.ts';
import { mbgCnbd } from './mbg-cnbd.ts';
import type { CnbdModel } from './model.ts';
import { phaseAverages } from './phase-average.ts';
import { cnbdPosterior } from './posterior.ts';

interface Peer {
  readonly params: { readonly [name: string]: number };
  readonly logLik: number;
  readonly palive: readonly number[];
  readonly cet: readonly number[];
  readonly cet_sum: number;
  readonly expectation_52: number;
  readonly pmf_52: readonly number[];
}
const peers = fixture<{ peer: { 'BTYD+BTYDplus': { 'BTYDplus.cdnow': { bgcnbd: Peer; mbgcnbd: Peer } } } }>(
  'clv-golden.json',
).peer['BTYD+BTYDplus']['BTYDplus.cdnow'];
const single = { frequency: [0], recency: [0], T: [1] };
type Any = CnbdModel<'bgCnbd', 'frequency' | 'recency' | 'T', 'probabilityAlive'>;
const modelOf = (parameters: BgNbdParameters, k: number): Any => ({
  ...bgCnbd({ unit: 'week', k }).fit(single),
  ...parameters,
});
const rate = { discount: 0.15, per: 'year' } as const;

describe.skipIf(!hasShared('cdnow-summary.csv'))('CDNOW, against BTYDplus 1.2.0 (clv-golden.json, layer peer)', () => {
  const customers = hasShared('cdnow-summary.csv') ? summaryOf('cdnow-summary.csv') : single;
  for (const [face, peer, plain] of [
    [bgCnbd, peers.bgcnbd, bgNbd],
    [mbgCnbd, peers.mbgcnbd, mbgNbd],
  ] as const)
    it(`${face.family.kind}: k = 1 is chosen of 1 … 4, and all figures are the peer's and those of the model without k`, () => {
      const model = (face as typeof bgCnbd)({ unit: 'week', k: [1, 2, 3, 4] }).fit(customers) as Any;
      const same = (plain as typeof bgNbd)({ unit: 'week' }).fit(customers);
      expect(model.k).toBe(1);
      expect(model.fit.tried.map(({ k }) => k)).toEqual([1, 2, 3, 4]);
      expect(model.fit.tried[0]!.logLikelihood).toBe(model.fit.logLikelihood);
      for (const name of ['r', 'alpha', 'a', 'b'] as const) {
        expect(model[name]).toBe(same[name]);
        expect(model.fit.standardErrors[name]).toBe(same.fit.standardErrors[name]);
        expect(relative(model[name], peer.params[name]!)).toBeLessThan(1e-3);
      }
      expect(model.fit.logLikelihood).toBe(same.fit.logLikelihood);
      expect(relative(model.fit.logLikelihood, peer.logLik)).toBeLessThan(1e-9);
      const other = face as typeof bgCnbd;
      const expected = other.expectedPurchases(model, customers, { periods: 39 });
      expect(expected).toEqual((plain as typeof bgNbd).expectedPurchases(same, customers, { periods: 39 }));
      const alive = other.probabilityAlive(model, customers);
      peer.palive.forEach((p, i) => {
        expect(relative(alive[i]!, p)).toBeLessThan(1e-3);
        expect(relative(expected[i]!, peer.cet[i]!)).toBeLessThan(1e-3);
      });
      expect(relative(sum(expected), peer.cet_sum)).toBeLessThan(1e-4);
      expect(relative(other.expectedTransactions(model, { periods: 52 }), peer.expectation_52)).toBeLessThan(1e-4);
      other.purchaseDistribution(model, { periods: 52, upTo: 5 }).forEach((p, x) => {
        expect(relative(p, peer.pmf_52[x]!)).toBeLessThan(1e-4);
      });
    });
});

const LEGENDRE = gaussLegendre(40);
function integrate(f: (x: number) => number, ends: readonly number[]): number {
  let total = 0;
  for (let i = 1; i < ends.length; i++) {
    const half = (ends[i]! - ends[i - 1]!) / 2;
    LEGENDRE.nodes.forEach((node, n) => {
      total += half * LEGENDRE.weights[n]! * f(ends[i - 1]! + half * (1 + node));
    });
  }
  return total;
}

/** The story told over λ and p: Poisson phases, k to a purchase, a chance p to drop out after each. */
function told({ r, alpha, a, b }: BgNbdParameters, k: number, first: 0 | 1, x: number, recency: number, T: number) {
  const prior = (l: number, p: number): number =>
    Math.exp(
      r * Math.log(alpha) +
        (r - 1) * Math.log(l) -
        alpha * l -
        lgamma(r) +
        (a - 1) * Math.log(p) +
        (b - 1) * Math.log1p(-p) -
        lbeta(a, b),
    );
  const over = (f: (l: number, p: number) => number): number =>
    integrate(
      (s) =>
        6 * s ** 5 * integrate((u) => 6 * u ** 5 * prior(s ** 6, u ** 6) * f(s ** 6, u ** 6), [0, 0.5, 0.8, 0.95, 1]),
      [0, 0.5, 0.8, 1, 1.25, 1.6],
    );
  const poisson = (mu: number, m: number): number => Math.exp(m * Math.log(mu) - mu - lgamma(m + 1));
  const n = x + first;
  // Times before the last: Dirichlet, against the same for k = 1.
  const c = x === 0 ? 1 : Math.exp((k - 1) * x * Math.log(recency) + lgamma(x) - lgamma(k * x));
  const phase = (j: number) => (l: number, p: number) =>
    c * l ** (k * x) * Math.exp(-l * recency) * (1 - p) ** n * poisson(Math.max(l * (T - recency), 1e-300), j);
  const dead = (l: number, p: number): number =>
    n === 0 ? 0 : c * l ** (k * x) * Math.exp(-l * recency) * p * (1 - p) ** (n - 1);
  const phases = Array.from({ length: k }, (_, j) => j);
  const total = over((l, p) => dead(l, p) + phases.reduce((all, j) => all + phase(j)(l, p), 0));
  /** P(alive) times the mean, given the phase, of f(λ, p, j). */
  const mean = (f: (l: number, p: number, j: number) => number): number =>
    over((l, p) => phases.reduce((all, j) => all + phase(j)(l, p) * f(l, p, j), 0)) / total;
  const tails = new Map<number, number[]>();
  /** P(at least m phases end within μ), each tail summed from its far end. */
  const atLeast = (mu: number, m: number): number => {
    let tail = tails.get(mu);
    if (tail === undefined) {
      tail = Array.from({ length: Math.ceil(90 + 3 * mu) }, (_, i) => poisson(mu, i));
      for (let i = tail.length - 2; i >= 0; i--) tail[i]! += tail[i + 1]!;
      tails.set(mu, tail);
    }
    return tail[Math.max(m, 0)]!;
  };
  return {
    logLikelihood: Math.log(total),
    alive: mean(() => 1),
    purchase: (h: number) => mean((l, _, j) => atLeast(l * h, k - j)),
    expected: (h: number) =>
      mean((l, p, j) => {
        let value = 0;
        for (let i = 1; i < 12; i++) value += (1 - p) ** (i - 1) * atLeast(l * h, i * k - j);
        return value;
      }),
    later: (h: number) =>
      mean((l, p, j) => {
        let value = 1;
        for (let i = 1; i < 12; i++) value -= p * (1 - p) ** (i - 1) * atLeast(l * h, i * k - j);
        return value;
      }),
    ever: (delta: number) => mean((l, p, j) => (l / (l + delta)) ** (k - j) / (1 - (1 - p) * (l / (l + delta)) ** k)),
  };
}

describe('against the integral over λ and p of the story told in phases', () => {
  const parameters = { r: 1.7, alpha: 9, a: 1.4, b: 2.6 };
  for (const [face, k, first] of [
    [bgCnbd, 3, 0],
    [mbgCnbd, 2, 1],
  ] as const)
    for (const [x, recency, T] of [
      [0, 0, 30],
      [1, 4, 30],
      [4, 29.5, 30],
    ] as const)
      it(`${face.family.kind}, k ${k}: x ${x}, t_x ${recency}, T ${T}`, { timeout: 30_000 }, () => {
        const other = face as typeof bgCnbd;
        const model = { ...other({ unit: 'week', k }).fit(single), ...parameters };
        const customer = { frequency: [x], recency: [recency], T: [T] };
        const oracle = told(parameters, k, first, x, recency, T);
        const close = (got: ArrayLike<number>, wanted: number): void =>
          expect(relative(got[0]!, wanted)).toBeLessThan(1e-8);
        close(other.logLikelihood(model, customer), oracle.logLikelihood);
        close(other.probabilityAlive(model, customer), oracle.alive);
        close(other.probabilityAlive(model, customer, { ahead: 6 }), oracle.later(6));
        close(other.probabilityOfPurchase(model, customer, { periods: 6 }), oracle.purchase(6));
        close(other.expectedPurchases(model, customer, { periods: 6 }), oracle.expected(6));
        close(
          other.discountedResidualTransactions(model, customer, {
            periods: 'infinite',
            rate: { discount: Math.expm1(0.03), per: 'week' },
          }),
          oracle.ever(0.03),
        );
      });

  it('with two purchases the factor for the times before the last is their integral', () => {
    // ∫₀^t_x τ^(k−1)(t_x − τ)^(k−1)/Γ(k)² dτ, over the same with k = 1.
    const [recency, T] = [7, 9];
    const at = (k: number): number => {
      const m = modelOf({ r: 1e9, alpha: 1e9 / 0.4, a: 1, b: 1 }, k);
      return bgCnbd.logLikelihood(m, { frequency: [2], recency: [recency], T: [T] })[0]!;
    };
    // One rate λ = 0.4 for all: alive with (1−p)², or dead with p(1−p).
    for (const k of [2, 3]) {
      const times = integrate((t) => (t * (recency - t)) ** (k - 1), [0, recency]) / Math.exp(2 * lgamma(k)) / recency;
      const none = integrate((l) => l ** (k - 1) * Math.exp(-l), [0.4 * (T - recency), 10, 40]) / Math.exp(lgamma(k));
      const wanted = Math.log(times * 0.4 ** (2 * k) * Math.exp(-0.4 * recency) * (none / 3 + 1 / 6));
      expect(Math.abs(at(k) - wanted)).toBeLessThan(1e-6);
    }
  });
});

describe('sums over phases', () => {
  it('long sums give way to integrals over the rate without a seam', () => {
    // Both ways at horizons around the length where one takes over (q ≈ 400), shape 0.7, phase 1 of 3: the smooth function
    // ln N(ln q) has a second difference without a jump.
    const averages = phaseAverages(3, 0.7, 0.8, 2.4);
    for (const of of ['purchases', 'alive'] as const) {
      const y = Array.from({ length: 41 }, (_, i) => Math.log(averages[of](1, 300 * Math.exp(i / 50))));
      const bends = y.slice(2).map((v, i) => v - 2 * y[i + 1]! + y[i]!);
      const jumps = bends.slice(1).map((v, i) => Math.abs(v - bends[i]!));
      expect(Math.max(...jumps)).toBeLessThan(1e-5);
      for (let i = 3; i < bends.length; i++) {
        const third = bends[i]! - 3 * bends[i - 1]! + 3 * bends[i - 2]! - bends[i - 3]!;
        expect(Math.abs(third)).toBeLessThan(1e-9);
      }
    }
  });

  it('where the rate hardly varies the integral is E_p[(1 − (1−p)^(purchases))/p] of a Poisson number of phases', () => {
    // R = 4000, k = 2, q = 12: 48,000 phases, summed here over purchases by normal-free brute force.
    const [R, q, a, b, k] = [4000, 12, 0.9, 3.2, 2];
    const got = phaseAverages(k, R, a, b).purchases(0, q);
    const { nodes, weights } = betaRule(a, b, 1e-5);
    let wanted = 0;
    // (1−p)^⌊N/2⌋ for N negative binomial: ½(1 ± ω) mixes of ω^N and (−ω)^N, ω² = 1 − p; the second is nothing here.
    nodes.forEach((p, i) => {
      const w = Math.sqrt(1 - p);
      const mean = p === 0 ? 0 : w === 0 ? 0 : ((1 + 1 / w) / 2) * Math.exp(-R * Math.log1p((1 - w) * q));
      wanted += (weights[i]! * (1 - mean)) / p;
    });
    expect(relative(got, wanted)).toBeLessThan(1e-9);
  });

  it('tables give what the sums give, at every phase and over short and long horizons', () => {
    const random = seededRandom(3);
    for (const k of [2, 5, 12]) {
      const parameters = { r: 0.6, alpha: 3, a: 0.8, b: 2.4, k };
      const [fast, slow] = [true, false].map((tables) => cnbdPosterior(parameters, 'week', tables, 1));
      for (const q of [
        { quantity: 'probabilityAlive', ahead: 0.1 },
        { quantity: 'probabilityAlive', ahead: 60 },
        { quantity: 'expectedPurchases', periods: 0.01 },
        { quantity: 'expectedPurchases', periods: 39 },
        { quantity: 'expectedPurchases', periods: 400 },
        { quantity: 'discountedResidualTransactions', periods: 5, rate },
        { quantity: 'discountedResidualTransactions', periods: 'infinite', rate },
      ] as const) {
        const [f, g] = [fast!.given(q)!, slow!.given(q)!];
        for (let i = 0; i < 12; i++) {
          const T = 40 * random.uniform();
          const x = random.below(9);
          const recency = x === 0 ? 0 : T * random.uniform();
          expect(relative(f(x, T, recency), g(x, T, recency))).toBeLessThan(1e-10);
        }
      }
    }
  });

  it('no legal history and no horizon gives anything but a finite figure in its range', () => {
    for (const k of [2, 12])
      for (const p of [
        { r: 0.3, alpha: 2, a: 1, b: 2 },
        { r: 1e-6, alpha: 1e-3, a: 1e-3, b: 1e-3 },
        { r: 1e6, alpha: 1e6, a: 1e6, b: 1e6 },
        { r: 2, alpha: 2, a: 0, b: 1 },
      ]) {
        const model = modelOf(p, k);
        const customers = {
          frequency: [0, 0, 1, 5, 2000, 3],
          recency: [0, 0, 9, 1e-9, 400, 1e-3],
          T: [0, 1e6, 9, 1e-9, 500, 1e6],
        };
        for (const periods of [1e-9, 5, 1e7]) {
          const bought = bgCnbd.probabilityOfPurchase(model, customers, { periods });
          const expected = bgCnbd.expectedPurchases(model, customers, { periods });
          const alive = bgCnbd.probabilityAlive(model, customers, { ahead: periods });
          for (let i = 0; i < 6; i++) {
            expect(bought[i]! >= 0 && bought[i]! <= 1).toBe(true);
            expect(alive[i]! >= 0 && alive[i]! <= 1).toBe(true);
            expect(expected[i]!).toBeGreaterThanOrEqual(bought[i]! * (1 - 1e-9));
            expect(expected[i]!).toBeLessThan(Infinity);
          }
        }
        const worth = bgCnbd.discountedResidualTransactions(model, customers, { periods: 'infinite', rate });
        expect(worth.every((v) => v >= 0 && v < Infinity)).toBe(true);
      }
  });
});
