import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { type Random, seededRandom } from '../numerics/random.ts';
import type { RandomIndexTable } from './random-index.ts';

/** A simulated random index; as `randomIndex` of {@link priorities} it serves like a published table. */
export interface SimulatedRandomIndex {
  readonly name: string;
  readonly values: RandomIndexTable;
  /** Standard error of the value. */
  readonly standardError: number;
  /** Sample size: how many random matrices were drawn. */
  readonly matrices: number;
  readonly seed: number;
}

/**
 * Mean consistency index of random reciprocal matrices of n items, for n beyond the published tables: the upper triangle is
 * drawn uniformly from 1/9, 1/8, …, 1, …, 9. The standard error is about 0.1/√matrices for n near 15.
 *
 * @throws ClienteleError `invalid-option` for n below 3, too few matrices or a seed that is not whole.
 * @example priorities(matrixOf16Items, { randomIndex: simulateRandomIndex(16) })
 */
export function simulateRandomIndex(
  n: number,
  options: { readonly matrices?: number; readonly seed?: number } = {},
): SimulatedRandomIndex {
  const { matrices = 20_000, seed = 1 } = knownOptions(options, 'simulateRandomIndex', 'matrices seed');
  if (!Number.isInteger(n) || n < 3) fail('invalid-option', `invalid n: ${n}; one and two items are always consistent`);
  if (!Number.isInteger(matrices) || matrices < 2)
    fail('invalid-option', `invalid matrices: ${matrices}; draw 2 or more`);
  const random = seededRandom(seed);
  const a = new Float64Array(n * n).fill(1);
  let mean = 0;
  let squares = 0;
  for (let m = 1; m <= matrices; m++) {
    draw(a, n, random);
    const index = (perronRoot(a, n) - n) / (n - 1);
    const off = index - mean;
    mean += off / m;
    squares += off * (index - mean);
  }
  return {
    name: `simulation of ${matrices} matrices, seed ${seed}`,
    values: { [n]: mean },
    standardError: Math.sqrt(squares / (matrices - 1) / matrices),
    matrices,
    seed,
  };
}

function draw(a: Float64Array, n: number, random: Random): void {
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const scale = random.below(17) - 8;
      const judgement = scale >= 0 ? scale + 1 : 1 / (1 - scale);
      a[i * n + j] = judgement;
      a[j * n + i] = 1 / judgement;
    }
}

/** By power iteration, between the bounds min and max of (Aw)_i/w_i (Collatz–Wielandt). */
function perronRoot(a: Float64Array, n: number): number {
  let w = new Float64Array(n).fill(1);
  let next = new Float64Array(n);
  let root = n;
  for (let step = 0; step < 1000; step++) {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (let i = 0; i < n; i++) {
      let total = 0;
      for (let j = 0; j < n; j++) total += a[i * n + j]! * w[j]!;
      next[i] = total;
      low = Math.min(low, total / w[i]!);
      high = Math.max(high, total / w[i]!);
    }
    root = (low + high) / 2;
    for (let i = 0; i < n; i++) next[i] = next[i]! / root;
    [w, next] = [next, w];
    if (high - low < 1e-9 * root) break;
  }
  return root;
}
