import {
  type Data,
  type DataType,
  Dictionary,
  Field,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  Vector,
} from 'apache-arrow';
import { arrowColumn, TYPE, typeName } from '../columns/arrow-shape.ts';
import { isArrowLike } from '../columns/batch.ts';
import { type AnyField, rewrapper } from '../columns/build-rewrap.ts';
import { readCategories } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { ArrowLike } from '../model/batch.ts';
import { Strings, Validity } from './buffers.ts';

/**
 * Puts batches and tables into this copy of apache-arrow, under the schema of the first one; only dictionary codes are
 * copied. A dictionary column keeps one dictionary that only grows, since some readers apply the last one to all batches.
 */
export class OwnBatches {
  schema: Schema | undefined;
  private dictionaries: readonly (GrowingDictionary | undefined)[] = [];

  from(batch: ArrowLike): RecordBatch[] {
    if (!isArrowLike(batch))
      fail('wrong-schema', 'the batch is not an Arrow batch: convert plain columns with toArrow');
    const wrap = rewrapper();
    const fields = (batch.schema.fields as readonly AnyField[]).map((field, i) => {
      const { name, type, metadata } =
        field.type.typeId === TYPE.dictionary ? dictionaryField(field, wrap.nextId()) : wrap.field(field, i);
      return new Field(name, type, true, metadata);
    });
    const schema = this.agreed(new Schema(fields));
    const lengths = chunkLengths(batch, schema);
    const columns = schema.fields.map(({ name, type }, i) => {
      const dictionary = this.dictionaries[i];
      return dictionary ? dictionary.chunks(batch, name, lengths) : wrap.chunks(arrowColumn(batch, name), type);
    });
    if (lengths.length === 0)
      return [
        recordBatch(
          schema,
          schema.fields.map(({ type }) => emptyData(type)),
        ),
      ];
    return lengths.map((_, c) =>
      recordBatch(
        schema,
        columns.map((column) => column[c]!),
      ),
    );
  }

  /** The first batch's schema, when this one says the same. */
  private agreed(schema: Schema): Schema {
    if (this.schema === undefined) {
      const names = schema.fields.map((field) => field.name);
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) fail('duplicate-column', `two columns are named "${twice}": rename one`);
      this.schema = schema;
      this.dictionaries = schema.fields.map(({ type }) =>
        type.typeId === TYPE.dictionary ? new GrowingDictionary(type as CategoryType) : undefined,
      );
    }
    const [first, own] = [describe(this.schema), describe(schema)];
    if (own !== first)
      fail('wrong-schema', `a batch has the columns ${own}; the first had ${first}: make names, order and types equal`);
    return this.schema;
  }
}

type CategoryType = Dictionary<Utf8, Int32>;

class GrowingDictionary {
  private readonly type: CategoryType;
  private readonly codes = new Map<string, number>();
  private readonly levels = new Strings();
  private vector: Vector<Utf8>;

  constructor(type: CategoryType) {
    this.type = type;
    this.vector = this.made();
  }

  chunks(batch: ArrowLike, name: string, lengths: readonly number[]): Data[] {
    const { codes, levels } = readCategories(batch, name);
    const map = Int32Array.from(levels, (level) => this.code(level, name));
    // The same vector as long as nothing is added: the writer repeats a dictionary that is another object.
    if (this.vector.length !== this.codes.size) this.vector = this.made();
    let start = 0;
    return lengths.map((length) => {
      const validity = new Validity();
      const data = new Int32Array(length);
      for (let i = 0; i < length; i++) {
        const code = codes[start + i]!;
        validity.push(code >= 0);
        if (code >= 0) data[i] = map[code]!;
      }
      start += length;
      return makeData({ type: this.type, data, dictionary: this.vector, ...validity.take() });
    });
  }

  private code(level: string, name: string): number {
    const known = this.codes.get(level);
    if (known !== undefined) return known;
    if (!this.levels.push(level)) fail('invalid-value', `the levels of column "${name}" exceed 2 GiB: cast it to text`);
    this.codes.set(level, this.codes.size);
    return this.codes.size - 1;
  }

  private made(): Vector<Utf8> {
    const { type, levels, codes } = this;
    return new Vector([makeData({ type: type.dictionary, ...levels.buffers(), length: codes.size, nullCount: 0 })]);
  }
}

/** Dictionaries are numbered afresh: columns of different origin may share a number, batches of one differ in it. */
function dictionaryField(field: AnyField, id: number): Field {
  const values = field.type.dictionary?.typeId;
  if (values !== TYPE.utf8 && values !== TYPE.largeUtf8 && values !== TYPE.utf8View)
    fail('wrong-type', `column "${field.name}" is of Arrow type ${typeName(field.type)}: cast it to its values`);
  return new Field(field.name, new Dictionary(new Utf8(), new Int32(), id), true, field.metadata);
}

function chunkLengths(batch: ArrowLike, schema: Schema): number[] {
  const all = schema.fields.map(({ name }) => arrowColumn(batch, name).data.map((chunk) => chunk.length));
  const first = all[0] ?? [];
  const other = all.findIndex((own) => own.join() !== first.join());
  if (other >= 0)
    fail(
      'wrong-length',
      `column "${schema.fields[other]!.name}" is cut into other chunks than the first: combine its chunks`,
    );
  return first;
}

function recordBatch(schema: Schema, children: Data[]): RecordBatch {
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length: children[0]?.length ?? 0, nullCount: 0, children }));
}

function emptyData(type: DataType): Data {
  return makeData({ type, length: 0 } as { type: Utf8 });
}

function describe(schema: Schema): string {
  return schema.fields.map(({ name, type }) => `${name}: ${String(type)}`).join(', ');
}
