import { describe, expect, it } from 'vitest';
import { fixture } from '../../../fixtures/load.ts';
import { betaRule } from '../../numerics/quadrature.ts';
import { seededRandom } from '../../numerics/random.ts';
import { betaHazard } from './beta-hazard.ts';
import { betaDiscreteWeibull, type ShiftedBetaGeometricModel, shiftedBetaGeometric } from './index.ts';
import { lifetimeLaw } from './lifetime-law.ts';

interface GoldenModel {
  readonly params: { readonly alpha: number; readonly beta: number };
  readonly rows: {
    readonly survival: { readonly [t: string]: number };
    readonly retention: { readonly [t: string]: number };
    readonly DEL_d0_1: number;
    readonly DERL_d0_1: { readonly [n: string]: number };
  };
}
const golden = fixture<{ readonly functions: { readonly models: { readonly sbg: readonly GoldenModel[] } } }>(
  'clv-golden.json',
).functions.models.sbg;
const some = shiftedBetaGeometric({ unit: 'year' }).fit({ tenure: [1, 2, 3, 3, 1], churned: [1, 1, 0, 0, 1] });
const steep = betaDiscreteWeibull({ unit: 'year' }).fit({ tenure: [1, 2, 3, 3, 1], churned: [1, 1, 0, 0, 1] });
const rate = { discount: 0.1, per: 'year' } as const;
const relative = (value: number, expected: number): number => Math.abs(value / expected - 1);

describe('reference values', () => {
  for (const { params, rows } of golden)
    it(`survival, retention, DEL and DERL of the sBG with ${JSON.stringify(params)} are those of clv-golden.json (mpmath)`, () => {
      const model: ShiftedBetaGeometricModel<'tenure', 'retentionRate'> = { ...some, ...params };
      const S = shiftedBetaGeometric.survivalCurve(model, { periods: 12 });
      const r = shiftedBetaGeometric.retentionCurve(model, { periods: 12 });
      for (const [t, value] of Object.entries(rows.survival)) expect(relative(S[+t]!, value)).toBeLessThan(1e-14);
      for (const [t, value] of Object.entries(rows.retention)) expect(relative(r[+t - 1]!, value)).toBeLessThan(1e-14);
      expect(relative(shiftedBetaGeometric.discountedExpectedLifetime(model, { rate }), rows.DEL_d0_1)).toBeLessThan(
        1e-14,
      );
      // The reference counts the coming renewal, n; the customer has made n − 1.
      for (const [n, value] of Object.entries(rows.DERL_d0_1)) {
        const customers = { tenure: [+n - 1] };
        const [begin] = shiftedBetaGeometric.discountedExpectedResidualLifetime(model, customers, { rate });
        const [end] = shiftedBetaGeometric.discountedExpectedResidualLifetime(model, customers, {
          rate,
          timing: 'end',
        });
        expect(relative(begin!, value)).toBeLessThan(1e-13);
        expect(relative(end!, value / 1.1)).toBeLessThan(1e-13);
      }
    });

  it('stays exact on hard rows: endless DERL of the sBG, up to 4·10⁷ terms added one by one in 80-bit arithmetic (numpy)', () => {
    const hard: readonly (readonly [number, number, number, number, number])[] = [
      [1e-3, 1e6, 0, 1e-6, 999404.917209076],
      [1e6, 1e-3, 2000, 1e-6, 0.002000002996000988],
      [1e-3, 1e-3, 2000, 1e-6, 994366.7744030233],
      [1e6, 1e6, 3, 1e-6, 1.000002999996],
      [0.668, 3.806, 2000, 1e-6, 36443.37061281617],
      [2.5, 3, 0, 1e-6, 1.9999840617063525],
      [0.704, 1.182, 100, 1e-4, 862.190753226575],
    ];
    for (const [alpha, beta, tenure, discount, expected] of hard)
      expect(
        relative(
          lifetimeLaw({ alpha, beta }).residual(tenure, Number.POSITIVE_INFINITY, Math.log1p(discount)),
          expected,
        ),
      ).toBeLessThan(1e-13);
  });

  it('stays exact on hard rows of the BdW: mpmath, 60 digits, term by term', () => {
    const hard: readonly (readonly [number, number, number, number, number, number, number])[] = [
      [0.2, 1.4, 1.7, 0, 500, 1e-6, 91.02332377348634],
      [0.05, 0.9, 8, 2000, 500, 1e-3, 377.3872300331837],
      [1e3, 1e6, 3, 0, 500, 1e-6, 8.433221942918792],
      [1e6, 1e7, 0.5, 3, 500, 0.1, 9.328189088915536],
      [0.5, 2, 0.4, 2000, 500, 1e-3, 386.04624780564797],
      [1e-3, 1e6, 1.3, 0, 500, 1e-3, 393.7106083563086],
    ];
    for (const [alpha, beta, c, tenure, last, discount, expected] of hard)
      expect(
        relative(lifetimeLaw({ alpha, beta, c }).residual(tenure, last, Math.log1p(discount)), expected),
      ).toBeLessThan(1e-13);
  });

  it('endless lifetimes of the BdW are those of mpmath (Euler–Maclaurin, 25 and 400 digits)', () => {
    const model = { ...steep, alpha: 3, beta: 8, c: 0.6 };
    expect(relative(betaDiscreteWeibull.expectedLifetime(model)!, 26.474418326018714)).toBeLessThan(1e-14);
    const slow = { ...steep, alpha: 2, beta: 8, c: 0.6 };
    const [residual] = betaDiscreteWeibull.expectedResidualLifetime(slow, { tenure: [5] });
    expect(relative(residual!, 237.47676878157128)).toBeLessThan(1e-14);
  });

  it('the hazard keeps its digits where both parameters and the result are extreme (mpmath, 40 digits)', () => {
    expect(relative(betaHazard(0.001, 0.001, 0.001), 0.287683712591112)).toBeLessThan(1e-15);
    expect(relative(betaHazard(17, 0.001, 0.001), 6.058386393358354e-8)).toBeLessThan(1e-14);
    expect(relative(betaHazard(1e12, 1e-3, 1), 1e-15)).toBeLessThan(1e-11);
    expect(betaHazard(1, 1, 1)).toBeCloseTo(Math.log(2), 15);
  });
});

describe('independent computation', () => {
  it('E over θ ~ Beta(α, β + n) of the geometric story gives every figure of the sBG', () => {
    for (const [alpha, beta] of [
      [0.668, 3.806],
      [2.5, 1.2],
      [0.05, 0.4],
    ] as const)
      for (const n of [0, 1, 7, 200]) {
        const law = lifetimeLaw({ alpha, beta });
        const { nodes, weights } = betaRule(alpha, beta + n, 0.01);
        const mean = (f: (theta: number) => number): number =>
          nodes.reduce((total, theta, i) => total + weights[i]! * f(theta), 0);
        const d = 0.03;
        const v = 1 / (1 + d);
        expect(
          relative(
            law.survival(n, 5),
            mean((p) => (1 - p) ** 5),
          ),
        ).toBeLessThan(1e-12);
        expect(
          relative(
            law.residual(n, Number.POSITIVE_INFINITY, Math.log1p(d)),
            mean((p) => ((1 + d) * (1 - p)) / (d + p)),
          ),
        ).toBeLessThan(1e-12);
        expect(
          relative(
            law.residual(n, 300, Math.log1p(d)),
            mean((p) => ((1 - p) * (1 - (v * (1 - p)) ** 300)) / (1 - v * (1 - p))),
          ),
        ).toBeLessThan(1e-12);
      }
  });

  it('E over θ ~ Beta(α, β) of (1 − θ)^(t^c) gives the survival of the BdW', () => {
    for (const [alpha, beta, c] of [
      [0.26, 1.72, 1.58],
      [1.4, 3, 0.4],
    ] as const) {
      const { nodes, weights } = betaRule(alpha, beta, 0.01);
      for (const t of [1, 2, 5, 12]) {
        const mean = nodes.reduce((total, theta, i) => total + weights[i]! * (1 - theta) ** (t ** c), 0);
        expect(relative(lifetimeLaw({ alpha, beta, c }).survival(0, t), mean)).toBeLessThan(1e-12);
      }
    }
  });

  it('long sums are those of their terms, one by one', () => {
    for (const [alpha, beta, c, n, last, delta] of [
      [0.668, 3.806, 1, 0, 5000, 0],
      [1e6, 1e6, 1, 3, 100, 1e-6],
      [0.2, 1.4, 1.7, 2000, 5000, 1e-6],
      [0.5, 2, 0.3, 0, 5000, 1e-4],
      [1e9, 1e13, 3, 0, 5000, 0],
      [1e9, 1e20, 10, 0, 129, 0],
    ] as const) {
      const law = lifetimeLaw({ alpha, beta, c });
      let total = 0;
      for (let k = last; k >= 1; k--) total += law.survival(n, k) * Math.exp(-delta * (k - 1));
      expect(relative(law.residual(n, last, delta), total)).toBeLessThan(3e-13);
    }
  });
});

describe('properties', () => {
  const random = seededRandom(7);
  const draws = Array.from({ length: 60 }, () => ({
    alpha: 10 ** (6 * random.uniform() - 3),
    beta: 10 ** (6 * random.uniform() - 3),
    c: 10 ** (random.uniform() - 0.5),
  }));

  it('S falls, sBG retention rises, and the lifetimes up to t with the tail at t add up to one', () => {
    for (const parameters of draws)
      for (const c of [1, parameters.c]) {
        const law = lifetimeLaw({ ...parameters, c });
        let left = 0;
        for (let t = 1; t <= 60; t++) {
          const before = law.survival(0, t - 1);
          const now = law.survival(0, t);
          expect(now).toBeLessThanOrEqual(before);
          if (c === 1) expect(law.survival(t, 1)).toBeGreaterThanOrEqual(law.survival(t - 1, 1));
          left += before * (1 - law.survival(t - 1, 1));
        }
        expect(left + law.survival(0, 60)).toBeCloseTo(1, 12);
      }
  });

  it('a residual sum satisfies A(n) = r_{n+1}(1 + v·A(n + 1))', () => {
    for (const parameters of draws)
      for (const [n, d] of [
        [0, 0.1],
        [3, 1e-4],
        [2000, 1e-6],
      ] as const) {
        const law = lifetimeLaw(parameters);
        const A = (tenure: number): number => law.residual(tenure, Number.POSITIVE_INFINITY, Math.log1p(d));
        expect(relative(A(n), law.survival(n, 1) * (1 + A(n + 1) / (1 + d)))).toBeLessThan(1e-12);
      }
  });

  it('has an endless lifetime unless α > 1 (sBG) or cα > 1 (BdW); over a horizon it is always finite', () => {
    const heavy = { ...some, alpha: 0.9, beta: 2 };
    expect(shiftedBetaGeometric.expectedLifetime(heavy)).toBeNull();
    expect(shiftedBetaGeometric.expectedLifetime(heavy, { periods: 1 })).toBe(1);
    expect(shiftedBetaGeometric.expectedLifetime(heavy, { periods: 40 })).toBeGreaterThan(1);
    expect(shiftedBetaGeometric.expectedLifetime({ ...some, alpha: 3, beta: 2 })).toBeCloseTo(
      (3 + 2 - 1) / (3 - 1),
      14,
    );
    expect(betaDiscreteWeibull.expectedLifetime({ ...steep, alpha: 0.9, beta: 2, c: 1.2 })).toBeGreaterThan(1);
    expect(betaDiscreteWeibull.expectedLifetime({ ...steep, alpha: 3, beta: 2, c: 0.3 })).toBeNull();
  });
});
