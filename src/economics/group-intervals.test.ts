import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { groupIntervals } from './group-intervals.ts';
import { groupSummary } from './group-summary.ts';
import { riskTable } from './risk-table.ts';
import { valueAtRisk } from './value-at-risk.ts';

function customers(rows: number, seed = 1) {
  const random = seededRandom(seed);
  const group = Array.from({ length: rows }, () => ['a', 'b', 'c'][Math.floor(3 * random.uniform() ** 2)]!);
  const value = Float64Array.from({ length: rows }, () => 100 * random.uniform() ** 3);
  return { group, value };
}
const add = (values: Iterable<number>): number => [...values].reduce((s, x) => s + x, 0);
const deviation = (values: readonly number[]): number => {
  const centre = add(values) / values.length;
  return Math.sqrt(add(values.map((x) => (x - centre) ** 2)) / values.length);
};

describe('groupIntervals', () => {
  const n = 800;
  const { group, value } = customers(n);
  const found = groupIntervals(group, { value }, { seed: 4, resamples: 4000 });
  // The standard deviation of B resampled values errs by 1/√(2B): four of these for B = 4000 are 4.5 %.
  const near = (own: number | null, exact: number) => expect(Math.abs(own! / exact - 1)).toBeLessThan(0.045);

  it('has the standard errors of the closed forms: √(p(1−p)/n) of shares, √n·sd(x·1[g]) of totals', () => {
    for (const { group: name, share, measures } of found.groups) {
      const p = share.estimate!;
      near(share.standardError, Math.sqrt((p * (1 - p)) / n));
      near(
        measures.value.total.standardError,
        Math.sqrt(n) * deviation([...value].map((x, i) => (group[i] === name ? x : 0))),
      );
    }
    near(found.all.value.total.standardError, Math.sqrt(n) * deviation([...value]));
    near(found.all.value.mean.standardError, deviation([...value]) / Math.sqrt(n));
  });

  it('has the standard error of a ratio of sums by the delta method, √n·sd(y − r·x)/Σx', () => {
    const total = add(value);
    for (const { group: name, measures, count } of found.groups) {
      const r = measures.value.share.estimate!;
      const residual = [...value].map((x, i) => (group[i] === name ? x : 0) - r * x);
      near(measures.value.share.standardError, (Math.sqrt(n) * deviation(residual)) / total);
      const centre = measures.value.mean.estimate!;
      const off = [...value].map((x, i) => (group[i] === name ? x - centre : 0));
      near(measures.value.mean.standardError, (Math.sqrt(n) * deviation(off)) / count);
    }
  });

  it('has the percentiles of the normal law where n is large: ± 1.96 and ± 1.645 standard errors', () => {
    const share = found.groups[0]!.share;
    const half = Math.sqrt((share.estimate! * (1 - share.estimate!)) / n);
    expect(Math.abs((share.high! - share.low!) / (2 * 1.959964 * half) - 1)).toBeLessThan(0.06);
    const ninety = groupIntervals(group, {}, { seed: 4, resamples: 4000, level: 0.9 }).groups[0]!.share;
    expect(Math.abs((ninety.high! - ninety.low!) / (2 * 1.644854 * half) - 1)).toBeLessThan(0.06);
  });

  it('estimates what groupSummary says, nulls left out', () => {
    const holes = value.map((x, i) => (i % 5 === 0 ? Number.NaN : x));
    const groups = group.map((g, i) => (i % 11 === 0 ? null : g));
    const own = groupIntervals(groups, { holes, value }, { seed: 1, resamples: 50 });
    const summary = groupSummary(groups, { holes, value });
    expect(own.groups.map(({ group: g, count }) => [g, count])).toEqual(summary.map((row) => [row.group, row.count]));
    summary.forEach(({ share, measures }, g) => {
      const row = own.groups[g]!;
      expect(row.share.estimate).toBe(share);
      for (const name of ['holes', 'value'] as const) {
        expect(row.measures[name].total.estimate).toBe(measures[name].total);
        expect(row.measures[name].mean.estimate).toBeCloseTo(measures[name].mean!, 12);
        expect(row.measures[name].share.estimate).toBeCloseTo(measures[name].share!, 12);
        expect(row.measures[name].total.low!).toBeLessThan(measures[name].total);
        expect(row.measures[name].total.high!).toBeGreaterThan(measures[name].total);
      }
    });
  });

  it('is every resample there is: of two customers a share is 0, ½ or 1 in the ratio 1 : 2 : 1', () => {
    const two = groupIntervals(['a', 'b'], { x: [0, 10] }, { seed: 2, resamples: 4000, level: 0.5 });
    expect(two.groups[0]!.share).toMatchObject({ estimate: 0.5, low: 0.5 });
    // Quartiles of 0 (¼), ½ (½), 1 (¼) lie at a step: either side is right.
    expect([0.5, 1]).toContain(two.groups[0]!.share.high);
    near(two.groups[0]!.share.standardError, Math.sqrt(1 / 8));
    near(two.all.x.total.standardError, Math.sqrt(2) * 5);
  });

  it('gives the same for the same seed, and says nothing of groups without customers, or of no customers', () => {
    const again = groupIntervals(group, { value }, { seed: 4, resamples: 4000 });
    expect(again).toEqual(found);
    const empty = { codes: Int32Array.of(0, 0), levels: ['a', 'b'] };
    const [a, b] = groupIntervals(empty, { x: [1, 2] }, { seed: 1, resamples: 20 }).groups;
    expect(a!.share).toEqual({ estimate: 1, low: 1, high: 1, standardError: 0 });
    const none = { estimate: null, low: null, high: null, standardError: null };
    expect(b).toMatchObject({ count: 0, share: none, measures: { x: { total: none, mean: none, share: none } } });
    const nobody = groupIntervals({ codes: new Int32Array(0), levels: ['a'] }, { x: [] }, { seed: 1, resamples: 5 });
    expect(nobody.groups[0]!.share).toEqual(none);
    expect(nobody.all.x.total).toEqual(none);
    const nulls = groupIntervals(['a'], { x: [null] as (number | null)[] }, { seed: 1, resamples: 5 });
    expect(nulls.groups[0]!.measures.x).toEqual({ total: none, mean: none, share: none });
  });

  it('covers the share of the population about as often as it says, over 200 bases of 400', () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const base = customers(400, seed + 10);
      const row = groupIntervals(base.group, {}, { seed, resamples: 200 }).groups.find(({ group: g }) => g === 'a')!;
      // P(3u² < 1) = 1/√3.
      if (row.share.low! <= 1 / Math.sqrt(3) && 1 / Math.sqrt(3) <= row.share.high!) covered++;
    }
    expect(Math.abs(covered / 200 - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / 200) + 0.01);
  });

  it('refuses columns of other lengths and impossible options', () => {
    const run = (options: object) => () => groupIntervals(['a'], { x: [1] }, options as { seed: number });
    expect(() => groupIntervals(['a'], { x: [1, 2] }, { seed: 1 })).toThrow('x has 2 rows, expected 1');
    expect(run({ seed: 0.5 })).toThrow('invalid seed');
    expect(run({})).toThrow('invalid seed');
    expect(run({ seed: 1, resamples: 0 })).toThrow('invalid resamples: 0');
    expect(run({ seed: 1, level: 1 })).toThrow('invalid level: 1');
  });
});

describe('riskTable (S82)', () => {
  const risk = { probability: [0.5, 0.25, 1, 0.5, 0.1, null], value: [100, 200, 10, 40, 7, 1] };
  const tier = ['top', 'top', 'base', null, 'base', 'top'];
  const cls = ['gold', 'loyal', 'gold', 'gold', 'gold', 'gold'];

  it('is Σ p·value by tier and class, with both margins (by hand)', () => {
    const table = riskTable(risk, tier, cls);
    expect(table.rowLevels).toEqual(['top', 'base']);
    expect(table.columnLevels).toEqual(['gold', 'loyal']);
    expect(table.cells.map((row) => row.map(({ rows, atRisk }) => [rows, atRisk]))).toEqual([
      [
        [1, 50],
        [1, 50],
      ],
      [
        [2, 10.7],
        [0, 0],
      ],
    ]);
    expect(table.rowTotals.map(({ atRisk }) => atRisk)).toEqual([100, 10.7]);
    expect(table.columnTotals.map(({ atRisk }) => atRisk)).toEqual([60.7, 50]);
    expect(table.total).toEqual({ rows: 4, atRisk: 110.7, value: 317, rate: 110.7 / 317 });
    expect(table.cells[1]![1]).toEqual({ rows: 0, atRisk: 0, value: 0, rate: null });
    expect(table.nulls).toBe(2);
  });

  it('adds up to valueAtRisk where nothing is null', () => {
    const random = seededRandom(8);
    const columns = {
      probability: Array.from({ length: 300 }, () => random.uniform()),
      value: Array.from({ length: 300 }, () => random.below(1000)),
    };
    const [a, b] = [0, 1].map(() => columns.value.map(() => `g${random.below(4)}`));
    const table = riskTable(columns, a!, b!);
    expect(add(table.cells.flat().map(({ atRisk }) => atRisk))).toBeCloseTo(valueAtRisk(columns).atRisk, 8);
    expect(table.columnTotals.map(({ atRisk }) => atRisk)).toEqual(
      valueAtRisk(columns, b!).groups.map(({ atRisk }) => atRisk),
    );
    expect(table.nulls).toBe(0);
  });

  it('refuses columns of other lengths, and is empty for no customers', () => {
    expect(() => riskTable(risk, ['top'], cls)).toThrow('rows has 1 rows, expected 6');
    expect(() => riskTable(risk, tier, ['gold'])).toThrow('columns has 1 rows, expected 6');
    expect(riskTable({ probability: [], value: [] }, [], []).total).toEqual({
      rows: 0,
      atRisk: 0,
      value: 0,
      rate: null,
    });
  });
});
