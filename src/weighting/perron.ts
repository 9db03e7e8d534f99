import { sum } from '../numerics/sum.ts';

export function shares(values: readonly number[]): readonly number[] {
  const total = sum(values);
  return values.map((value) => value / total);
}

/**
 * The positive eigenvector of a positive (or primitive) matrix, with sum 1, by squaring: the columns of A^(2^k) turn
 * parallel to it and the error is squared in each step. Only positive numbers are added, so that every weight keeps its
 * relative precision.
 */
export function perronVector(a: readonly (readonly number[])[]): readonly number[] {
  const n = a.length;
  const enough = n * 2 ** -51;
  let power = Float64Array.from(a.flat());
  let next = new Float64Array(n * n);
  let vector = shares(rowSums(power, n));
  for (let step = 0; step < 64; step++) {
    let largest = 0;
    for (let c = 0; c < power.length; c++) largest = Math.max(largest, power[c]!);
    for (let c = 0; c < power.length; c++) power[c]! *= 1 / largest;
    next.fill(0);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++) {
        const factor = power[i * n + k]!;
        for (let j = 0; j < n; j++) next[i * n + j]! += factor * power[k * n + j]!;
      }
    [power, next] = [next, power];
    const before = vector;
    vector = shares(rowSums(power, n));
    if (vector.every((w, i) => Math.abs(w - before[i]!) <= enough * w)) break;
  }
  return vector;
}

const rowSums = (a: Float64Array, n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => sum(a.subarray(i * n, i * n + n)));
