export {
  type AcquisitionSummary,
  acquisitionBySupplier,
  type Gains,
  type SupplierGain,
} from './acquisition.ts';
export { type ChurnRates, churnRate } from './churn-rate.ts';
export {
  type CustomerSatisfaction,
  type CustomerSatisfactionOptions,
  customerSatisfaction,
  satisfactionFromCounts,
} from './customer-satisfaction.ts';
export type { Product } from './holdings.ts';
export { type LoyaltyLadderOptions, loyaltyLadder } from './ladder.ts';
export type { LadderCondition } from './ladder-condition.ts';
export {
  type StageConversion,
  type StageCount,
  type StageCounts,
  stageConversion,
  stageCounts,
} from './ladder-counts.ts';
export { type LadderRules, type LoyaltyLadderModel, loyaltyLadderKind } from './ladder-kind.ts';
export { LADDER_STAGES, type LadderStage, type StageKey, type StageStrategy } from './ladder-stages.ts';
export { type LoyaltyField, type LoyaltyModel, type LoyaltyOptions, loyalty, loyaltyKind } from './loyalty.ts';
export {
  type IntervalOptions,
  type NetPromoterScore,
  netPromoterScore,
  npsFromScores,
  type PromoterCounts,
} from './net-promoter-score.ts';
export { type NextProductOptions, nextProduct, type ProductColumns } from './next-product.ts';
export { type NextProductModel, nextProductKind } from './next-product-kind.ts';
export { type PointsEvents, type PointsLedger, type PointsLedgerOptions, pointsLedger } from './points-ledger.ts';
export { type PointsRulesOptions, pointsRules } from './points-rules.ts';
export {
  type LinearPoints,
  type PointsField,
  type PointsRule,
  type PointsRulesModel,
  pointsRulesKind,
  type SteppedPoints,
} from './points-rules-kind.ts';
export { type Penetration, type ProductLinkage, productLinkage } from './product-linkage.ts';
export type { Proportion } from './proportion.ts';
export {
  firstToSecondPurchase,
  type PurchaseConversion,
  type PurchaseConversionOptions,
} from './purchase-conversion.ts';
export { QUALITY_CELLS, type QualityCell } from './quality-cells.ts';
export { type ReferralOptions, type ReferralSummary, referralSummary } from './referral.ts';
export {
  type SatisfactionBehaviour,
  type SatisfactionBehaviourOptions,
  type SatisfactionPanel,
  satisfactionBehaviour,
} from './satisfaction-behaviour.ts';
export { type ShareOfWalletOptions, shareOfWallet } from './share-of-wallet.ts';
export {
  type ShareOfWalletModel,
  shareOfWalletKind,
  WALLET_FLAGS,
  type WalletNames,
  type WalletOutputs,
} from './share-of-wallet-kind.ts';
export { type StageHistory, type StageTime, type TimeInStage, timeInStage } from './time-in-stage.ts';
export {
  type MarketTotals,
  marketAndWalletShare,
  type PeriodShares,
  type WalletColumns,
  type WalletGroup,
  type WalletPart,
  type WalletSummary,
  walletSummary,
} from './wallet-summary.ts';
