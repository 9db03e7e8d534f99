export { type BgBbEstimator, type BgBbPosteriorMeans, bgBb } from './bg-bb/bg-bb.ts';
export { type BgBbModel, bgBbKind } from './bg-bb/model.ts';
export { bgNbd } from './bg-nbd/bg-nbd.ts';
export { type BgNbdModel, bgNbdKind } from './bg-nbd/model.ts';
export { type BreakEvenOptions, breakEven } from './break-even.ts';
export { bgCnbd } from './cnbd/bg-cnbd.ts';
export type { CnbdEstimator, PhaseOptions } from './cnbd/estimator.ts';
export { mbgCnbd } from './cnbd/mbg-cnbd.ts';
export {
  type BgCnbdModel,
  bgCnbdKind,
  type CnbdFit,
  type CnbdModel,
  type MbgCnbdModel,
  mbgCnbdKind,
} from './cnbd/model.ts';
export {
  type BetaDiscreteWeibull,
  type BetaDiscreteWeibullFit,
  type BetaDiscreteWeibullModel,
  betaDiscreteWeibull,
  betaDiscreteWeibullKind,
  type ChurnedColumn,
  type CohortExpectation,
  type CohortOptions,
  type ContractualFigures,
  type ContractualFit,
  type ContractualLimit,
  type ContractualModel,
  type ContractualNameOf,
  type ContractualOptions,
  type ContractualOutput,
  type ContractualQuantity,
  type CountColumns,
  type DefaultContractualOutputs,
  type Discounted,
  type LifetimeParameters,
  type RenewalColumns,
  type Renewals,
  type ShiftedBetaGeometric,
  type ShiftedBetaGeometricModel,
  type SimulatedRenewals,
  shiftedBetaGeometric,
  shiftedBetaGeometricKind,
} from './contractual/index.ts';
export { type AliveRow, aliveHistory } from './evaluation/alive-history.ts';
export {
  type AnyHistoryEstimator,
  type Candidate,
  type ComparedModel,
  compareModels,
  type ModelComparison,
  type PairedDifference,
} from './evaluation/compare-models.ts';
export {
  type Errors,
  evaluateHoldout,
  type FrequencyRow,
  type HoldoutEvaluation,
  type HoldoutOptions,
} from './evaluation/evaluate-holdout.ts';
export { type FrequencyFitRow, frequencyFit } from './evaluation/frequency-fit.ts';
export { type RecencyFrequencyRow, recencyFrequencyGrid } from './evaluation/recency-frequency-grid.ts';
export { type TrackingOptions, type TrackingRow, tracking } from './evaluation/tracking.ts';
export { type ValueGroup, type ValueRanking, valueRanking } from './evaluation/value-ranking.ts';
export type { Covariate } from './family/covariates.ts';
export type {
  Ahead,
  DiscountedAhead,
  HistoryEstimator,
  NewCustomer,
  SimulatedCustomers,
} from './family/estimator.ts';
export type { HistoryColumns } from './family/history.ts';
export {
  type GroupedCustomers,
  type HistoryAccumulator,
  type HistoryAccumulatorOptions,
  type HistoryAccumulatorState,
  historyAccumulator,
  resumeHistories,
} from './family/history-accumulator.ts';
export type { DefaultOutputs, HistoryOptions } from './family/history-options.ts';
export type { HistoryFit, HistoryModel } from './family/model.ts';
export type { NameOf, Quantity, QuantityOutput } from './family/quantities.ts';
export type { LikelihoodFit } from './fit-report.ts';
export { type GammaGamma, type GammaGammaOptions, gammaGamma } from './gamma-gamma.ts';
export {
  type GammaGammaFit,
  type GammaGammaModel,
  type GammaGammaParameters,
  gammaGammaKind,
  type SpendCorrelation,
} from './gamma-gamma-model.ts';
export { ggomNbd } from './ggom-nbd/ggom-nbd.ts';
export { type GgomNbdModel, ggomNbdKind } from './ggom-nbd/model.ts';
export { type BootstrapOptions, bootstrap, drawIntervals } from './inference/bootstrap.ts';
export {
  type Interval,
  type LikelihoodModel,
  laplaceDraws,
  parameterIntervals,
} from './inference/estimates.ts';
export {
  type BootstrapLikelihoodRatio,
  bootstrapLikelihoodRatio,
  type LikelihoodRatio,
  likelihoodRatioTest,
} from './inference/likelihood-ratio.ts';
export { type PredictionIntervals, predictionIntervals } from './inference/prediction-intervals.ts';
export { mbgNbd } from './mbg-nbd/mbg-nbd.ts';
export { type MbgNbdModel, mbgNbdKind } from './mbg-nbd/model.ts';
export { type NbdModel, nbdKind } from './nbd/model.ts';
export { nbd } from './nbd/nbd.ts';
export { type ParetoNbdModel, paretoNbdKind } from './pareto-nbd/model.ts';
export { paretoNbd } from './pareto-nbd/pareto-nbd.ts';
export { covariateWalks } from './pareto-nbd-dynamic/covariate-walks.ts';
export { type ParetoNbdDynamicModel, parseParetoNbdDynamic } from './pareto-nbd-dynamic/model.ts';
export {
  type ParetoNbdDynamic,
  type ParetoNbdDynamicOptions,
  paretoNbdDynamic,
} from './pareto-nbd-dynamic/pareto-nbd-dynamic.ts';
export type { CovariateWalks, WalkOptions, WalkReport } from './pareto-nbd-dynamic/walks.ts';
export { type SpendValueModel, type SpendValueOptions, spendValue, spendValueKind } from './spend-value.ts';
export {
  type NoRegularity,
  type RegularityColumns,
  type TimingRegularity,
  wheatMorrison,
} from './timing-regularity.ts';
