import { readNumbers } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { MOST_OPPORTUNITIES } from './quantities.ts';

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
  const [x, t, end, ...covariates] = columns.map((name) => readNumbers(data, name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  const weights = weight === null ? null : readNumbers(data, weight);
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!);
  let nulls = 0;
  const members = new Map<string, number[]>();
  const all: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const w = weightOf(i);
    if (w < 0 || (w === w && !Number.isSafeInteger(w)))
      fail('invalid-value', `row ${i}: ${weight} ${w} is not a whole number of customers`);
    if (!isHistory(x[i]!, t[i]!, end[i]!, discrete) && x[i] === x[i] && t[i] === t[i] && end[i] === end[i])
      fail('invalid-value', `row ${i}: ${fault(x[i]!, t[i]!, end[i]!)}`);
    if (
      x[i] !== x[i] ||
      t[i] !== t[i] ||
      end[i] !== end[i] ||
      w !== w ||
      covariates.some((z) => !Number.isFinite(z[i]!))
    )
      nulls++;
    else if (w === 0) continue;
    else if (covariates.length === 0) all.push(i);
    else {
      const key = covariates.map((z) => z[i]! + 0).join();
      const rows = members.get(key);
      if (rows) rows.push(i);
      else members.set(key, [i]);
    }
  }
  if (all.length === 0 && members.size === 0)
    fail(
      'empty-input',
      `no row has ${columns.map((name) => `"${name}"`).join(', ')}: ${x.length} rows, ${nulls} with a null`,
    );
  const groups = (covariates.length === 0 ? [all] : [...members.values()]).map((of): HistoryGroup => {
    const grouped = grouping(of.length);
    let rows = 0;
    for (const i of of) {
      grouped.add(x[i]! + 0, t[i]! + 0, end[i]! + 0, weightOf(i));
      rows += weightOf(i);
    }
    return {
      covariates: covariates.map((z) => z[of[0]!]! + 0),
      histories: { ...grouped.sorted(), rows },
    };
  });
  groups.sort((a, b) => {
    const at = a.covariates.findIndex((z, k) => z !== b.covariates[k]);
    return at < 0 ? 0 : a.covariates[at]! - b.covariates[at]!;
  });
  return { groups, rows: groups.reduce((total, { histories }) => total + histories.rows, 0), nulls };
}

interface Grouping {
  add(x: number, recency: number, T: number, customers: number): void;
  count(): number;
  sorted(): Pick<Histories, 'x' | 'recency' | 'T' | 'weight'>;
}

/** Counts equal triples in an open-addressed table over their bits. */
function grouping(rows: number): Grouping {
  let size = 4;
  while (size < 2 * rows) size *= 2;
  const slots = new Int32Array(size);
  const x: number[] = [];
  const recency: number[] = [];
  const T: number[] = [];
  const weight: number[] = [];
  const key = new Float64Array(3);
  const words = new Int32Array(key.buffer);
  return {
    add(a, b, c, customers) {
      key[0] = a;
      key[1] = b;
      key[2] = c;
      let hash = 0;
      for (let w = 0; w < 6; w++) {
        hash = Math.imul(hash ^ words[w]!, 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      let slot = hash & (size - 1);
      for (;;) {
        const group = slots[slot]! - 1;
        if (group < 0) {
          slots[slot] = x.push(a);
          recency.push(b);
          T.push(c);
          weight.push(customers);
          return;
        }
        if (x[group] === a && recency[group] === b && T[group] === c) {
          weight[group]! += customers;
          return;
        }
        slot = (slot + 1) & (size - 1);
      }
    },
    count: () => x.length,
    sorted() {
      const order = Int32Array.from(x, (_, i) => i).sort(
        (i, j) => x[i]! - x[j]! || recency[i]! - recency[j]! || T[i]! - T[j]!,
      );
      const pick = (column: number[]): Float64Array => Float64Array.from(order, (i) => column[i]!);
      return { x: pick(x), recency: pick(recency), T: pick(T), weight: pick(weight) };
    },
  };
}
