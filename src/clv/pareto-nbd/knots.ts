import type { Histories } from '../family/history.ts';

/** The histories `first` ≤ i < `last` with x purchases, and their knots `from` ≤ k < `to`. */
export interface Block {
  readonly x: number;
  readonly weight: number;
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** The distinct times t_x and T of each x, ascending, and which of its block are those of each history. */
export interface Knots {
  readonly time: Float64Array;
  readonly blocks: readonly Block[];
  readonly atRecency: Int32Array;
  readonly atEnd: Int32Array;
}

/** Sorts the times of histories, which ascend by x. */
export function knotsOf({ x, recency, T, weight }: Histories): Knots {
  const time = new Float64Array(2 * x.length);
  const atRecency = new Int32Array(x.length);
  const atEnd = new Int32Array(x.length);
  const blocks: Block[] = [];
  let knots = 0;
  for (let first = 0, last = 0; first < x.length; first = last) {
    let many = 0;
    for (; last < x.length && x[last] === x[first]; last++) many += weight[last]!;
    const times = new Float64Array(2 * (last - first));
    times.set(recency.subarray(first, last));
    times.set(T.subarray(first, last), last - first);
    times.sort();
    const from = knots;
    for (const t of times) if (knots === from || time[knots - 1] !== t) time[knots++] = t;
    for (let i = first; i < last; i++) {
      atRecency[i] = find(time, from, knots, recency[i]!) - from;
      atEnd[i] = find(time, from, knots, T[i]!) - from;
    }
    blocks.push({ x: x[first]!, weight: many, first, last, from, to: knots });
  }
  return { time: time.slice(0, knots), blocks, atRecency, atEnd };
}

/** Where t lies among the ascending times of `from` ≤ k < `to`. */
function find(time: Float64Array, from: number, to: number, t: number): number {
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (time[middle]! <= t) from = middle;
    else to = middle;
  }
  return from;
}
