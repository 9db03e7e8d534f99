import { wilsonInterval } from '../../numerics/wilson.ts';

/**
 * Interval of the difference of two independent proportions a/m − b/n from their Wilson limits (Newcombe 1998, Statistics in
 * Medicine 17, 873–890, method 10): it stays within [−1, 1] and has a width at 0 and at all successes. Null without
 * observations on a side.
 * @example newcombeInterval(56, 70, 48, 80) // [0.0524…, 0.3339…]
 */
export function newcombeInterval(
  a: number,
  m: number,
  b: number,
  n: number,
  level = 0.95,
): readonly [low: number, high: number] | null {
  const first = wilsonInterval(a, m, level);
  const second = wilsonInterval(b, n, level);
  if (first === null || second === null) return null;
  const p = a / m;
  const q = b / n;
  return [p - q - length(p - first[0], second[1] - q), p - q + length(first[1] - p, q - second[0])];
}

/** `Math.hypot` differs between engines. */
const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);
