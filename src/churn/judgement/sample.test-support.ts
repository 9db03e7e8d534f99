import { seededRandom } from '../../numerics/random.ts';

/** Scores with many ties, and weights. */
export function tiedSample(rows: number, seed = 7): { y: number[]; score: number[]; weight: number[] } {
  const random = seededRandom(seed);
  const score = Array.from({ length: rows }, () => (1 + random.below(40)) / 42);
  return {
    score,
    y: score.map((p) => (random.uniform() < p ? 1 : 0)),
    weight: score.map(() => 0.2 + 3 * random.uniform()),
  };
}
