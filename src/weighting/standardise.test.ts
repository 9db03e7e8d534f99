import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { averageRanks, percentRanks } from './ranks.ts';
import { fitStandard, type StandardKind } from './standardise.ts';

const { normalisation: golden } = fixture<{
  normalisation: { [name: string]: number[] } & { constantColumn: { input: number[]; z: number[]; minMax: number[] } };
}>('value-golden.json');
const input = golden.input!;

function standardised(values: readonly number[], kind: StandardKind, cost = false): number[] {
  const { centre, spread } = fitStandard(values, kind, cost);
  return values.map((x) => (spread === 0 ? 0 : (x - centre) / spread));
}
function near(found: ArrayLike<number>, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-14);
  });
}

describe('fitStandard (S10)', () => {
  it.each([
    ['z-sample', 'zSample'],
    ['z-population', 'zPopulation'],
    ['min-max', 'minMaxBenefit'],
    ['sum', 'sum'],
    ['vector', 'vector'],
    ['max', 'max'],
    ['robust-z', 'robustZ'],
  ] as const)('%s equals golden normalisation.%s', (kind, key) => {
    near(standardised(input, kind), golden[key]!);
  });

  it('min–max of a cost equals golden normalisation.minMaxCost; other costs change sign', () => {
    near(standardised(input, 'min-max', true), golden.minMaxCost!);
    near(
      standardised(input, 'z-sample', true),
      golden.zSample!.map((z) => -z),
    );
    near(
      standardised(input, 'robust-z', true),
      golden.robustZ!.map((z) => -z),
    );
  });

  it('ranks equal golden normalisation.rankAverage and percentRank, nulls left out', () => {
    near(averageRanks(input), golden.rankAverage!);
    near(percentRanks(input), golden.percentRank!);
    expect([...averageRanks([2, Number.NaN, 1])]).toEqual([2, Number.NaN, 1]);
    expect([...percentRanks([5])]).toEqual([0]);
    expect([...percentRanks([])]).toEqual([]);
  });

  it('a constant column has spread 0 and maps to 0 (golden constantColumn), even one whose mean rounds', () => {
    const { constantColumn } = golden;
    near(standardised(constantColumn.input, 'z-sample'), constantColumn.z);
    near(standardised(constantColumn.input, 'min-max'), constantColumn.minMax);
    for (const kind of ['z-sample', 'z-population', 'min-max', 'robust-z'] as const) {
      expect(fitStandard([0.1, 0.1, 0.1], kind).spread).toBe(0);
      expect(fitStandard([7], kind).spread).toBe(0);
    }
    expect(fitStandard([0, 0], 'sum').spread).toBe(0);
    expect(Object.is(fitStandard([1, 1], 'z-sample', true).spread, 0)).toBe(true);
  });

  it('z-scores keep their precision far from 0 (7 values moved by 2³⁰ against the golden ones)', () => {
    near(
      standardised(
        input.map((x) => x + 2 ** 30),
        'z-sample',
      ),
      golden.zSample!,
    );
  });

  it('nulls take no part; nothing but nulls, negative sums and overflow are refused', () => {
    expect(fitStandard([Number.NaN, 3, 15], 'min-max')).toEqual({ kind: 'min-max', centre: 3, spread: 12 });
    expect(() => fitStandard([Number.NaN], 'max', false, 'spend')).toThrow(/"spend" holds nothing but nulls/);
    expect(() => fitStandard([1, -1], 'sum', false, 'spend')).toThrow(/"spend" has negative values/);
    expect(() => fitStandard([1e200, -1e200], 'z-sample', false, 'spend')).toThrow(/"spend" has values beyond/);
  });
});
