import { readCategories, readDays, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { names } from '../model/options.ts';
import { sum } from '../numerics/sum.ts';

/** Where the times between a customer's purchases are found. */
export type RegularityColumns =
  /** A purchase log, a row per purchase; days as dates or whole days since 1970-01-01. Default names. */
  | { readonly customer?: string; readonly date?: string }
  /** A purchase log with times in any unit. */
  | { readonly customer?: string; readonly time: string }
  /** A row per customer: two columns with the last interval but one and the last. */
  | { readonly intervals: readonly [string, string] };

/** How regularly customers buy. */
export interface TimingRegularity {
  /** Shape of the gamma-distributed time between purchases: 1 is at random (the NBD's), more is regular, less is clumpy. */
  readonly k: number;
  readonly standardError: number;
  /** Customers with two intervals. */
  readonly customers: number;
}

/** Why there is no estimate. */
export interface NoRegularity {
  readonly k: null;
  readonly standardError: null;
  readonly customers: number;
  readonly reason: string;
}

/**
 * The M statistic of Wheat & Morrison (1990, J. of Marketing Research 27, 87–93): with times between purchases
 * Gamma(k, λ), whatever the customer's own λ, M = t₂/(t₁ + t₂) of two adjacent ones is Beta(k, k), so
 *
 *   k = 1/(8v) − ½,  v = E(M − ½)² = 1/(4(2k + 1)),
 *
 * v the mean over customers, its standard error by the delta method, se(v)/(8v²). It takes the last two intervals of each
 * customer; purchases of one time are one. M and 1 − M weigh the same: BTYDplus draws which of the two it is, and takes
 * the variance about the mean of these draws, so its figure varies by chance about this one's.
 *
 * A customer counts who bought three times before the log ends, and such intervals are shorter than others: k is low by
 * that where few are.
 *
 * @throws ClienteleError `unknown-column`, `wrong-type`; `invalid-value` for an interval that is not above 0
 * @example
 * wheatMorrison({ intervals: ['before', 'last'] }, { before: [4, 7, 3], last: [5, 6, 5] });
 * // { k: 18.07…, standardError: 12.34…, customers: 3 }
 */
export function wheatMorrison(columns: RegularityColumns, data: Columns): TimingRegularity | NoRegularity {
  const squares = Float64Array.from(
    'intervals' in columns ? fromIntervals(columns.intervals, data) : fromLog(columns, data),
    (m) => (m - 0.5) * (m - 0.5),
  );
  const customers = squares.length;
  const none = (reason: string): NoRegularity => ({ k: null, standardError: null, customers, reason });
  if (customers === 0) return none('no customer has two intervals, that is three purchases at different times');
  const v = sum(squares) / customers;
  if (v === 0) return none('all intervals of a customer are equal: k is beyond any bound');
  if (customers === 1) return none('one customer has two intervals: an estimate needs more');
  const spread = sum(squares.map((s) => (s - v) * (s - v))) / (customers - 1);
  return { k: 1 / (8 * v) - 0.5, standardError: Math.sqrt(spread / customers) / (8 * v * v), customers };
}

function fromIntervals([before, last]: readonly [string, string], data: Columns): number[] {
  names({ 'intervals[0]': before, 'intervals[1]': last });
  const [first, second] = [readNumbers(data, before), readNumbers(data, last)];
  const out: number[] = [];
  for (let i = 0; i < first.length; i++) {
    const [t, u] = [first[i]!, second[i]!];
    if (t !== t || u !== u) continue;
    if (!(t > 0 && u > 0 && t + u < Infinity))
      fail('invalid-value', `row ${i}: intervals ${t} and ${u}; both must be above 0`);
    out.push(u / (t + u));
  }
  return out;
}

function fromLog(columns: Exclude<RegularityColumns, { readonly intervals: unknown }>, data: Columns): number[] {
  const { customer = 'customer' } = columns;
  const name = 'time' in columns ? columns.time : (columns.date ?? 'date');
  names({ customer, ['time' in columns ? 'time' : 'date']: name });
  const { codes, levels } = readCategories(data, customer);
  const times = 'time' in columns ? readNumbers(data, name) : readDays(data, name);
  // The three latest distinct times of each customer, the last first.
  const latest = new Float64Array(3 * levels.length).fill(Number.NaN);
  for (let i = 0; i < codes.length; i++) {
    let t = times[i]!;
    if (codes[i]! < 0 || t !== t) continue;
    if (Math.abs(t) === Infinity) fail('invalid-value', `row ${i}: time ${t} is not finite`);
    for (let at = 3 * codes[i]!, end = at + 3; at < end; at++) {
      const held = latest[at]!;
      if (t === held) break;
      if (held !== held || t > held) {
        latest[at] = t;
        if (held !== held) break;
        t = held;
      }
    }
  }
  const out: number[] = [];
  for (let at = 0; at < latest.length; at += 3) {
    const [last, before, first] = [latest[at]!, latest[at + 1]!, latest[at + 2]!];
    if (first === first) out.push((last - before) / (last - first));
  }
  return out;
}
