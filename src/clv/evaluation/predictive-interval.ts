import { criticalValue } from '../inference/estimates.ts';

/**
 * Quantiles of a sum of many independent counts by the Cornish–Fisher expansion of its exact first four cumulants
 * (Cornish & Fisher 1937): mean + √variance·w(±z), with w the normal quantile corrected for skewness and excess.
 */
export function predictiveInterval(
  [mean, variance, third, fourth]: readonly [number, number, number, number],
  level: number,
): readonly [low: number, high: number] {
  if (!(variance > 0)) return [mean, mean];
  const sd = Math.sqrt(variance);
  const skew = third / (variance * sd);
  const excess = fourth / (variance * variance);
  const at = (z: number): number =>
    mean +
    sd *
      (z +
        ((z * z - 1) * skew) / 6 +
        ((z * z * z - 3 * z) * excess) / 24 -
        ((2 * z * z * z - 5 * z) * skew * skew) / 36);
  const z = criticalValue(level);
  return [Math.max(0, at(-z)), at(z)];
}
