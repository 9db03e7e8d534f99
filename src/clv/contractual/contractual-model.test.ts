import { describe, expect, expectTypeOf, it } from 'vitest';
import { fixture } from '../../../fixtures/load.ts';
import { engine } from '../../scoring/engine.ts';
import { pipeline } from '../../scoring/pipeline.ts';
import {
  betaDiscreteWeibull,
  betaDiscreteWeibullKind,
  shiftedBetaGeometric,
  shiftedBetaGeometricKind,
} from './index.ts';

const { compile, parseModel } = engine({
  shiftedBetaGeometric: shiftedBetaGeometricKind,
  betaDiscreteWeibull: betaDiscreteWeibullKind,
});
const rate = { discount: 0.1, per: 'year' } as const;
const highEnd = { year: [0, 1, 2, 3, 4, 5, 6, 7], active: [1000, 869, 743, 653, 593, 551, 517, 491] };
const options = {
  unit: 'year',
  tenure: 'renewals',
  counts: { period: 'year', active: 'active' },
  outputs: [
    { quantity: 'survivalProbability', periods: 3, as: 'p3' },
    { quantity: 'retentionRate' },
    { quantity: 'expectedResidualLifetime', as: 'ever' },
    { quantity: 'expectedResidualLifetime', periods: 10, as: 'ten' },
    { quantity: 'discountedExpectedResidualLifetime', rate, as: 'derl' },
    { quantity: 'discountedExpectedResidualLifetime', rate, periods: 10, timing: 'end', as: 'derl10' },
  ],
} as const;
const sbg = shiftedBetaGeometric(options).fit(highEnd);
const bdw = betaDiscreteWeibull(options).fit(highEnd);

describe('scoring', () => {
  it('emits the chosen figures, the same as the functions, and infers their names', () => {
    expectTypeOf(sbg.outputs[0]!.name).toEqualTypeOf<'p3' | 'retentionRate' | 'ever' | 'ten' | 'derl' | 'derl10'>();
    expectTypeOf(sbg.inputs[0]!.name).toEqualTypeOf<'renewals'>();
    const customers = { renewals: [0, 4, 7, 4] };
    const { columns } = compile(sbg).score(customers);
    expect(columns.p3).toEqual(shiftedBetaGeometric.survivalProbability(sbg, customers, { periods: 3 }));
    expect(columns.retentionRate).toEqual(shiftedBetaGeometric.retentionRate(sbg, customers));
    expect(columns.ten).toEqual(shiftedBetaGeometric.expectedResidualLifetime(sbg, customers, { periods: 10 }));
    expect(columns.derl).toEqual(shiftedBetaGeometric.discountedExpectedResidualLifetime(sbg, customers, { rate }));
    expect(columns.derl10).toEqual(
      shiftedBetaGeometric.discountedExpectedResidualLifetime(sbg, customers, { rate, periods: 10, timing: 'end' }),
    );
    // Σ_{k=1}^{10} S(4 + k)/S(4)/1.1^k by hand.
    const S = shiftedBetaGeometric.survivalCurve(sbg, { periods: 14 });
    let expected = 0;
    for (let k = 1; k <= 10; k++) expected += S[4 + k]! / S[4]! / 1.1 ** k;
    expect(columns.derl10[1]).toBeCloseTo(expected, 13);
    expect(compile(bdw).score(customers).columns.p3).toEqual(
      betaDiscreteWeibull.survivalProbability(bdw, customers, { periods: 3 }),
    );
  });

  it('tells why a cell is null: no mean where α ≤ 1, a tenure that cannot be, a missing one', () => {
    const { columns, report } = compile(sbg).score({ renewals: [3, null, -1, 2.5] });
    expect(Array.from(columns.ever)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(Number.isFinite(columns.ten[0])).toBe(true);
    expect(JSON.stringify(report)).toContain('no-mean');
    expect(JSON.stringify(report)).toContain('out-of-range');
    expect(JSON.stringify(report)).toContain('missing');
  });

  it('gives fields with units and horizons', () => {
    expect(sbg.outputs.map((f) => f.unit)).toEqual([
      'probability',
      'probability',
      'renewals ever',
      'renewals in 10 × year',
      'discounted renewals ever',
      'discounted renewals in 10 × year',
    ]);
    expect(sbg.outputs[0]!.horizon).toEqual({ every: 3, unit: 'year' });
    expect(sbg.outputs[1]!.horizon).toEqual({ every: 1, unit: 'year' });
  });

  it('converts rates to the period of the model: 10 % a year is 1.1^(1/12) − 1 a month', () => {
    const monthly = { ...sbg, unit: 'month' } as const;
    const per = 1.1 ** (1 / 12) - 1;
    const direct = shiftedBetaGeometric.discountedExpectedLifetime(monthly, { rate: { discount: per, per: 'month' } });
    expect(shiftedBetaGeometric.discountedExpectedLifetime(monthly, { rate }) / direct).toBeCloseTo(1, 12);
  });
});

it('is a step of a pipeline; who left is needed for fitting only, and never an input', () => {
  const customers = { tenure: [1, 2, 3, 3, 1, 2], left: ['y', 'y', 'n', 'n', 'y', 'n'] };
  const model = pipeline([shiftedBetaGeometric({ unit: 'month', churned: { column: 'left', churned: 'y' } })]).fit(
    customers,
  );
  expect(model.inputs.map((f) => f.name)).toEqual(['tenure']);
  expect(shiftedBetaGeometric({ unit: 'month', churned: 'left' }).labels).toEqual(['left']);
});

describe('stored models', () => {
  it('score bit for bit after a round trip through JSON, boundary and degenerate ones too', () => {
    const customers = { renewals: [0, 1, 2, 50, 2000] };
    for (const active of [highEnd.active, [100, 90, 70, 40, 10], [100, 60, 60, 60], [50, 50, 50], [50, 0], [100, 80]])
      for (const estimator of [shiftedBetaGeometric, betaDiscreteWeibull]) {
        const model = estimator(options).fit({ year: active.map((_, t) => t), active });
        const stored = parseModel(JSON.parse(JSON.stringify(model)));
        expect(stored).toEqual(model);
        expect(compile(stored as typeof model).score(customers).columns).toEqual(
          compile(model).score(customers).columns,
        );
      }
  });

  it('are refused with the path of the fault', () => {
    const faults: readonly (readonly [object, RegExp])[] = [
      [{ ...sbg, alpha: -1 }, /alpha/],
      [{ ...sbg, alpha: 0, beta: 0 }, /both be 0/],
      [{ ...sbg, c: 1 }, /unknown key "c"/],
      [{ ...bdw, c: 0 }, /\.c/],
      [{ ...sbg, outputs: sbg.outputs.slice(1) }, /outputs/],
      [{ ...sbg, inputs: [] }, /tenure/],
      [{ ...sbg, outputs: sbg.outputs.map((f) => ({ ...f, unit: 'coins' })) }, /outputs\[0\]/],
      [{ ...sbg, quantities: [{ quantity: 'survivalProbability', periods: 0.5 }] }, /periods/],
    ];
    for (const [model, message] of faults)
      expect(() => parseModel(JSON.parse(JSON.stringify(model)))).toThrow(
        expect.objectContaining({ code: 'invalid-model', message: expect.stringMatching(message) }),
      );
  });
});

describe('cohorts', () => {
  it('lays the expected beside the actual count, and goes on beyond the data', () => {
    const data = { cohort: ['a', 'a', 'b', 'b'], year: [0, 1, 2, 3], n: [100, 87, 50, 45] };
    const { cohort, period, actual, expected } = shiftedBetaGeometric.cohortExpectation(sbg, data, {
      cohort: 'cohort',
      period: 'year',
      active: 'n',
      through: 3,
    });
    const S = shiftedBetaGeometric.survivalCurve(sbg, { periods: 3 });
    expect(cohort).toEqual(['a', 'a', 'a', 'a', 'b', 'b']);
    expect(Array.from(period)).toEqual([0, 1, 2, 3, 2, 3]);
    expect(Array.from(actual)).toEqual([100, 87, Number.NaN, Number.NaN, 50, 45]);
    expect(expected[3]).toBeCloseTo(100 * S[3]!, 12);
    expect(expected[5]).toBeCloseTo((50 * S[3]!) / S[2]!, 12);
  });
});

describe('the total likelihood and simulation', () => {
  it('the log-likelihood of the data of the fit is that of the fit; of a holdout it can be had as well', () => {
    const { counts } = options;
    expect(shiftedBetaGeometric.logLikelihood(sbg, highEnd, { counts })).toBeCloseTo(sbg.fit.logLikelihood, 9);
    expect(betaDiscreteWeibull.logLikelihood(bdw, highEnd, { counts })).toBeCloseTo(bdw.fit.logLikelihood, 9);
  });

  it('simulated survival is the curve, within 4.5 standard errors of 20,000 customers; a seed gives the same bits', () => {
    const drawn = betaDiscreteWeibull.simulate(bdw, { customers: 20_000, periods: 10, seed: 5 });
    expect(betaDiscreteWeibull.simulate(bdw, { customers: 20_000, periods: 10, seed: 5 })).toEqual(drawn);
    const S = betaDiscreteWeibull.survivalCurve(bdw, { periods: 10 });
    for (let t = 1; t <= 10; t++) {
      let there = 0;
      drawn.tenure.forEach((n, i) => {
        if (n > t || (n === t && drawn.churned[i] === 0)) there++;
      });
      const share = there / 20_000;
      expect(Math.abs(share - S[t]!)).toBeLessThan(4.5 * Math.sqrt((S[t]! * (1 - S[t]!)) / 20_000));
    }
  });

  it('refuses periods and counts that are no whole numbers', () => {
    for (const attempt of [
      () => shiftedBetaGeometric.survivalCurve(sbg, { periods: 0 }),
      () => shiftedBetaGeometric.survivalProbability(sbg, { renewals: [1] }, { periods: 1.5 }),
      () => shiftedBetaGeometric.simulate(sbg, { customers: 1.5, periods: 2, seed: 1 }),
      () => shiftedBetaGeometric.simulate(sbg, { customers: 2, periods: 2, seed: 0.5 }),
      () => shiftedBetaGeometric.discountedExpectedLifetime(sbg, { rate: { discount: 0, per: 'year' } }),
    ])
      expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

it('clv-golden.json holds the fits these examples quote', () => {
  const { fits } = fixture<{ readonly fits: { readonly [name: string]: { readonly params: object } } }>(
    'clv-golden.json',
  );
  expect(fits['bdw.high_end']!.params).toMatchObject({ c: expect.closeTo(bdw.c, 6) });
});
