export type { ChiSquaredTest } from './chi-squared-test.ts';
export { type Concordance, concordanceIndex } from './concordance.ts';
export { type CoxBaseline, type CoxModel, coxKind } from './cox-kind.ts';
export type { Ties } from './cox-likelihood.ts';
export type { CoxOutput, CoxQuantity } from './cox-quantities.ts';
export { type CoxOptions, coxRegression } from './cox-regression.ts';
export type { CoxCoefficient, CoxReport } from './cox-report.ts';
export {
  type KaplanMeier,
  type KaplanMeierOptions,
  kaplanMeier,
  type SurvivalCurve,
  type SurvivalInterval,
  type SurvivalQuantile,
} from './kaplan-meier.ts';
export { type LogRank, type LogRankOptions, type LogRankWeights, logRank } from './log-rank.ts';
export type { ProportionalHazardsTest, TimeTransform } from './proportional-hazards.ts';
export type { SurvivalColumns } from './survival-times.ts';
