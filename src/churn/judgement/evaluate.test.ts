import { describe, expect, it } from 'vitest';
import { binaryMetrics, brier, logLoss, rocAuc, rocAucStandardError } from '../metrics.ts';
import { confusion } from './confusion.ts';
import { evaluate } from './evaluate.ts';
import { gainsTable } from './gains-table.ts';
import { hMeasure } from './h-measure.ts';
import { empc, mpc } from './maximum-profit.ts';
import { tiedSample } from './sample.test-support.ts';

describe('evaluate', () => {
  it('is made of the functions of single metrics', () => {
    const { y, score, weight } = tiedSample(300);
    const all = evaluate(y, score, { weight, cuts: [0.25, 0.5], groups: 5 });
    expect(all).toMatchObject(binaryMetrics(y, score, { weight }));
    expect(all.hMeasure).toBe(hMeasure(y, score, { weight }));
    expect(all.empc).toEqual(empc(y, score, { weight }));
    expect(all.mpc).toEqual(mpc(y, score, { weight, acceptance: 6 / 20 }));
    expect(all.gains).toEqual(gainsTable(y, score, { weight, groups: 5 }));
    expect(all.confusion).toEqual([0.25, 0.5].map((cut) => confusion(y, score, { cut, weight })));
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });

  it('decomposes the Brier score: the parts add up, and nothing varies within bins of one probability', () => {
    const y = [0, 1, 0, 0, 1, 1, 0, 1];
    const p = [0.15, 0.15, 0.15, 0.15, 0.65, 0.65, 0.65, 0.65];
    const { brierDecomposition: d } = evaluate(y, p);
    // By hand: rates 1/4 and 3/4 about the base rate 1/2, four rows each.
    expect(d.reliability).toBeCloseTo((0.1 ** 2 + 0.1 ** 2) / 2, 14);
    expect(d.resolution).toBeCloseTo(0.0625, 14);
    expect(d.uncertainty).toBe(0.25);
    expect(d.withinBins).toBeCloseTo(0, 14);
    const { y: z, score } = tiedSample(400);
    const { brierDecomposition: e, brier: total } = evaluate(z, score);
    expect(e.reliability - e.resolution + e.uncertainty + e.withinBins).toBeCloseTo(total, 14);
  });

  it('gives an infinite log loss as null with its reason, and 0 for certainty that is right', () => {
    const found = binaryMetrics([1, 0, 1, 0], [0, 0.2, 0.9, 0.4]);
    expect(found.logLoss).toBeNull();
    expect(found.nulls.logLoss).toMatch(/infinite/);
    expect(logLoss([1, 0], [1, 0])).toBe(0);
    expect(logLoss([1, 0], [1, 1])).toBeNull();
    expect(binaryMetrics([1, 0], [0.3, 0.3]).nulls).toEqual({
      rocAucStandardError: 'a class has fewer than two rows: its variance is unknown',
      rocAucInterval: 'a class has fewer than two rows: its variance is unknown',
      calibrationSlope: 'all probabilities are equal',
      calibrationIntercept: 'all probabilities are equal',
    });
  });

  it('counts rows without an outcome, a finite score or a weight as left out', () => {
    const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
    const found = evaluate([1, 0, none, 1, 0, 1, 0], [0.9, 0.1, 0.4, none, infinite, 0.3, 0.2], {
      weight: [1, 1, 1, 1, 1, 0, none],
    });
    expect(found).toMatchObject({ rows: 2, events: 1, leftOut: 5, rocAuc: 1 });
  });

  it('refuses bad options, weights and single classes', () => {
    expect(() => evaluate([1, 0], [0.5, 0.5], { level: 1 })).toThrow('invalid level: 1');
    expect(() => evaluate([1, 0], [0.5, 0.5], { groups: 0 })).toThrow('invalid groups: 0');
    expect(() => evaluate([1, 0], [0.5, 0.5], { bins: 1.5 })).toThrow('invalid bins');
    expect(() => evaluate([1, 0], [0.5, 0.5], { cuts: [Number.NaN] })).toThrow('invalid cut');
    expect(() => evaluate([1, 0], [0.5, 0.5], { weight: [1] })).toThrow('the weights have 1');
    expect(() => evaluate([1, 0], [0.5, 0.5], { weight: [1, -1] })).toThrow('weight, row 1: -1');
    expect(() => evaluate([1], [0.5])).toThrow('all 1 judged rows are events');
  });
});

describe('weights', () => {
  it('change nothing when they are equal', () => {
    const { y, score } = tiedSample(333);
    const plain = evaluate(y, score, { cuts: [0.4] });
    const same = evaluate(y, score, { cuts: [0.4], weight: y.map(() => 1) });
    const scaled = evaluate(y, score, { weight: y.map(() => 0.5) });
    expect(same).toEqual(plain);
    for (const metric of ['rocAuc', 'rocAucStandardError', 'ks', 'topDecileLift', 'brier', 'hMeasure', 'ece'] as const)
      expect(scaled[metric]).toBeCloseTo(plain[metric]!, 12);
    expect(scaled.empc.profit).toBeCloseTo(plain.empc.profit, 12);
  });

  it('that are whole give the metrics of rows written out as often', () => {
    const { y, score } = tiedSample(200);
    const weight = y.map((_, i) => 1 + (i % 3));
    const repeat = (x: readonly number[]): number[] =>
      x.flatMap((cell, i) => Array.from({ length: weight[i]! }, () => cell));
    const found = evaluate(y, score, { weight, cuts: [0.4] });
    const wanted = evaluate(repeat(y), repeat(score), { cuts: [0.4] });
    for (const metric of [
      'rocAuc',
      'averagePrecision',
      'ks',
      'brier',
      'logLoss',
      'ece',
      'calibrationSlope',
      'hMeasure',
      'baseRate',
      'meanProbability',
    ] as const)
      expect(found[metric]).toBeCloseTo(wanted[metric]!, 11);
    expect(found.confusion).toEqual(wanted.confusion);
    expect(found.empc.profit).toBeCloseTo(wanted.empc.profit, 12);
  });

  it('agree with brute force over all pairs, standard error included', () => {
    const { y, score, weight } = tiedSample(150);
    const rows = [0, 1].map((side) => y.flatMap((event, i) => (event === side ? [i] : []))) as [number[], number[]];
    const psi = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0);
    const total = rows.map((own) => own.reduce((all, i) => all + weight[i]!, 0)) as [number, number];
    const ofEvent = rows[1].map(
      (i) => rows[0].reduce((all, j) => all + weight[j]! * psi(score[i]!, score[j]!), 0) / total[0],
    );
    const ofOther = rows[0].map(
      (j) => rows[1].reduce((all, i) => all + weight[i]! * psi(score[i]!, score[j]!), 0) / total[1],
    );
    const auc = rows[1].reduce((all, i, k) => all + weight[i]! * ofEvent[k]!, 0) / total[1];
    const variance = (own: number[], v: number[], all: number): number =>
      ((own.length / (own.length - 1)) * own.reduce((t, i, k) => t + (weight[i]! * (v[k]! - auc)) ** 2, 0)) / all ** 2;
    expect(rocAuc(y, score, { weight })).toBeCloseTo(auc, 13);
    expect(rocAucStandardError(y, score, { weight })).toBeCloseTo(
      Math.sqrt(variance(rows[1], ofEvent, total[1]) + variance(rows[0], ofOther, total[0])),
      13,
    );
    const mass = weight.reduce((a, b) => a + b, 0);
    expect(brier(y, score, { weight })).toBeCloseTo(
      y.reduce((t, event, i) => t + weight[i]! * (event - score[i]!) ** 2, 0) / mass,
      13,
    );
  });
});
