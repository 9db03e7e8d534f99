interface Pair {
  readonly move: Float64Array;
  readonly fall: Float64Array;
  readonly scale: number;
}

// More than a search takes with one factor; all of them cost a small fraction of a pass over the rows.
const MOST = 20;

/**
 * Corrects steps that are taken with the information of an earlier point by what the gradient was seen to do since:
 * limited-memory BFGS whose first estimate of the inverse is that of the old information (Nocedal & Wright 2006, algorithm
 * 7.4).
 */
export class Secants {
  readonly #pairs: Pair[] = [];
  readonly #shares: Float64Array = new Float64Array(MOST);

  clear(): void {
    this.#pairs.length = 0;
  }

  /** After a move from `from` to `to`, on which the gradient of a concave function went from `before` to `after`. */
  add(to: Float64Array, from: Float64Array, after: Float64Array, before: Float64Array): void {
    const move = to.map((b, j) => b - from[j]!);
    const fall = before.map((g, j) => g - after[j]!);
    const curvature = dot(move, fall);
    // Above 0 but for rounding, at the end of a search.
    if (!(curvature > 0) || this.#pairs.length === MOST) return;
    this.#pairs.push({ move, fall, scale: 1 / curvature });
  }

  /** Replaces the gradient in `v` by the step; `solve` multiplies by the inverse of the old information, in place. */
  solve(v: Float64Array, solve: (v: Float64Array) => void): void {
    const pairs = this.#pairs;
    const shares = this.#shares;
    for (let k = pairs.length - 1; k >= 0; k--) {
      const { move, fall, scale } = pairs[k]!;
      shares[k] = scale * dot(move, v);
      addTimes(v, -shares[k]!, fall);
    }
    solve(v);
    for (let k = 0; k < pairs.length; k++) {
      const { move, fall, scale } = pairs[k]!;
      addTimes(v, shares[k]! - scale * dot(fall, v), move);
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

function addTimes(v: Float64Array, factor: number, other: Float64Array): void {
  for (let j = 0; j < v.length; j++) v[j] = v[j]! + factor * other[j]!;
}
