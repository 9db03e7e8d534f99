import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { logisticKind } from './logistic-kind.ts';
import { logisticRegression } from './logistic-regression.ts';
import { probabilityInterval } from './probability-interval.ts';

const label = { column: 'left', churned: 'yes', horizon: null } as const;
const Z = 1.959963984540054;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const kinds = { of: () => logisticKind };

function customers(rows: number, seed = 3) {
  const random = seededRandom(seed);
  const year = Array.from({ length: rows }, () => 2000 + random.below(20));
  const plan = Array.from({ length: rows }, () => ['a', 'b', 'c'][random.below(3)]!);
  const left = year.map((y, i) =>
    random.uniform() < sigmoid((y - 2010) / 10 + (plan[i] === 'b' ? 0.8 : -0.4)) ? 'yes' : 'no',
  );
  return { year, plan, left };
}

/** The inverse of a small matrix by Gauss–Jordan: an oracle that shares nothing with the fit. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const work = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c; r < n; r++) if (Math.abs(work[r]![c]!) > Math.abs(work[pivot]![c]!)) pivot = r;
    [work[c], work[pivot]] = [work[pivot]!, work[c]!];
    const by = work[c]![c]!;
    work[c] = work[c]!.map((x) => x / by);
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const f = work[r]![c]!;
      work[r] = work[r]!.map((x, j) => x - f * work[c]![j]!);
    }
  }
  return work.map((row) => row.slice(n));
}

describe('probabilityInterval', () => {
  it('of a 2 × 2 table is the closed form: logit k/n ± z·√(1/k + 1/(n − k)) per level', () => {
    const left = ['yes', 'no', 'no', 'no', 'yes', 'yes', 'yes', 'no', 'no', 'no', 'no', 'no', 'no'];
    const plan = ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'b', 'b', 'b', 'b', 'b'];
    const model = logisticRegression({ label, features: ['plan'], intervals: true }).fit({ left, plan });
    const found = probabilityInterval(model, { plan: ['a', 'b', null, 'z'] });
    for (const [row, k, n] of [
      [0, 1, 4],
      [1, 3, 9],
    ] as const) {
      const eta = Math.log(k / (n - k));
      const error = Math.sqrt(1 / k + 1 / (n - k));
      expect(found.probability[row]).toBeCloseTo(k / n, 10);
      expect(found.standardError[row]).toBeCloseTo(error, 8);
      expect(found.low[row]).toBeCloseTo(sigmoid(eta - Z * error), 8);
      expect(found.high[row]).toBeCloseTo(sigmoid(eta + Z * error), 8);
    }
    expect([found.probability[2], found.low[2], found.high[2]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    // An unlisted level scores as the reference level, here the more frequent b, and is known as well as it.
    expect(found.low[3]).toBe(found.low[1]);
  });

  it("is x'(X'WX)⁻¹x on raw columns far from 0, by an inverse that shares no code with the fit", () => {
    const data = customers(400);
    const model = logisticRegression({ label, features: ['year', 'plan'], intervals: true }).fit(data);
    const found = probabilityInterval(model, data, { level: 0.9 });
    // Against year − 2010, which spans the same space.
    const used = ['a', 'b', 'c'].filter((level) => model.fit.coefficients.some(({ name }) => name === `plan=${level}`));
    expect(used.length).toBe(2);
    const x = data.year.map((year, i) => [1, year - 2010, ...used.map((level) => (data.plan[i] === level ? 1 : 0))]);
    const information = x[0]!.map((_, a) =>
      x[0]!.map((_, b) =>
        x.reduce((s, row, i) => s + row[a]! * row[b]! * found.probability[i]! * (1 - found.probability[i]!), 0),
      ),
    );
    const covariance = inverse(information);
    x.slice(0, 50).forEach((row, i) => {
      const variance = row.reduce((s, xa, a) => s + row.reduce((t, xb, b) => t + xa * xb * covariance[a]![b]!, 0), 0);
      expect(found.standardError[i]).toBeCloseTo(Math.sqrt(variance), 7);
      const eta = Math.log(found.probability[i]! / (1 - found.probability[i]!));
      expect(found.high[i]).toBeCloseTo(sigmoid(eta + 1.6448536269514722 * Math.sqrt(variance)), 7);
    });
  });

  it('covers the true probability of a customer about as often as it says, over 200 samples of 300', () => {
    const truth = sigmoid(0.3 + 0.8);
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const model = logisticRegression({ label, features: ['year', 'plan'], intervals: true }).fit(
        customers(300, seed),
      );
      const { low, high } = probabilityInterval(model, { year: [2013], plan: ['b'] });
      if (low[0]! <= truth && truth <= high[0]!) covered++;
    }
    // Three binomial standard errors about 95 %.
    expect(Math.abs(covered / 200 - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / 200));
  });

  it('keeps its bits through JSON, does not depend on blocks, and contains the probability', () => {
    const data = customers(5000);
    const model = logisticRegression({ label, features: ['year', 'plan'], intervals: true }).fit(data);
    const read = logisticKind.parse(JSON.parse(JSON.stringify(model)), 'model', kinds) as typeof model;
    const all = probabilityInterval(read, data);
    expect(all).toEqual(probabilityInterval(model, data));
    const last = probabilityInterval(model, { year: data.year.slice(-3), plan: data.plan.slice(-3) });
    expect([...last.low]).toEqual([...all.low.slice(-3)]);
    expect(all.probability.every((p, i) => all.low[i]! <= p && p <= all.high[i]! && all.low[i]! > 0)).toBe(true);
  });

  it('uses the errors that the fit reports, and a null where the model has a rule', () => {
    const data = customers(600);
    const holes = { ...data, year: data.year.map((y, i) => (i % 7 === 0 ? Number.NaN : y)) };
    const features = [{ column: 'year', missing: 'level' as const }, 'plan' as const];
    const model = logisticRegression({ label, features, errors: 'HC0', intervals: true }).fit(holes);
    const found = probabilityInterval(model, { year: [Number.NaN, 2010], plan: ['a', 'a'] });
    const plain = probabilityInterval(logisticRegression({ label, features, intervals: true }).fit(holes), {
      year: [Number.NaN, 2010],
      plan: ['a', 'a'],
    });
    expect(found.probability).toEqual(plain.probability);
    expect(found.standardError[0]).not.toBe(plain.standardError[0]);
    // Nulls are a seventh of the rows: they are known less well than the middle of the others.
    expect(plain.standardError[0]!).toBeGreaterThan(plain.standardError[1]!);
    const narrow = logisticRegression({ label, features: ['year', 'plan'], l2: 1e6, intervals: true }).fit(data);
    expect(probabilityInterval(narrow, { year: [2019], plan: ['b'] }).standardError[0]!).toBeLessThan(
      plain.standardError[1]!,
    );
  });

  it('is not troubled by a column that is a combination of others, or that is constant', () => {
    const data = customers(300);
    const twice = { ...data, double: data.year.map((y) => 2 * y), one: data.year.map(() => 1) };
    const model = logisticRegression({ label, features: ['year', 'plan', 'double', 'one'], intervals: true }).fit(
      twice,
    );
    const plain = logisticRegression({ label, features: ['year', 'plan'], intervals: true }).fit(data);
    const [a, b] = [probabilityInterval(model, twice), probabilityInterval(plain, data)];
    a.standardError.forEach((error, i) => {
      expect(error).toBeCloseTo(b.standardError[i]!, 8);
    });
  });

  it('knows nothing where numbers overflow, and gives nothing for no rows', () => {
    const model = logisticRegression({ label, features: ['year', 'plan'], intervals: true }).fit(customers(300));
    const far = probabilityInterval(model, { year: [1e300], plan: ['a'] });
    expect([far.low[0], far.high[0]]).toEqual([0, 1]);
    expect(probabilityInterval(model, { year: [], plan: [] }).low).toHaveLength(0);
  });

  it('refuses models without a covariance, and options that cannot be', () => {
    const data = customers(200);
    const options = { label, features: ['year', 'plan'] } as const;
    const plain = logisticRegression(options).fit(data);
    expect(plain.fit).not.toHaveProperty('covariance');
    expect(() => probabilityInterval(plain, data)).toThrow('fit it with { intervals: true }');
    const split = { left: ['yes', 'yes', 'no', 'no'], year: [1, 2, 3, 4] };
    const separated = logisticRegression({ label, features: ['year'], intervals: true }).fit(split);
    expect(() => probabilityInterval(separated, split)).toThrow('not identified');
    expect(() => logisticRegression({ ...options, intervals: true, penalty: { lambda: 0.1 } })).toThrow('intervals');
    expect(() => logisticRegression({ ...options, intervals: 1 as unknown as true })).toThrow('invalid intervals: 1');
    const model = logisticRegression({ ...options, intervals: true }).fit(data);
    expect(() => probabilityInterval(model, data, { level: 1 })).toThrow('invalid level');
    expect(() => probabilityInterval(model, { year: [1] } as never)).toThrow('plan');
    const broken = (covariance: unknown) => () =>
      probabilityInterval({ ...model, fit: { ...model.fit, covariance: covariance as never } }, data);
    expect(broken({ columns: [], lower: [1, 2] })).toThrow('expected 1 numbers, got 2');
    expect(broken({ columns: [{ feature: 7, code: null, mean: 0, scale: 1 }], lower: [1, 0, 1] })).toThrow(
      'no input 7',
    );
    expect(broken({ columns: [{ feature: 1, code: 9, mean: 0, scale: 1 }], lower: [1, 0, 1] })).toThrow('9 is none of');
  });
});
