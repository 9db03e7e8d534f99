import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { readFeatures } from './feature.ts';
import { fitLogistic } from './fit-logistic.ts';

const random = seededRandom(11);
const n = 900;
const data = {
  a: Float64Array.from({ length: n }, () => 10 * random.uniform()),
  b: Float64Array.from({ length: n }, () => random.uniform() ** 3),
};
const y = data.a.map((a, i) => (random.uniform() < sigmoid(0.4 * a - 3 + data.b[i]!) ? 1 : 0));
const features = readFeatures(data, [{ column: 'a' }, { column: 'b' }], () => true);
const what = 'y';

describe('fitLogistic', () => {
  it('solves the score equations Σ (y − p)·x = 0, by the sums themselves', () => {
    const { part } = fitLogistic(features, y, { what });
    const [a, b] = part.terms.map((t) => ('weights' in t ? 0 : t.weight));
    const sums = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const r = y[i]! - sigmoid(part.intercept + a! * data.a[i]! + b! * data.b[i]!);
      sums[0] = sums[0]! + r;
      sums[1] = sums[1]! + r * data.a[i]!;
      sums[2] = sums[2]! + r * data.b[i]!;
    }
    for (const s of sums) expect(Math.abs(s)).toBeLessThan(1e-10);
  });

  it('with the fitted log-odds of a feature as offset finds the other weights again', () => {
    const { part } = fitLogistic(features, y, { what });
    const slope = part.terms.map((t) => ('weights' in t ? 0 : t.weight));
    const offset = data.b.map((b) => slope[1]! * b);
    const other = fitLogistic(features.slice(0, 1), y, { what, offset });
    expect(other.part.intercept).toBeCloseTo(part.intercept, 9);
    expect((other.part.terms[0] as { weight: number }).weight).toBeCloseTo(slope[0]!, 10);
  });

  it('says when the limit of iterations ended it', () => {
    const { report } = fitLogistic(features, y, { what, maxIterations: 1 });
    expect(report.status).toBe('iteration-limit');
    expect(report.warnings).toEqual(['the fit ended after 1 iterations']);
  });

  it('does not depend on the scale and the origin of a feature', () => {
    const far = { ...data, a: data.a.map((a) => 1e6 + 1e4 * a) };
    const moved = readFeatures(far, [{ column: 'a' }, { column: 'b' }], () => true);
    const near = fitLogistic(features, y, { what }).report;
    const other = fitLogistic(moved, y, { what }).report;
    expect(other.logLikelihood).toBeCloseTo(near.logLikelihood, 9);
    expect(other.coefficients[1]!.estimate * 1e4).toBeCloseTo(near.coefficients[1]!.estimate, 9);
    expect(other.coefficients[1]!.z).toBeCloseTo(near.coefficients[1]!.z!, 9);
  });

  it('has the two-sided normal p-value of z: z = 1.96 is .05 (tables)', () => {
    for (const { z, pValue } of fitLogistic(features, y, { what }).report.coefficients) {
      if (Math.abs(z!) > 1.96) expect(pValue).toBeLessThan(0.05);
      else expect(pValue).toBeGreaterThan(0.0499);
    }
  });

  it('gives the same bits again', () => {
    expect(fitLogistic(features, y, { what }).part).toEqual(fitLogistic(features, y, { what }).part);
  });
});
