export {
  type AnnuityOptions,
  annuityFactor,
  annuityTerms,
  ratePer,
  retentionAnnuity,
} from './annuity.ts';
export { type CurrentValueModel, type CurrentValueOptions, currentValue, currentValueKind } from './current-value.ts';
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
export { type OwnershipModel, ownershipPropensityKind } from './ownership-propensity-kind.ts';
export { type OfferColumns, type PotentialValueOptions, potentialValue } from './potential-value.ts';
export { type Offer, type PotentialValueModel, potentialValueKind } from './potential-value-kind.ts';
export { historicalValue, presentValue } from './present-value.ts';
