export { type ChurnRates, churnRate } from './churn-rate.ts';
export { type LoyaltyField, type LoyaltyModel, type LoyaltyOptions, loyalty, loyaltyKind } from './loyalty.ts';
