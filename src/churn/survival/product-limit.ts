/** S(t) and its variance after each event time. */
export interface Steps {
  readonly survival: readonly number[];
  /** Σ d/(n(n − d)) up to each time, over n > d. */
  readonly greenwood: readonly number[];
}

/** S and Greenwood's sum after each event time. */
export function productLimit(n: Float64Array, d: Float64Array): Steps {
  const survival: number[] = [];
  const greenwood: number[] = [];
  let S = 1;
  let sum = 0;
  for (let k = 0; k < n.length; k++) {
    const left = n[k]! - d[k]!;
    // Sums of fractional weights may differ in their last digits.
    const stay = left > 1e-12 * n[k]! ? left : 0;
    S *= stay / n[k]!;
    if (stay > 0) sum += d[k]! / (n[k]! * stay);
    survival.push(S);
    greenwood.push(sum);
  }
  return { survival, greenwood };
}
