/**
 * Solves A·X = B for a row diagonally dominant A, which Gaussian elimination takes without pivoting (Higham 2002, §9.5).
 * Neither is changed.
 */
export function solveDominant(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const n = a.length;
  const left = a.map((row) => [...row]);
  const right = b.map((row) => [...row]);
  const subtract = (rows: number[][], from: number, times: number, pivot: number): void => {
    const row = rows[from]!;
    rows[pivot]!.forEach((x, j) => {
      row[j]! -= times * x;
    });
  };
  for (let p = 0; p < n; p++)
    for (let i = p + 1; i < n; i++) {
      const times = left[i]![p]! / left[p]![p]!;
      subtract(left, i, times, p);
      subtract(right, i, times, p);
    }
  for (let p = n - 1; p >= 0; p--) {
    const row = right[p]!;
    for (let k = p + 1; k < n; k++) subtract(right, p, left[p]![k]!, k);
    for (let j = 0; j < row.length; j++) row[j]! /= left[p]![p]!;
  }
  return right;
}
