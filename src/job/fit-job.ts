import { fail } from '../errors.ts';
import { pipeline } from '../scoring/pipeline.ts';
import type { PipelineModel } from '../scoring/pipeline-kind.ts';
import { buildTables, type TableReport } from './build-tables.ts';
import type { JobModel } from './job-model.ts';
import { type Readers, readSources } from './read-sources.ts';
import type { Job } from './spec.ts';
import { makeStep } from './steps.ts';
import type { Table } from './table.ts';

export interface JobOptions {
  /** Called as the work goes on; `done` of `total` pieces, and what comes next. */
  readonly onProgress?: (done: number, total: number, what: string) => void;
}

/** A fitted job, with the held-out scores of the rows it was fitted on. */
export interface FittedJob {
  readonly file: JobModel;
  /** The pipeline's table, all rows. */
  readonly base: Table;
  /** Every output per row of `base`, from models that had not seen the row's label. */
  readonly heldOut: Table;
  readonly tables: readonly TableReport[];
}

/** Reads the sources, builds the tables and fits the pipeline. Opens no file and writes none. */
export async function fitJob(job: Job, readers: Readers, options: JobOptions = {}): Promise<FittedJob> {
  options.onProgress?.(0, 1, 'reading the sources');
  const { base, reports } = buildTables(job, await readSources(job.sources, readers, false));
  const { active, folds, sensitive = [], steps } = job.pipeline;
  const { model, heldOut } = pipeline(
    steps.map((step) => makeStep(step, sensitive)),
    { ...(active ? { active } : {}), ...(folds ? { folds: foldsOf(folds) } : {}) },
  ).crossFit(base, options);
  refuseSensitive(model, sensitive);
  return {
    file: { format: 'clientele-job', version: 1, job, model },
    base,
    heldOut: heldOut as Table,
    tables: reports,
  };
}

type FoldsSpec = NonNullable<Job['pipeline']['folds']>;
function foldsOf(folds: FoldsSpec) {
  if ('rule' in folds) return folds;
  const { count, seed, by } = folds;
  return by === undefined ? { count, seed } : { count, seed, by };
}

function refuseSensitive(model: PipelineModel, sensitive: readonly string[]): void {
  for (const step of model.steps)
    for (const input of step.inputs)
      if (sensitive.includes(input.name))
        fail(
          'invalid-job',
          `step ${step.kind} reads "${input.name}", which the job lists as sensitive: take it out of the step or the list`,
        );
}
