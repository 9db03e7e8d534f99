import { fail } from '../errors.ts';
import {
  type Check,
  type Checked,
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
import { step } from './steps.ts';

const columnType = oneOf('number', 'integer', 'category', 'text', 'date');

const source = record({
  format: oneOf('csv', 'arrow'),
  /** CSV only: what each column holds. Columns not named are not read. */
  columns: optional(dictionaryOf(columnType)),
  /** CSV only: cells that mean "missing". */
  missing: optional(listOf(text)),
  delimiter: optional(text),
  /** Columns that may be absent when scoring: labels and outcomes. */
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

const tableShape = record({
  table: text,
  from: text,
  summarize: optional(summarizeRule),
  derive: optional(dictionaryOf(derived)),
  join: optional(joinRule),
});

/** One table made from another one, or from a source, by exactly one verb. */
const table: Check<Checked<typeof tableShape>> = (json, path) => {
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
  /** The column that names the customer. */
  id: text,
  /** Who is a customer today: scored, cut on, listed and summed. All rows train. */
  active: optional(condition),
  folds: optional(folds),
  /** Columns no model may read; the summary reports class shares by them. */
  sensitive: optional(listOf(text)),
  steps: listOf(step),
});

const outputs = record({
  /** Columns of the table that go along into the scored files. */
  keep: optional(listOf(text)),
  arrow: optional(text),
  csv: optional(text),
  model: optional(text),
  summary: optional(
    record({
      churn: optional(text),
      /** Value if kept: value at risk is churn × this. */
      value: optional(text),
      segment: optional(text),
      warnings: optional(whole(1, 10_000)),
      reasons: optional(whole(1, 20)),
      /** Column sums of expectation and outcome over the scored customers, and their means by groups. */
      compare: optional(listOf(record({ expected: text, actual: text }))),
      means: optional(listOf(record({ of: text, by: listOf(text) }))),
      totals: optional(listOf(text)),
    }),
  ),
});

const jobShape = record({
  version: oneOf(1),
  title: optional(text),
  sources: dictionaryOf(source),
  tables: optional(listOf(table)),
  pipeline: pipelineSection,
  outputs,
});

export type Job = Checked<typeof jobShape>;
export type SourceSpec = Job['sources'][string];
export type TableSpec = NonNullable<Job['tables']>[number];
export type SummarySpec = NonNullable<Job['outputs']['summary']>;

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
