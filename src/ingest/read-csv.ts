import { type RecordBatch, Table } from 'apache-arrow';
import { fail } from '../errors.ts';
import { type ByteSource, chunksOf } from './byte-source.ts';
import type { CsvColumns, CsvTypeMap, ReadCsvBatchOptions, ReadCsvOptions } from './csv-options.ts';
import { CsvReader } from './csv-reader.ts';

/**
 * Reads CSV (RFC 4180, UTF-8, a header line, LF or CRLF) as a stream of record batches, in memory of a few batches.
 * Nothing is guessed and nothing is changed silently: a cell that is not of its declared type, a row of another length, a
 * doubled or empty header, invalid UTF-8, another file format stop the reading, with line, column, value and remedy.
 *
 * - Category columns are dictionaries of one type for all batches; levels are numbered in order of appearance, and a
 *   later batch's dictionary begins with the earlier one's levels.
 * - Empty lines are skipped; in a file of one column they are missing cells. A file with nothing but a header gives one
 *   batch without rows, so that its schema is not lost.
 *
 * Errors: `empty-input`, `foreign-format` (gzip, xlsx, Arrow, UTF-16 …), `corrupt-input` (damage, ragged rows),
 * `duplicate-column`, `unknown-column` (a declared column is not there, or an undeclared one is with
 * `others: 'refuse'`), `wrong-type` (a cell), `invalid-option`.
 *
 * @example
 * const batches = readCsv(response.body, { columns: { customerID: 'text', tenure: 'number', Churn: 'category' } });
 * for await (const batch of batches) batch.numRows; // 65536, …
 */
export function readCsv<const C extends CsvColumns>(
  source: ByteSource | string,
  options: ReadCsvBatchOptions<C>,
): AsyncGenerator<RecordBatch<CsvTypeMap<C>>, void, undefined> {
  return readBatches(source, new CsvReader(options)) as AsyncGenerator<RecordBatch<CsvTypeMap<C>>, void, undefined>;
}

async function* readBatches(
  source: ByteSource | string,
  reader: CsvReader,
): AsyncGenerator<RecordBatch, void, undefined> {
  if (typeof source === 'string') source = encode(source);
  for await (const chunk of chunksOf(source)) for (const part of windows(chunk)) yield* reader.push(part);
  yield* reader.end();
}

/**
 * Reads CSV that is already in memory, at once, as a table of one batch: for notebooks, tests and small files. The rules
 * are those of {@link readCsv}.
 *
 * @example
 * readCsvTable('id,tenure\n00123,5\n', { columns: { id: 'text', tenure: 'number' } }).numRows; // 1
 */
export function readCsvTable<const C extends CsvColumns>(
  source: Uint8Array | string,
  options: ReadCsvOptions<C>,
): Table<CsvTypeMap<C>> {
  const bytes = typeof source === 'string' ? encode(source) : source;
  const reader = new CsvReader({
    ...options,
    batchRows: Number.MAX_SAFE_INTEGER,
    maxRecordBytes: Number.MAX_SAFE_INTEGER,
  });
  for (const part of windows(bytes)) reader.push(part);
  return new Table(reader.end()) as Table<CsvTypeMap<C>>;
}

const WINDOW_BYTES = 262_144;

function* windows(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += WINDOW_BYTES) yield bytes.subarray(at, at + WINDOW_BYTES);
}

function encode(text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text))
    fail('corrupt-input', 'the text holds half a surrogate pair: decode the file as UTF-8');
  return new TextEncoder().encode(text);
}
