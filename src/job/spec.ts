import { fail } from '../errors.ts';
import { type Check, checked, dictionaryOf, listOf, oneOf, optional, record, text, whole } from '../model/checks.ts';
import { checkFolds, type Folds } from '../validation/folds.ts';
import { condition } from './condition.ts';
import { derived } from './derive.ts';
import type { Job, SourceSpec, TableSpec } from './job.ts';
import { unit } from './step-shapes.ts';
import { step } from './steps.ts';
import { summarySpec } from './summary-spec.ts';

export type { Job, SourceSpec, TableSpec } from './job.ts';
export type { CampaignSpec, ColumnOrNumber, SummarySpec } from './summary-spec.ts';

const columnType = oneOf('number', 'integer', 'category', 'text', 'date');

const sourceShape: Check<SourceSpec> = record({
  format: oneOf('csv', 'arrow'),
  columns: optional(dictionaryOf(columnType)),
  missing: optional(listOf(text)),
  delimiter: optional(text),
  fitOnly: optional(listOf(text)),
});

const source: Check<SourceSpec> = (json, path) => {
  const out = sourceShape(json, path);
  const { format, columns, missing, delimiter, fitOnly = [] } = out;
  if (format === 'csv' && columns === undefined)
    fail('invalid-job', `${path}: a CSV source needs "columns": what each column holds`);
  if (format === 'arrow' && (missing ?? delimiter) !== undefined)
    fail('invalid-job', `${path}: "missing" and "delimiter" are of CSV: leave them out`);
  for (const name of fitOnly)
    if (columns !== undefined && format === 'csv' && !Object.hasOwn(columns, name))
      fail('invalid-job', `${path}.fitOnly: "${name}" is none of the columns ${Object.keys(columns).join(', ')}`);
  return out;
};

const summarizeRule = record({
  customer: text,
  date: text,
  amount: text,
  unit,
  start: optional(text),
  end: text,
  calibrationEnd: optional(text),
  sameDay: optional(oneOf('merge', 'separate')),
  nonPositive: optional(oneOf('keep', 'keep-zero', 'drop', 'refuse')),
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

const foldShapes = {
  seeded: record({ count: optional(whole(2)), seed: optional(whole()), by: optional(text) }),
  'row-modulo': record({ count: whole(2), rule: oneOf('row-modulo') }),
  temporal: record({
    rule: oneOf('temporal'),
    asOf: optional(text),
    lookAhead: optional(whole()),
    atLeast: optional(whole(1)),
    atMost: optional(whole(1)),
  }),
};

const folds: Check<Folds> = (json, path) => {
  const rule = (json as { readonly rule?: unknown } | null)?.rule;
  if (rule !== undefined) oneOf('row-modulo', 'temporal')(rule, `${path}.rule`);
  const out = foldShapes[(rule ?? 'seeded') as keyof typeof foldShapes](json, path);
  checkFolds(out, path);
  return out;
};

const pipelineSection = record({
  table: text,
  id: text,
  active: optional(condition),
  folds: optional(folds),
  sensitive: optional(listOf(text)),
  steps: (json, path) => {
    const steps = listOf(step)(json, path);
    return steps.length > 0 ? steps : fail('invalid-job', `${path}: name at least one step`);
  },
});

/** A bare name: wherever a job comes from, it writes into the folder that its user names and nowhere else. */
const fileName: Check<string> = (json, path) => {
  const name = text(json, path);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return name !== '' && !/[/\\:\u0000-\u001f]|^\.\.?$/.test(name)
    ? name
    : fail(
        'invalid-job',
        `${path}: ${JSON.stringify(name)} is no file name: leave folders out, --out names the folder`,
      );
};

const outputs = record({
  keep: optional(listOf(text)),
  arrow: optional(fileName),
  csv: optional(fileName),
  model: optional(fileName),
  warnings: optional(fileName),
  summary: optional(summarySpec),
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
    if (known.has(made.table))
      fail('invalid-job', `${at}.table: "${made.table}" is the name of a source or an earlier table: choose another`);
    known.add(made.table);
  });
  if (!known.has(job.pipeline.table))
    fail(
      'invalid-job',
      `job.pipeline.table: no source or table "${job.pipeline.table}"; there are ${[...known].join(', ')}`,
    );
  const { arrow, csv, summary } = job.outputs;
  if (job.outputs.warnings !== undefined && summary?.churn === undefined)
    fail('invalid-job', 'job.outputs.warnings: needs "churn" in job.outputs.summary');
  // What the command line writes beside them.
  const files = new Set(['summary.json', 'report.json']);
  for (const [key, name] of Object.entries({ arrow, csv, model: modelName(job), warnings: warningsName(job) })) {
    if (name === undefined) continue;
    if (files.has(name.toLowerCase()))
      fail('invalid-job', `job.outputs.${key}: the file name "${name}" is taken: choose another`);
    files.add(name.toLowerCase());
  }
  return job;
}

/** The file of the fitted job. */
export function modelName({ outputs }: Pick<Job, 'outputs'>): string {
  return outputs.model ?? 'model.json';
}

/** The file of the warning list, where there is a list. */
export function warningsName({ outputs }: Pick<Job, 'outputs'>): string | undefined {
  return outputs.summary?.churn === undefined ? undefined : (outputs.warnings ?? 'warnings.csv');
}
