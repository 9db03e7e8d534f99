import { log } from '../../numerics/elementary.ts';
import { digammaRise, lgammaRise, trigamma } from '../../numerics/special.ts';
import type { Histories } from '../family/history.ts';

/** lnΓ(c + x) − lnΓ(c) for a whole x: the sum of ln(c + i), i < x, or the asymptotic series where that is long. */
export function rise(c: number, x: number): number {
  return x > LONG ? lgammaRise(c, x) : stepwise(c, 0, x)[0];
}

const LONG = 64;

/** Σ ln(c+i), Σ 1/(c+i), −Σ 1/(c+i)² over low ≤ i < high. */
function stepwise(c: number, low: number, high: number): [number, number, number] {
  let value = 0;
  let first = 0;
  let second = 0;
  for (let i = low; i < high; i++) {
    const inverse = 1 / (c + i);
    value += log(c + i);
    first += inverse;
    second -= inverse * inverse;
  }
  return [value, first, second];
}

/** Σ weight·[lnΓ(c+x) − lnΓ(c)] and its two derivatives in c, over ascending distinct x: one running sum. */
export function riseSums(c: number, xs: readonly number[], weights: readonly number[]): [number, number, number] {
  let [value, first, second] = [0, 0, 0];
  const total: [number, number, number] = [0, 0, 0];
  let from = 0;
  for (let k = 0; k < xs.length; k++) {
    const x = xs[k]!;
    if (x - from > LONG) {
      value += lgammaRise(c + from, x - from);
      first += digammaRise(c + from, x - from);
      second += trigamma(c + x) - trigamma(c + from);
    } else {
      const [v, f, s] = stepwise(c, from, x);
      value += v;
      first += f;
      second += s;
    }
    from = x;
    total[0] += weights[k]! * value;
    total[1] += weights[k]! * first;
    total[2] += weights[k]! * second;
  }
  return total;
}

/** The distinct x of histories, how many customers have each, and which one each history has. */
export function countLevels({ x, weight }: Histories): {
  readonly xs: readonly number[];
  readonly weights: readonly number[];
  readonly level: Int32Array;
} {
  const xs: number[] = [];
  const weights: number[] = [];
  const level = Int32Array.from(x, (n, i) => {
    if (xs[xs.length - 1] !== n) weights[xs.push(n) - 1] = 0;
    weights[xs.length - 1]! += weight[i]!;
    return xs.length - 1;
  });
  return { xs, weights, level };
}
