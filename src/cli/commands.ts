import { warningTable } from '../churn/index.ts';
import { toArrow } from '../columns/build.ts';
import { isNumeric } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import { writeCsv, writeIpc } from '../ingest/index.ts';
import {
  fitJob,
  type Job,
  type JobModel,
  parseJob,
  parseJobModel,
  runJob,
  type ScoredJob,
  type Summary,
  scoreJob,
} from '../job/index.ts';
import { modelName, warningsName } from '../job/spec.ts';
import type { Field } from '../model/field.ts';
import type { Arguments } from './arguments.ts';
import { type OutputFile, openSources, readJson, writeAll } from './files.ts';
import { progressBar } from './progress.ts';
import { renderModel } from './render-model.ts';
import { renderSummary } from './render-summary.ts';
import { complaintOf, renderScored, scoredReport } from './score-report.ts';

/** How a command ended. */
export interface Outcome {
  readonly printed: string;
  /** What `--strict` does not let pass, once all is written. */
  readonly complaint?: string | undefined;
}

/** Does what the command line asks for. */
export async function execute(args: Arguments): Promise<Outcome> {
  const bar = progressBar(args.quiet);
  try {
    return await commands[args.verb](args, bar.update);
  } finally {
    bar.end();
  }
}

type Progress = (done: number, total: number, what: string) => void;

const commands: { readonly [V in Arguments['verb']]: (args: Arguments, onProgress: Progress) => Promise<Outcome> } = {
  async run(args, onProgress) {
    const job = parseJob(await readJson(args.file));
    const readers = await openSources(Object.keys(job.sources), args, ['summary.json', ...outputNames(job)]);
    const { file, scored, summary } = await runJob(job, readers, { onProgress });
    const written = await writeAll(args.out, [
      ...scoredFiles(file, scored),
      ...warningsFile(job, summary),
      modelFile(file),
      jsonFile('summary.json', summary),
    ]);
    return { printed: renderSummary(summary, written) };
  },
  async fit(args, onProgress) {
    const job = parseJob(await readJson(args.file));
    const readers = await openSources(Object.keys(job.sources), args, [modelName(job)]);
    const { file } = await fitJob(job, readers, { onProgress });
    const written = await writeAll(args.out, [modelFile(file)]);
    return { printed: `${renderModel(file)}\n\n${writtenList(written)}` };
  },
  async score(args) {
    const file = parseJobModel(await readJson(args.file));
    const { csv, arrow } = file.job.outputs;
    if ((csv ?? arrow) === undefined)
      fail('invalid-job', 'the job names no scored file: give job.outputs.csv or job.outputs.arrow');
    const readers = await openSources(Object.keys(file.job.sources), args, [...scoredNames(file.job), REPORT]);
    const scored = await scoreJob(file, readers, args.asOf === undefined ? {} : { asOf: args.asOf });
    const report = scoredReport(file, scored);
    const written = await writeAll(args.out, [...scoredFiles(file, scored), jsonFile(REPORT, report)]);
    return {
      printed: `${renderScored(report, args.asOf === undefined)}\n\n${writtenList(written)}`,
      complaint: args.strict ? complaintOf(report) : undefined,
    };
  },
  async describe(args) {
    return { printed: renderModel(parseJobModel(await readJson(args.file))) };
  },
};

/** What `score` writes beside the scores. */
const REPORT = 'report.json';

function writtenList(paths: readonly string[]): string {
  return `Written\n  ${paths.join('\n  ')}`;
}

function modelFile(file: JobModel): OutputFile {
  return jsonFile(modelName(file.job), file);
}

function warningsFile(job: Job, summary: Summary): readonly OutputFile[] {
  const name = warningsName(job);
  return name === undefined ? [] : [{ name, chunks: writeCsv([warningTable({ rows: summary.warnings })]) }];
}

function scoredNames({ outputs }: Job): readonly string[] {
  return [outputs.arrow, outputs.csv].filter((name) => name !== undefined);
}

function outputNames(job: Job): readonly string[] {
  return [modelName(job), ...scoredNames(job), warningsName(job)].filter((name) => name !== undefined);
}

function jsonFile(name: string, value: unknown): OutputFile {
  return { name, chunks: [`${JSON.stringify(value, null, 1)}\n`] };
}

function scoredFiles({ job }: JobModel, { columns }: ScoredJob): readonly OutputFile[] {
  const { arrow, csv } = job.outputs;
  const fields = Object.entries(columns).map(
    ([name, column]): Field =>
      isNumeric({ [name]: column }, name)
        ? { name, type: 'number' }
        : { name, type: 'category', levels: 'levels' in column ? column.levels : [] },
  );
  return [
    ...(arrow ? [{ name: arrow, chunks: writeIpc([toArrow(columns, fields)]) }] : []),
    ...(csv ? [{ name: csv, chunks: writeCsv([columns]) }] : []),
  ];
}
