import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { FitReport } from '../model/contract.ts';
import { readNumbers } from './whole.ts';

/**
 * The fit report of a model that is chosen, not learned: the data are only looked at for the number columns it will need,
 * and every column with nulls is told of. `low` and `high` bound the values that are usable.
 */
export function chosenFit(
  data: Columns,
  columns: readonly string[],
  { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }: { low?: number; high?: number } = {},
): FitReport {
  const warnings: string[] = [];
  let rows = 0;
  for (const name of columns) {
    const values = readNumbers(data, name);
    rows = values.length;
    let nulls = 0;
    let outside = 0;
    for (let i = 0; i < rows; i++) {
      const x = values[i]!;
      if (x !== x) nulls++;
      else if (x < low || x > high) outside++;
    }
    if (rows > 0 && nulls === rows) fail('all-null', `column "${name}" holds nothing but nulls`);
    if (nulls > 0) warnings.push(`"${name}" is null in ${nulls} of ${rows} rows: so is the result`);
    if (outside > 0)
      warnings.push(`"${name}" is outside [${low}, ${high}] in ${outside} of ${rows} rows: the result is null`);
  }
  return { status: 'converged', rows, warnings };
}
