import { expect, it } from 'vitest';
import { wilsonInterval } from './wilson.ts';

it('has limits that solve (p̂ − p)² = z²·p(1−p)/n, z from the table (95 % 1.959963984540054, 90 % 1.6448536269514722)', () => {
  for (const [level, z] of [
    [0.95, 1.959963984540054],
    [0.9, 1.6448536269514722],
  ] as const)
    for (const [k, n] of [
      [7, 20],
      [1, 3],
      [499, 500],
    ] as const)
      for (const p of wilsonInterval(k, n, level)!) expect((k / n - p) ** 2).toBeCloseTo((z * z * p * (1 - p)) / n, 14);
});

it('ends at exactly 0 and 1, with the other limit z²/(n + z²) away', () => {
  const far = 1.959963984540054 ** 2 / (10 + 1.959963984540054 ** 2);
  expect(wilsonInterval(0, 10)![0]).toBe(0);
  expect(wilsonInterval(0, 10)![1]).toBeCloseTo(far, 14);
  expect(wilsonInterval(10, 10)![1]).toBe(1);
  expect(wilsonInterval(10, 10)![0]).toBeCloseTo(1 - far, 14);
  expect(wilsonInterval(0, 0)).toBeNull();
});
