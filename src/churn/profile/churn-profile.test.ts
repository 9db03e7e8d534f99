import { sampleCorrelation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { takeRows, toArrow } from '../../columns/index.ts';
import { normalDraw } from '../../numerics/draw.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { type ChurnProfile, type ChurnProfileOptions, churnProfile } from './churn-profile.ts';

const label = { column: 'left', churned: 1 };
const repeat = <T>(...runs: readonly (readonly [T, number])[]): T[] =>
  runs.flatMap(([value, times]) => Array.from({ length: times }, () => value));
/** Rows of level, leavers and stayers. */
const table = (cells: readonly (readonly [string | null, number, number])[]) => ({
  left: cells.flatMap(([, left, stayed]) => repeat([1, left], [0, stayed])),
  x: cells.flatMap(([level, left, stayed]) => repeat([level, left + stayed])),
});
const one = (data: Parameters<typeof churnProfile>[0], options: Partial<ChurnProfileOptions> = {}) =>
  churnProfile(data, { label, features: ['x'], ...options }).features[0]!;
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('churnProfile', () => {
  it('gives weight of evidence and information value as worked by hand', () => {
    const data = { left: [1, 1, 0, 0, 0, 0], x: ['a', 'b', 'a', 'b', 'b', 'b'] };
    const { bins, informationValue, test, byChance, numbers } = one(data);
    expect(bins).toEqual([
      {
        ...{ bin: 'a', customers: 2, leavers: 1, churnRate: 1 / 2, lift: 3 / 2, shareOfLeavers: 1 / 2 },
        ...{ shareOfStayers: 1 / 4, weightOfEvidence: Math.log(2), contribution: Math.log(2) / 4 },
      },
      {
        ...{ bin: 'b', customers: 4, leavers: 1, churnRate: 1 / 4, lift: expect.closeTo(3 / 4, 15) },
        ...{ shareOfLeavers: 1 / 2, shareOfStayers: 3 / 4, weightOfEvidence: expect.closeTo(Math.log(2 / 3), 15) },
        contribution: expect.closeTo(-Math.log(2 / 3) / 4, 15),
      },
    ]);
    expect(informationValue).toBeCloseTo(Math.log(3) / 4, 15);
    expect(byChance).toBe(1 / 2 + 1 / 4);
    // 2 × 2: n(ad − bc)²/(product of the margins) = 6·(1·3 − 1·1)²/(2·4·2·4).
    expect(test).toEqual({
      ...{ statistic: expect.closeTo(24 / 64, 14), degreesOfFreedom: 1, smallestExpected: expect.closeTo(2 / 3, 15) },
      // erfc(√(0.375/2)), by mathjs.
      pValue: expect.closeTo(0.5402913746074, 12),
    });
    expect(numbers).toBeNull();
  });

  it('gives the figures of a published table with a missing bin (hackingnote.com, "Weight of Evidence")', () => {
    const shares = [
      ['1', 0.15, 0.05],
      ['2', 0.15, 0.1],
      ['3', 0.2, 0.2],
      ['4', 0.2, 0.25],
      ['5', 0.2, 0.35],
      [null, 0.1, 0.05],
    ] as const;
    const { bins, informationValue } = one(
      table(shares.map(([level, left, stayed]) => [level, Math.round(100 * left), Math.round(100 * stayed)])),
    );
    expect(bins.map(({ bin, weightOfEvidence }) => [bin, weightOfEvidence!.toFixed(3)])).toEqual([
      ['1', '1.099'],
      ['2', '0.405'],
      ['3', '0.000'],
      ['4', '-0.223'],
      ['5', '-0.560'],
      [null, '0.693'],
    ]);
    expect(informationValue!.toFixed(3)).toBe('0.260');
  });

  it('treats a zero cell by the named rule (worked by hand)', () => {
    const data = table([
      ['a', 4, 0],
      ['b', 4, 8],
    ]);
    const half = one(data);
    expect(half.adjusted).toBe(true);
    expect(half.bins[0]!.shareOfStayers).toBe(0);
    expect(half.bins.map(({ weightOfEvidence }) => weightOfEvidence)).toEqual([
      expect.closeTo(Math.log(4.5 / 8 / (0.5 / 8)), 14),
      expect.closeTo(Math.log(4 / 8 / (8 / 8)), 14),
    ]);
    const everywhere = one(data, { zeroCells: 'half-everywhere' });
    expect(everywhere.bins.map(({ weightOfEvidence }) => weightOfEvidence)).toEqual([
      expect.closeTo(Math.log(4.5 / 9 / (0.5 / 9)), 14),
      expect.closeTo(Math.log(4.5 / 9 / (8.5 / 9)), 14),
    ]);
    const none = one(data, { zeroCells: 'none' });
    expect([none.informationValue, none.adjusted, none.bins[0]!.weightOfEvidence]).toEqual([null, false, null]);
  });

  it('cuts numbers at stored quantiles, with nulls in a bin of their own (worked by hand)', () => {
    const data = { left: [1, 0, 1, 0, 0, null], x: [1, 2, 3, 4, null, 100] };
    const { cuts, bins, type } = one(data, { bins: { quantile: [0.5] } });
    expect([type, cuts]).toEqual(['number', [2.5]]);
    expect(bins.map(({ bin, customers, leavers }) => [bin, customers, leavers])).toEqual([
      ['≤ 2.5', 2, 1],
      ['> 2.5', 2, 1],
      [null, 1, 0],
    ]);
    expect(churnProfile(data, { label, features: ['x'] })).toMatchObject({ customers: 5, leavers: 2, nulls: 1 });
  });

  it('merges learned cuts that part nothing, and keeps fixed ones', () => {
    const data = { left: [1, 0, 1, 0, 1, 0], x: [0, 0, 0, 0, 0, 7] };
    expect(one(data).cuts).toEqual([0]);
    expect(one({ ...data, x: [3, 3, 3, 3, 3, 3] }).bins.map(({ bin, customers }) => [bin, customers])).toEqual([
      ['all', 6],
    ]);
    const fixed = one(data, { features: [{ column: 'x', bins: { fixed: [1, 2] } }] });
    expect(
      fixed.bins.map(({ bin, customers, churnRate, contribution }) => [bin, customers, churnRate, contribution]),
    ).toEqual([
      ['≤ 1', 5, 0.6, expect.any(Number)],
      ['(1, 2]', 0, null, 0],
      ['> 2', 1, 0, expect.any(Number)],
    ]);
    expect(fixed.test!.degreesOfFreedom).toBe(1);
  });

  it('compares means and gives the point-biserial correlation of simple-statistics', () => {
    const random = seededRandom(3);
    const left = Array.from({ length: 200 }, () => (random.uniform() < 0.3 ? 1 : 0));
    const x = left.map((y) => 1e6 + y + normalDraw(random));
    const { numbers } = one({ left, x });
    expect(numbers!.correlation).toBeCloseTo(sampleCorrelation(left, x), 10);
    expect(numbers!.meanOfLeavers! - numbers!.meanOfStayers!).toBeGreaterThan(0.5);
    expect(one({ left, x: left.map(() => 0.1) }).numbers).toEqual({
      ...{ meanOfLeavers: 0.1, meanOfStayers: 0.1, correlation: null },
    });
    expect(one({ left: [1, 0], x: [3, null] }).numbers).toEqual({
      ...{ meanOfLeavers: 3, meanOfStayers: null, correlation: null },
    });
    expect(one({ left: [1, 0], x: [null, 2] }).numbers).toEqual({
      ...{ meanOfLeavers: null, meanOfStayers: 2, correlation: null },
    });
  });

  it('orders features by information value, equal ones by name, and not by the order of rows or features', () => {
    const random = seededRandom(5);
    const left = Array.from({ length: 120 }, () => (random.uniform() < 0.4 ? 1 : 0));
    const plan = left.map((y) => (random.uniform() < 0.3 + 0.4 * y ? 'gold' : 'basic'));
    const data = { left, z: plan, noise: left.map(() => random.below(9)), a: plan, void: left.map(() => null) };
    const options = { label, features: ['z', 'void', 'noise', 'a'], bins: { equalWidth: 3 } };
    const first = churnProfile(data, options);
    const names = (result: ChurnProfile) => result.features.map(({ column }) => column);
    expect(names(first).indexOf('z')).toBe(names(first).indexOf('a') + 1);
    expect(names(first).at(-1)).toBe('void');
    expect(first.features.at(-1)).toMatchObject({ informationValue: 0, byChance: 0, test: null, cuts: [] });
    const order = shuffled(120, random);
    const again = takeRows(data, order, Object.keys(data));
    expect(churnProfile(again, { ...options, features: options.features.toReversed() })).toEqual(first);
    expect(churnProfile(toArrow(again), options)).toEqual(first);
  });

  it.skipIf(!hasShared('telco-churn.csv'))('agrees with counting cell by cell on the telco customers', () => {
    const data = sharedColumns('telco-churn.csv', ['customerID']);
    const { features, customers, leavers } = churnProfile(data, {
      label: { column: 'Churn', churned: 'Yes' },
      features: ['gender', 'Contract', 'tenure', 'TotalCharges', { column: 'SeniorCitizen', type: 'category' }],
    });
    expect([customers, leavers]).toEqual([7043, 1869]);
    expect(features.map(({ column }) => column).slice(0, 2)).toEqual(['Contract', 'tenure']);
    const contract = data.Contract as string[];
    const churn = data.Churn as string[];
    let informationValue = 0;
    let statistic = 0;
    for (const level of new Set(contract)) {
      const count = (answer: string) => contract.filter((c, i) => c === level && churn[i] === answer).length;
      const [left, stayed] = [count('Yes'), count('No')];
      informationValue += (left / 1869 - stayed / 5174) * Math.log(left / 1869 / (stayed / 5174));
      for (const [observed, total] of [[left, 1869] as const, [stayed, 5174] as const]) {
        const expected = ((left + stayed) * total) / 7043;
        statistic += (observed - expected) ** 2 / expected;
      }
    }
    expect(features[0]!.informationValue).toBeCloseTo(informationValue, 13);
    expect(features[0]!.test!.statistic).toBeCloseTo(statistic, 9);
    expect(features.find(({ column }) => column === 'TotalCharges')!.bins.at(-1)).toMatchObject({
      bin: null,
      customers: 11,
    });
    expect(features.find(({ column }) => column === 'tenure')!.bins.length).toBe(10);
  });

  it('refuses what it cannot profile', () => {
    const data = { left: [1, 0], x: [1, 2] };
    const run = (options: Partial<ChurnProfileOptions>) => () => one(data, options);
    expect(run({ features: ['left'] })).toThrow(failure('label-as-feature', /"left"/));
    expect(run({ features: ['y'] })).toThrow(failure('unknown-column', /"y"/));
    expect(run({ features: ['x', 'x'] })).toThrow(failure('invalid-option', /"x" is given twice/));
    expect(run({ features: [] })).toThrow(failure('invalid-option', /no features/));
    expect(run({ features: [{ column: 'x', type: 'text' as 'number' }] })).toThrow(failure('invalid-option', /type/));
    expect(run({ zeroCells: 'half' as 'none' })).toThrow(failure('invalid-option', /zeroCells/));
    expect(run({ bins: { quantile: [2] } })).toThrow(failure('invalid-option', /bins/));
    expect(run({ label: { column: 'left', churned: 3 } })).toThrow(failure('one-class', /never 3/));
    expect(run({ features: [{ column: 'x', type: 'category', bins: 'mean' }] })).toThrow(
      failure('invalid-option', /bins/),
    );
    expect(() => one({ left: [1, 0], x: ['a', 'b'] }, { features: [{ column: 'x', bins: 'mean' }] })).toThrow(
      failure('wrong-type', /bins are for numbers/),
    );
    expect(run({ features: [{ column: '' }] })).toThrow(failure('invalid-option', /name its column/));
    expect(() => one({ left: [], x: [] })).toThrow(failure('empty-input', /no rows/));
  });
});
