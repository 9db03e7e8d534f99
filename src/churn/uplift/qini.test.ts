import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { auuc, qiniCurve, type UpliftRows, upliftAt } from './index.ts';

/** Rows with ties, unequal arms, and an effect that grows with the score; `levels` distinct scores. */
function sample(rows: number, levels: number, share: number, seed: number): UpliftRows & { readonly kept: number[] } {
  const random = seededRandom(seed);
  const uplift = Array.from({ length: rows }, () => random.below(levels) / levels - 0.3);
  const treated = uplift.map(() => (random.uniform() < share ? 1 : 0));
  const kept = uplift.map((u, i) => (random.uniform() < 0.5 + 0.4 * u * treated[i]! ? 1 : 0));
  return { kept, treated, uplift };
}

/** Q(k/n) of the definition by counting all rows anew for every threshold. */
function bruteForce({ kept, treated, uplift }: UpliftRows): { share: number; qini: number; uplift: number }[] {
  const rows = Array.from({ length: kept.length }, (_, i) => ({ k: kept[i]!, t: treated[i]!, u: uplift[i]! }));
  const n = rows.filter(({ t }) => t === 1).length;
  const out = [{ share: 0, qini: 0, uplift: Number.NaN }];
  for (const cut of [...new Set(rows.map(({ u }) => u))].sort((a, b) => b - a)) {
    const top = rows.filter(({ u }) => u >= cut);
    const t = top.filter((row) => row.t === 1);
    const c = top.filter((row) => row.t === 0);
    if (t.length === 0 || c.length === 0) continue;
    const keptOf = (list: typeof rows): number => list.filter(({ k }) => k === 1).length;
    out.push({
      share: top.length / rows.length,
      qini: (keptOf(t) - (keptOf(c) * t.length) / c.length) / n,
      uplift: keptOf(t) / t.length - keptOf(c) / c.length,
    });
  }
  return out;
}

describe('qiniCurve', () => {
  it('is the definition counted anew at every threshold: ties, arms of unequal size, areas by trapezoids', () => {
    for (const [rows, levels, share] of [
      [40, 7, 0.5],
      [300, 1000, 0.2],
      [200, 25, 0.8],
    ] as const) {
      const data = sample(rows, levels, share, rows);
      const points = bruteForce(data);
      const curve = qiniCurve(data);
      expect(curve.points.length).toBe(points.length);
      points.forEach((point, k) => {
        expect(curve.points[k]!.share).toBeCloseTo(point.share, 14);
        expect(curve.points[k]!.qini).toBeCloseTo(point.qini, 13);
        if (k > 0) expect(curve.points[k]!.uplift).toBeCloseTo(point.uplift, 13);
      });
      const area = points
        .slice(1)
        .reduce((all, { share: x, qini: q }, k) => all + ((x - points[k]!.share) * (q + points[k]!.qini)) / 2, 0);
      expect(curve.auuc).toBeCloseTo(area, 13);
      expect(curve.qini).toBeCloseTo(area - points.at(-1)!.qini / 2, 13);
    }
  });

  it('by hand: four customers, two of equal uplift', () => {
    // First two: 1 of 1 treated kept, 0 of 1 control: Q = (1 − 0·1/1)/2 = .5; all: (1 − 1·2/2)/2 = 0.
    const curve = qiniCurve({ kept: [1, 0, 0, 1], treated: [1, 0, 1, 0], uplift: [0.2, 0.2, -0.1, -0.1] });
    expect(curve.points.map(({ share, qini }) => [share, qini])).toEqual([
      [0, 0],
      [0.5, 0.5],
      [1, 0],
    ]);
    expect(curve.auuc).toBe(0.25);
    expect(curve.qini).toBe(0.25);
  });

  it('has no area above the random line for a constant uplift, and the opposite one for the opposite order of a balanced table', () => {
    const data = sample(500, 50, 0.4, 3);
    expect(qiniCurve({ ...data, uplift: new Float64Array(500) }).qini).toBe(0);
    const balanced = { kept: [1, 0, 0, 1], treated: [1, 0, 1, 0], uplift: [2, 2, 1, 1] };
    expect(qiniCurve({ ...balanced, uplift: [1, 1, 2, 2] }).qini).toBe(-qiniCurve(balanced).qini);
  });

  it('leaves out rows that are not known in full, and stops without both arms', () => {
    const data = {
      kept: [1, 0, Number.NaN, 1, 1],
      treated: [1, 0, 1, Number.NaN, 0],
      uplift: [1, 2, 3, 4, Number.NaN],
    };
    expect(qiniCurve(data)).toMatchObject({ rows: 2, leftOut: 3, treated: 1, control: 1 });
    expect(() => qiniCurve({ ...data, treated: [1, 1, 1, 1, 1] })).toThrow(/no held-out row/);
    expect(() => qiniCurve({ ...data, kept: [1, 0, 2, 1, 1] })).toThrow(/kept, row 2: expected 1, 0 or NaN, got 2/);
    expect(() => qiniCurve({ ...data, uplift: [1] })).toThrow(/kept has 5 rows, uplift has 1/);
  });
});

describe('auuc and upliftAt', () => {
  it('estimate what the curve says, with intervals about it', () => {
    const data = sample(2000, 200, 0.3, 8);
    const curve = qiniCurve(data);
    const areas = auuc(data, { seed: 1, resamples: 200 });
    expect(areas.auuc.estimate).toBe(curve.auuc);
    expect(areas.qini.estimate).toBe(curve.qini);
    expect(areas.qini.low!).toBeLessThan(curve.qini);
    expect(areas.qini.high!).toBeGreaterThan(curve.qini);
    const all = upliftAt(data, 1, { seed: 1, resamples: 200 });
    expect(all.uplift.estimate).toBeCloseTo(curve.averageEffect, 13);
    // Within arms the bootstrap of a difference of rates has the error √(p(1−p)/n + q(1−q)/m).
    const last = curve.points.at(-1)!;
    const [p, q] = [last.keptTreated / last.treated, last.keptControl / last.control];
    const error = Math.sqrt((p * (1 - p)) / last.treated + (q * (1 - q)) / last.control);
    expect(upliftAt(data, 1, { seed: 1, resamples: 2000 }).uplift.standardError! / error).toBeCloseTo(1, 1);
  });

  it('at a share takes part of the tied rows at its end: the mean counts over all orders of them', () => {
    // The first 3 of: one row alone, then a tie of 4 (2 treated of which 1 kept, 2 control kept): 2 of the 4, 1 of each arm.
    const data = {
      kept: [1, 1, 0, 1, 1, 0],
      treated: [1, 1, 1, 0, 0, 0],
      uplift: [9, 5, 5, 5, 5, 1],
    };
    const { treated, control, uplift } = upliftAt(data, 0.5, { seed: 1, resamples: 10 });
    expect([treated, control]).toEqual([2, 1]);
    expect(uplift.estimate).toBeCloseTo(1.5 / 2 - 1 / 1, 14);
  });

  it('refuse a share outside (0, 1]', () => {
    expect(() => upliftAt(sample(10, 5, 0.5, 1), 0, { seed: 1 })).toThrow(/invalid share: 0/);
  });
});
