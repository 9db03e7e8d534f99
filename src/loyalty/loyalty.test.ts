import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { engine } from '../scoring/engine.ts';
import { churnRate } from './churn-rate.ts';
import { loyalty, loyaltyKind } from './loyalty.ts';

interface Golden {
  readonly cases: readonly { readonly churn: number; readonly loyalty: number }[];
  readonly groupRate: {
    readonly lost: number;
    readonly startOfPeriod: number;
    readonly churnRate: number;
    readonly loyalty: number;
  };
}
const golden = fixture<{ loyalty: Golden }>('value-golden.json').loyalty;
const { compile, parseModel } = engine({ loyalty: loyaltyKind });
const month = { every: 1, unit: 'month' } as const;
const year = { every: 12, unit: 'month' } as const;

describe('loyalty (S3)', () => {
  it('gives the golden 1 − p', () => {
    const data = { churnProbability: golden.cases.map(({ churn }) => churn) };
    const { loyalty: kept } = compile(loyalty().fit(data)).score(data).columns;
    golden.cases.forEach((c, i) => {
      expect(kept[i]).toBeCloseTo(c.loyalty, 14);
    });
  });

  it('takes the horizon of its probability from the pipeline, known or unknown', () => {
    const data = { churnProbability: [0.1] };
    for (const horizon of [month, null]) {
      const upstream = [{ name: 'churnProbability', type: 'number', horizon }] as const;
      expect(loyalty().fit(data, upstream).outputs[0]!.horizon).toEqual(horizon);
      expect(loyalty({ horizon }).fit(data, upstream).outputs[0]!.horizon).toEqual(horizon);
    }
  });

  it('takes the horizon of its options when it stands alone, and is of unknown horizon without', () => {
    const data = { p: [0.1] };
    expect(loyalty({ probability: 'p', horizon: month }).fit(data).outputs[0]!.horizon).toEqual(month);
    expect(loyalty({ probability: 'p' }).fit(data).outputs[0]!.horizon).toBeNull();
  });

  it('refuses to rename a horizon: twelve months are a year, but a month is not', () => {
    const data = { churnProbability: [0.1] };
    const upstream = [{ name: 'churnProbability', type: 'number', horizon: year }] as const;
    expect(loyalty({ horizon: { every: 1, unit: 'year' } }).fit(data, upstream).outputs[0]!.horizon).toEqual(year);
    for (const horizon of [month, null])
      expect(() => loyalty({ horizon }).fit(data, upstream)).toThrow(
        expect.objectContaining({ code: 'horizon-mismatch' }),
      );
    expect(() => loyalty({ horizon: { every: 0, unit: 'month' } })).toThrow('horizon.every');
  });

  it('gives null outside [0, 1] and for a null, with the cause', () => {
    const data = { p: [-1e-9, 1 + 1e-9, null, 0, 1] };
    const model = loyalty({ probability: 'p', as: 'stay' }).fit(data);
    const { columns, report } = compile(model).score(data);
    expect([...columns.stay]).toEqual([Number.NaN, Number.NaN, Number.NaN, 1, 0]);
    expect(report.nulls).toEqual({ stay: { 'out-of-range': 2, missing: 1 } });
    expect(model.fit.warnings).toEqual([
      '"p" is null in 1 of 5 rows: so is the result',
      '"p" is outside [0, 1] in 2 of 5 rows: the result is null',
    ]);
    expect(() => loyalty({ probability: 'p' }).fit({ p: [null] })).toThrow(
      expect.objectContaining({ code: 'all-null' }),
    );
    expect(() => loyalty().fit({ p: [1] })).toThrow('unknown column "churnProbability"');
  });

  it('returns from JSON with its horizon, and is refused without', () => {
    const model = loyalty({ horizon: month }).fit({ churnProbability: [0.1] });
    const file = JSON.parse(JSON.stringify(model));
    expect(parseModel(file)).toEqual(model);
    for (const broken of [
      { ...file, outputs: [{ name: 'loyalty', type: 'number' }] },
      { ...file, inputs: [] },
    ])
      expect(() => parseModel(broken)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  });
});

describe('churnRate', () => {
  it('gives the golden group rate and loyalty (S3, S74)', () => {
    const { lost, startOfPeriod, churnRate: rate, loyalty: kept } = golden.groupRate;
    const found = churnRate({ lost, atStart: startOfPeriod });
    expect(found.churnRate).toBeCloseTo(rate, 15);
    expect(found.loyalty).toBeCloseTo(kept, 15);
  });

  it('takes the mean base and win-backs into account: 30 of (100 + 140)/2 is .25, less 6 won back .2', () => {
    expect(churnRate({ lost: 30, atStart: 100, atEnd: 140, wonBack: 6 })).toEqual({
      churnRate: 0.25,
      netChurnRate: 0.2,
      loyalty: 0.75,
    });
  });

  it('is null on an empty base and refuses impossible counts', () => {
    expect(churnRate({ lost: 0, atStart: 0 })).toEqual({ churnRate: null, netChurnRate: null, loyalty: null });
    expect(() => churnRate({ lost: -1, atStart: 10 })).toThrow('invalid lost: -1');
    expect(() => churnRate({ lost: 1, atStart: Number.NaN })).toThrow('invalid atStart');
  });
});
