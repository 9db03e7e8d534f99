import { fail } from '../errors.ts';
import { readCsv, readIpc } from '../ingest/index.ts';
import type { Columns } from '../model/batch.ts';
import { placed } from './build-tables.ts';
import type { Job, SourceSpec } from './spec.ts';
import { collect, columnOf, type Table } from './table.ts';

/** How a job gets at its sources: one entry per source, giving its bytes. The library itself opens nothing. */
export type Readers = { readonly [source: string]: () => AsyncIterable<Uint8Array> | Uint8Array };

/** The sources of a job, read. */
export interface SourceTables {
  readonly tables: { readonly [source: string]: Table };
  /** Columns that were not there, as they may when scoring. */
  readonly absent: Set<string>;
}

/** Every source of the job as a table. `scoring`: columns listed in `fitOnly` may be absent. */
export async function readSources(sources: Job['sources'], readers: Readers, scoring: boolean): Promise<SourceTables> {
  const names = Object.keys(sources);
  for (const name of Object.keys(readers))
    if (!names.includes(name)) fail('invalid-job', `there is no source "${name}"; the job has ${names.join(', ')}`);
  for (const name of names)
    if (!Object.hasOwn(readers, name))
      fail('invalid-job', `source "${name}" has no reader: give one for each of ${names.join(', ')}`);
  const tables: { [name: string]: Table } = {};
  const absent = new Set<string>();
  for (const [name, spec] of Object.entries(sources)) {
    try {
      const columns = Object.entries(spec.columns ?? {});
      const texts = columns.flatMap(([column, type]) => (type === 'text' || type === 'category' ? [column] : []));
      const table = await collect(batches(spec, readers[name]!(), scoring), new Set(texts));
      for (const column of scoring ? (spec.fitOnly ?? []) : []) if (!Object.hasOwn(table, column)) absent.add(column);
      for (const [column] of columns) if (!absent.has(column)) columnOf(table, column);
      tables[name] = table;
    } catch (error) {
      throw placed(error, `source "${name}"`);
    }
  }
  return { tables, absent };
}

function batches(
  spec: SourceSpec,
  bytes: AsyncIterable<Uint8Array> | Uint8Array,
  scoring: boolean,
): AsyncIterable<Columns> {
  if (spec.format === 'arrow') return readIpc(bytes);
  return readCsv(bytes, {
    columns: spec.columns ?? {},
    others: 'drop',
    ...(scoring && spec.fitOnly ? { optional: spec.fitOnly } : {}),
    ...(spec.missing ? { missing: spec.missing } : {}),
    ...(spec.delimiter ? { delimiter: spec.delimiter } : {}),
  });
}
