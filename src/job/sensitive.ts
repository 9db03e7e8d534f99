import { fail } from '../errors.ts';
import type { PipelineModel } from '../scoring/pipeline-kind.ts';
import { columnsOf } from './derive.ts';
import type { Job } from './spec.ts';
import { columnOfFeature, type Step, type WithFeatures } from './steps.ts';

/** The columns the job lists as sensitive, and those derived from them. */
export function sensitiveColumns(job: Job): ReadonlySet<string> {
  const names = new Set(job.pipeline.sensitive);
  for (const { derive = {} } of job.tables ?? [])
    for (const [name, rule] of Object.entries(derive))
      if (columnsOf(rule).some((column) => names.has(column))) names.add(name);
  return names;
}

/** Features that a step lists and does not get. */
export interface TakenOut {
  readonly step: string;
  readonly columns: readonly string[];
}

/** The sensitive columns among the features that the job lists, by step. */
export function takenOut(job: Job): readonly TakenOut[] {
  const sensitive = sensitiveColumns(job);
  const listed = ({ features = [], base }: WithFeatures): readonly string[] => [
    ...features.map(columnOfFeature),
    ...(base ? listed(base) : []),
  ];
  return job.pipeline.steps.flatMap((step) => {
    const columns = [...new Set(listed(step as WithFeatures))].filter((name) => sensitive.has(name));
    return columns.length === 0 ? [] : [{ step: step.step, columns }];
  });
}

/** Keys of options that hold the name of a column which a fit learns from without being an input. */
const COLUMN_KEYS: ReadonlySet<string> = new Set(['column', 'weight', 'strata', 'propensity']);

/** The columns that a step names beside its features: those of labels, conditions and weights. */
export function namedColumns(step: Step): readonly string[] {
  const within = (key: string, value: unknown): readonly string[] => {
    if (key === 'features') return [];
    if (typeof value === 'string') return COLUMN_KEYS.has(key) ? [value] : [];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]) => within(name, inner));
  };
  return within('step', step);
}

/** Stops when one of the columns that a step uses is sensitive. */
export function refuseSensitive(step: string, used: readonly string[], sensitive: ReadonlySet<string>): void {
  for (const name of used)
    if (sensitive.has(name))
      fail(
        'invalid-job',
        `step ${step} reads "${name}", which the job lists as sensitive or derives from such a column: take it out of the step or the list`,
      );
}

/** Stops when a model reads a sensitive column, in whatever part of a step it was named. */
export function refuseInputs(model: PipelineModel, sensitive: ReadonlySet<string>): void {
  for (const { kind, inputs } of model.steps)
    refuseSensitive(
      kind,
      inputs.map(({ name }) => name),
      sensitive,
    );
}
