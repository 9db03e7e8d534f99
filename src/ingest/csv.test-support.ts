import type { RecordBatch, Table } from 'apache-arrow';
import { ClienteleError } from '../errors.ts';
import { type CsvColumns, type ReadCsvBatchOptions, readCsv } from './index.ts';

export type Cells = { [name: string]: unknown }[];

export function rowsOf(batches: readonly (RecordBatch | Table)[]): Cells {
  return batches.flatMap((batch) =>
    Array.from({ length: batch.numRows }, (_, i) =>
      Object.fromEntries(batch.schema.fields.map(({ name }) => [name, batch.getChild(name)!.get(i)])),
    ),
  );
}

export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

export async function readAll<C extends CsvColumns>(
  source: Parameters<typeof readCsv>[0],
  options: ReadCsvBatchOptions<C>,
): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = [];
  for await (const batch of readCsv(source, options)) batches.push(batch as RecordBatch);
  return batches;
}

export function refusal(run: () => unknown): ClienteleError {
  try {
    run();
  } catch (error) {
    if (error instanceof ClienteleError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const oneNumber = { columns: { x: 'number' } } as const;
