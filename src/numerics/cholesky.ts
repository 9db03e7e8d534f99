/**
 * In-place Cholesky factor of the symmetric positive definite n×n matrix in row-major `a` (lower triangle read and
 * overwritten by L; the rest is left alone). Returns the smallest pivot over its original diagonal element, a measure of how close to
 * singular the matrix is; 0 when it is not positive definite (the factor is then unusable).
 */
export function choleskyFactor(a: Float64Array, n: number): number {
  let smallest = 1;
  for (let j = 0; j < n; j++) {
    const diagonal = a[j * n + j]!;
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= a[j * n + k]! ** 2;
    if (!(pivot > 0)) return 0;
    smallest = Math.min(smallest, pivot / diagonal);
    const root = Math.sqrt(pivot);
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = sum / root;
    }
  }
  return smallest;
}

/** Solves L Lᵀ x = b for the factor of {@link choleskyFactor}; `b` is overwritten by x. */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!;
    b[i] = sum / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * b[k]!;
    b[i] = sum / l[i * n + i]!;
  }
}

/** The inverse of the factored matrix, row-major, both triangles. */
export function choleskyInverse(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    choleskySolve(l, n, column);
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i]!;
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const mean = (inverse[i * n + j]! + inverse[j * n + i]!) / 2;
      inverse[i * n + j] = mean;
      inverse[j * n + i] = mean;
    }
  return inverse;
}
