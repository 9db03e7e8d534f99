import { describe, expect, it } from 'vitest';
import { hasShared } from '../../fixtures/load.ts';
import { sum } from '../numerics/sum.ts';
import { engine } from '../scoring/engine.ts';
import { pipeline } from '../scoring/pipeline.ts';
import { pipelineKind } from '../scoring/pipeline-kind.ts';
import { bgNbd } from './bg-nbd/bg-nbd.ts';
import { bgNbdKind } from './bg-nbd/model.ts';
import { summaryOf } from './clv.test-support.ts';
import { gammaGamma } from './gamma-gamma.ts';
import { gammaGammaKind } from './gamma-gamma-model.ts';
import { spendValue, spendValueKind } from './spend-value.ts';

describe('spendValue', () => {
  const { compile, parseModel } = engine({
    spendValue: spendValueKind,
    bgNbd: bgNbdKind,
    gammaGamma: gammaGammaKind,
    pipeline: pipelineKind,
  });

  it('is transactions × spend × margin; a null in either is null', () => {
    const model = spendValue({ transactions: 'n', spend: 's', margin: 0.3, as: 'worth' }).fit({ n: [2], s: [10] });
    const { columns } = compile(model).score({ n: [2, Number.NaN, 1], s: [10, 1, Number.NaN] });
    expect(Array.from(columns.worth)).toEqual([2 * 10 * 0.3, Number.NaN, Number.NaN]);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
    const net = spendValue({ transactions: 'n', spend: 's', margin: 0.3, acquisitionCost: 7 }).fit({ n: [2], s: [10] });
    expect(Array.from(compile(net).score({ n: [2], s: [10] }).columns.lifetimeValue)).toEqual([2 * 10 * 0.3 - 7]);
    expect(parseModel(JSON.parse(JSON.stringify(net)))).toEqual(net);
  });

  it.skipIf(!hasShared('cdnow-summary.csv'))(
    'as a pipeline on CDNOW: 57,106, 71,077, 142,296 and 243,693.7 over 39, 52, 156 weeks and ever (portraits.md §5)',
    () => {
      const customers = summaryOf('cdnow-summary.csv');
      const rate = { discount: 0.15, per: 'year' } as const;
      const model = pipeline([
        bgNbd({
          unit: 'week',
          outputs: [
            { quantity: 'discountedResidualTransactions', periods: 39, rate, as: 'n39' },
            { quantity: 'discountedResidualTransactions', periods: 52, rate, as: 'n52' },
            { quantity: 'discountedResidualTransactions', periods: 156, rate, as: 'n156' },
            { quantity: 'discountedResidualTransactions', periods: 'infinite', rate },
          ],
        }),
        gammaGamma(),
        spendValue({ transactions: 'n39', margin: 1, as: 'v39' }),
        spendValue({ transactions: 'n52', margin: 1, as: 'v52' }),
        spendValue({ transactions: 'n156', margin: 1, as: 'v156' }),
        spendValue({ margin: 1 }),
      ]).fit(customers);
      const { columns } = compile(model).score(customers);
      expect(sum(columns.v39).toFixed(0)).toBe('57106');
      expect(sum(columns.v52).toFixed(0)).toBe('71077');
      expect(sum(columns.v156).toFixed(0)).toBe('142296');
      expect(sum(columns.lifetimeValue).toFixed(1)).toBe('243693.7');
      const meanOf = (values: Float64Array, keep: (x: number) => boolean): string => {
        const kept = values.filter((_, i) => keep(customers.frequency[i]!));
        return (sum(kept) / kept.length).toFixed(2);
      };
      const means = [columns.v39, columns.v52, columns.v156, columns.lifetimeValue].map((values) => [
        meanOf(values, () => true),
        meanOf(values, (x) => x === 0),
        meanOf(values, (x) => x > 0),
      ]);
      expect(means).toEqual([
        ['24.23', '7.53', '49.13'],
        ['30.16', '9.55', '60.90'],
        ['60.37', '20.77', '119.44'],
        ['103.39', '39.79', '198.26'],
      ]);
    },
  );

  it('options and stored models are checked', () => {
    expect(() => spendValue({ margin: Number.NaN })).toThrow(/margin/);
    expect(() => spendValue({ margin: 1, as: 'expectedSpend' })).toThrow(/three names/);
    const json = JSON.parse(
      JSON.stringify(spendValue({ margin: 1 }).fit({ discountedResidualTransactions: [1], expectedSpend: [2] })),
    );
    expect(() => parseModel({ ...json, margin: 'all' })).toThrow(/margin/);
    expect(() => parseModel({ ...json, outputs: [] })).toThrow(/one output/);
  });
});
