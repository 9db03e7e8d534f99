export { type Ahead, type BgNbd, type BgNbdOptions, bgNbd, type DiscountedAhead } from './bg-nbd.ts';
export { type BgNbdFit, type BgNbdModel, bgNbdKind } from './bg-nbd-model.ts';
export type { BgNbdParameters } from './bg-nbd-posterior.ts';
export type { LikelihoodFit } from './fit-report.ts';
export { type GammaGamma, type GammaGammaOptions, gammaGamma } from './gamma-gamma.ts';
export {
  type GammaGammaFit,
  type GammaGammaModel,
  type GammaGammaParameters,
  gammaGammaKind,
  type SpendCorrelation,
} from './gamma-gamma-model.ts';
export type { HistoryColumns } from './history.ts';
export type { DefaultOutputs, HistoryOptions } from './history-options.ts';
export type { NameOf, Quantity, QuantityOutput } from './quantities.ts';
export { type SpendValueModel, type SpendValueOptions, spendValue, spendValueKind } from './spend-value.ts';
