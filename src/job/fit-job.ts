import type { Estimator } from '../model/contract.ts';
import { pipeline } from '../scoring/pipeline.ts';
import type { Folds } from '../validation/folds.ts';
import { daysIfDates } from '../validation/temporal.ts';
import { buildTables, placed, type TableReport } from './build-tables.ts';
import type { JobModel } from './job-model.ts';
import { type Readers, readSources } from './read-sources.ts';
import { requireSummaryColumns, requireTableColumns } from './required-columns.ts';
import { namedColumns, refuseInputs, refuseSensitive, sensitiveColumns } from './sensitive.ts';
import type { Job } from './spec.ts';
import { makeStep } from './steps.ts';
import type { Table } from './table.ts';
import { timeFields } from './time-fields.ts';

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
  const { active } = job.pipeline;
  const sensitive = sensitiveColumns(job);
  const steps = estimators(job, sensitive);
  options.onProgress?.(0, 1, 'reading the sources');
  const { tables } = await readSources(job.sources, readers, false);
  const { base, reports } = buildTables(job, tables);
  requireTableColumns(job, base);
  const folds = foldsOf(job, base);
  const { model, heldOut } = pipeline(steps, {
    ...(active ? { active } : {}),
    ...(folds ? { folds } : {}),
  }).crossFit(base, options);
  refuseInputs(model, sensitive);
  requireSummaryColumns(job, { ...base, ...heldOut } as Table);
  return {
    file: { format: 'clientele-job', version: 1, job, model },
    base,
    heldOut: heldOut as Table,
    tables: reports,
  };
}

/** Random folds keep the rows of a customer together: the job knows which column names the customer. */
function foldsOf({ pipeline: { id, folds } }: Job, base: Table): Folds | undefined {
  if (folds === undefined) return hasDates(base) ? undefined : { by: id };
  return 'rule' in folds || folds.by !== undefined ? folds : { ...folds, by: id };
}

/** Whether rows would be parted by time, the default where there are several as-of dates. */
function hasDates(base: Table): boolean {
  const days = Object.hasOwn(base, 'asOf') ? daysIfDates(base, 'asOf') : null;
  return new Set(days?.filter((day) => day === day)).size > 1;
}

/** The steps as estimators that know the units of the table, and whose errors name their place in the job. */
function estimators(job: Job, sensitive: ReadonlySet<string>): readonly Estimator[] {
  const units = timeFields(job);
  return job.pipeline.steps.map((step, i) => {
    const at = <T>(work: () => T): T => {
      try {
        return work();
      } catch (error) {
        throw placed(error, `job.pipeline.steps[${i}] (${step.step})`);
      }
    };
    return at(() => {
      const made = makeStep(step, sensitive);
      refuseSensitive(step.step, namedColumns(step), sensitive);
      return { ...made, fit: (data, upstream = []) => at(() => made.fit(data, [...units, ...upstream])) };
    });
  });
}
