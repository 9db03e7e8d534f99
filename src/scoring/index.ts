export { append } from '../columns/build-append.ts';
export type { CategoryColumn, Columns, PlainColumn } from '../model/batch.ts';
export type { Estimator, FitReport, FitStatus, InputsOf, ModelBase, OutputsOf } from '../model/contract.ts';
export type { AnnuityTerms, Field, Rate, Span, TimeUnit, Timing } from '../model/field.ts';
export type { When } from '../model/when.ts';
export type { DatedSet, Folds, TemporalFolds } from '../validation/folds.ts';
export { compile, type Model, parseModel } from './all-kinds.ts';
export { type Engine, engine } from './engine.ts';
export type { ExplainedColumn, ExplainedCost, ExplainedStep } from './explain-cost.ts';
export {
  type CrossFit,
  type CrossFitOptions,
  type PipelineEstimator,
  type PipelineOptions,
  pipeline,
} from './pipeline.ts';
export type { HeldOut, PipelineFit, PipelineModel } from './pipeline-kind.ts';
export type {
  Explained,
  ParallelOptions,
  ParallelProgress,
  Plan,
  ReasonColumns,
  ReasonOptions,
  Scored,
  ScoredColumns,
  ScoreOptions,
} from './plan.ts';
export { mergeReports, type ScoreReport } from './report.ts';
