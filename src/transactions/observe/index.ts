export {
  type ChurnRatesOptions,
  type ChurnRatesResult,
  type ChurnWindow,
  churnRates,
  type TypeRate,
  type WindowRates,
} from './churn-rates.ts';
export type { EventMatch } from './event-match.ts';
export { observe } from './observe.ts';
export { type ObserveAccumulator, observeAccumulator, observeAccumulatorFromJSON } from './observe-accumulator.ts';
export type { ObserveState } from './observe-state.ts';
export type { ChurnType, ContractRules, EventFeature, LabelRule, ObserveOptions } from './options.ts';
export type { ChurnOutcome, Panel, PanelDate, PanelReport } from './panel.ts';
export { type BacktestOptions, rollingBacktest, type TemporalSplit, temporalSplit } from './temporal-split.ts';
