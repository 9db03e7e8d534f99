import { erf } from 'mathjs';
import { describe, expect, it } from 'vitest';
import { normalCdf, normalDensity, normalQuantile } from './normal.ts';

const TAIL = [
  [-0.5, 0.3085375387259869],
  [-1, 0.15865525393145705],
  [-1.5, 0.06680720126885807],
  [-2, 0.02275013194817921],
  [-5, 2.866515718791939e-7],
  [-10, 7.619853024160525e-24],
  [-20.25, 1.77619986494957e-91],
  [-37, 5.725571222524577e-300],
] as const;

const close = (found: number, wanted: number, relative: number): void =>
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted));

describe('the standard normal distribution', () => {
  it('has the distribution function that mathjs finds by its error function', () => {
    for (let x = -3; x <= 3; x += 0.125) expect(normalCdf(x)).toBeCloseTo((1 + erf(x / Math.SQRT2)) / 2, 14);
  });

  it('keeps relative precision in the lower tail (values of an evaluation with 50 digits)', () => {
    for (const [x, wanted] of TAIL) close(normalCdf(x), wanted, 4e-15);
  });

  it('is symmetric and ends in 0 and 1', () => {
    for (const x of [0, 0.3, 1.49, 1.5, 2.7, 6]) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
    expect([normalCdf(-50), normalCdf(50), normalCdf(Number.NaN)]).toEqual([0, 1, Number.NaN]);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
  });

  it('has quantiles as in the standard tables', () => {
    close(normalQuantile(0.975), 1.959963984540054, 1e-15);
    close(normalQuantile(0.95), 1.6448536269514722, 1e-15);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect([normalQuantile(-0.1), normalQuantile(1.1), normalQuantile(Number.NaN)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('returns from quantile to probability', () => {
    for (const p of [1e-300, 1e-100, 1e-20, 1e-6, 0.01, 0.07, 0.08, 0.3, 0.5])
      close(normalCdf(normalQuantile(p)), p, 1e-12);
    for (const p of [0.6, 0.92, 0.93, 0.999]) close(normalCdf(normalQuantile(p)), p, 1e-14);
  });

  it('has a density that is the slope of the distribution function', () => {
    for (const x of [-2, -0.4, 0, 1, 3]) {
      const slope = (normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5;
      expect(normalDensity(x)).toBeCloseTo(slope, 9);
    }
  });
});
