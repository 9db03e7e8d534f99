import { exp } from '../numerics/elementary.ts';
import { minimise } from '../numerics/newton.ts';
import { perronVector } from './perron.ts';

type Matrix = readonly (readonly number[])[];

/**
 * The logarithms y of the entries a_ij = e^y, a_ji = e^−y at `at` that minimise the Perron root λ of a reciprocal matrix.
 * λ is convex in y, with the one minimum where the pairs outside `at` connect all rows (Bozóki, Fülöp & Rónyai 2010).
 * Newton's method on the exact derivatives of a simple root: with left and right vectors uᵀw = 1 and the group inverse G
 * of λI − A, λ_k = uᵀA_k w and λ_kl = uᵀA_kl w + uᵀA_k G A_l w + uᵀA_l G A_k w (Meyer & Stewart 1988).
 */
export function minimisePerronRoot(
  matrix: Matrix,
  at: readonly (readonly [i: number, j: number])[],
  start: readonly number[],
): readonly number[] {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const objective = (y: Float64Array, gradient: Float64Array, hessian: Float64Array): number => {
    at.forEach(([i, j], k) => {
      a[i]![j] = exp(y[k]!);
      a[j]![i] = 1 / a[i]![j]!;
    });
    const w = perronVector(a);
    const left = perronVector(a.map((_, i) => a.map((row) => row[i]!)));
    const scale = left.reduce((s, u, i) => s + u * w[i]!, 0);
    const u = left.map((one) => one / scale);
    let lambda = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) lambda += u[i]! * a[i]![j]! * w[j]!;
    const group = inverse(a.map((row, i) => row.map((cell, j) => (i === j ? lambda : 0) - cell + w[i]! * u[j]!))).map(
      (row, i) => row.map((cell, j) => cell - w[i]! * u[j]!),
    );
    const P = at.length;
    for (let k = 0; k < P; k++) {
      const [i, j] = at[k]!;
      const there = a[i]![j]!;
      const back = a[j]![i]!;
      gradient[k] = u[i]! * there * w[j]! - u[j]! * back * w[i]!;
      for (let l = 0; l <= k; l++) {
        const [p, q] = at[l]!;
        // A_k w has two entries, and so has uᵀA_k
        const ahead = a[p]![q]! * w[q]!;
        const behind = a[q]![p]! * w[p]!;
        const forth =
          u[i]! * there * (group[j]![p]! * ahead - group[j]![q]! * behind) -
          u[j]! * back * (group[i]![p]! * ahead - group[i]![q]! * behind);
        const across =
          u[p]! * a[p]![q]! * (group[q]![i]! * there * w[j]! - group[q]![j]! * back * w[i]!) -
          u[q]! * a[q]![p]! * (group[p]![i]! * there * w[j]! - group[p]![j]! * back * w[i]!);
        const same = k === l ? u[i]! * there * w[j]! + u[j]! * back * w[i]! : 0;
        hessian[k * P + l] = hessian[l * P + k] = same + forth + across;
      }
    }
    return lambda;
  };
  return [...minimise(objective, start).x];
}

/** By Gauss–Jordan elimination with partial pivoting. */
function inverse(matrix: Matrix): Matrix {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, ...matrix.map((_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r]![c]!) > Math.abs(a[best]![c]!)) best = r;
    [a[c], a[best]] = [a[best]!, a[c]!];
    const pivot = a[c]!.map((cell) => cell / a[c]![c]!);
    a.forEach((row, r) => {
      a[r] = r === c ? pivot : row.map((cell, j) => cell - row[c]! * pivot[j]!);
    });
  }
  return a.map((row) => row.slice(n));
}
