import { fail } from '../../errors.ts';
import { chiSquaredTail } from '../../numerics/chi-squared.ts';
import { log } from '../../numerics/elementary.ts';
import { sum } from '../../numerics/sum.ts';

/**
 * What is done about a bin in which nobody left, or nobody stayed, where the logarithm would be infinite.
 * - `'half-in-zero-bins'`: half a customer is added to both counts of such a bin; totals and other bins stay as they are.
 * - `'half-everywhere'`: half a customer is added to both counts of every bin, and to the totals (Haldane 1956).
 * - `'none'`: its weight of evidence, and the information value, are null, which stands for infinite.
 */
export type ZeroCells = 'half-in-zero-bins' | 'half-everywhere' | 'none';

/** Leavers and stayers over bins: what tells them apart. */
export interface BinEvidence {
  /** Per bin; null in a bin without customers, and where it is infinite. */
  readonly weightOfEvidence: readonly (number | null)[];
  /** Per bin; 0 in a bin without customers. */
  readonly contribution: readonly (number | null)[];
  /** Σ of the contributions; null where one is infinite. */
  readonly informationValue: number | null;
  /** Whether a count was changed. */
  readonly adjusted: boolean;
}

/** Stops unless the name is one of the rules. */
export function checkZeroCells(rule: ZeroCells): void {
  if (!['half-in-zero-bins', 'half-everywhere', 'none'].includes(rule))
    fail('invalid-option', `invalid zeroCells: ${String(rule)}; use "half-in-zero-bins", "half-everywhere" or "none"`);
}

/**
 * Weight of evidence WoEᵢ = ln(ℓᵢ/sᵢ) of each bin, ℓ and s being the bin's share of all leavers and of all stayers, and
 * the information value Σ (ℓᵢ − sᵢ)·WoEᵢ. Above 0: a bin that leavers are found in more often than stayers. Both totals
 * must be above 0.
 */
export function binEvidence(leavers: readonly number[], stayers: readonly number[], rule: ZeroCells): BinEvidence {
  const used = leavers.map((count, i) => count + stayers[i]! > 0);
  const extra = used.map((is, i) => {
    const zero = leavers[i] === 0 || stayers[i] === 0;
    return is && (rule === 'half-everywhere' || (rule === 'half-in-zero-bins' && zero)) ? 0.5 : 0;
  });
  const added = rule === 'half-everywhere' ? sum(extra) : 0;
  const left = sum(leavers) + added;
  const stayed = sum(stayers) + added;
  const weightOfEvidence: (number | null)[] = [];
  const contribution = used.map((is, i) => {
    const share = (leavers[i]! + extra[i]!) / left;
    const base = (stayers[i]! + extra[i]!) / stayed;
    const known = share > 0 && base > 0;
    weightOfEvidence.push(known ? log(share / base) : null);
    return known ? (share - base) * log(share / base) : is ? null : 0;
  });
  const finite = contribution.filter((part) => part !== null);
  return {
    weightOfEvidence,
    contribution,
    informationValue: finite.length < contribution.length ? null : sum(finite),
    adjusted: extra.some((half) => half > 0),
  };
}

/** Pearson's test of whether leaving and a feature are independent. */
export interface IndependenceTest {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** The smallest count expected under independence. Below 5 the p-value is rough (Cochran 1954). */
  readonly smallestExpected: number;
}

/** Σ (observed − expected)²/expected over the cells of bins × {left, stayed}; null with fewer than two bins in use. */
export function independenceTest(leavers: readonly number[], stayers: readonly number[]): IndependenceTest | null {
  const left = sum(leavers);
  const stayed = sum(stayers);
  const rate = left / (left + stayed);
  const sizes = leavers.map((count, i) => count + stayers[i]!);
  const used = sizes.filter((size) => size > 0);
  if (used.length < 2) return null;
  // Both cells of a bin are off by the same number, so their terms are one.
  const terms = sizes.map((size, i) => (size > 0 ? (leavers[i]! - size * rate) ** 2 / (size * rate * (1 - rate)) : 0));
  const statistic = sum(terms);
  const degreesOfFreedom = used.length - 1;
  return {
    statistic,
    degreesOfFreedom,
    pValue: chiSquaredTail(statistic, degreesOfFreedom),
    smallestExpected: Math.min(...used) * Math.min(rate, 1 - rate),
  };
}
