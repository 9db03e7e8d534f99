/**
 * The distinct event times of each stratum, and for every row the span of them at which it was at risk. A row is at risk at t
 * when entry < t ≤ exit: who is censored at t still counts there, who enters at t does not yet.
 */
export interface RiskSets {
  /** Ascending within a stratum, strata one after the other. Times are equal when their floats are. */
  readonly times: Float64Array;
  /** Stratum s owns times starts[s] … starts[s + 1] − 1. */
  readonly starts: Int32Array;
  /** Index of the row's last event time at or before its exit, which for an event is its own; −1: none. */
  readonly last: Int32Array;
  /** Index of the last event time at or before its entry; −1: none. At risk after `before` up to `last`. */
  readonly before: Int32Array;
}

/** One sort of the event times, then a binary search per row. Rows whose exit is NaN are in no risk set. */
export function riskSets(
  { entry, exit, event }: { readonly entry: Float64Array; readonly exit: Float64Array; readonly event: Float64Array },
  strata: { readonly codes: Int32Array; readonly count: number },
): RiskSets {
  const rows = exit.length;
  const { codes, count } = strata;
  const sizes = new Int32Array(count + 1);
  for (let i = 0; i < rows; i++) if (event[i] === 1) sizes[codes[i]! + 1]!++;
  for (let s = 0; s < count; s++) sizes[s + 1] = sizes[s + 1]! + sizes[s]!;
  const all = new Float64Array(sizes[count]!);
  const at = sizes.slice();
  for (let i = 0; i < rows; i++) if (event[i] === 1) all[at[codes[i]!]!++] = exit[i]!;
  const starts = new Int32Array(count + 1);
  let kept = 0;
  for (let s = 0; s < count; s++) {
    const own = all.subarray(sizes[s]!, sizes[s + 1]!).sort();
    // Distinct times move to the front; they never pass the place they are read from.
    for (let k = 0; k < own.length; k++) if (k === 0 || own[k] !== own[k - 1]) all[kept++] = own[k]!;
    starts[s + 1] = kept;
  }
  const times = all.slice(0, kept);
  const last = new Int32Array(rows);
  const before = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const known = exit[i] === exit[i];
    const low = known ? starts[codes[i]!]! : 0;
    const high = known ? starts[codes[i]! + 1]! : 0;
    last[i] = lastAtMost(times, low, high, exit[i]!);
    before[i] = entry[i]! > 0 ? lastAtMost(times, low, high, entry[i]!) : -1;
  }
  return { times, starts, last, before };
}

/** Index of the last of ascending `times[low … high)` that is at most `t`; −1 when there is none. */
export function lastAtMost(times: ArrayLike<number>, low: number, high: number, t: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (times[middle]! <= t) from = middle + 1;
    else to = middle;
  }
  return from > low ? from - 1 : -1;
}

/** Adds `value` where the row's span ends and takes it off before it begins; {@link sumBackwards} makes sums at risk of it. */
export function addSpan(out: Float64Array, last: number, before: number, value: number): void {
  if (last === before) return;
  out[last] = out[last]! + value;
  if (before >= 0) out[before] = out[before]! - value;
}

/**
 * Turns the marks of {@link addSpan} into Σ value over the rows at risk at each time, in place. The sums are compensated:
 * with delayed entry a small early risk set is the difference of large sums.
 */
export function sumBackwards(out: Float64Array, starts: Int32Array): void {
  for (let s = 0; s + 1 < starts.length; s++) {
    let total = 0;
    let lost = 0;
    for (let k = starts[s + 1]! - 1; k >= starts[s]!; k--) {
      const x = out[k]!;
      const next = total + x;
      lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
      total = next;
      out[k] = total + lost;
    }
  }
}

/** Σ `value` over the rows at risk at each time; without values their number. */
export function atRisk({ times, starts, last, before }: RiskSets, value?: Float64Array): Float64Array {
  const out = new Float64Array(times.length);
  for (let i = 0; i < last.length; i++) addSpan(out, last[i]!, before[i]!, value === undefined ? 1 : value[i]!);
  sumBackwards(out, starts);
  return out;
}

/** Σ `value` over the events at each time; without values their number. */
export function atEvents({ times, last }: RiskSets, event: Float64Array, value?: Float64Array): Float64Array {
  const out = new Float64Array(times.length);
  for (let i = 0; i < last.length; i++)
    if (event[i] === 1) out[last[i]!] = out[last[i]!]! + (value === undefined ? 1 : value[i]!);
  return out;
}
