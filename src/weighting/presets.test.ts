import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { derive } from '../job/derive.ts';
import { compile, parseModel } from '../scoring/all-kinds.ts';
import { pipeline } from '../scoring/pipeline.ts';
import { pyramid } from '../segments/pyramid.ts';
import { valueMatrix } from '../segments/value-matrix.ts';
import { compositeIndex, type Indicator } from './composite-index.ts';
import { hierarchy, leafOf } from './hierarchy.ts';
import { CLOSENESS_AND_RESISTANCE, CUSTOMER_VALUE, FOUR_VALUES, LOYALTY_CUT, LOYALTY_INDICATORS } from './presets.ts';

const { seedCompositeWeights: seed } = fixture<{
  seedCompositeWeights: { printed: number[]; fromRecoveredMatricesFullPrecision: number[] };
}>('value-golden.json');
const near = (found: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-12): void => {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i]).toBeNaN();
    else expect(Math.abs(found[i]! - value), `[${i}] ${found[i]} ≠ ${value}`).toBeLessThan(tolerance);
  });
};
const tree = hierarchy(CUSTOMER_VALUE, { method: 'geometric-mean' });
const names = tree.leaves.map(({ name }) => name);

describe('presets', () => {
  it('S26: the twelve leaves of CUSTOMER_VALUE weigh what the seed prints, and golden fromRecoveredMatrices to 1e-15', () => {
    const weights = tree.leaves.map(({ weight }) => weight);
    expect(weights.map((w) => Number(w.toFixed(4)))).toEqual(seed.printed);
    near(weights, seed.fromRecoveredMatricesFullPrecision, 1e-15);
  });

  it('S7: current and potential value come from the indirect indicators, and make up the index 2 : 1', () => {
    const indicators = tree.leaves.map(
      (leaf): Indicator => ({ column: leaf.name, weight: leaf, group: leaf.path[0]! }),
    );
    const customers = Object.fromEntries(names.map((name, i) => [name, [100, i < 7 ? 80 : 20, 10 * i]]));
    const { columns } = compile(compositeIndex({ indicators, as: 'customerValue' }).fit(customers)).score(customers);
    near(columns.currentValue!, [
      100,
      80,
      (3 / 2) * seed.fromRecoveredMatricesFullPrecision.slice(0, 7).reduce((s, w, i) => s + w * 10 * i, 0),
    ]);
    near([...columns.potentialValue!].slice(0, 2), [100, 20]);
    for (let row = 0; row < 3; row++)
      near([columns.customerValue![row]!], [(2 * columns.currentValue![row]! + columns.potentialValue![row]!) / 3]);
  });

  it('S11: weights, standardisation and mean cuts are fitted once and stored; a later batch is classified by the same ones', () => {
    const column = (name: string) => leafOf(tree, ...tree.leaves.find((leaf) => leaf.name === name)!.path);
    const steps = pipeline([
      compositeIndex({
        indicators: [
          { column: 'totalProfit1', weight: column('totalProfit1'), standardise: 'z-sample', group: 'currentValue' },
          { column: 'loyalty1', weight: column('loyalty1'), standardise: 'z-sample', group: 'potentialValue' },
        ],
        renormalise: true,
        as: 'customerValue',
      }),
      valueMatrix({ cut: 'mean' }),
    ]);
    const model = steps.fit({ totalProfit1: [1, 2, 3, 6], loyalty1: [9, 1, 1, 1] });
    const plan = compile(parseModel(JSON.parse(JSON.stringify(model))) as typeof model);
    const segments = (batch: { totalProfit1: number[]; loyalty1: number[] }): (string | undefined)[] => {
      const { codes, levels } = plan.score(batch).columns.segment;
      return [...codes].map((code) => levels[code]);
    };
    // means 3 and 3: strictly greater is high
    expect(segments({ totalProfit1: [1, 2, 3, 6], loyalty1: [9, 1, 1, 1] })).toEqual(['LH', 'LL', 'LL', 'HL']);
    expect(segments({ totalProfit1: [100, 3.01], loyalty1: [100, 2.99] })).toEqual(['HH', 'HL']);
    expect(segments({ totalProfit1: [], loyalty1: [] })).toEqual([]);
  });

  it('S14: the four-value tree is an index of profit, potential, image and stability value, a quarter each', () => {
    const { leaves } = hierarchy(FOUR_VALUES);
    const indicators = leaves.map((leaf): Indicator => ({ column: leaf.name, weight: leaf }));
    const batch = { profitValue: [80], potentialValue: [60], imageValue: [40], stabilityValue: [100] };
    near(compile(compositeIndex({ indicators }).fit(batch)).score(batch).columns.score!, [70]);
  });

  it('S65: satisfaction, complaint rate and renewal rate make a loyalty score, cut into three; a rate without a base is null', () => {
    const counts = {
      complaints: Float64Array.of(0, 5, 30, 0),
      orders: Float64Array.of(40, 100, 100, 0),
      renewed: Float64Array.of(4, 3, 0, 1),
      due: Float64Array.of(4, 4, 5, 1),
    };
    const ratio = (part: string, base: string) => derive(counts, { ratio: [part, base] });
    const batch = {
      satisfaction: [10, 5.5, 1, 8],
      complaintRate: ratio('complaints', 'orders'),
      renewalRate: ratio('renewed', 'due'),
    };
    const estimator = pipeline([
      compositeIndex({ indicators: LOYALTY_INDICATORS, as: 'loyaltyScore' }),
      pyramid({ column: 'loyaltyScore', cut: LOYALTY_CUT, as: 'loyaltyGrade' }),
    ]);
    const { columns } = compile(estimator.fit(batch)).score(batch);
    // second: 0.3·50 + 0.3·50 + 0.4·75; third: 0 + 0 + 0
    near(columns.loyaltyScore, [100, 60, 0, Number.NaN]);
    const { codes, levels } = columns.loyaltyGrade;
    // 60 is not above 60
    expect([...codes].map((code) => levels[code])).toEqual(['high', 'low', 'low', undefined]);
    const above = compile(estimator.fit(batch)).score({
      satisfaction: [5.6],
      complaintRate: [0.05],
      renewalRate: [0.75],
    });
    expect(levels[above.columns.loyaltyGrade.codes[0]!]).toBe('middle');
  });

  it('S66: closeness and resistance are scored beside their sum, by hand (0.2·40 + 0.15·50 + 0.15·100)/0.5 and (0.25·80 + 0.25·30)/0.5', () => {
    const batch = {
      productsHeld: [2],
      ordersPerYear: [6],
      tenureMonths: [72],
      keptAfterOffers: [0.8],
      shareOfWallet: [0.3],
    };
    const { columns } = compile(compositeIndex({ indicators: CLOSENESS_AND_RESISTANCE, as: 'bond' }).fit(batch)).score(
      batch,
    );
    near(columns.closeness, [61]);
    near(columns.resistance, [55]);
    near(columns.bond, [58]);
  });
});
