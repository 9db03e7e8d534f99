import { exp, log } from './elementary.ts';

/**
 * Moves cells so that at each of `ranks` stands what would stand there after sorting, smaller or equal ones before it
 * and greater or equal ones behind it (−0 and 0 are equal). No cell may be NaN. Expected time is linear (Floyd & Rivest
 * 1975, Commun. ACM 18, 165–172); what resists is sorted, so that the worst case is that of a sort.
 * @param ranks ascending, counted from 0
 * @example
 * const cells = Float64Array.of(5, 1, 4, 2, 3);
 * selectRanks(cells, [1, 3]);
 * [cells[1], cells[3]] // [2, 4]
 */
export function selectRanks(cells: Float64Array, ranks: readonly number[]): void {
  between(cells, ranks, 0, cells.length - 1);
}

/** The middle rank first: it parts the cells for the ranks on either side. */
function between(cells: Float64Array, ranks: readonly number[], left: number, right: number): void {
  if (ranks.length === 0 || left >= right) return;
  const half = ranks.length >> 1;
  const rank = ranks[half]!;
  select(cells, rank, left, right);
  between(cells, ranks.slice(0, half), left, rank - 1);
  between(
    cells,
    ranks.slice(half + 1).filter((other) => other > rank),
    rank + 1,
    right,
  );
}

const SMALL = 600;
const ROUNDS = 64;

function select(cells: Float64Array, rank: number, left: number, right: number): void {
  for (let round = 0; left < right; round++) {
    if (round === ROUNDS) {
      cells.subarray(left, right + 1).sort();
      return;
    }
    const count = right - left + 1;
    if (count > SMALL) {
      // A pivot just beyond the rank, on its nearer side, found in a sample: it leaves few cells to look at.
      const z = log(count);
      const sample = 0.5 * exp((2 * z) / 3);
      const before = rank - left + 1;
      const spread = 0.5 * Math.sqrt((z * sample * (count - sample)) / count) * (before < count / 2 ? -1 : 1);
      const from = Math.floor(rank - (before * sample) / count + spread);
      const to = Math.floor(rank + ((count - before) * sample) / count + spread);
      select(cells, rank, Math.max(left, from), Math.min(right, to));
    }
    const pivot = cells[rank]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (cells[i]! < pivot) i++;
      while (cells[j]! > pivot) j--;
      if (i > j) break;
      const cell = cells[i]!;
      cells[i++] = cells[j]!;
      cells[j--] = cell;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else return;
  }
}
