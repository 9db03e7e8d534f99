import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { groupsOf, numbersOf } from './group-by.ts';
import { type RiskColumns, type RiskPart, valueAtRisk } from './value-at-risk.ts';

/** Value at risk of one category column against another. `cells[row][column]`. */
export interface RiskTable {
  readonly rowLevels: readonly string[];
  readonly columnLevels: readonly string[];
  readonly cells: readonly (readonly RiskPart[])[];
  readonly rowTotals: readonly RiskPart[];
  readonly columnTotals: readonly RiskPart[];
  readonly total: RiskPart;
  /** Customers left out because the probability, the value or one of the two groups is null. */
  readonly nulls: number;
}

/**
 * Value at risk by tier and class (S82): Σ p·value in each cell of two groupings, and along both sides.
 * @throws ClienteleError `invalid-value` for a probability outside [0, 1]; `wrong-length`.
 * @example
 * const customers = { probability: [0.5, 0.1], value: [100, 200] };
 * riskTable(customers, ['top', 'base'], ['gold', 'gold']).cells[0][0].atRisk // 50
 */
export function riskTable(columns: RiskColumns, rows: PlainColumn, across: PlainColumn): RiskTable {
  const size = numbersOf(columns.probability, 'probability').length;
  const down = groupsOf(rows, 'rows', size);
  const side = groupsOf(across, 'columns', size);
  const width = side.levels.length;
  /** A grouping by `level` of the rows that are in a cell. */
  const by = (level: (r: number, c: number) => number, count: number): readonly RiskPart[] => {
    const groups: CategoryColumn = {
      codes: down.codes.map((r, i) => (r < 0 || side.codes[i]! < 0 ? -1 : level(r, side.codes[i]!))),
      levels: Array.from({ length: count }, (_, g) => String(g)),
    };
    return valueAtRisk(columns, groups)
      .groups.slice(0, count)
      .map(({ rows: n, atRisk, value, rate }) => ({ rows: n, atRisk, value, rate }));
  };
  const cells = by((r, c) => r * width + c, down.levels.length * width);
  const [total] = by(() => 0, 1);
  return {
    rowLevels: down.levels,
    columnLevels: side.levels,
    cells: down.levels.map((_, r) => cells.slice(r * width, (r + 1) * width)),
    rowTotals: by((r) => r, down.levels.length),
    columnTotals: by((_, c) => c, width),
    total: total!,
    nulls: size - total!.rows,
  };
}
