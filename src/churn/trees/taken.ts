/** Fills `out` with the values of some rows, the first of `stride` of each. (`from` with a function takes ten times as long.) */
export function taken<A extends Float64Array | Int32Array>(values: A, rows: Int32Array, out: A, stride = 1): A {
  for (let i = 0; i < rows.length; i++) out[i] = values[stride * rows[i]!]!;
  return out;
}
