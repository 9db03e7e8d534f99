import { fail } from '../errors.ts';
import { jsonValue, oneOf, record } from '../model/checks.ts';
import { parseModel } from '../scoring/all-kinds.ts';
import { type PipelineModel, pipelineKind } from '../scoring/pipeline-kind.ts';
import { type Job, parseJob } from './spec.ts';

/** A fitted job as one file: how the columns are made, and the pipeline that scores them. No external references. */
export interface JobModel {
  readonly format: 'clientele-job';
  readonly version: 1;
  readonly job: Job;
  readonly model: PipelineModel;
}

const shape = record({
  format: oneOf('clientele-job'),
  version: oneOf(1),
  job: (json) => json,
  model: (json) => json,
});

/**
 * Reads a `model.json`.
 * @throws ClienteleError `invalid-model`, `invalid-job`, `unknown-kind`
 */
export function parseJobModel(json: unknown): JobModel {
  if ((json as { readonly format?: unknown } | null)?.format !== 'clientele-job')
    fail(
      'invalid-model',
      'file: no model file ("format" is not "clientele-job"): give the model.json of a run or a fit',
    );
  const { format, version, job, model } = shape(jsonValue(json, 'file'), 'file');
  const parsed = parseModel(model);
  if (parsed.kind !== pipelineKind.kind) fail('invalid-model', `file.model: expected a pipeline, got ${parsed.kind}`);
  return { format, version, job: parseJob(job), model: parsed as PipelineModel };
}
