export type { TableReport } from './build-tables.ts';
export type { Derived } from './derive.ts';
export type { FittedJob, JobOptions } from './fit-job.ts';
export { fitJob } from './fit-job.ts';
export type { JobModel } from './job-model.ts';
export { parseJobModel } from './job-model.ts';
export type { JoinReport, Unmatched } from './join.ts';
export type { Readers } from './read-sources.ts';
export type { JobRun } from './run-job.ts';
export { runJob } from './run-job.ts';
export type { ScoredJob, ScoreJobOptions } from './score-job.ts';
export { scoreJob } from './score-job.ts';
export type { Job } from './spec.ts';
export { parseJob } from './spec.ts';
export type {
  BorderlineCustomers,
  BudgetSummary,
  CampaignSummary,
  Comparison,
  GroupMeans,
  LevelShares,
  PortraitIntervals,
  Replacement,
  SegmentRow,
  Summary,
  TakenOut,
} from './summary.ts';
export { summarise } from './summary.ts';
export type { CampaignSpec, ColumnOrNumber, SummarySpec } from './summary-spec.ts';
export type { Table } from './table.ts';
