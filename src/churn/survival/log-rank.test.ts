import { describe, expect, it } from 'vitest';
import { coxRegression } from './cox-regression.ts';
import { type LogRankWeights, logRank } from './log-rank.ts';
import { columns, type Subject, simulated } from './survival.test-support.ts';

const event = { column: 'left', churned: 'yes' } as const;
const times = { duration: 'exit', entry: 'entry', event } as const;

/** U and its variance for two groups, the number of leavers of the first being hypergeometric: by enumeration. */
function bruteForce(
  subjects: readonly Subject[],
  first: (s: Subject) => boolean,
  weight: (n: number, product: number) => number,
): number {
  let u = 0;
  let variance = 0;
  for (const stratum of new Set(subjects.map((s) => s.stratum))) {
    let product = 1;
    const own = subjects.filter((s) => s.stratum === stratum);
    for (const t of [...new Set(own.filter((s) => s.left).map((s) => s.exit))].sort((a, b) => a - b)) {
      const at = own.filter((s) => s.entry < t && t <= s.exit);
      const dead = at.filter((s) => s.left && s.exit === t);
      const choose = (n: number, k: number): number => {
        let c = k > n ? 0 : 1;
        for (let i = 0; i < k && k <= n; i++) c *= (n - i) / (i + 1);
        return c;
      };
      const [n, n1, d] = [at.length, at.filter(first).length, dead.length];
      product *= 1 - d / (n + 1);
      let [mean, square] = [0, 0];
      for (let x = 0; x <= Math.min(d, n1); x++) {
        const p = (choose(n1, x) * choose(n - n1, d - x)) / choose(n, d);
        mean += p * x;
        square += p * x * x;
      }
      const w = weight(n, product);
      u += w * (dead.filter(first).length - mean);
      variance += w * w * (square - mean * mean);
    }
  }
  return (u * u) / variance;
}

describe('logRank', () => {
  it.each([
    ['log-rank', () => 1],
    ['gehan-breslow', (n: number) => n],
    ['tarone-ware', (n: number) => Math.sqrt(n)],
    ['peto', (_: number, product: number) => product],
  ] as readonly (readonly [LogRankWeights, (n: number, product: number) => number])[])(
    'with %s weights is the brute-force sum of hypergeometric differences, also within strata and with late entries',
    (weights, weight) => {
      for (const late of [false, true]) {
        const subjects = simulated(60, 21, { ties: true, late });
        const pooled = subjects.map((s) => ({ ...s, stratum: '' }));
        const data = columns(subjects);
        const first = (s: Subject): boolean => s.x[1] === 0;
        const alone = logRank(data, { ...times, group: 'b', weights });
        expect(alone.chiSquared).toBeCloseTo(bruteForce(pooled, first, weight), 10);
        expect(alone.degreesOfFreedom).toBe(1);
        const within = logRank(data, { ...times, group: 'b', weights, strata: 'stratum' });
        expect(within.chiSquared).toBeCloseTo(bruteForce(subjects, first, weight), 10);
      }
    },
  );

  it('without ties is the score test of a Cox regression on the groups (three of them)', () => {
    const subjects = simulated(90, 2, { late: true });
    const data = { ...columns(subjects), plan: subjects.map((_, i) => 'abc'[i % 3]!) };
    const cox = coxRegression({ ...times, period: 'month', features: ['plan'], strata: 'stratum' }).fit(data);
    const test = logRank(data, { ...times, group: 'plan', strata: 'stratum' });
    expect(test.chiSquared).toBeCloseTo(cox.fit.scoreTest!.chiSquared, 10);
    expect(test.pValue).toBeCloseTo(cox.fit.scoreTest!.pValue, 12);
    expect(test.degreesOfFreedom).toBe(2);
    const total = (of: 'observed' | 'expected'): number => test.groups.reduce((sum, group) => sum + group[of], 0);
    expect(total('observed')).toBeCloseTo(total('expected'), 10);
  });

  it('has the value of its example, 49/17, whatever the order of rows', () => {
    const data = { months: [3, 1, 4, 2], left: ['yes', 'yes', 'yes', 'yes'], plan: ['b', 'a', 'b', 'a'] };
    expect(logRank(data, { duration: 'months', event, group: 'plan' }).chiSquared).toBeCloseTo(49 / 17, 13);
  });

  it('says which groups have no event or no time at risk, and stops when no two can be compared', () => {
    const data = {
      months: [1, 2, 3, 4, 9, 0.5],
      left: ['yes', 'yes', 'yes', 'no', 'no', 'no'],
      plan: ['a', 'b', 'a', 'b', 'c', 'd'],
    };
    const options = { duration: 'months', event, group: 'plan' } as const;
    const test = logRank(data, options);
    // 1/5 + 1/4 + 1/3 = 0.783 events expected in group c.
    expect(test.degreesOfFreedom).toBe(2);
    expect(test.warnings.join('; ')).toMatch(
      /group "c" has no event; 0\.783 were expected; group "d" is at risk at no event time/,
    );
    expect(() => logRank({ ...data, plan: data.plan.map(() => 'a') }, options)).toThrow(/no two groups/);
    expect(() => logRank({ ...data, left: data.left.map(() => 'no') }, options)).toThrow(/never happens/);
    expect(() => logRank(data, { ...options, weights: 'wilcoxon' as 'peto' })).toThrow(/invalid weights: wilcoxon/);
    expect(() => logRank(data, { ...options, strata: 'plan' })).toThrow(/both the group and the stratum/);
  });
});
