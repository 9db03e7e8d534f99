import { fail } from '../errors.ts';
import type { ArrowLike, Columns, PlainColumn } from '../model/batch.ts';
import { isCategoryColumn, plainLength } from './plain.ts';

/** Arrow-shaped, told by its shape: a second copy of a library, or another realm, is as good as the first. */
export function isArrowLike(batch: Columns): batch is ArrowLike {
  if (typeof batch !== 'object' || batch === null)
    fail('wrong-type', 'expected a batch: an Arrow table or record batch, or a record of columns');
  return typeof (batch as ArrowLike).getChild === 'function' && typeof (batch as ArrowLike).numRows === 'number';
}

/** {@link isArrowLike} of what is to be one batch, which a list – as it is of row objects – is not. */
function isArrow(batch: Columns): batch is ArrowLike {
  if (Array.isArray(batch))
    fail(
      'wrong-type',
      'expected a batch, got an array: fromRows of clientele/columns makes columns of an array of row objects',
    );
  return isArrowLike(batch);
}

/** The column names of a batch, in order. */
export function columnNames(batch: Columns): readonly string[] {
  return isArrow(batch) ? batch.schema.fields.map((field) => field.name) : Object.keys(batch);
}

/** How many rows a batch has; plain columns of different lengths are an error. */
export function rowCount(batch: Columns): number {
  if (isArrow(batch)) return batch.numRows;
  let rows = -1;
  let first = '';
  for (const name of Object.keys(batch)) {
    const length = plainLength(plainColumn(batch, name));
    if (rows < 0) {
      rows = length;
      first = name;
    } else if (length !== rows)
      fail('wrong-length', `column "${name}" has ${length} rows, column "${first}" has ${rows}: make them equal`);
  }
  return Math.max(rows, 0);
}

/** Stops when the batch lacks the column or holds it twice. */
export function requireColumn(batch: Columns, name: string): void {
  const found = isArrow(batch)
    ? fieldsNamed(batch, name)
    : Number(Object.prototype.propertyIsEnumerable.call(batch, name));
  if (found === 1) return;
  const names = columnNames(batch);
  const rest = names.length > 24 ? [...names.slice(0, 24), `… ${names.length - 24} more`] : names;
  if (found === 0) fail('unknown-column', `unknown column "${name}": the batch has ${rest.join(', ') || 'no columns'}`);
  fail('duplicate-column', `column "${name}" occurs ${found} times in the batch: rename all but one`);
}

function fieldsNamed({ schema: { fields } }: ArrowLike, name: string): number {
  let found = 0;
  for (let f = 0; f < fields.length; f++) if (fields[f]!.name === name) found++;
  return found;
}

/** A plain batch's own column (never one inherited from a prototype). */
export function plainColumn(batch: { readonly [name: string]: PlainColumn }, name: string): PlainColumn {
  const column = batch[name];
  if (typeof column === 'object' && column !== null) {
    if (isCategoryColumn(column) ? ArrayBuffer.isView(column.codes) : isList(column)) return column;
    if ('getChild' in column || 'toArray' in column)
      fail('wrong-type', `column "${name}" is an Arrow vector: pass the table or batch that it belongs to`);
  }
  return fail(
    'wrong-type',
    `column "${name}" is not a column: pass an array, a typed array or codes (an Int32Array) with levels; fromRows makes columns of row objects`,
  );
}

/** Whether cells can be read by index: something that has a length only would be a column of nulls. */
function isList(column: ArrayLike<unknown>): boolean {
  return (
    Array.isArray(column) || (ArrayBuffer.isView(column) ? 'length' in column : column.length === 0 || 0 in column)
  );
}
