/** A column is taken for a combination of earlier ones when less than this share of its square is its own. */
export const RANK_TOLERANCE = 1e-10;

/**
 * Cholesky factor of the row-major n×n information matrix `a` (lower triangle, in place), column by column in the given
 * order. A column whose pivot is not above `floor(j, diagonal)` is left out: its row and column become those of the
 * identity and `out[j]` is set. `pivots` receives every pivot.
 */
export function factorInOrder(
  a: Float64Array,
  n: number,
  floor: (j: number, diagonal: number) => number,
  out: Uint8Array,
  pivots: Float64Array,
): void {
  for (let j = 0; j < n; j++) {
    const row = j * n;
    const diagonal = a[row + j]!;
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= a[row + k]! ** 2;
    pivots[j] = pivot;
    if (out[j] === 1 || !(pivot > floor(j, diagonal))) {
      out[j] = 1;
      for (let k = 0; k < j; k++) a[row + k] = 0;
      for (let i = j + 1; i < n; i++) a[i * n + j] = 0;
      a[row + j] = 1;
      continue;
    }
    const root = Math.sqrt(pivot);
    a[row + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[row + k]!;
      a[i * n + j] = sum / root;
    }
  }
}
