import { columnNames, isArrowLike, rowCount } from '../columns/batch.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { cellWriter, textCell } from './csv-cells.ts';

export interface WriteCsvOptions {
  /** One ASCII character. Default `,`. */
  readonly delimiter?: string;
  /**
   * Puts `'` before text that a spreadsheet would run as a formula: text that begins with `=`, `+`, `-`, `@`, their
   * full-width forms, a tab or a line end, unless all of it is a number such as `-5`. Number columns are never touched.
   * Default true; readers see the `'` as part of the text.
   */
  readonly formulaSafe?: boolean;
}

/**
 * Writes batches as CSV text in pieces: a header line, RFC 4180 quoting, LF line ends. Numbers are written with the
 * fewest digits that read back as the same float64, dates as `yyyy-mm-dd`, booleans as 1 and 0, null as nothing (as `""`
 * in a table of one column, since an empty line is no row).
 *
 * Errors: `empty-input` (no batch at all), `wrong-schema` (batches with different columns), `wrong-type` (a column of
 * points in time, or of a type that is no cell), `invalid-value` (an Int64 that a number cannot hold).
 *
 * @example
 * async function* scores() {
 *   for await (const { columns } of plan.scoreBatches(batches)) yield columns;
 * }
 * for await (const text of writeCsv(scores())) file.write(text);
 */
export async function* writeCsv(
  source: Columns | Iterable<Columns> | AsyncIterable<Columns>,
  options: WriteCsvOptions = {},
): AsyncGenerator<string, void, undefined> {
  const writer = new CsvWriter(options);
  if (Symbol.asyncIterator in source)
    for await (const batch of source as AsyncIterable<Columns>) yield* writer.write(batch);
  else for (const batch of batchesOf(source as Columns | Iterable<Columns>)) yield* writer.write(batch);
  writer.end();
}

/**
 * Writes one batch, or a list of them, as CSV text at once. The rules are those of {@link writeCsv}.
 *
 * @example
 * writeCsvText({ id: ['a', '=1+1'], value: [1.5, -2] }); // "id,value\na,1.5\n'=1+1,-2\n"
 */
export function writeCsvText(source: Columns | Iterable<Columns>, options: WriteCsvOptions = {}): string {
  const writer = new CsvWriter(options);
  const parts: string[] = [];
  for (const batch of batchesOf(source)) parts.push(...writer.write(batch));
  writer.end();
  return parts.join('');
}

// A table of apache-arrow is iterable too, row by row.
function batchesOf(source: Columns | Iterable<Columns>): Iterable<Columns> {
  return isArrowLike(source as Columns) || !(Symbol.iterator in source)
    ? [source as Columns]
    : (source as Iterable<Columns>);
}

const BLOCK = 4096;

class CsvWriter {
  private readonly delimiter: string;
  private readonly text: (value: string) => string;
  private names: readonly string[] | undefined;

  constructor({ delimiter = ',', formulaSafe = true }: WriteCsvOptions) {
    if (!/^[\t -~]$/.test(delimiter) || delimiter === '"')
      fail(
        'invalid-option',
        `invalid delimiter: ${JSON.stringify(delimiter)}; give one ASCII character other than the quote`,
      );
    this.delimiter = delimiter;
    this.text = textCell(delimiter, formulaSafe);
  }

  *write(batch: Columns): Generator<string, void, undefined> {
    const names = columnNames(batch);
    if (this.names === undefined) {
      if (names.length === 0) fail('empty-input', 'the batch has no columns to write');
      this.names = names;
      yield `${names.map(this.text).join(this.delimiter)}\n`;
    } else if (names.length !== this.names.length || names.some((name, i) => name !== this.names![i]))
      fail(
        'wrong-schema',
        `a batch has the columns ${names.join(', ')}, the first had ${this.names.join(', ')}: make them equal`,
      );
    const rows = rowCount(batch);
    const columns = names.map((name) => cellWriter(batch, name, Math.min(BLOCK, rows), this.text));
    for (let start = 0; start < rows; start += BLOCK) yield this.block(columns, start, Math.min(BLOCK, rows - start));
  }

  end(): void {
    if (this.names === undefined) fail('empty-input', 'there is no batch to write: the header is unknown');
  }

  private block(columns: readonly ReturnType<typeof cellWriter>[], start: number, count: number): string {
    for (const column of columns) column.read(start, count);
    let out = '';
    for (let i = 0; i < count; i++) {
      let line = columns[0]!.cell(i);
      for (let c = 1; c < columns.length; c++) line += this.delimiter + columns[c]!.cell(i);
      out += `${line === '' ? '""' : line}\n`;
    }
    return out;
  }
}
