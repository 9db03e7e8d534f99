import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../fixtures/load.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { rfm, rfmKind } from '../rfm/index.ts';
import { engine } from '../scoring/engine.ts';
import { pipeline } from '../scoring/pipeline.ts';
import { pipelineKind } from '../scoring/pipeline-kind.ts';
import { grid } from './grid.ts';
import { gridKind } from './grid-kind.ts';
import { depositTiers, pyramid, spendTiers } from './pyramid.ts';
import { rfmTiers } from './rfm-tiers.ts';
import { BUDGETS, EIGHT_CLASSES, RFM_SEGMENTS, VALUE_MATRIX } from './strategies.ts';
import { threeDimensional } from './three-dimensional.ts';
import { valueMatrix } from './value-matrix.ts';

const { compile } = engine({ grid: gridKind });
const names = ({ codes, levels }: CategoryColumn): (string | null)[] => Array.from(codes, (c) => levels[c] ?? null);

interface Golden {
  segmentation8: {
    classes: {
      class: number;
      nameZh: string;
      nameEn: string;
      currentValue: string;
      potentialValue: string;
      loyalty: string;
    }[];
    example: {
      customers: Record<'currentValue' | 'potentialValue' | 'loyalty', number>[];
      means: number[];
      classes: number[];
    };
  };
  valueMatrix2x2: {
    customers: { id: number; currentValue: number; potentialValue: number }[];
    means: { currentValue: number; potentialValue: number };
    levels: string[];
    groups: { [group: string]: number[] };
  };
  concentration: { values: number[]; abc: { classes: string[] } };
  smallFormulas: { depositTiers: { cases: { balance: number; tier: string }[] } };
}
const golden = fixture<Golden>('value-golden.json');

describe('threeDimensional', () => {
  const { classes, example } = golden.segmentation8;
  const customers = {
    currentValue: example.customers.map((c) => c.currentValue),
    potentialValue: example.customers.map((c) => c.potentialValue),
    loyalty: example.customers.map((c) => c.loyalty),
  };

  it('gives the golden classes of nine customers by the means of three columns (S29, S31)', () => {
    const model = threeDimensional().fit(customers);
    model.axes.forEach((axis, a) => {
      expect(axis.cuts[0]).toBeCloseTo(example.means[a]!, 10);
    });
    const { segment } = compile(model).score(customers).columns;
    expect(Array.from(segment.codes, (code) => code + 1)).toEqual(example.classes);
    // One customer of nine, 11.1 %, is below an eighth.
    expect(model.fit.warnings).toHaveLength(1);
    expect(model.fit.warnings[0]).toMatch(/"least-valuable" is usually large/);
  });
  it('names the eight golden cells in both languages, each once (S31)', () => {
    const model = threeDimensional().fit(customers);
    classes.forEach((cell, i) => {
      const levels = [cell.currentValue, cell.potentialValue, cell.loyalty];
      const index = levels.reduce((n, level) => 2 * n + (level === 'high' ? 1 : 0), 0);
      expect(model.cells[index]).toBe(i);
      expect(model.segments[i]!.names).toEqual({ en: cell.nameEn, zh: cell.nameZh });
    });
    expect(model.segments.map(({ key }) => key)).toEqual(
      'platinum gold loyal potential churn-prone short-term least-valuable developable'.split(' '),
    );
  });
  it('leaves whoever has a null in a dimension unclassified (S31)', () => {
    const plan = compile(threeDimensional().fit(customers));
    const { columns, report } = plan.score({
      currentValue: [900, null],
      potentialValue: [400, 400],
      loyalty: [null, 0.9],
    });
    expect(names(columns.segment)).toEqual([null, null]);
    expect(report.nulls.segment).toEqual({ missing: 2 });
  });
  it('takes one rule for all axes or one per axis, other columns and another output name', () => {
    const model = threeDimensional({
      current: 'bill',
      cut: { current: { fixed: 50 }, potential: 'median', loyalty: { quantile: 0.8 } },
      as: 'class',
    }).fit({ bill: [50, 60], potentialValue: [1, 2], loyalty: [0, 1] });
    expect(model.axes.map((axis) => axis.cuts[0])).toEqual([50, 1.5, 0.8]);
    const { columns } = compile(model).score({ bill: [50, 51], potentialValue: [2, 2], loyalty: [1, 1] });
    expect(names(columns.class)).toEqual(['potential', 'platinum']);
  });
  it('flags new customers beside the class, strictly below the limit, without touching the class', () => {
    const model = threeDimensional({ newBelow: { column: 'tenure', below: 3 } }).fit({
      ...customers,
      tenure: Array(9).fill(1),
    });
    const scored = compile(model).score({ ...customers, tenure: [2, 3, null, 0, 9, 9, 9, 9, 9] }).columns;
    expect(names(scored.isNew).slice(0, 4)).toEqual(['yes', 'no', null, 'yes']);
    expect(Array.from(scored.segment.codes, (code) => code + 1)).toEqual(example.classes);
    const told = compile(model).explain({ ...customers, tenure: Array(9).fill(1) }, 'isNew');
    expect([told.terms[0]!.name, told.contributions[0]![0]]).toEqual(['tenure', -2]);
  });
  it.skipIf(!hasShared('telco-churn.csv'))(
    'cuts the bill of the telco stayers at 61.265124 (portraits, section 3)',
    () => {
      const telco = sharedColumns('telco-churn.csv');
      const stays = (telco.Churn as string[]).map((churn) => churn === 'No');
      const bill = Array.from(telco.MonthlyCharges as Float64Array).filter((_, i) => stays[i]);
      expect(bill).toHaveLength(5174);
      const model = threeDimensional().fit({ currentValue: bill, potentialValue: bill, loyalty: bill });
      expect(model.axes[0]!.cuts[0]).toBeCloseTo(61.265124, 6);
    },
  );
  it('warns of a large churn-prone and a small least-valuable class (S33)', () => {
    const model = threeDimensional({ cut: { fixed: 0 } }).fit({
      currentValue: [1, 1, 1, -1],
      potentialValue: [1, 1, 1, 1],
      loyalty: [-1, -1, 1, 1],
    });
    expect(model.fit.warnings.filter((text) => text.startsWith('segment'))).toEqual([
      'segment "churn-prone" is usually small; here it holds 50.0 % of the customers (an equal share is 12.5 %)',
      'segment "least-valuable" is usually large; here it holds 0.0 % of the customers (an equal share is 12.5 %)',
    ]);
  });
  it('lets parts of a strategy be replaced, and refuses an unknown class (S32)', () => {
    const model = threeDimensional({ strategies: { gold: { budget: 'moderate' } } }).fit(customers);
    expect(model.segments[1]!.strategy).toMatchObject({ budget: 'moderate', priority: 3 });
    expect(EIGHT_CLASSES[1]!.strategy.budget).toBe('high');
    expect(() => threeDimensional({ strategies: { silver: {} } as never })).toThrow(/unknown segment "silver"/);
  });
});

describe('strategies', () => {
  it('rank every segment of a set once, with a known budget and both languages (S32)', () => {
    for (const set of [EIGHT_CLASSES, VALUE_MATRIX, RFM_SEGMENTS]) {
      expect(set.map((s) => s.strategy.priority).sort((a, b) => a - b)).toEqual(set.map((_, i) => i + 1));
      for (const { strategy, names: own } of set) {
        expect(BUDGETS).toContain(strategy.budget);
        expect([own.en, strategy.text.en].every((text) => /^[ -~]+$/.test(text))).toBe(true);
        expect([own.zh, strategy.text.zh].every((text) => /[一-鿿]/.test(text))).toBe(true);
      }
    }
  });
});

describe('valueMatrix', () => {
  const { customers, means, levels, groups } = golden.valueMatrix2x2;
  const data = {
    currentValue: customers.map((c) => c.currentValue),
    potentialValue: customers.map((c) => c.potentialValue),
  };
  it('gives the golden cells of seven customers (S28, S29)', () => {
    const model = valueMatrix().fit(data);
    expect(model.axes[0]!.cuts[0]).toBeCloseTo(means.currentValue, 10);
    expect(model.axes[1]!.cuts[0]).toBeCloseTo(means.potentialValue, 10);
    expect(names(compile(model).score(data).columns.segment)).toEqual(levels);
  });
  it('gives the three groups {1, 5, 7}, {2, 4, 6}, {3} as a grid with merged cells (S30)', () => {
    const model = grid({
      axes: [
        { column: 'currentValue', cut: 'mean' },
        { column: 'potentialValue', cut: 'mean' },
      ],
      cells: [
        { key: 'highValue', when: ['high', 'high'] },
        { key: 'lowValue', when: ['low', 'low'] },
        { key: 'middle', when: 'rest' },
      ],
    }).fit(data);
    const found = names(compile(model).score(data).columns.segment);
    for (const [group, ids] of Object.entries(groups))
      expect(customers.filter((_, i) => found[i] === group).map((c) => c.id)).toEqual(ids);
  });
});

describe('pyramid', () => {
  it('gives the golden ABC classes by share of value, the crossing customer in the better one (S27, S57)', () => {
    const { values, abc } = golden.concentration;
    const tiers = [{ key: 'C' }, { key: 'B' }, { key: 'A' }];
    const model = pyramid({ column: 'spend', cut: { shareOfValue: [0.8, 0.95] }, tiers }).fit({ spend: values });
    expect(names(compile(model).score({ spend: values }).columns.tier)).toEqual(abc.classes);
  });
  it('keeps customers of equal value in one tier (S27)', () => {
    const currentValue = [9, 8, 8, 8, 5, 5, 4, 3, 2, 1];
    const tier = names(compile(pyramid().fit({ currentValue })).score({ currentValue }).columns.tier);
    expect(tier).toEqual(['high', 'high', 'high', 'high', 'middle', 'middle', 'low', 'low', 'low', 'low']);
  });
});

describe('depositTiers', () => {
  it('gives the golden grades at and beside each limit (S37)', () => {
    const { cases } = golden.smallFormulas.depositTiers;
    const key: { [tier: string]: string } = { 'quality (优质)': 'quality', 'key (重点维护)': 'key', VIP: 'vip' };
    const balance = cases.map((c) => c.balance);
    const score = (closed: 'left' | 'right') =>
      names(compile(depositTiers({ closed }).fit({ balance })).score({ balance }).columns.tier);
    expect(score('left')).toEqual(cases.map((c) => key[c.tier] ?? c.tier));
    expect(score('right')).toEqual(['below', 'below', 'quality', 'key']);
  });
});

describe('spendTiers', () => {
  it('grades by monthly spend, and new wins over any spend, even an unknown one (S38)', () => {
    const model = spendTiers({ spend: 'spend', newBelow: { column: 'months', below: 12 } }).fit({
      spend: [1],
      months: [1],
    });
    const batch = {
      spend: [1000, 999, 500, 499, 300, 299, 5000, null, null],
      months: [12, 12, 99, 99, 99, 99, 11, 3, 40],
    };
    expect(names(compile(model).score(batch).columns.tier)).toEqual([
      'diamond',
      'gold',
      'gold',
      'silver',
      'silver',
      'ordinary',
      'new',
      'new',
      null,
    ]);
  });
});

describe('rfmTiers', () => {
  it('covers the 25 combinations of recency and frequency once each (S35)', () => {
    const model = rfmTiers().fit({ recencyScore: [1], frequencyScore: [1] });
    expect(model.cells).toHaveLength(25);
    const plan = compile(model);
    const at = (r: number, f: number) => names(plan.score({ recencyScore: [r], frequencyScore: [f] }).columns.tier)[0];
    expect([at(5, 5), at(5, 1), at(4, 1), at(3, 3), at(1, 5), at(2, 4), at(2, 2)]).toEqual(
      'champions new-customers promising need-attention cant-lose at-risk hibernating'.split(' '),
    );
  });
  it('names what an rfm step before it scores (S35)', () => {
    const customers = { daysSinceLast: [1, 50, 90, 200, 300], orders: [9, 1, 4, 6, 2], total: [90, 5, 40, 70, 10] };
    const { compile: both } = engine({ pipeline: pipelineKind, rfm: rfmKind, grid: gridKind });
    const { columns } = both(pipeline([rfm(), rfmTiers()]).fit(customers)).score(customers);
    expect(names(columns.rfmCode)).toEqual(['555', '411', '333', '244', '122']);
    expect(names(columns.tier)).toEqual(['champions', 'promising', 'need-attention', 'at-risk', 'hibernating']);
  });
  it('needs cells for any other shape', () => {
    expect(() => rfmTiers({ scores: 3 })).toThrow(/cells/);
  });
});
