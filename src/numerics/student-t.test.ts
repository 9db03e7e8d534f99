import { describe, expect, it } from 'vitest';
import { lgamma } from './special.ts';
import { studentTCdf, studentTQuantile } from './student-t.ts';

const relative = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

/** Simpson's rule on 4,000 panels of the density, an independent road to the distribution function. */
function integrated(t: number, df: number): number {
  const panels = 4_000;
  const log = lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  const density = (x: number): number => Math.exp(log - ((df + 1) / 2) * Math.log1p((x * x) / df));
  let total = density(0) + density(t);
  for (let i = 1; i < panels; i++) total += (i % 2 === 0 ? 2 : 4) * density((t * i) / panels);
  return 0.5 + (total * t) / panels / 3;
}

const MPMATH = [
  [0.975, 9, 2.262157162798205],
  [0.975, 31, 2.039513446396408],
  [0.975, 399, 1.965927295920882],
  [0.99, 2.5, 5.353111173030874],
  [0.9999, 7, 7.063432828157514],
] as const;

describe("Student's t distribution", () => {
  it('has the closed forms of 1, 2 and 4 degrees of freedom', () => {
    for (const t of [-30, -2, -0.1, 0, 0.3, 1, 5, 1000]) {
      expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 14);
      expect(studentTCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 14);
      const s = t / Math.sqrt(4 + t * t);
      expect(studentTCdf(t, 4)).toBeCloseTo(0.5 + (3 * s - s ** 3) / 4, 14);
    }
  });

  it('agrees with the integral of its density for any degrees of freedom', () => {
    for (const df of [3, 9, 31, 399, 2.5])
      for (const t of [0.05, 1, 2.2, 4]) expect(studentTCdf(t, df)).toBeCloseTo(integrated(t, df), 12);
  });

  it('has the closed quantiles of 1 and 2 degrees of freedom, far tails included', () => {
    for (const p of [1e-9, 0.001, 0.2, 0.4999]) {
      expect(relative(studentTQuantile(p, 1), -1 / Math.tan(Math.PI * p))).toBeLessThan(1e-12);
      expect(relative(studentTQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeLessThan(1e-12);
      expect(studentTQuantile(1 - p, 3)).toBeCloseTo(-studentTQuantile(p, 3), p < 1e-3 ? 0 : 12);
    }
  });

  it('gives quantiles computed by mpmath with 30 digits', () => {
    for (const [p, df, wanted] of MPMATH) expect(relative(studentTQuantile(p, df), wanted)).toBeLessThan(1e-13);
  });

  it('gives the published table to its three digits (97.5 %: 9 → 2.262, 30 → 2.042, 60 → 2.000, 120 → 1.980)', () => {
    const table = { 9: 2.262, 30: 2.042, 60: 2, 120: 1.98 };
    for (const [df, wanted] of Object.entries(table))
      expect(studentTQuantile(0.975, Number(df)).toFixed(3)).toBe(wanted.toFixed(3));
  });

  it('has its quantile as the inverse of its distribution function', () => {
    for (const df of [0.7, 1, 5, 31, 1e4])
      for (const p of [1e-6, 0.025, 0.3, 0.7, 0.975])
        expect(Math.abs(studentTCdf(studentTQuantile(p, df), df) - p)).toBeLessThan(1e-14);
  });

  it('ends at infinity and is not a number outside', () => {
    expect(studentTQuantile(0, 3)).toBe(Number.NEGATIVE_INFINITY);
    expect(studentTQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(studentTQuantile(0.5, 3)).toBe(0);
    for (const odd of [
      studentTQuantile(1.1, 3),
      studentTQuantile(0.5, 0),
      studentTCdf(1, -1),
      studentTCdf(Number.NaN, 1),
    ])
      expect(odd).toBeNaN();
  });
});
