import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { concordanceIndex } from './concordance.ts';
import { columns, simulated } from './survival.test-support.ts';

const event = { column: 'left', churned: 'yes' } as const;

describe('concordanceIndex', () => {
  it.each([false, true])('counts the pairs of a double loop, jackknife error included (late entries: %s)', (late) => {
    const subjects = simulated(70, 31, { ties: true, late });
    const random = seededRandom(3);
    const score = subjects.map(() => random.below(12));
    const n = subjects.length;
    const won = new Array<number>(n).fill(0);
    const met = new Array<number>(n).fill(0);
    let [good, pairs] = [0, 0];
    subjects.forEach((i, a) => {
      subjects.forEach((j, b) => {
        const stays = j.exit > i.exit || (j.exit === i.exit && !j.left);
        if (a === b || !i.left || i.stratum !== j.stratum || !(j.entry < i.exit && stays)) return;
        const points = score[a]! > score[b]! ? 1 : score[a] === score[b] ? 0.5 : 0;
        good += points;
        pairs++;
        for (const k of [a, b]) {
          won[k] = won[k]! + points;
          met[k] = met[k]! + 1;
        }
      });
    });
    const c = good / pairs;
    const error = Math.sqrt(won.reduce((sum, w, k) => sum + ((w - c * met[k]!) / pairs) ** 2, 0));
    const found = concordanceIndex(
      { ...columns(subjects), score },
      { duration: 'exit', entry: 'entry', event, score: 'score', strata: 'stratum' },
    );
    expect(found.pairs).toBe(pairs);
    expect(found.concordance).toBeCloseTo(c, 14);
    expect(found.standardError).toBeCloseTo(error, 14);
    expect(found.concordant + found.discordant + found.tiedScores).toBe(pairs);
  });

  it('is null without a comparable pair, and stops without a score', () => {
    const options = { duration: 'months', event, score: 'risk' } as const;
    const alone = concordanceIndex({ months: [1], left: ['yes'], risk: [1] }, options);
    expect([alone.concordance, alone.standardError, alone.pairs]).toEqual([null, null, 0]);
    expect(() =>
      concordanceIndex({ months: [1, 2], left: ['yes', 'no'], risk: [Number.NaN, Number.NaN] }, options),
    ).toThrow(/holds nothing but nulls/);
  });
});
