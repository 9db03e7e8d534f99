import { describe, expect, it } from 'vitest';
import { chiSquaredCdf, chiSquaredQuantile, chiSquaredTail, lowerGamma, upperGamma } from './chi-squared.ts';
import { normalCdf } from './normal.ts';

const relative = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

/** a, x, P, Q computed with mpmath at 40 digits. */
const GAMMA = [
  [0.5, 0.01, 0.11246291601828488, 0.887537083981715],
  [0.5, 2, 0.9544997361036416, 0.04550026389635842],
  [0.5, 400, 1, 5.395865611607901e-176],
  [1.5, 1, 0.4275932955291202, 0.5724067044708798],
  [3, 2.5, 0.4561868841166705, 0.5438131158833295],
  [10, 25, 0.9997785233617512, 0.00022147663824878357],
  [19.5, 3, 2.168835587436395e-10, 0.9999999997831164],
  [50, 30, 0.0005188914625480343, 0.999481108537452],
  [50, 90, 0.9999983505014983, 1.6494985017178249e-6],
  [500, 480, 0.1862819731903246, 0.8137180268096754],
  [500, 700, 0.9999999999999993, 7.03214564182859e-16],
  [5000, 5100, 0.920671118922381, 0.07932888107761898],
  [0.001, 1e-5, 0.9891230446957827, 0.01087695530421733],
  [20, 21, 0.6157372277356578, 0.38426277226434213],
] as const;

/** p, degrees of freedom and quantile, roots found with mpmath at 40 digits. */
const QUANTILES = [
  [0.05, 1, 0.003932140000019523],
  [0.5, 1, 0.4549364231195728],
  [0.95, 1, 3.8414588206941245],
  [0.999, 3, 16.26623619623813],
  [0.01, 0.5, 1.3499395859116937e-8],
  [0.975, 10, 20.483177350807395],
  [1e-10, 4, 2.8284404581659484e-5],
  [0.3, 250, 237.80851705490178],
  [0.9, 3000, 3099.686952167875],
] as const;

describe('the incomplete gamma function', () => {
  it('agrees with mpmath to 2e-14 where each side is small, and to 1e-14 absolutely where it is near 1', () => {
    for (const [a, x, p, q] of GAMMA) {
      if (p < 0.6) expect(relative(lowerGamma(a, x), p)).toBeLessThan(2e-14);
      if (q < 0.6) expect(relative(upperGamma(a, x), q)).toBeLessThan(a < 20 && x > 100 ? 2e-13 : 2e-14);
      expect(Math.abs(lowerGamma(a, x) - p)).toBeLessThan(1e-14);
      expect(Math.abs(upperGamma(a, x) - q)).toBeLessThan(1e-14);
    }
  });

  it('has the closed form of a Poisson sum for whole a: Q(a, x) = Σ_{k<a} e^−x x^k/k!', () => {
    for (const a of [1, 2, 7])
      for (const x of [0.1, 1, 3, 12]) {
        let term = Math.exp(-x);
        let total = 0;
        for (let k = 0; k < a; k++) {
          total += term;
          term *= x / (k + 1);
        }
        expect(relative(upperGamma(a, x), total)).toBeLessThan(1e-13);
      }
  });

  it('has its limits at 0 and Infinity, and is NaN outside its domain', () => {
    expect([lowerGamma(2, 0), upperGamma(2, 0)]).toEqual([0, 1]);
    expect([lowerGamma(2, Infinity), upperGamma(2, Infinity)]).toEqual([1, 0]);
    for (const [a, x] of [
      [0, 1],
      [-1, 1],
      [1, -1],
      [Number.NaN, 1],
      [1, Number.NaN],
    ] as const)
      expect([lowerGamma(a, x), upperGamma(a, x)]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('the chi-squared distribution', () => {
  it('is the square of a normal variable at 1 degree, and exponential at 2', () => {
    for (const z of [0.1, 1, 1.96, 6, 20]) {
      expect(relative(chiSquaredTail(z * z, 1), 2 * normalCdf(-z))).toBeLessThan(2e-13);
      expect(relative(chiSquaredTail(z, 2), Math.exp(-z / 2))).toBeLessThan(1e-14);
      expect(chiSquaredCdf(z, 2)).toBeCloseTo(-Math.expm1(-z / 2), 14);
    }
  });

  it('has the quantiles of mpmath to 1e-14, and inverts its own tails', () => {
    for (const [p, df, x] of QUANTILES) expect(relative(chiSquaredQuantile(p, df), x)).toBeLessThan(1e-14);
    for (const df of [0.3, 1, 5, 40, 700])
      for (const p of [1e-8, 0.02, 0.5, 0.98]) expect(chiSquaredCdf(chiSquaredQuantile(p, df), df)).toBeCloseTo(p, 13);
  });

  it('has the quantiles 0 and Infinity at its ends, and NaN for what is no probability or no degree', () => {
    expect([chiSquaredQuantile(0, 3), chiSquaredQuantile(1, 3)]).toEqual([0, Infinity]);
    expect([chiSquaredQuantile(-0.1, 3), chiSquaredQuantile(0.5, 0), chiSquaredQuantile(Number.NaN, 1)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(chiSquaredTail(-5, 3)).toBe(1);
  });
});
