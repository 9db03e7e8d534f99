import { describe, expect, it } from 'vitest';
import { exponentialDraw, gammaDraw } from '../../numerics/draw.ts';
import { seededRandom } from '../../numerics/random.ts';
import { lgamma } from '../../numerics/special.ts';
import { sum } from '../../numerics/sum.ts';
import { engine } from '../../scoring/engine.ts';
import type { BgNbdParameters } from '../bg-nbd/posterior.ts';
import { relative } from '../clv.test-support.ts';
import { bgCnbd } from './bg-cnbd.ts';
import { mbgCnbd } from './mbg-cnbd.ts';
import { bgCnbdKind } from './model.ts';

/** Customers of an MBG/CNBD-k with the sums of the logarithms of their purchase intervals. */
function drawn(k: number, rows: number, seed: number, { r, alpha, a, b }: BgNbdParameters) {
  const random = seededRandom(seed);
  const columns = { frequency: new Float64Array(rows), recency: new Float64Array(rows), T: new Float64Array(rows) };
  const logs = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    columns.T[i] = 30 + (i % 10);
    const lambda = gammaDraw(random, r, alpha);
    const g = gammaDraw(random, a, 1);
    const p = g / (g + gammaDraw(random, b, 1));
    for (let t = 0; random.uniform() >= p; ) {
      let wait = 0;
      for (let j = 0; j < k; j++) wait += exponentialDraw(random) / lambda;
      t += wait;
      if (t > columns.T[i]!) break;
      columns.frequency[i]!++;
      columns.recency[i] = t;
      logs[i]! += Math.log(wait);
    }
  }
  return { ...columns, logs };
}

describe('the choice of k', () => {
  const truth = { r: 1.2, alpha: 2, a: 0.6, b: 3 };
  it('k and the parameters are recovered from x, t_x and T, and more surely from all intervals', () => {
    for (const k of [1, 2, 4]) {
      const own = { ...truth, alpha: truth.alpha / k };
      const customers = drawn(k, 6000, 10 + k, own);
      for (const logIntervals of [undefined, 'logs']) {
        const model = mbgCnbd({
          ...{ unit: 'week', k: [1, 2, 3, 4, 5, 6] },
          ...(logIntervals === undefined ? {} : { logIntervals }),
        }).fit(customers);
        expect(model.k).toBe(k);
        for (const name of ['r', 'alpha', 'a', 'b'] as const)
          expect(Math.abs(model[name] - own[name])).toBeLessThan(3.5 * model.fit.standardErrors[name]!);
        expect(relative(sum(mbgCnbd.logLikelihood(model, customers)), model.fit.logLikelihood)).toBeLessThan(1e-11);
      }
      const gap = (logIntervals: { logIntervals?: string }): number => {
        const { tried } = mbgCnbd({ unit: 'week', k: [k, k + 1], ...logIntervals }).fit(customers).fit;
        return tried[0]!.logLikelihood - tried[1]!.logLikelihood;
      };
      expect(gap({ logIntervals: 'logs' })).toBeGreaterThan(gap({}));
    }
  });

  it('the likelihood of all intervals is the product of their Erlang densities', () => {
    // Two customers: intervals 2, 5 and 1, 1, 4, all to T: ln L(all) − ln L(k = 1) from the densities themselves.
    const customers = {
      frequency: [2, 3],
      recency: [7, 6],
      T: [9, 9],
      logs: [Math.log(10), Math.log(4)],
    };
    const k = 3;
    const { fit, ...model } = bgCnbd({ unit: 'week', k, logIntervals: 'logs' }).fit(customers);
    const x = [2, 3];
    const full = x.map((n, i) => (k - 1) * customers.logs[i]! - n * lgamma(k));
    const marginal = x.map((n, i) => (k - 1) * n * Math.log(customers.recency[i]!) + lgamma(n) - lgamma(k * n));
    expect(model.k).toBe(3);
    expect(fit.tried[0]!.logLikelihood - fit.logLikelihood).toBeCloseTo(sum(full) - sum(marginal), 10);
  });

  it('a chosen k counts as a parameter; the highest k tried is told', () => {
    const customers = drawn(4, 3000, 2, { ...truth, alpha: 0.5 });
    const [given, chosen] = [bgCnbd({ unit: 'week', k: 2 }), bgCnbd({ unit: 'week', k: [1, 2] })].map((e) =>
      e.fit(customers),
    );
    expect(chosen!.k).toBe(2);
    expect(chosen!.fit.aic - given!.fit.aic).toBeCloseTo(2, 8);
    expect(chosen!.fit.warnings.join()).toMatch(/k is 2, the highest tried/);
    expect(given!.fit.warnings).toEqual([]);
  });

  it('purchases at one instant leave k = 1 alone, and are refused where k = 1 is not asked for', () => {
    const customers = { frequency: [1, 3, 0, 2], recency: [0, 9, 0, 4], T: [9, 10, 9, 9] };
    const model = bgCnbd({ unit: 'week' }).fit(customers);
    expect(model.k).toBe(1);
    expect(model.fit.warnings.join()).toMatch(/row 0 has all its repeat purchases at time 0/);
    expect(() => bgCnbd({ unit: 'week', k: 2 }).fit(customers)).toThrow(/row 0: repeat purchases at time 0/);
  });

  it('bad options, bad log intervals and bad stored models are refused', () => {
    expect(() => bgCnbd({ unit: 'week', k: [] })).toThrow(/k: list at least one/);
    expect(() => bgCnbd({ unit: 'week', k: 1.5 })).toThrow(/k\[0\]/);
    expect(() => bgCnbd({ unit: 'week', k: 33 })).toThrow(/32/);
    expect(() => bgCnbd({ unit: 'week', logIntervals: '' })).toThrow(/logIntervals/);
    const customers = { frequency: [2], recency: [7], T: [9], logs: [Math.log(13)] };
    expect(() => bgCnbd({ unit: 'week', logIntervals: 'logs' }).fit(customers)).toThrow(/row 0: logs/);
    const model = JSON.parse(JSON.stringify(bgCnbd({ unit: 'week', k: 3 }).fit(customers)));
    const { parseModel } = engine({ bgCnbd: bgCnbdKind });
    expect(parseModel(model)).toEqual(model);
    expect(() => parseModel({ ...model, k: 0 })).toThrow(/\.k/);
    expect(() => parseModel({ ...model, k: 2.5 })).toThrow(/\.k/);
  });
});
