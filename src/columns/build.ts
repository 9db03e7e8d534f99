import { type Data, Field, Float64, makeData, RecordBatch, Schema, Struct, Table } from 'apache-arrow';
import { fail } from '../errors.ts';
import { type ArrowLike, type CategoryColumn, type PlainColumn, REASONS } from '../model/batch.ts';
import type { Field as ModelField } from '../model/field.ts';
import { rowCount } from './batch.ts';
import { categoryData, categoryType, levelsVector, numberData, resultColumn, type Views } from './build-data.ts';
import { levelMap } from './open.ts';
import { isCategoryColumn } from './plain.ts';

export { append } from './build-append.ts';

type OutputField = Pick<ModelField, 'name' | 'type' | 'levels'>;
type ResultColumns = { readonly [name: string]: Float64Array | CategoryColumn };
type Make = (column: Float64Array | CategoryColumn, rows: number, beside: Views, full: boolean) => Data;

/** Ids of dictionaries made here start high, to stay clear of those that a file numbers from 0. */
const FIRST_ID = 1 << 20;

/**
 * A function that makes Arrow record batches of result columns. Schema, types and dictionaries are made once: a stream
 * writer takes a batch with another dictionary type for the start of another stream. Values are not copied: NaN becomes
 * null by a bitmap. Categories become `Dictionary<Utf8, Int32>`, −1 null. Columns in `full` are known to have no null, and are
 * not looked through.
 */
export function arrowBuilder(
  fields: readonly OutputField[],
): (columns: ResultColumns, rows: number, full?: ReadonlySet<string>) => ArrowLike {
  const makers = fields.map((field, f) => (field.type === 'number' ? numbers(field) : categories(field, FIRST_ID + f)));
  const schema = new Schema(makers.map(({ field }) => field));
  const type = new Struct(schema.fields);
  return (columns, rows, full) => {
    const beside: Views = [];
    const children = makers.map(({ field: { name }, make }) => {
      const column = columns[name] ?? fail('unknown-column', `unknown column "${name}": the result lacks it`);
      return make(column, rows, beside, full?.has(name) ?? false);
    });
    return new RecordBatch(schema, makeData({ type, length: rows, nullCount: 0, children }));
  };
}

function numbers({ name }: OutputField): { readonly field: Field; readonly make: Make } {
  return {
    field: new Field(name, new Float64(), true),
    make(column, rows, beside, full) {
      if (isCategoryColumn(column))
        return fail('wrong-type', `column "${name}" holds categories where numbers are due`);
      return numberData(column, rows, name, beside, full);
    },
  };
}

function categories({ name, levels }: OutputField, id: number): { readonly field: Field; readonly make: Make } {
  if (!levels) return fail('invalid-model', `output "${name}" is a category without levels`);
  const type = categoryType(id);
  const dictionary = levelsVector(levels);
  return {
    field: new Field(name, type, true),
    make(column, rows, beside, full) {
      if (!isCategoryColumn(column))
        return fail('wrong-type', `column "${name}" holds numbers where categories are due`);
      const codes = column.levels === levels ? column.codes : recode(column, levels, name);
      return categoryData(type, codes, dictionary, rows, name, beside, full);
    },
  };
}

function recode(column: CategoryColumn, levels: readonly string[], name: string): Int32Array {
  const map = levelMap(column.levels, levels);
  return column.codes.map((code) => {
    if (code < 0) return -1;
    const own = map[code]!;
    return own >= 0
      ? own
      : fail('wrong-schema', `column "${name}": its field lacks the level ${JSON.stringify(column.levels[code])}`);
  });
}

/**
 * Plain columns as an Arrow table of one batch, made without generated code (so it works under a content-security
 * policy). Numbers become Float64 (NaN is null, Float64Arrays are not copied), text and categories become
 * `Dictionary<Utf8, Int32>`. `fields` chooses and orders the columns and may fix the levels.
 * @throws ClienteleError `wrong-length`, `wrong-type`, `unknown-column`; `wrong-schema` for a level that `fields` lacks.
 * @example toArrow({ id: ['a', 'b'], value: Float64Array.of(1, NaN) }).numRows // 2
 */
export function toArrow(columns: { readonly [name: string]: PlainColumn }, fields?: readonly OutputField[]): ArrowLike {
  const rows = rowCount(columns);
  const names = fields?.map((field) => field.name) ?? Object.keys(columns);
  const results: ResultColumns = Object.fromEntries(names.map((name) => [name, resultColumn(columns, name)]));
  const batch = arrowBuilder(fields ?? names.map((name) => fieldOf(name, results[name]!)))(results, rows);
  return new Table((batch as RecordBatch).schema, [batch as RecordBatch]);
}

function fieldOf(name: string, column: Float64Array | CategoryColumn): OutputField {
  return isCategoryColumn(column) ? { name, type: 'category', levels: column.levels } : { name, type: 'number' };
}

/** The reasons of a result column as categories; a cell that is not null has the level `valid`. */
export function reasonColumn(why: Uint8Array): CategoryColumn {
  return { codes: Int32Array.from(why), levels: REASONS };
}
