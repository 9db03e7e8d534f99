import { sampleRankCorrelation } from 'simple-statistics';
import { expect, it } from 'vitest';
import { kendallTauB, spearman } from './ordinal-association.ts';
import { seededRandom } from './random.ts';

const table = [
  [5, 2, 0, 1],
  [1, 4, 3, 0],
  [0, 2, 2, 6],
];
/** One pair per counted customer. */
const pairs = table.flatMap((row, r) =>
  row.flatMap((count, c) => Array.from({ length: count }, () => [r, c] as const)),
);

it('gives tau-b as a count over all pairs of customers does', () => {
  let [difference, rowPairs, columnPairs] = [0, 0, 0];
  for (let i = 0; i < pairs.length; i++)
    for (let j = 0; j < i; j++) {
      const a = Math.sign(pairs[i]![0] - pairs[j]![0]);
      const b = Math.sign(pairs[i]![1] - pairs[j]![1]);
      difference += a * b;
      rowPairs += a * a;
      columnPairs += b * b;
    }
  expect(kendallTauB(table)).toBeCloseTo(difference / Math.sqrt(rowPairs * columnPairs), 14);
});

it("gives Spearman's correlation as Pearson's of averaged ranks does, customer by customer", () => {
  const midRank = (own: readonly number[]): number[] =>
    own.map((x) => own.filter((y) => y < x).length + (own.filter((y) => y === x).length + 1) / 2);
  const a = midRank(pairs.map(([r]) => r));
  const b = midRank(pairs.map(([, c]) => c));
  const centre = (pairs.length + 1) / 2;
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((total, own, i) => total + (own - centre) * (y[i]! - centre), 0);
  expect(spearman(table)).toBeCloseTo(product(a, b) / Math.sqrt(product(a, a) * product(b, b)), 14);
});

it("agrees with simple-statistics' rank correlation where there are no ties", () => {
  const random = seededRandom(5);
  const x = Array.from({ length: 12 }, (_, i) => i);
  const y = x.map(() => random.uniform());
  const order = [...y].sort((a, b) => a - b);
  const counts = x.map((i) => order.map((value) => (value === y[i] ? 1 : 0)));
  expect(spearman(counts)).toBeCloseTo(sampleRankCorrelation(x, y), 12);
});

it('has no value when one of the two does not vary', () => {
  for (const flat of [[[3, 2]], [[3], [2]], [[0, 0]], []])
    for (const measure of [kendallTauB, spearman]) expect(measure(flat)).toBeNull();
  expect(
    kendallTauB([
      [0, 3],
      [3, 0],
    ]),
  ).toBe(-1);
  expect(
    spearman([
      [0, 3],
      [3, 0],
    ]),
  ).toBe(-1);
});
