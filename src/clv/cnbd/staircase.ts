/**
 * What becomes of a customer by the number of phases that have ended, k to a purchase, averaged over the dropout
 * p ~ Beta(a, b) after each: both functions are steps of k phases.
 */
export interface Staircase {
  /** Expected number of purchases after m phases: Σ_{i ≤ m/k} E(1−p)^(i−1). */
  purchases(m: number): number;
  /** P(alive after m phases) = E(1−p)^⌊m/k⌋. */
  alive(m: number): number;
}

/** A {@link Staircase}, worked out as far as it is asked for. */
export function staircase(k: number, a: number, b: number): Staircase {
  const total = [0];
  const survival = [1];
  const upTo = (step: number): void => {
    for (let i = total.length; i <= step; i++) {
      total.push(total[i - 1]! + survival[i - 1]!);
      survival.push((survival[i - 1]! * (b + i - 1)) / (a + b + i - 1));
    }
  };
  return {
    purchases(m) {
      const step = Math.floor(m / k);
      if (step >= total.length) upTo(2 * step);
      return total[step]!;
    },
    alive(m) {
      const step = Math.floor(m / k);
      if (step >= total.length) upTo(2 * step);
      return survival[step]!;
    },
  };
}
