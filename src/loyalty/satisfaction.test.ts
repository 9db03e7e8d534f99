import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { customerSatisfaction, satisfactionFromCounts } from './customer-satisfaction.ts';
import { netPromoterScore, npsFromScores } from './net-promoter-score.ts';
import { satisfactionBehaviour } from './satisfaction-behaviour.ts';

interface Golden {
  readonly nps: {
    readonly cases: readonly {
      readonly promoters: number;
      readonly passives: number;
      readonly detractors: number;
      readonly n: number;
      readonly nps: number;
      readonly wald95: readonly number[];
      readonly adjustedWald95: readonly number[];
      readonly trinomialMeanT95: readonly number[];
      readonly se: number;
    }[];
    readonly fromScores: {
      readonly scores: readonly number[];
      readonly promoters: number;
      readonly passives: number;
      readonly detractors: number;
      readonly nps: number;
    };
  };
  readonly csat: {
    readonly counts: { readonly [answer: string]: number };
    readonly topTwoBox: number;
    readonly wilson95: readonly number[];
    readonly mean: number;
  };
}
const golden = fixture<Golden>('value-golden.json');
const close = (found: readonly number[] | null, wanted: readonly number[]): void => {
  wanted.forEach((limit, i) => {
    expect(found![i]).toBeCloseTo(limit, 10);
  });
};

describe('netPromoterScore (S70)', () => {
  it('gives the golden scores and all three intervals to 1e-10 (S70)', () => {
    for (const one of golden.nps.cases) {
      const found = netPromoterScore(one);
      expect(found.n).toBe(one.n);
      expect(found.nps).toBeCloseTo(one.nps, 10);
      expect(found.standardError).toBeCloseTo(one.se, 10);
      close(found.wald, one.wald95);
      close(found.adjustedWald, one.adjustedWald95);
      // Relative: the t quantile of the golden file is 2.5e-11 off for 9 degrees of freedom (mpmath, 30 digits).
      one.trinomialMeanT95.forEach((limit, i) => {
        expect(Math.abs(found.trinomialT![i]! / limit - 1)).toBeLessThan(1e-10);
      });
    }
  });

  it('gives the golden score of a column of answers, both sides of 6|7 and 8|9 (S70)', () => {
    const { scores, promoters, passives, detractors, nps } = golden.nps.fromScores;
    expect(npsFromScores(scores)).toMatchObject({ promoters, passives, detractors, nulls: 0 });
    expect(npsFromScores(scores).nps).toBeCloseTo(nps, 10);
    expect(npsFromScores([6, 7, 8, 9, null])).toMatchObject({ promoters: 1, passives: 2, detractors: 1, nulls: 1 });
  });

  it('has t limits of (−1, 0, 1) answers with the quantile that mpmath gives, 2.262157162798205 for 9', () => {
    // Five promoters, five detractors: sample variance 10/9, so that the limits are ±100·t·√(1/9).
    const { trinomialT } = netPromoterScore({ promoters: 5, passives: 0, detractors: 5 });
    expect(trinomialT![1]).toBeCloseTo((100 * 2.262157162798205) / 3, 11);
  });

  it('has no t interval of one answer, and takes another level (90 %: z = 1.6448536269514722)', () => {
    expect(netPromoterScore({ promoters: 1, passives: 0, detractors: 0 }).trinomialT).toBeNull();
    const { wald, nps, standardError } = netPromoterScore({ promoters: 7, passives: 2, detractors: 1 }, { level: 0.9 });
    close(wald, [nps - 1.6448536269514722 * standardError, nps + 1.6448536269514722 * standardError]);
  });

  it('refuses answers off the scale, counts that are none, and no answer at all', () => {
    for (const odd of [-1, 11, 9.5]) expect(() => npsFromScores([5, odd])).toThrow(`scores, row 1: ${odd}`);
    expect(() => netPromoterScore({ promoters: -1, passives: 0, detractors: 2 })).toThrow('invalid promoters: -1');
    expect(() => npsFromScores([null])).toThrow(expect.objectContaining({ code: 'empty-input' }));
    expect(() => netPromoterScore({ promoters: 1, passives: 1, detractors: 1 }, { level: 95 })).toThrow(
      'invalid level',
    );
  });
});

describe('customerSatisfaction (S70)', () => {
  const counts = [1, 2, 3, 4, 5].map((answer) => golden.csat.counts[answer]!);

  it('gives the golden top-two-box share, Wilson interval and mean to 1e-10 (S70)', () => {
    const answers = counts.flatMap((count, i) => Array.from({ length: count }, () => i + 1));
    for (const found of [satisfactionFromCounts(counts), customerSatisfaction([...answers, null])]) {
      expect(found.rate).toBeCloseTo(golden.csat.topTwoBox, 10);
      expect(found.mean).toBeCloseTo(golden.csat.mean, 10);
      close(found.interval, golden.csat.wilson95);
      expect(found.counts).toEqual(counts);
    }
    expect(customerSatisfaction([...answers, null]).nulls).toBe(1);
  });

  it('takes another scale and another number of boxes, and has no share of no answers', () => {
    expect(customerSatisfaction([1, 6, 7, 7], { scale: 7, top: 1 })).toMatchObject({ successes: 2, n: 4, rate: 0.5 });
    expect(customerSatisfaction([])).toMatchObject({ rate: null, interval: null, mean: null });
    expect(() => customerSatisfaction([6])).toThrow('row 0: 6 is not a whole number from 1 to 5');
    expect(() => customerSatisfaction([1], { top: 5 })).toThrow('invalid top: 5');
    expect(() => satisfactionFromCounts([1, 2, -1])).toThrow('invalid count of 3: -1');
  });
});

describe('satisfactionBehaviour (S64)', () => {
  // Asked in period 1, seen in period 3; the panel ends in period 3.
  const panel = {
    customer: ['a', 'a', 'b', 'b', 'c', 'd', 'd', 'e', 'e', 'f', 'g', 'g', 'h', 'i', 'i'],
    period: [1, 3, 1, 3, 1, 1, 3, 1, 3, 2, 1, 3, 1, 1, 3],
    satisfaction: [5, null, 5, null, 4, 2, 1, 2, null, 5, 4, null, 1, 4, null],
    spend: [10, 11.000001, 10, 11, 10, 10, 0, 10, 10, 10, 10, null, 0, 10, 20],
  };
  const options = { levels: [1, 2, 3, 4, 5], satisfiedFrom: 4, lag: 2, growth: 0.1 };

  it('sets answers against what was done a lag later, both sides of growth (S64, by hand)', () => {
    const found = satisfactionBehaviour(panel, options);
    // a grew by more than a tenth, b by exactly that; c has no row: left; d spends 0: left; e kept; i grew.
    expect(found.counts).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [0, 0, 0],
      [1, 0, 1],
      [0, 1, 1],
    ]);
    expect(found.rates[3]).toEqual([0.5, 0, 0.5]);
    expect(found.rates[0]).toEqual([null, null, null]);
    // f and d's later answer lie too late, g's later spend is null, h spent nothing when asked, and so did d later.
    expect(found).toMatchObject({ answers: 6, censored: 1, inactive: 2, nulls: 1, lag: 2 });
    // Satisfied 3 stayed, 1 left; others 1 and 1: (3·1)/(1·1).
    expect(found.stay!.oddsRatio).toBe(3);
    const half = 1.959963984540054 * Math.sqrt(1 / 3 + 3);
    expect(found.stay!.interval[1]).toBeCloseTo(3 * Math.exp(half), 10);
    // Pairs: rows (2 left, 2 kept | 4 left, 4 grown | 5 kept, 5 grown): 7 concordant, 2 discordant of 12 untied in rows
    // and 12 untied in columns.
    expect(found.kendallTauB).toBeCloseTo(5 / 12, 14);
    // Mid-ranks 1.5, 3.5, 5.5 in both: Σ products of deviations = 2·(2·0 + …) = 8, spreads 16.
    expect(found.spearman).toBeCloseTo(8 / 16, 14);
  });

  it('depends on its lag: one period later nobody has a row, and f is no longer too late', () => {
    const { counts, stay, spearman, kendallTauB } = satisfactionBehaviour(panel, { ...options, lag: 1 });
    expect(counts.map(([left]) => left)).toEqual([0, 2, 0, 3, 3]);
    expect([stay, spearman, kendallTauB]).toEqual([null, null, null]);
  });

  it('refuses unknown answers, rows twice and options amiss', () => {
    const row = { customer: ['a'], period: [1], satisfaction: ['fine'], spend: [1] };
    expect(() => satisfactionBehaviour(row, options)).toThrow('unknown level "fine"');
    const twice = { customer: ['a', 'a'], period: [1, 1], satisfaction: [1, 1], spend: [1, 1] };
    expect(() => satisfactionBehaviour(twice, options)).toThrow('two rows in period 1');
    expect(() => satisfactionBehaviour({ ...row, period: [0.5] }, options)).toThrow('0.5 is not a whole number');
    expect(() => satisfactionBehaviour({ ...row, spend: [] }, options)).toThrow('rows');
    for (const odd of [{ lag: 0 }, { growth: -1 }, { levels: [1] }, { satisfiedFrom: 1 }, { level: 1 }])
      expect(() => satisfactionBehaviour(panel, { ...options, ...odd })).toThrow(
        expect.objectContaining({ code: 'invalid-option' }),
      );
  });
});
