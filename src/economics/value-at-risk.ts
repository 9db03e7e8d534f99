import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { sum } from '../numerics/sum.ts';
import { groupsOf, numbersOf, partsOf, ratio } from './group-by.ts';

export interface RiskColumns {
  /** Probability of churn, in [0, 1]. */
  readonly probability: PlainColumn;
  /** Value if kept, such as current value; a value that already holds survival would count churn twice. */
  readonly value: PlainColumn;
}

export interface RiskPart {
  /** Rows with both a probability and a value. */
  readonly rows: number;
  /** Σ probability · value. */
  readonly atRisk: number;
  /** Σ value over the same rows. */
  readonly value: number;
  /** atRisk / value; null when the value is 0. */
  readonly rate: number | null;
}

export interface RiskGroup extends RiskPart {
  /** null: the rows without a group, listed when there are any. */
  readonly group: string | null;
  /** Of the total at risk; null when that is 0. */
  readonly share: number | null;
}

export interface ValueAtRisk extends RiskPart {
  /** Rows left out because the probability or the value is null. */
  readonly nulls: number;
  readonly groups: readonly RiskGroup[];
}

/**
 * What churn is expected to cost: Σ p_i · value_i, in all and by group. Customers who have left already must not be in
 * the columns. Sums are compensated.
 * @throws ClienteleError `invalid-value` for a probability outside [0, 1]; `wrong-length`.
 * @example valueAtRisk({ probability: [0.5, 0.1], value: [100, 200] }).atRisk // 70
 */
export function valueAtRisk(columns: RiskColumns, groups?: PlainColumn): ValueAtRisk {
  const probability = numbersOf(columns.probability, 'probability');
  const rows = probability.length;
  const value = numbersOf(columns.value, 'value', rows);
  const risk = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const p = probability[row]!;
    if (p < 0 || p > 1) fail('invalid-value', `probability, row ${row}: ${p} is outside [0, 1]`);
    risk[row] = p * value[row]!;
    if (p !== p) value[row] = Number.NaN;
  }
  const part = (risks: ArrayLike<number>, values: ArrayLike<number>): Omit<RiskPart, 'rows'> => {
    const atRisk = sum(risks);
    const total = sum(values);
    return { atRisk, value: total, rate: ratio(atRisk, total) };
  };
  const all = part(risk, value);
  const nulls = value.reduce((n, x) => n + (x === x ? 0 : 1), 0);
  if (groups === undefined) return { rows: rows - nulls, ...all, nulls, groups: [] };
  const column = groupsOf(groups, 'groups', rows);
  const values = partsOf(value, column);
  const list = partsOf(risk, column).map((risks, g): RiskGroup => {
    const own = part(risks, values[g]!);
    return { group: column.levels[g] ?? null, rows: risks.length, ...own, share: ratio(own.atRisk, all.atRisk) };
  });
  return {
    rows: rows - nulls,
    ...all,
    nulls,
    groups: list.filter(({ group, rows }) => group !== null || rows > 0),
  };
}
