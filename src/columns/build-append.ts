import { type Data, Field, Float64, makeData, RecordBatch, Schema, Struct, Table } from 'apache-arrow';
import { fail } from '../errors.ts';
import type { ArrowLike, CategoryColumn, Columns, PlainColumn } from '../model/batch.ts';
import { arrowColumn } from './arrow-shape.ts';
import { columnNames, isArrowLike, requireColumn, rowCount } from './batch.ts';
import { categoryData, categoryType, levelsVector, numberData, resultColumn, type Views } from './build-data.ts';
import { type AnyField, rewrapper } from './build-rewrap.ts';
import { isCategoryColumn } from './plain.ts';
import { isNumeric, readCategories, readNumbers } from './whole.ts';

type Plain = { readonly [name: string]: PlainColumn };

/**
 * A batch with more columns, such as those a plan has scored. A plain record gives a new record. Anything Arrow-shaped
 * gives a table of the apache-arrow that this library imports (a record batch, for a record batch), over the same
 * buffers: columns of another copy are wrapped anew, because a batch that mixes copies is written as an unreadable
 * stream.
 * @throws ClienteleError `output-taken` when a column is there already, `wrong-length`, `wrong-type`, `duplicate-column`.
 * @example append({ id: [7] }, { churn: Float64Array.of(0.25) }) // { id: [7], churn: Float64Array [0.25] }
 */
export function append<A extends Plain, B extends Plain>(batch: A, columns: B): A & B;
export function append(batch: ArrowLike, columns: Columns): ArrowLike;
export function append(batch: Columns, columns: Columns): Columns;
export function append(batch: Columns, columns: Columns): Columns {
  const taken = new Set(columnNames(batch));
  const rows = rowCount(batch);
  for (const name of columnNames(columns))
    if (taken.has(name))
      fail('output-taken', `the batch already has a column "${name}": rename it, or name the new one otherwise`);
  const added = rowCount(columns);
  if (added !== rows && taken.size > 0)
    fail('wrong-length', `the new columns have ${added} rows, the batch has ${rows}: make them equal`);
  if (!isArrowLike(batch)) return { ...batch, ...(isArrowLike(columns) ? toPlain(columns) : columns) };

  const wrap = rewrapper();
  const wide: Wide[] = [];
  const addAll = (source: ArrowLike, number: number): void => {
    for (const from of source.schema.fields as readonly AnyField[]) {
      requireColumn(source, from.name);
      const field = wrap.field(from, number);
      wide.push({ field, chunks: wrap.chunks(arrowColumn(source, from.name), field.type) });
    }
  };
  addAll(batch, 0);
  if (isArrowLike(columns)) addAll(columns, 1);
  else {
    const beside: Views = wide.flatMap(({ chunks }) => chunks.flatMap(({ values }) => values ?? []));
    for (const name of Object.keys(columns)) {
      const column = resultColumn(columns, name);
      if (!isCategoryColumn(column)) {
        wide.push({ field: new Field(name, new Float64(), true), chunks: [numberData(column, rows, name, beside)] });
        continue;
      }
      const type = categoryType(wrap.nextId());
      const chunk = categoryData(type, column.codes, levelsVector(column.levels), rows, name, beside);
      wide.push({ field: new Field(name, type, true), chunks: [chunk] });
    }
  }
  const metadata = (batch.schema as { readonly metadata?: Map<string, string> | null }).metadata;
  const schema = new Schema(
    wide.map(({ field }) => field),
    new Map(metadata ?? []),
  );
  const batches = aligned(wide, rows).map((children) => recordBatch(schema, children));
  // A record batch is the one shape whose `data` is a single struct.
  const single = !Array.isArray((batch as { readonly data?: unknown }).data ?? []);
  return single && batches.length === 1 ? batches[0]! : new Table(schema, batches);
}

function toPlain(batch: ArrowLike): { [name: string]: Float64Array | CategoryColumn } {
  return Object.fromEntries(
    columnNames(batch).map((name) => [
      name,
      isNumeric(batch, name) ? readNumbers(batch, name) : readCategories(batch, name),
    ]),
  );
}

interface Wide {
  readonly field: Field;
  readonly chunks: readonly Data[];
}

function recordBatch(schema: Schema, children: Data[]): RecordBatch {
  const length = children[0]?.length ?? 0;
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

/** Cuts columns with different chunks where any of them ends. */
function aligned(columns: readonly Wide[], rows: number): Data[][] {
  if (rows === 0)
    return columns.every(({ chunks }) => chunks.length > 0) ? [columns.map(({ chunks }) => chunks[0]!)] : [];
  const places = columns.map(({ chunks }) => ({
    chunks: chunks.filter((chunk) => chunk.length > 0),
    chunk: 0,
    row: 0,
  }));
  const batches: Data[][] = [];
  for (let start = 0; start < rows; ) {
    const count = Math.min(...places.map(({ chunks, chunk, row }) => chunks[chunk]!.length - row));
    batches.push(
      places.map((place) => {
        const whole = place.chunks[place.chunk]!;
        const piece = count === whole.length ? whole : whole.slice(place.row, count);
        place.row += count;
        if (place.row === whole.length) {
          place.chunk++;
          place.row = 0;
        }
        return piece;
      }),
    );
    start += count;
  }
  return batches;
}
