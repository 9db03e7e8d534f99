import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../../fixtures/load.ts';
import type { Columns } from '../../model/batch.ts';
import { lbeta } from '../../numerics/special.ts';
import type { Likelihood } from '../maximise.ts';
import { betaDiscreteWeibull, shiftedBetaGeometric } from './index.ts';
import {
  betaDiscreteWeibullLikelihood,
  logLikelihoodOf,
  shiftedBetaGeometricLikelihood,
} from './renewal-likelihood.ts';
import { type RenewalTable, readRenewals } from './renewal-table.ts';

interface GoldenFit {
  readonly params: { readonly [name: string]: number };
  readonly se: { readonly [name: string]: number };
  readonly cov: readonly (readonly number[])[];
  readonly logLik: number;
  readonly churned_per_1000: readonly number[];
}
const golden = fixture<{ readonly fits: { readonly [name: string]: GoldenFit } }>('clv-golden.json').fits;

const counts = { period: 'period', active: 'active' } as const;
const table = (active: readonly number[]): Columns => ({ period: active.map((_, t) => t), active });
const fromLost = (lost: readonly number[]): Columns => {
  const active = [1000];
  for (const n of lost) active.push(active.at(-1)! - n);
  return table(active);
};
const sbg = (active: readonly number[]) => shiftedBetaGeometric({ unit: 'year', counts }).fit(table(active));
const bdw = (active: readonly number[]) => betaDiscreteWeibull({ unit: 'year', counts }).fit(table(active));

describe('maximum likelihood', () => {
  for (const [name, reference] of Object.entries(golden).filter(([key]) => /^(sbg|bdw)\./.test(key)))
    it(`reaches the reference fit ${name} of clv-golden.json: parameters to 5e-9, errors to 5e-5, likelihood not below`, () => {
      const estimator = name.startsWith('sbg') ? shiftedBetaGeometric : betaDiscreteWeibull;
      const model = estimator({ unit: 'year', counts }).fit(fromLost(reference.churned_per_1000));
      const own = { alpha: model.alpha, beta: model.beta, ...(model.c === undefined ? {} : { c: model.c }) };
      const errors: { readonly [name: string]: number | null } = model.fit.standardErrors;
      expect(model.fit.status).toBe('converged');
      expect(model.fit.logLikelihood).toBeGreaterThan(reference.logLik - 1e-9);
      Object.entries(own).forEach(([parameter, value], i) => {
        expect(value / reference.params[parameter]!).toBeCloseTo(1, 8);
        expect(errors[parameter]! / reference.se[parameter]!).toBeCloseTo(1, 4);
        reference.cov[i]!.forEach((cell, j) => {
          expect(model.fit.covariance![i]![j]! / cell).toBeCloseTo(1, 4);
        });
      });
      const k = Object.keys(own).length;
      expect(model.fit.aic).toBeCloseTo(2 * k - 2 * reference.logLik, 6);
      expect(model.fit.bic).toBeCloseTo(k * Math.log(1000) - 2 * reference.logLik, 6);
    });

  it.skipIf(!hasShared('sbg-retention.csv'))(
    'projects the holdout years 8 to 12 of Fader & Hardie (2007), Table 1, within a point of percentage by the BdW of 8 years',
    () => {
      const { year, high_end: share } = sharedColumns('sbg-retention.csv') as { [name: string]: Float64Array };
      const active = Array.from(share!, (percent) => Math.round(percent * 10));
      const model = betaDiscreteWeibull({ unit: 'year', counts }).fit(table(active.slice(0, 8)));
      const curve = betaDiscreteWeibull.survivalCurve(model, { periods: 12 });
      for (let t = 8; t <= 12; t++) expect(Math.abs(100 * curve[year![t]!]! - share![t]!)).toBeLessThan(1);
    },
  );

  it('tests c = 1 by twice the difference of the golden log-likelihoods, χ² with one degree of freedom (R: pchisq)', () => {
    const { likelihoodRatio } = bdw([1000, 869, 743, 653, 593, 551, 517, 491]).fit;
    expect(likelihoodRatio.statistic).toBeCloseTo(2 * (1611.1581473911551 - 1605.3142132141932), 7);
    // erfc(√(11.687868…/2)), mpmath
    expect(likelihoodRatio.pValue).toBeCloseTo(0.000629089, 8);
    expect(likelihoodRatio.logLikelihood).toBeCloseTo(-1611.1581473911551, 7);
  });

  it('has exact derivatives: central differences of the likelihood and of the gradient agree', () => {
    const renewals = readRenewals(table([1000, 869, 743, 653, 593, 551, 517, 491]), { counts });
    const check = (likelihood: Likelihood, at: readonly number[]): void => {
      const n = at.length;
      const evaluate = (p: readonly number[]): { f: number; g: Float64Array; H: Float64Array } => {
        const g = new Float64Array(n);
        const H = new Float64Array(n * n);
        return { f: likelihood(Float64Array.from(p), g, H), g, H };
      };
      const { g, H } = evaluate(at);
      at.forEach((value, i) => {
        const h = 1e-5 * value;
        const up = evaluate(at.map((p, k) => (k === i ? p + h : p)));
        const down = evaluate(at.map((p, k) => (k === i ? p - h : p)));
        expect((up.f - down.f) / (2 * h) / g[i]!).toBeCloseTo(1, 6);
        at.forEach((_, j) => {
          expect((up.g[j]! - down.g[j]!) / (2 * h) / H[n * i + j]!).toBeCloseTo(1, 6);
        });
      });
    };
    check(shiftedBetaGeometricLikelihood(renewals), [0.9, 3]);
    check(betaDiscreteWeibullLikelihood(renewals), [0.9, 3, 1.3]);
    check(betaDiscreteWeibullLikelihood(renewals), [2.5, 0.4, 0.6]);
  });

  it('sums ln B(α+1, β+t−1)/B(α, β) over leavers and ln B(α, β+n)/B(α, β) over the rest (Fader & Hardie 2007, eqs. 5, 6)', () => {
    const [alpha, beta] = [0.668, 3.806];
    const customers = { tenure: [1, 4, 4, 7, 0], churned: [1, 1, 0, 0, 0] };
    const log = (t: number, left: number): number =>
      left ? lbeta(alpha + 1, beta + t - 1) - lbeta(alpha, beta) : lbeta(alpha, beta + t) - lbeta(alpha, beta);
    const expected = customers.tenure.reduce((total, t, i) => total + log(t, customers.churned[i]!), 0);
    expect(logLikelihoodOf({ alpha, beta }, readRenewals(customers, {}))).toBeCloseTo(expected, 12);
    expect(
      shiftedBetaGeometricLikelihood(readRenewals(customers, {}))(
        Float64Array.of(alpha, beta),
        new Float64Array(2),
        new Float64Array(4),
      ),
    ).toBeCloseTo(expected, 12);
    expect(
      betaDiscreteWeibullLikelihood(readRenewals(customers, {}))(
        Float64Array.of(alpha, beta, 1),
        new Float64Array(3),
        new Float64Array(9),
      ),
    ).toBeCloseTo(expected, 12);
  });
});

describe('shapes of data', () => {
  const active = [1000, 869, 743, 653, 593, 551, 517, 491];
  const byCounts = sbg(active);
  const rows: { tenure: number; churned: boolean; plan: string }[] = [];
  for (let t = 1; t < active.length; t++)
    for (let i = 0; i < active[t - 1]! - active[t]!; i++) rows.push({ tenure: t, churned: true, plan: 'gone' });
  for (let i = 0; i < active.at(-1)!; i++) rows.push({ tenure: active.length - 1, churned: false, plan: 'here' });

  it('gives the same bits for counts, for one row per customer in any order, and for any way to write who left', () => {
    const mixed = rows.map((_, i) => rows[(i * 577) % rows.length]!);
    const tenure = mixed.map((row) => row.tenure);
    const ways = [
      shiftedBetaGeometric({ unit: 'year' }).fit({ tenure, churned: mixed.map((row) => row.churned) }),
      shiftedBetaGeometric({ unit: 'year', churned: 'left' }).fit({ tenure, left: mixed.map((row) => +row.churned) }),
      shiftedBetaGeometric({ unit: 'year', churned: { column: 'plan', churned: 'gone' } }).fit({
        tenure,
        plan: mixed.map((row) => row.plan),
      }),
    ];
    for (const model of ways) {
      expect([model.alpha, model.beta, model.fit.logLikelihood]).toEqual([
        byCounts.alpha,
        byCounts.beta,
        byCounts.fit.logLikelihood,
      ]);
      expect(model.fit.customers).toBe(1000);
      expect(model.fit.churned).toBe(509);
    }
  });

  it('takes cohorts of different age together: the sum over their customers', () => {
    const data = {
      cohort: ['b', 'a', 'b', 'a', 'a', 'b', 'b'],
      year: [0, 0, 1, 1, 2, 2, 3],
      n: [300, 500, 240, 410, 365, 210, 195],
    };
    const model = shiftedBetaGeometric({
      unit: 'year',
      counts: { cohort: 'cohort', period: 'year', active: 'n' },
    }).fit(data);
    const tenure = [1, 2, 2, 1, 2, 3, 3];
    const churned = [1, 1, 0, 1, 1, 1, 0];
    const weight = [90, 45, 365, 60, 30, 15, 195];
    const repeat = (cells: readonly number[]): number[] =>
      cells.flatMap((cell, i) => new Array<number>(weight[i]!).fill(cell));
    const single = shiftedBetaGeometric({ unit: 'year' }).fit({ tenure: repeat(tenure), churned: repeat(churned) });
    expect([model.alpha, model.beta]).toEqual([single.alpha, single.beta]);
    expect(model.fit.customers).toBe(800);
  });

  it('reads lost beside active as rows that stand for themselves: the same fit without period 0, in any order', () => {
    const t = [1, 2, 3, 4, 5, 6, 7].reverse();
    const model = shiftedBetaGeometric({ unit: 'year', counts: { ...counts, lost: 'lost' } }).fit({
      period: t,
      active: t.map((k) => active[k]!),
      lost: t.map((k) => active[k - 1]! - active[k]!),
    });
    expect([model.alpha, model.beta, model.fit.customers]).toEqual([byCounts.alpha, byCounts.beta, 1000]);
  });

  it('conditions on being there when a cohort is first seen later: S(t)/S(t₀), by brute-force log-beta functions', () => {
    const late: Columns = { period: [3, 4, 5], active: [100, 80, 70] };
    const { alpha, beta } = { alpha: 0.7, beta: 1.2 };
    const S = (t: number): number => Math.exp(lbeta(alpha, beta + t) - lbeta(alpha, beta));
    const expected =
      20 * Math.log((S(3) - S(4)) / S(3)) + 10 * Math.log((S(4) - S(5)) / S(3)) + 70 * Math.log(S(5) / S(3));
    expect(logLikelihoodOf({ alpha, beta }, readRenewals(late, { counts }))).toBeCloseTo(expected, 11);
  });

  it('leaves rows with a null out, and says how many', () => {
    const model = shiftedBetaGeometric({ unit: 'month' }).fit({
      tenure: [1, 2, null, 3, 3, 2, 1],
      churned: [true, true, false, null, false, false, true],
    });
    expect(model.fit.leftOut).toBe(2);
    expect(model.fit.rows).toBe(5);
    expect(model.fit.warnings[0]).toContain('2 rows');
  });
});

describe('data without an interior maximum', () => {
  it('retention that does not rise: one churn probability, with the geometric likelihood', () => {
    const { fit, alpha, beta } = sbg([100, 90, 70, 40, 10]);
    expect([fit.status, fit.limit]).toEqual(['boundary', 'one churn probability']);
    expect(alpha / (alpha + beta)).toBeCloseTo(90 / 300, 12);
    expect(fit.logLikelihood).toBeCloseTo(90 * Math.log(0.3) + 210 * Math.log(0.7), 5);
    expect(fit.standardErrors).toEqual({ alpha: null, beta: null });
    expect(fit.covariance).toBeNull();
    expect(fit.warnings.join()).toContain('alpha, beta → ∞');
  });

  it('the same under the BdW: the discrete Weibull, its maximum found by a grid', () => {
    const lost = [10, 20, 30, 30];
    const model = bdw([100, 90, 70, 40, 10]);
    expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'one churn probability']);
    let best = Number.NEGATIVE_INFINITY;
    for (let c = 2.3; c < 2.6; c += 0.002)
      for (let theta = 0.05; theta < 0.1; theta += 0.0005) {
        const S = (t: number): number => (1 - theta) ** (t ** c);
        const value = lost.reduce((total, n, i) => total + n * Math.log(S(i) - S(i + 1)), 10 * Math.log(S(4)));
        best = Math.max(best, value);
      }
    expect(model.fit.logLikelihood).toBeGreaterThan(best - 1e-6);
    expect(model.fit.logLikelihood).toBeLessThan(best + 1e-3);
    expect(model.fit.standardErrors.alpha).toBeNull();
    expect(model.fit.standardErrors.c).toBeGreaterThan(0);
    expect(model.fit.likelihoodRatio.pValue).toBeNull();
  });

  it('losses at the first renewal alone: all or none', () => {
    for (const model of [sbg([100, 60, 60, 60]), bdw([100, 60, 60, 60])]) {
      expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'all-or-none churn']);
      expect(model.alpha / (model.alpha + model.beta)).toBeCloseTo(0.4, 12);
      expect(model.fit.logLikelihood).toBeCloseTo(40 * Math.log(0.4) + 60 * Math.log(0.6), 6);
    }
  });

  it('nobody left: not identified, everyone stays', () => {
    for (const [model, figures] of [
      [sbg([50, 50, 50]), shiftedBetaGeometric],
      [bdw([50, 50, 50]), betaDiscreteWeibull],
    ] as const) {
      expect([model.fit.status, model.fit.limit]).toEqual(['not-identified', 'no churn']);
      expect(Array.from(figures.survivalCurve(model as never, { periods: 3 }))).toEqual([1, 1, 1, 1]);
    }
  });

  it('everybody left at the first renewal: not identified, nobody stays', () => {
    for (const model of [sbg([50, 0]), bdw([50, 0]), sbg([50, 0, 0])]) {
      expect([model.fit.status, model.fit.limit]).toEqual(['not-identified', 'no renewal']);
      expect(JSON.parse(JSON.stringify(model))).toEqual(model);
    }
    expect(Array.from(shiftedBetaGeometric.survivalCurve(sbg([50, 0]), { periods: 2 }))).toEqual([1, 0, 0]);
    expect(shiftedBetaGeometric.expectedLifetime(sbg([50, 0]))).toBe(1);
  });

  it('one renewal seen: the mean churn is all there is', () => {
    const model = sbg([100, 80]);
    expect([model.fit.status, model.fit.limit]).toEqual(['not-identified', 'few renewals']);
    expect(shiftedBetaGeometric.retentionCurve(model, { periods: 3 })[2]).toBeCloseTo(0.8, 8);
  });

  it('two renewals seen: enough for the sBG, whose two parameters reproduce them, and not for the BdW', () => {
    const two = sbg([100, 80, 70]);
    expect(two.fit.status).toBe('converged');
    const r = shiftedBetaGeometric.retentionCurve(two, { periods: 2 });
    expect(r[0]).toBeCloseTo(0.8, 10);
    expect(r[1]).toBeCloseTo(0.875, 10);
    const three = bdw([100, 80, 70]);
    expect([three.fit.status, three.fit.limit, three.c]).toEqual(['not-identified', 'few renewals', 1]);
  });

  it('a jump after a quiet start: the BdW names the limit c → ∞', () => {
    const model = bdw([100, 100, 80, 70, 65, 62]);
    expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'power-law survival']);
    expect(model.fit.standardErrors.c).toBeNull();
  });

  it('one customer, and one that left at the last renewal', () => {
    expect(sbg([1, 1]).fit.limit).toBe('no churn');
    expect(sbg([1, 1, 0]).fit.limit).toBe('one churn probability');
    expect(shiftedBetaGeometric({ unit: 'month' }).fit({ tenure: [1], churned: [true] }).fit.limit).toBe('no renewal');
  });
});

it('a table of two renewals is what the likelihood is made of', () => {
  const { kept, lost, customers, rows, nulls }: RenewalTable = readRenewals(
    { tenure: [1, 2, 2, 0], churned: [1, 0, 1, 0] },
    {},
  );
  expect({ kept: Array.from(kept), lost: Array.from(lost), customers, rows, nulls }).toEqual({
    ...{ kept: [2, 1], lost: [1, 1] },
    ...{ customers: 4, rows: 4, nulls: 0 },
  });
});
