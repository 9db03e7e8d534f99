/** Counts of two ordered variables: `counts[row][column]`, both from the lowest level to the highest. */
export type OrderedTable = readonly (readonly number[])[];

/**
 * Kendall's tau-b of an ordered table: (concordant − discordant pairs) ÷ √(pairs untied in rows · pairs untied in columns)
 * (Kendall 1945, Biometrika 33, 239–251). −1 … 1; null when one of the two does not vary.
 * @example kendallTauB([[2, 0], [0, 2]]) // 1
 */
export function kendallTauB(counts: OrderedTable): number | null {
  let difference = 0;
  counts.forEach((row, r) => {
    row.forEach((count, c) => {
      for (const below of counts.slice(r + 1))
        below.forEach((other, k) => {
          difference += Math.sign(k - c) * count * other;
        });
    });
  });
  const untied = untiedPairs(rowTotals(counts)) * untiedPairs(columnTotals(counts));
  return untied > 0 ? difference / Math.sqrt(untied) : null;
}

/**
 * Spearman's rank correlation of an ordered table: Pearson's correlation of mid-ranks, tied ranks averaged. −1 … 1; null
 * when one of the two does not vary.
 * @example spearman([[2, 0], [0, 2]]) // 1
 */
export function spearman(counts: OrderedTable): number | null {
  const rows = rowTotals(counts);
  const columns = columnTotals(counts);
  const across = midRanks(columns);
  const down = midRanks(rows);
  let product = 0;
  counts.forEach((row, r) => {
    row.forEach((count, c) => {
      product += count * down[r]! * across[c]!;
    });
  });
  const spread = squares(rows, down) * squares(columns, across);
  return spread > 0 ? product / Math.sqrt(spread) : null;
}

const rowTotals = (counts: OrderedTable): number[] => counts.map((row) => row.reduce((a, b) => a + b, 0));
const columnTotals = (counts: OrderedTable): number[] =>
  (counts[0] ?? []).map((_, c) => counts.reduce((total, row) => total + row[c]!, 0));

function untiedPairs(totals: readonly number[]): number {
  const n = totals.reduce((a, b) => a + b, 0);
  return (n * (n - 1)) / 2 - totals.reduce((tied, t) => tied + (t * (t - 1)) / 2, 0);
}

/** Mean rank of each level, less the mean of all ranks. */
function midRanks(totals: readonly number[]): number[] {
  const n = totals.reduce((a, b) => a + b, 0);
  let before = 0;
  return totals.map((total) => {
    const rank = before + total / 2 - n / 2;
    before += total;
    return rank;
  });
}

const squares = (totals: readonly number[], ranks: readonly number[]): number =>
  totals.reduce((sum, total, i) => sum + total * ranks[i]! * ranks[i]!, 0);
