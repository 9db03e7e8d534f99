import { fail } from '../errors.ts';
import {
  type Check,
  checked,
  dictionaryOf,
  either,
  listOf,
  oneOf,
  optional,
  record,
  text,
  whole,
} from '../model/checks.ts';
import { condition } from './condition.ts';
import { derived } from './derive.ts';
import type { Job, SourceSpec, TableSpec } from './job.ts';
import { step } from './steps.ts';

export type { Job, SourceSpec, SummarySpec, TableSpec } from './job.ts';

const columnType = oneOf('number', 'integer', 'category', 'text', 'date');

const source: Check<SourceSpec> = record({
  format: oneOf('csv', 'arrow'),
  columns: optional(dictionaryOf(columnType)),
  missing: optional(listOf(text)),
  delimiter: optional(text),
  fitOnly: optional(listOf(text)),
});

const summarizeRule = record({
  customer: text,
  date: text,
  amount: text,
  unit: oneOf('day', 'week', 'month', 'year'),
  start: optional(text),
  end: text,
  calibrationEnd: optional(text),
  sameDay: optional(oneOf('merge', 'separate')),
});

const joinRule = record({
  with: text,
  on: text,
  rightOn: optional(text),
  unmatched: oneOf('null', 'zero', 'drop'),
});

const tableShape: Check<TableSpec> = record({
  table: text,
  from: text,
  summarize: optional(summarizeRule),
  derive: optional(dictionaryOf(derived)),
  join: optional(joinRule),
});

/** One table made from another one, or from a source, by exactly one verb. */
const table: Check<TableSpec> = (json, path) => {
  const out = tableShape(json, path);
  const verbs = [out.summarize, out.derive, out.join].filter((verb) => verb !== undefined);
  return verbs.length === 1 ? out : fail('invalid-job', `${path}: give exactly one of summarize, derive, join`);
};

const folds = either(
  record({ count: whole(2), seed: whole(), by: optional(text) }),
  record({ count: whole(2), rule: oneOf('row-modulo') }),
  'folds: { count, seed, by? } or { count, rule: "row-modulo" }',
);

const pipelineSection = record({
  table: text,
  id: text,
  active: optional(condition),
  folds: optional(folds),
  sensitive: optional(listOf(text)),
  steps: listOf(step),
});

const outputs = record({
  keep: optional(listOf(text)),
  arrow: optional(text),
  csv: optional(text),
  model: optional(text),
  summary: optional(
    record({
      churn: optional(text),
      value: optional(text),
      segment: optional(text),
      warnings: optional(whole(1, 10_000)),
      reasons: optional(whole(1, 20)),
      compare: optional(listOf(record({ expected: text, actual: text }))),
      means: optional(listOf(record({ of: text, by: listOf(text) }))),
      totals: optional(listOf(text)),
    }),
  ),
});

const jobShape: Check<Job> = record({
  version: oneOf(1),
  title: optional(text),
  sources: dictionaryOf(source),
  tables: optional(listOf(table)),
  pipeline: pipelineSection,
  outputs,
});

/**
 * Reads a job description. Every key is checked; an unknown one is an error that names its place.
 * @throws ClienteleError `invalid-job`
 */
export function parseJob(json: unknown): Job {
  const job = checked('invalid-job', jobShape, json, 'job');
  const known = new Set(Object.keys(job.sources));
  (job.tables ?? []).forEach((made, i) => {
    const at = `job.tables[${i}]`;
    for (const name of [made.from, ...(made.join ? [made.join.with] : [])])
      if (!known.has(name))
        fail('invalid-job', `${at}: no source or earlier table "${name}"; there are ${[...known].join(', ')}`);
    known.add(made.table);
  });
  if (!known.has(job.pipeline.table))
    fail(
      'invalid-job',
      `job.pipeline.table: no source or table "${job.pipeline.table}"; there are ${[...known].join(', ')}`,
    );
  return job;
}
