/**
 * The largest float64 number below `x`, so that `y < x` is `y <= nextDown(x)` for every y.
 * @example nextDown(1) // 0.9999999999999999
 */
export function nextDown(x: number): number {
  if (x === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(new Float64Array([x]).buffer);
  // Numbers of one sign are ordered as their bits, taken for whole numbers, are.
  bits[0] = bits[0]! + (x > 0 ? -1n : 1n);
  return new Float64Array(bits.buffer)[0]!;
}
