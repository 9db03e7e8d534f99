import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { equalParts } from '../numerics/cut-rule.ts';
import { engine } from '../scoring/engine.ts';
import { gridCoverage, gridKind, rfmTiers } from '../segments/index.ts';
import { ntile } from './ntile.ts';
import { type RfmOptions, rfm } from './rfm.ts';
import { rfmKind } from './rfm-kind.ts';

interface Scores {
  readonly R: number[];
  readonly F: number[];
  readonly M: number[];
  readonly concat: number[];
  readonly sum: number[];
  readonly breaks: { R: number[]; F: number[]; M: number[] };
  readonly thresholds: { R: number[]; F: number[]; M: number[] };
  readonly levels: { R: number; F: number; M: number };
  readonly means: { R: number; F: number; M: number };
  readonly cell: string[];
}
interface Golden {
  readonly rfm: {
    readonly customers: { customerId: number; recencyDays: number; frequency: number; monetary: number }[];
    readonly scoring: { readonly [rule: string]: Scores };
    readonly segments: {
      readonly names: string[];
      readonly lower: { R: number[]; F: number[]; M: number[] };
      readonly upper: { R: number[]; F: number[]; M: number[] };
      readonly result: string[];
      readonly coverage: { cells: number; unmatched: number; exactlyOne: number; overlapping: number };
    };
    readonly weightedScore: { weights: { R: number; F: number; M: number }; result: number[] };
  };
}
const golden = fixture<Golden>('value-golden.json').rfm;
const { compile } = engine({ rfm: rfmKind, grid: gridKind });
const customers = {
  days: golden.customers.map((c) => c.recencyDays),
  orders: golden.customers.map((c) => c.frequency),
  spend: golden.customers.map((c) => c.monetary),
};
const names = ({ codes, levels }: CategoryColumn): (string | null)[] => Array.from(codes, (c) => levels[c] ?? null);

type Options = Omit<
  RfmOptions<'days', 'orders', 'spend', Record<never, never>>,
  'recency' | 'frequency' | 'monetary' | 'as'
>;
const fit = (options: Options) =>
  rfm({ recency: 'days', frequency: 'orders', monetary: 'spend', ...options }).fit(customers);
const scored = (options: Options) => compile(fit(options)).score(customers).columns;
const per = <T>(of: (m: 'R' | 'F' | 'M') => T) => ({ recency: of('R'), frequency: of('F'), monetary: of('M') });

function expectScores(options: Options, wanted: Scores) {
  const { recencyScore, frequencyScore, monetaryScore, rfmCode, rfmScore } = scored(options);
  expect([...recencyScore]).toEqual(wanted.R);
  expect([...frequencyScore]).toEqual(wanted.F);
  expect([...monetaryScore]).toEqual(wanted.M);
  expect(names(rfmCode)).toEqual(wanted.concat.map(String));
  rfmScore.forEach((score, i) => {
    expect(3 * score).toBeCloseTo(wanted.sum[i]!, 10);
  });
}

describe('rfm scoring rules of the golden file (S35)', () => {
  for (const scores of [5, 3]) {
    it(`quantileRightClosed${scores}: a value on a break goes down, and its breaks are stored`, () => {
      const wanted = golden.scoring[`quantileRightClosed${scores}`]!;
      expectScores({ scores, ties: 'down' }, wanted);
      const { measures } = fit({ scores, ties: 'down' });
      [wanted.breaks.R, wanted.breaks.F, wanted.breaks.M].forEach((breaks, m) => {
        breaks.forEach((cut, i) => {
          expect(measures[m]!.cuts[0]![i]).toBeCloseTo(cut, 10);
        });
      });
    });
    it(`quantileLeftClosed${scores}: a value on a break goes up`, () => {
      expectScores({ scores, ties: 'up' }, golden.scoring[`quantileLeftClosed${scores}`]!);
    });
    it(`quantileDropDuplicates${scores}: repeated breaks are merged and scores renumbered`, () => {
      const wanted = golden.scoring[`quantileDropDuplicates${scores}`]!;
      expectScores({ scores, ties: 'down', empty: 'merge' }, wanted);
      expect(fit({ scores, empty: 'merge' }).measures.map(({ cuts }) => cuts[0]!.length + 1)).toEqual(
        Object.values(wanted.levels),
      );
    });
    it(`quantilePlusOneLeftClosed${scores}: the rule of the R package rfm`, () => {
      const rule = per(() => ({ quantile: equalParts(scores), plus: 1 }));
      expectScores({ rule, ties: 'up' }, golden.scoring[`quantilePlusOneLeftClosed${scores}`]!);
    });
    it(`averageRank${scores}: tied ranks averaged`, () => {
      expectScores({ scores, rule: 'averageRank' }, golden.scoring[`averageRank${scores}`]!);
      expectScores({ scores, rule: 'averageRank', ties: 'up' }, golden.scoring[`averageRank${scores}`]!);
    });
    it(`equalWidth${scores}: intervals of one width`, () => {
      expectScores({ scores, rule: 'equalWidth', ties: 'up' }, golden.scoring[`equalWidth${scores}`]!);
    });
    it(`ntile${scores}: tiles of equal size, equal values in the order of customers`, () => {
      const wanted = golden.scoring[`ntile${scores}`]!;
      const key = golden.customers.map((c) => c.customerId);
      expect([...ntile(customers.days, { tiles: scores, descending: true, key })]).toEqual(wanted.R);
      expect([...ntile(customers.orders, { tiles: scores, key })]).toEqual(wanted.F);
      expect([...ntile(customers.spend, { tiles: scores, key })]).toEqual(wanted.M);
    });
  }
  it('customThresholds: fixed limits, a value equal to a limit has reached it', () => {
    const wanted = golden.scoring.customThresholds!;
    expectScores({ rule: per((m) => ({ fixed: wanted.thresholds[m] })), ties: 'up' }, wanted);
  });
  it('meanSplit: the better score when strictly better than the mean, recency strictly smaller', () => {
    const wanted = golden.scoring.meanSplit!;
    const model = fit({ rule: 'mean' });
    [wanted.means.R, wanted.means.F, wanted.means.M].forEach((mean, m) => {
      expect(model.measures[m]!.cuts[0]![0]).toBeCloseTo(mean, 10);
    });
    const codes = names(scored({ rule: 'mean' }).rfmCode).map((code) => [...code!].map((s) => Number(s) - 1).join(''));
    expect(codes).toEqual(wanted.cell);
    const equal = { days: [1, 2, 3], orders: [1, 2, 3], spend: [1, 2, 3] };
    const { columns } = compile(
      rfm({ recency: 'days', frequency: 'orders', monetary: 'spend', rule: 'mean' }).fit(equal),
    ).score(equal);
    expect(names(columns.rfmCode)).toEqual(['211', '111', '122']);
  });
  it('nestedNtile2: tiles of frequency within those of recency, of money within both', () => {
    const wanted = golden.scoring.nestedNtile2!;
    const key = golden.customers.map((c) => c.customerId);
    const r = ntile(customers.days, { tiles: 2, descending: true, key });
    const f = ntile(customers.orders, { tiles: 2, key, within: r });
    const m = ntile(customers.spend, { tiles: 2, key, within: r.map((tile, i) => 10 * tile + f[i]!) });
    expect([...r]).toEqual(wanted.R);
    expect([...f]).toEqual(wanted.F);
    expect([...m]).toEqual(wanted.M);
  });
  it('weightedScore: Σ w·score', () => {
    const { weights, result } = golden.weightedScore;
    const { rfmScore } = scored({ ties: 'down', weights: per((m) => weights[m]) });
    result.forEach((wanted, i) => {
      expect(rfmScore[i]).toBeCloseTo(wanted, 10);
    });
  });
  it('segments: the table of the R package, where the first match wins, with its gaps and overlaps counted', () => {
    const { lower, upper, names: keys, coverage, result } = golden.segments;
    const levels = ['1', '2', '3', '4', '5'];
    const cells = keys.map((key, s) => ({
      key,
      when: (['R', 'F', 'M'] as const).map((m) => levels.slice(lower[m][s]! - 1, upper[m][s]!)),
    }));
    const found = gridCoverage([levels, levels, levels], cells);
    expect(found.combinations).toBe(coverage.cells);
    expect(found.uncovered).toHaveLength(coverage.unmatched);
    expect(found.once).toBe(coverage.exactlyOne);
    expect(found.overlapping).toHaveLength(coverage.overlapping);
    const columns = ['recencyScore', 'frequencyScore', 'monetaryScore'] as const;
    expect(() => rfmTiers({ columns, cells })).toThrow(/no cell covers/);
    const tiers = rfmTiers({ columns, cells: [...cells, { key: 'Others', when: 'rest' }], overlaps: 'first' });
    const scores = scored({ ties: 'down' });
    expect(names(compile(tiers.fit(scores)).score(pick(scores)).columns.tier)).toEqual(result);
  });
});

function pick({ recencyScore, frequencyScore, monetaryScore }: ReturnType<typeof scored>) {
  return { recencyScore, frequencyScore, monetaryScore };
}
