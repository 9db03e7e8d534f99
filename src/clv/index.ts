export { bgNbd } from './bg-nbd/bg-nbd.ts';
export { type BgNbdModel, bgNbdKind } from './bg-nbd/model.ts';
export type { Covariate } from './family/covariates.ts';
export type {
  Ahead,
  DiscountedAhead,
  HistoryEstimator,
  NewCustomer,
  SimulatedCustomers,
} from './family/estimator.ts';
export type { HistoryColumns } from './family/history.ts';
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
export { type SpendValueModel, type SpendValueOptions, spendValue, spendValueKind } from './spend-value.ts';
