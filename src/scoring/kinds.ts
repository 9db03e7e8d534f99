// Every kind by name, for `engine({ … })` with a chosen few.
export { discreteTimeHazardKind } from '../churn/discrete-time-hazard-kind.ts';
export { logisticKind } from '../churn/logistic-kind.ts';
export { bgNbdKind } from '../clv/bg-nbd-model.ts';
export { gammaGammaKind } from '../clv/gamma-gamma-model.ts';
export { spendValueKind } from '../clv/spend-value.ts';
export { loyaltyKind } from '../loyalty/loyalty.ts';
export type { Kind, Kinds } from '../model/contract.ts';
export { rfmKind } from '../rfm/rfm-kind.ts';
export { gridKind } from '../segments/grid-kind.ts';
export { kMeansKind } from '../segments/k-means-kind.ts';
export { currentValueKind } from '../value/current-value.ts';
export { lifetimeValueKind } from '../value/lifetime-value-kind.ts';
export { ownershipPropensityKind } from '../value/ownership-propensity-kind.ts';
export { potentialValueKind } from '../value/potential-value-kind.ts';
export { compositeIndexKind } from '../weighting/composite-index-kind.ts';
export { type Engine, engine } from './engine.ts';
export { pipelineKind } from './pipeline-kind.ts';
