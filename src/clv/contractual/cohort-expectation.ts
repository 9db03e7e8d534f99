import type { Columns } from '../../model/batch.ts';
import { checked, whole } from '../../model/checks.ts';
import type { ContractualModel } from './contractual-model.ts';
import { lifetimeLaw } from './lifetime-law.ts';
import { type CountColumns, checkRenewalColumns, readCohorts } from './renewal-table.ts';

/** The columns of a table of counts, and how far to look. */
export interface CohortOptions extends Omit<CountColumns, 'lost'> {
  /** Last period of every cohort; without it each ends where its rows end. */
  readonly through?: number;
}

/** Columns of one row per cohort and period, cohorts in order of appearance, periods ascending. */
export interface CohortExpectation {
  /** Null where the table has no cohorts. */
  readonly cohort: readonly (string | null)[];
  readonly period: Float64Array;
  /** Active customers; NaN where the table has no such row. */
  readonly actual: Float64Array;
  /** The cohort's first count × S(t)/S(t₀), t₀ its period. */
  readonly expected: Float64Array;
}

/** Expected active customers of each cohort beside the actual ones. */
export function cohortExpectation(
  model: ContractualModel,
  data: Columns,
  { through, ...counts }: CohortOptions,
): CohortExpectation {
  checkRenewalColumns({ counts });
  if (through !== undefined) checked('invalid-option', whole(0, 1e6), through, 'through');
  const law = lifetimeLaw(model);
  const names: (string | null)[] = [];
  const rows: (readonly [number, number, number])[] = [];
  for (const { name, period, active } of readCohorts(data, counts)) {
    const first = period[0]!;
    const actual = new Map(period.map((t, i) => [t, active[i]!]));
    for (let t = first; t <= (through ?? period.at(-1)!); t++) {
      names.push(name);
      rows.push([t, actual.get(t) ?? Number.NaN, active[0]! * law.survival(first, t - first)]);
    }
  }
  const column = (k: 0 | 1 | 2): Float64Array => Float64Array.from(rows, (row) => row[k]);
  return { cohort: names, period: column(0), actual: column(1), expected: column(2) };
}
