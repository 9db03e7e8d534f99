import { Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { fail } from '../errors.ts';
import { BUILDERS, type ColumnBuilder } from './csv-columns.ts';
import type { ReadCsvBatchOptions, ReadCsvOptions } from './csv-options.ts';
import { CsvPieces, type Piece, recordPosition } from './csv-pieces.ts';
import { csvRecords } from './csv-records.ts';

interface ReadColumn {
  readonly name: string;
  /** Place in the file. */
  readonly at: number;
  readonly builder: ColumnBuilder;
}

/** Bytes in, record batches out; `readCsv` says by which rules. */
export class CsvReader {
  private readonly options: ReadCsvBatchOptions;
  private readonly batchRows: number;
  private readonly delimiter: string;
  private readonly missing: ReadonlySet<string>;
  private readonly pieces: CsvPieces;
  private header: readonly string[] | undefined;
  private columns: readonly ReadColumn[] = [];
  private schema: Schema = new Schema([]);
  private rows = 0;
  private batches = 0;

  constructor(options: ReadCsvBatchOptions) {
    const { batchRows = 65_536, maxRecordBytes = 1_048_576, delimiter = ',', missing = [''] } = options;
    for (const [name, size] of Object.entries({ batchRows, maxRecordBytes }))
      if (!(Number.isSafeInteger(size) && size > 0))
        fail('invalid-option', `invalid ${name}: ${size}; give a whole number above 0`);
    if (!/^[\t -~]$/.test(delimiter) || delimiter === '"')
      fail(
        'invalid-option',
        `invalid delimiter: ${JSON.stringify(delimiter)}; give one ASCII character other than the quote`,
      );
    const types = [...Object.values(options.columns), ...(isPolicy(options.others) ? [] : [options.others])];
    for (const type of types)
      if (!Object.hasOwn(BUILDERS, type))
        fail(
          'invalid-option',
          `invalid column type: ${JSON.stringify(type)}; give one of ${Object.keys(BUILDERS).join(', ')}`,
        );
    if (types.length === 0) fail('invalid-option', 'no columns to read: declare some in `columns`');
    this.options = options;
    this.batchRows = batchRows;
    this.delimiter = delimiter;
    this.missing = new Set(missing);
    this.pieces = new CsvPieces(maxRecordBytes);
  }

  push(bytes: Uint8Array): RecordBatch[] {
    return this.read(this.pieces.push(bytes));
  }

  end(): RecordBatch[] {
    const batches = this.read(this.pieces.end());
    if (this.header === undefined) fail('empty-input', 'the input is empty: a CSV file begins with a header line');
    if (this.rows > 0 || this.batches === 0) batches.push(this.batch());
    return batches;
  }

  private read(piece: Piece | undefined): RecordBatch[] {
    const batches: RecordBatch[] = [];
    if (piece === undefined) return batches;
    const records = csvRecords(piece, this.delimiter);
    for (let r = 0; r < records.length; r++) {
      const record = records[r]!;
      if (this.header === undefined) {
        if (!isBlank(record)) this.begin(record, recordPosition(piece, r).line);
        continue;
      }
      if (record.length !== this.header.length) {
        if (isBlank(record)) continue;
        fail(
          'corrupt-input',
          `line ${recordPosition(piece, r).line} has ${record.length} cells, the header has ${this.header.length}: complete the row, or quote cells that hold ${JSON.stringify(this.delimiter)}`,
        );
      }
      for (const { name, at, builder } of this.columns) {
        const complaint = builder.append(record[at]!);
        if (complaint !== undefined)
          fail(
            'wrong-type',
            `line ${recordPosition(piece, r).line}, column "${name}": ${quote(record[at]!)} ${complaint}`,
          );
      }
      if (++this.rows === this.batchRows) batches.push(this.batch());
    }
    return batches;
  }

  private begin(header: readonly string[], line: number): void {
    const places = new Map<string, number>();
    header.forEach((name, at) => {
      if (name.trim() === '')
        fail('corrupt-input', `line ${line}: column ${at + 1} has an empty header: give it a name`);
      const first = places.get(name);
      if (first !== undefined)
        fail(
          'duplicate-column',
          `line ${line}: columns ${first + 1} and ${at + 1} are both named "${name}": rename one`,
        );
      places.set(name, at);
    });
    const { columns, others, optional = [] } = this.options;
    const wanted = new Map(Object.entries(columns));
    for (const name of optional) if (!places.has(name)) wanted.delete(name);
    for (const name of wanted.keys())
      if (!places.has(name))
        fail('unknown-column', `unknown column "${name}": the file has ${list(header)}${hint(header, this.delimiter)}`);
    const rest = header.filter((name) => !wanted.has(name));
    if (others === 'refuse' && rest.length > 0)
      fail(
        'unknown-column',
        `the file has columns that are not declared: ${list(rest)}: declare them, or set \`others\``,
      );
    if (!isPolicy(others)) for (const name of rest) wanted.set(name, others);
    this.header = header;
    this.columns = [...wanted].map(([name, type], id) => ({
      name,
      at: places.get(name)!,
      builder: BUILDERS[type](this.missing, id),
    }));
    this.schema = new Schema(this.columns.map(({ name, builder }) => new Field(name, builder.type, true)));
  }

  private batch(): RecordBatch {
    const children = this.columns.map(({ builder }) => builder.finish());
    const data = makeData({ type: new Struct(this.schema.fields), length: this.rows, nullCount: 0, children });
    this.rows = 0;
    this.batches++;
    return new RecordBatch(this.schema, data);
  }
}

function isPolicy(others: ReadCsvOptions['others']): others is 'drop' | 'refuse' | undefined {
  return others === undefined || others === 'drop' || others === 'refuse';
}

function isBlank(record: readonly string[]): boolean {
  return record.length === 1 && record[0] === '';
}

function list(names: readonly string[]): string {
  return names.length > 24 ? `${names.slice(0, 24).join(', ')}, … ${names.length - 24} more` : names.join(', ');
}

function hint(header: readonly string[], delimiter: string): string {
  const other = [',', ';', '\t', '|'].find(
    (char) => char !== delimiter && header.length === 1 && header[0]!.includes(char),
  );
  return other === undefined ? '' : `; set \`delimiter\` to ${JSON.stringify(other)}`;
}

function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
