import { fail } from '../errors.ts';
import type { ArrowLike } from '../model/batch.ts';
import { categoryReader } from './arrow-categories.ts';
import { numberReader } from './arrow-numbers.ts';
import { arrowColumn, TYPE, typeName } from './arrow-shape.ts';
import type { ColumnKind, DictionaryReader, Reader } from './reader.ts';

/**
 * Numbers of an Arrow column: floats, integers, decimals, booleans as 0 and 1, dates and timestamps as whole UTC days
 * since 1970-01-01 (rounded down). 64-bit integers beyond ±(2⁵³ − 1) are null with `out-of-range`. Clean Float64 blocks
 * within one chunk are not copied.
 */
export function arrowNumbers(batch: ArrowLike, name: string): Reader {
  return numberReader(arrowColumn(batch, name), name);
}

/**
 * Categories of an Arrow column. Dictionaries keep their order, and may differ between chunks; text has its levels in
 * order of first appearance. Numbers and booleans are written as text, dates and timestamps as `yyyy-mm-dd` (UTC).
 */
export function arrowCategories(batch: ArrowLike, name: string): DictionaryReader {
  arrowKind(batch, name);
  return categoryReader(arrowColumn(batch, name), name);
}

/** What an Arrow column holds; stops at types that are not read. */
export function arrowKind(batch: ArrowLike, name: string): ColumnKind {
  const { type } = arrowColumn(batch, name);
  switch (type.typeId) {
    case TYPE.null:
    case TYPE.int:
    case TYPE.float:
    case TYPE.decimal:
      return 'number';
    case TYPE.bool:
      return 'boolean';
    case TYPE.date:
    case TYPE.timestamp:
      return 'day';
    case TYPE.dictionary:
    case TYPE.utf8:
    case TYPE.largeUtf8:
    case TYPE.utf8View:
      return 'category';
    default:
      return fail(
        'wrong-type',
        `column "${name}" is of Arrow type ${typeName(type)}: cast it to numbers, booleans, dates, timestamps, text or a dictionary`,
      );
  }
}

/** Whether an Arrow column is to be treated as numbers; text and dictionaries are categories. */
export function arrowIsNumeric(batch: ArrowLike, name: string): boolean {
  return arrowKind(batch, name) !== 'category';
}
