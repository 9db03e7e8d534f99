import { expect, it } from 'vitest';
import { oddsRatio } from './odds-ratio.ts';

it('gives the odds ratio and the limits of the formula, by hand: 10·8/(5·4) = 4, se² = .1 + .2 + .25 + .125', () => {
  const found = oddsRatio(10, 5, 4, 8)!;
  expect(found.oddsRatio).toBe(4);
  expect(found.corrected).toBe(false);
  const half = 1.959963984540054 * Math.sqrt(0.675);
  expect(found.interval[0]).toBeCloseTo(4 * Math.exp(-half), 13);
  expect(found.interval[1]).toBeCloseTo(4 * Math.exp(half), 12);
});

it('adds one half to every cell when one is empty: 10.5·8.5/(.5·4.5)', () => {
  const found = oddsRatio(10, 0, 4, 8)!;
  expect(found.corrected).toBe(true);
  expect(found.oddsRatio).toBeCloseTo((10.5 * 8.5) / (0.5 * 4.5), 13);
});

it('has no value when a row or a column is empty', () => {
  for (const [a, b, c, d] of [
    [0, 0, 1, 2],
    [1, 2, 0, 0],
    [0, 3, 0, 2],
    [3, 0, 2, 0],
  ] as const)
    expect(oddsRatio(a, b, c, d)).toBeNull();
});
