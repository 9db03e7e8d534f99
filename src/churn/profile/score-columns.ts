import { columnNames, isArrowLike, requireColumn, rowCount } from '../../columns/batch.ts';
import { isCategoryColumn } from '../../columns/plain.ts';
import { takeRows } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { ArrowLike, Columns, PlainColumn } from '../../model/batch.ts';

export type PlainColumns = { readonly [name: string]: PlainColumn };

/** What a score function is given: the columns of the data, always plain. */
export type ScoreBatch<D extends Columns = Columns> = D extends ArrowLike
  ? PlainColumns
  : { readonly [C in keyof D]: PlainColumn };

/**
 * Gives the probability of every row of a batch, NaN where there is none: whatever a plan, a pipeline or a function of
 * one's own predicts, for instance `(batch) => plan.score(batch).columns.churnProbability`. It gets the columns of the data
 * it is used on.
 */
export type ScoreFunction<D extends Columns = Columns> = (batch: ScoreBatch<D>) => ArrayLike<number>;

/** A batch as plain columns. Those of a plain batch are its own; Arrow booleans and dates become numbers. */
export function plainColumns(data: Columns): PlainColumns {
  if (!isArrowLike(data)) return data;
  const names = columnNames(data);
  for (const name of names) requireColumn(data, name);
  return takeRows(
    data,
    Array.from({ length: data.numRows }, (_, row) => row),
    names,
  );
}

/** The cells of these rows, in this order. */
export function cellsOf(column: PlainColumn, rows: ArrayLike<number>): PlainColumn {
  if (isCategoryColumn(column))
    return { codes: Int32Array.from(rows, (row) => column.codes[row]!), levels: column.levels };
  if (ArrayBuffer.isView(column)) return Float64Array.from(rows, (row) => (column as ArrayLike<number>)[row]!);
  return Array.from(rows, (row) => column[row]) as PlainColumn;
}

/** These rows of all columns. */
export function rowsOf(columns: PlainColumns, rows: ArrayLike<number>): PlainColumns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, cellsOf(column, rows)]));
}

/** The scores of a batch; stops unless there is one per row. */
export function scored<D extends Columns>(score: ScoreFunction<D>, columns: PlainColumns): ArrayLike<number> {
  const rows = rowCount(columns);
  // The columns are those of the data, of which the type knows the names.
  const scores: ArrayLike<number> | null | undefined = score(columns as ScoreBatch<D>);
  if (typeof scores?.length !== 'number')
    return fail('wrong-type', 'the score function must return a number per row, NaN for none');
  if (scores.length !== rows)
    fail('wrong-length', `the score function returned ${scores.length} numbers for ${rows} rows`);
  return scores;
}
