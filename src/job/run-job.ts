import { fitJob, type JobOptions } from './fit-job.ts';
import type { JobModel } from './job-model.ts';
import type { Readers } from './read-sources.ts';
import { type ScoredJob, scoreTable } from './score-job.ts';
import type { Job } from './spec.ts';
import { type Summary, summarise } from './summary.ts';

export interface JobRun {
  /** The fitted job, ready to be saved as JSON. */
  readonly file: JobModel;
  /** The customers, scored by the stored model: what `scoreJob` gives for the same sources. */
  readonly scored: ScoredJob;
  readonly summary: Summary;
}

/**
 * Fits, scores and describes: the main job, end to end. Opens no file and writes none; `readers` give the bytes.
 * @throws ClienteleError whatever reading, fitting or scoring finds wrong, with the source or table in front
 */
export async function runJob(job: Job, readers: Readers, options: JobOptions = {}): Promise<JobRun> {
  const fitted = await fitJob(job, readers, options);
  const scored = scoreTable(fitted.file, fitted.base, fitted.tables);
  return { file: fitted.file, scored, summary: summarise(fitted, scored) };
}
