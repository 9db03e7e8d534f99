import { normalQuantile } from './normal.ts';

/**
 * Wilson's score interval of a proportion (Wilson 1927, JASA 22, 209–212): the p for which |p̂ − p| ≤ z√(p(1−p)/n).
 * It stays inside [0, 1] and has a width at 0 and n successes; null without observations.
 * @param level two-sided coverage
 * @example wilsonInterval(160, 200) // [0.7391448134346212, 0.8495479907390189]
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): readonly [number, number] | null {
  if (n === 0) return null;
  const z = normalQuantile((1 + level) / 2);
  const rate = successes / n;
  const grown = 1 + (z * z) / n;
  const centre = (rate + (z * z) / (2 * n)) / grown;
  const half = (z / grown) * Math.sqrt((rate * (1 - rate) + (z * z) / (4 * n)) / n);
  // At the ends the limit is the end itself; rounding would leave it a hair off.
  return [successes === 0 ? 0 : centre - half, successes === n ? 1 : centre + half];
}
