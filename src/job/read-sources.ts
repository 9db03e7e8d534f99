import { fail } from '../errors.ts';
import { readCsv, readIpc } from '../ingest/index.ts';
import type { Columns } from '../model/batch.ts';
import { placed } from './build-tables.ts';
import type { Job, SourceSpec } from './spec.ts';
import { collect, type Table } from './table.ts';

/** How a job gets at its sources: one entry per source, giving its bytes. The library itself opens nothing. */
export type Readers = { readonly [source: string]: () => AsyncIterable<Uint8Array> | Uint8Array };

/** Every source of the job as a table. `scoring`: columns listed in `fitOnly` may be absent. */
export async function readSources(
  sources: Job['sources'],
  readers: Readers,
  scoring: boolean,
): Promise<{ readonly [name: string]: Table }> {
  const names = Object.keys(sources);
  for (const name of Object.keys(readers))
    if (!names.includes(name)) fail('invalid-job', `there is no source "${name}"; the job has ${names.join(', ')}`);
  const out: { [name: string]: Table } = {};
  for (const name of names) {
    const read =
      readers[name] ?? fail('invalid-job', `source "${name}" has no reader: give one for each of ${names.join(', ')}`);
    try {
      const spec = sources[name]!;
      const texts = Object.entries(spec.columns ?? {}).flatMap(([column, type]) =>
        type === 'text' || type === 'category' ? [column] : [],
      );
      out[name] = await collect(batches(spec, read(), scoring), name, new Set(texts));
    } catch (error) {
      throw placed(error, `source "${name}"`);
    }
  }
  return out;
}

function batches(
  spec: SourceSpec,
  bytes: AsyncIterable<Uint8Array> | Uint8Array,
  scoring: boolean,
): AsyncIterable<Columns> {
  if (spec.format === 'arrow') return readIpc(bytes);
  const columns = spec.columns ?? fail('invalid-job', 'a CSV source needs "columns": what each column holds');
  return readCsv(bytes, {
    columns,
    others: 'drop',
    ...(scoring && spec.fitOnly ? { optional: spec.fitOnly } : {}),
    ...(spec.missing ? { missing: spec.missing } : {}),
    ...(spec.delimiter ? { delimiter: spec.delimiter } : {}),
  });
}
