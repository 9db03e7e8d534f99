import { readNumbers, rowCount } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { MOST_OPPORTUNITIES } from './quantities.ts';
import { type TupleCounts, tupleCounts } from './tuple-counts.ts';

/** Columns of a customer's purchase history as every buy-till-you-die model reads it. Times count from the first purchase. */
export interface HistoryColumns<F extends string = string, R extends string = string, T extends string = string> {
  /** Column of x, the number of repeat purchases (the first one is not counted). Default `frequency`. */
  readonly frequency?: F;
  /** Column of t_x, the time of the last purchase; 0 when there was no repeat purchase. Default `recency`. */
  readonly recency?: R;
  /** Column of T, the length of the observation. Default `T`. */
  readonly T?: T;
}

/**
 * Whether (x, t_x, T) can be a history: x whole, 0 ≤ t_x ≤ T, no recency without a repeat purchase, none within no time;
 * over opportunities, t_x and T whole and x ≤ t_x besides.
 */
export function isHistory(x: number, recency: number, T: number, discrete = false): boolean {
  return (
    x >= 0 &&
    Number.isSafeInteger(x) &&
    recency >= 0 &&
    recency <= T &&
    T < Infinity &&
    (x > 0 ? T > 0 : recency === 0) &&
    (!discrete || (x <= recency && T <= MOST_OPPORTUNITIES && Number.isInteger(recency) && Number.isInteger(T)))
  );
}

function fault(x: number, recency: number, T: number): string {
  if (!(x >= 0 && Number.isSafeInteger(x))) return `frequency ${x} is not a whole number of repeat purchases`;
  if (T < 0) return `T ${T} is negative; it counts from the first purchase to the end of the observation`;
  if (recency < 0) return `recency ${recency} is negative; it counts from the first purchase to the last one`;
  if (recency > T)
    return `recency ${recency} is after T ${T}; recency is the time of the last purchase, not the time since`;
  if (x === 0 && recency > 0) return `recency ${recency} without a repeat purchase; it must be 0 when frequency is 0`;
  if (T === 0) return `frequency ${x} within T = 0; T must be above 0`;
  if (!Number.isInteger(recency)) return `recency ${recency} is not a whole number: it counts opportunities to buy`;
  if (!Number.isInteger(T)) return `T ${T} is not a whole number: it counts opportunities to buy`;
  if (T > MOST_OPPORTUNITIES) return `T ${T} is more than ${MOST_OPPORTUNITIES} opportunities to buy`;
  return `frequency ${x} by opportunity ${recency}; there is one purchase at most at each`;
}

/** Distinct histories with the number of customers who share them, ascending by x, then recency, then T. */
export interface Histories {
  readonly x: Float64Array;
  readonly recency: Float64Array;
  readonly T: Float64Array;
  readonly weight: Float64Array;
  /** Customers, all together. */
  readonly rows: number;
}

/** The customers who share their covariates. */
export interface HistoryGroup {
  /** Values of the covariate columns. */
  readonly covariates: readonly number[];
  readonly histories: Histories;
}

/** Histories grouped for a fit. */
export interface GroupedHistories {
  /** In ascending order of the covariates; one group when there are none. */
  readonly groups: readonly HistoryGroup[];
  /** Customers, all together. */
  readonly rows: number;
  /** Rows left out because a cell is null. */
  readonly nulls: number;
}

/**
 * Reads histories for a fit and groups equal ones: a likelihood then costs a row per distinct history. The groups are
 * sorted, so that the sums over them have the same bits whatever the order of the rows.
 * @param columns frequency, recency, T, then covariates
 * @param weight column of the number of customers a row stands for
 * @throws ClienteleError `invalid-value` for a history that cannot be; `empty-input` when none is left
 */
export function readHistories(
  data: Columns,
  columns: readonly string[],
  { weight = null, discrete }: { readonly weight?: string | null; readonly discrete?: boolean | undefined } = {},
): GroupedHistories {
  const counts = historyCounts(columns);
  counts.update(data, { weight, discrete });
  if (counts.tuples.size() === 0)
    fail('empty-input', `no row has ${listed(columns)}: ${rowCount(data)} rows, ${counts.nulls()} with a null`);
  return counts.groups();
}

/** "a", "b" and "c". */
function listed(columns: readonly string[]): string {
  const quoted = columns.map((name) => `"${name}"`);
  return `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

/** Distinct histories, with their covariates first, as they are gathered batch by batch. */
export interface HistoryCounts {
  readonly tuples: TupleCounts;
  update(data: Columns, options: { readonly weight?: string | null; readonly discrete?: boolean | undefined }): void;
  leaveOut(nulls: number): void;
  nulls(): number;
  groups(): GroupedHistories;
}

/** @param columns frequency, recency, T, then covariates */
export function historyCounts(columns: readonly string[]): HistoryCounts {
  const width = columns.length - 3;
  const tuples = tupleCounts(columns.length);
  const cells = new Float64Array(columns.length);
  let nulls = 0;
  return {
    tuples,
    update(data, { weight = null, discrete }) {
      const read = columns.map((name) => readNumbers(data, name));
      const [x, t, end] = read as [Float64Array, Float64Array, Float64Array];
      const covariates = read.slice(3);
      const weights = weight === null ? null : readNumbers(data, weight);
      for (let i = 0; i < x.length; i++) {
        const [a, b, c] = [x[i]!, t[i]!, end[i]!];
        const w = weights === null ? 1 : weights[i]!;
        if (w < 0 || (w === w && !Number.isSafeInteger(w)))
          fail('invalid-value', `row ${i}: ${weight} ${w} is not a whole number of customers`);
        let known = a === a && b === b && c === c;
        if (known && !isHistory(a, b, c, discrete)) fail('invalid-value', `row ${i}: ${fault(a, b, c)}`);
        for (let k = 0; k < width; k++) {
          cells[k] = covariates[k]![i]!;
          if (!Number.isFinite(cells[k]!)) known = false;
        }
        if (!known || w !== w) nulls++;
        else if (w > 0) {
          cells[width] = a;
          cells[width + 1] = b;
          cells[width + 2] = c;
          tuples.add(cells, w);
        }
      }
    },
    leaveOut(more) {
      nulls += more;
    },
    nulls: () => nulls,
    groups() {
      const { columns: sorted, counts } = tuples.sorted();
      const covariates = sorted.slice(0, width);
      const [x, recency, T] = sorted.slice(width) as [Float64Array, Float64Array, Float64Array];
      const groups: HistoryGroup[] = [];
      let rows = 0;
      for (let from = 0, to = 0; from < x.length; from = to) {
        let customers = 0;
        for (; to < x.length && covariates.every((z) => z[to] === z[from]); to++) customers += counts[to]!;
        groups.push({
          covariates: covariates.map((z) => z[from]!),
          histories: {
            x: x.subarray(from, to),
            recency: recency.subarray(from, to),
            T: T.subarray(from, to),
            weight: counts.subarray(from, to),
            rows: customers,
          },
        });
        rows += customers;
      }
      return { groups, rows, nulls };
    },
  };
}
