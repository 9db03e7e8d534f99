/** Some cells of a column, and their ranks in it. */
export interface Sifted {
  /** Cells of the column that are not NaN. */
  readonly count: number;
  readonly cells: Float64Array;
  /** The place in the sorted `cells` of a rank in the column, both from 0; −1 where it is not among them. */
  placeOf(rank: number): number;
}

const SAMPLE = 2 ** 15;
/** Standard deviations of a rank in the sample, at most, from it to the ends of its bracket. */
const AWAY = 4;
/** Brackets that one pass tells apart. */
const MOST = 4;
const AT_ONCE = 4096;

/**
 * The cells near some quantiles of a long column, in one pass without a copy of the rest: a sample puts a bracket about
 * each, the cells in the brackets are kept and those between them counted (as Floyd & Rivest 1975 choose their pivots,
 * Commun. ACM 18, 165–172).
 * @param probabilities ascending
 * @returns `null` where it is of no use: for short columns, many quantiles, or brackets that hold more than half
 */
export function sift(values: Float64Array, probabilities: readonly number[]): Sifted | null {
  if (values.length < 8 * SAMPLE) return null;
  const step = values.length / SAMPLE;
  const sample = Float64Array.from({ length: SAMPLE }, (_, i) => values[Math.floor(i * step)]!)
    .filter((x) => x === x)
    .sort();
  if (sample.length < SAMPLE / 8) return null;
  const limits = brackets(sample, probabilities);
  if (limits.length > 2 * MOST) return null;

  const room = new Float64Array(values.length >> 1);
  const counts = new Float64Array(2 * MOST + 1);
  let kept = 0;
  for (let from = 0; from < values.length; from += AT_ONCE) {
    if (kept + AT_ONCE > room.length) return null;
    kept = keepBetween(values.subarray(from, from + AT_ONCE), limits, room.subarray(kept), counts) + kept;
  }
  return {
    count: counts.reduce((sum, count) => sum + count),
    cells: room.subarray(0, kept),
    placeOf(rank) {
      let before = 0;
      let outside = 0;
      for (let k = 0; k < counts.length; before += counts[k++]!) {
        if (k % 2 === 0) outside += counts[k]!;
        else if (rank >= before && rank < before + counts[k]!) return rank - outside;
      }
      return -1;
    },
  };
}

/** Least and greatest value of each bracket, ascending; brackets that overlap are one. */
function brackets(sample: Float64Array, probabilities: readonly number[]): number[] {
  const limits: number[] = [];
  for (const p of probabilities) {
    const rank = p * (sample.length - 1);
    const away = (AWAY * Math.sqrt(sample.length)) / 2;
    const low = sample[Math.floor(rank - away)] ?? Number.NEGATIVE_INFINITY;
    const high = sample[Math.ceil(rank + away)] ?? Number.POSITIVE_INFINITY;
    if (limits.length > 0 && low <= limits[limits.length - 1]!) limits[limits.length - 1] = high;
    else limits.push(low, high);
  }
  return limits;
}

/** Keeps the values within the brackets, and counts those of each and between them; returns how many it kept. */
function keepBetween(values: Float64Array, limits: readonly number[], to: Float64Array, counts: Float64Array): number {
  // No value passes a limit that is NaN, nor does NaN pass any.
  const [a = NONE, b = NONE, c = NONE, d = NONE, e = NONE, f = NONE, g = NONE, h = NONE] = limits;
  let kept = 0;
  let nulls = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    // How many limits it has passed: an odd number within a bracket. Comparisons as numbers keep the loop free of branches.
    const passed =
      Number(x >= a) +
      Number(x > b) +
      Number(x >= c) +
      Number(x > d) +
      Number(x >= e) +
      Number(x > f) +
      Number(x >= g) +
      Number(x > h);
    counts[passed]!++;
    to[kept] = x;
    kept += passed & 1;
    nulls += Number(x !== x);
  }
  counts[0]! -= nulls;
  return kept;
}
const NONE: number = Number.NaN;
