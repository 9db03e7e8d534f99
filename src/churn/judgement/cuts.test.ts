import { describe, expect, it } from 'vitest';
import { binaryMetrics, rocAuc } from '../metrics.ts';
import { confusion } from './confusion.ts';
import { gainsTable } from './gains-table.ts';
import { rocCurve } from './roc-curve.ts';
import { tiedSample } from './sample.test-support.ts';

describe('gainsTable', () => {
  it('holds groups of equal size whose events add up; the first tenth has the top-decile lift', () => {
    const { y, score } = tiedSample(257);
    const table = gainsTable(y, score);
    expect(table.map(({ cumulativeRows }) => cumulativeRows)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((g) => Math.ceil((g * 257) / 10)),
    );
    expect(table[0]!.lift).toBeCloseTo(binaryMetrics(y, score).topDecileLift, 13);
    expect(table.reduce((all, { events }) => all + events, 0)).toBeCloseTo(
      y.reduce((a, b) => a + b, 0),
      10,
    );
    expect(table[9]).toMatchObject({ gain: 1, cumulativeLift: 1 });
  });

  it('shares a tie that a limit cuts by expectation, and names the scores of each group', () => {
    const table = gainsTable([1, 1, 0, 0], [0.9, 0.5, 0.5, 0.5], { groups: 2 });
    // One of the three tied rows falls into the top half: a third of an event is expected.
    expect(table[0]).toMatchObject({ rows: 2, highestScore: 0.9, lowestScore: 0.5 });
    expect(table[0]!.events).toBeCloseTo(4 / 3, 14);
    expect(table[1]).toMatchObject({ rows: 2, highestScore: 0.5, lowestScore: 0.5, gain: 1 });
    expect(gainsTable([1, 0], [3, 1], { groups: 3 }).map(({ rows, lift }) => [rows, lift])).toEqual([
      [1, 2],
      [1, 0],
      [0, null],
    ]);
  });

  it('agrees with the mean over all orders of tied rows, by brute force', () => {
    const y = [1, 0, 1, 0, 0, 1];
    const score = [2, 2, 2, 1, 1, 1];
    const orders = (rows: number[]): number[][] =>
      rows.length < 2 ? [rows] : rows.flatMap((row, i) => orders(rows.toSpliced(i, 1)).map((rest) => [row, ...rest]));
    const ranked = orders([0, 1, 2]).flatMap((a) => orders([3, 4, 5]).map((b) => [...a, ...b]));
    const table = gainsTable(y, score, { groups: 3 });
    for (const group of [0, 1, 2]) {
      const events = ranked.map((order) => order.slice(2 * group, 2 * group + 2).reduce((t, row) => t + y[row]!, 0));
      expect(table[group]!.events).toBeCloseTo(events.reduce((a, b) => a + b, 0) / events.length, 12);
    }
  });
});

describe('confusion', () => {
  it('flags what scores at least the cut; figures by hand', () => {
    const found = confusion([1, 1, 0, 1, 0, 0], [0.9, 0.6, 0.6, 0.3, 0.2, 0.1], { cut: 0.6 });
    expect(found).toMatchObject({ truePositives: 2, falsePositives: 1, falseNegatives: 1, trueNegatives: 2 });
    expect(found).toMatchObject({ flagged: 0.5, precision: 2 / 3, recall: 2 / 3, specificity: 2 / 3, accuracy: 4 / 6 });
    expect(found.f1).toBeCloseTo(2 / 3, 15);
    expect(found.matthews).toBeCloseTo(1 / 3, 15);
  });

  it('gives null where nothing is in the denominator', () => {
    expect(confusion([1, 0], [0.4, 0.2], { cut: 0.5 })).toMatchObject({
      precision: null,
      recall: 0,
      f1: 0,
      matthews: null,
    });
    expect(confusion([1, 0], [0.4, 0.2], { cut: 0 })).toMatchObject({ precision: 0.5, recall: 1, matthews: null });
  });
});

describe('rocCurve', () => {
  it('has the area under its straight pieces of the AUC', () => {
    const { y, score } = tiedSample(120);
    const curve = rocCurve(y, score);
    let area = 0;
    for (let k = 1; k < curve.length; k++)
      area +=
        ((curve[k]!.falsePositiveRate - curve[k - 1]!.falsePositiveRate) *
          (curve[k]!.truePositiveRate + curve[k - 1]!.truePositiveRate)) /
        2;
    expect(area).toBeCloseTo(rocAuc(y, score), 13);
    expect(curve[0]!.cut).toBeNull();
    expect(curve.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
  });
});
