export {
  type AnnuityOptions,
  annuityFactor,
  annuityTerms,
  ratePer,
  retentionAnnuity,
} from './annuity.ts';
export {
  type CashFlowOptions,
  type CashFlowRow,
  type CashFlows,
  type CashFlowTable,
  cashFlowTable,
} from './cash-flow-table.ts';
export { type ComplaintCode, type ComplaintCodes, complaintCodes, type ValueDimension } from './complaint-codes.ts';
export {
  type ComplaintColumns,
  type ComplaintDepartment,
  type ComplaintDimension,
  type ComplaintDimensions,
  type ComplaintPart,
  complaintDimensions,
} from './complaint-dimensions.ts';
export { type CurrentValueModel, type CurrentValueOptions, currentValue, currentValueKind } from './current-value.ts';
export { type DeliveredValue, deliveredValue, type PerceivedCost, type PerceivedValue } from './delivered-value.ts';
export {
  type LifeCycleOptions,
  type LifeCyclePattern,
  type LifeCyclePatterns,
  type LifeCyclePhase,
  type LifeCycleThresholds,
  lifeCyclePatterns,
  lifeCyclePhases,
} from './life-cycle-pattern.ts';
export {
  type LifetimeValueOptions,
  type LifetimeValueOutputs,
  lifetimeValue,
  type RetentionColumn,
} from './lifetime-value.ts';
export {
  type ChurnAssumption,
  type LifetimeValueModel,
  lifetimeValueKind,
  type RetainedValue,
} from './lifetime-value-kind.ts';
export type { MoneyField } from './money-field.ts';
export { type OwnedOffer, type OwnershipOptions, ownershipPropensity } from './ownership-propensity.ts';
export { type OwnershipModel, type OwnershipReport, ownershipPropensityKind } from './ownership-propensity-kind.ts';
export { type OfferColumns, type PotentialValueOptions, potentialValue } from './potential-value.ts';
export { type Offer, type PotentialValueModel, potentialValueKind } from './potential-value-kind.ts';
export { historicalValue, presentValue } from './present-value.ts';
