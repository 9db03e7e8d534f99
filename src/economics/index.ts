export { type AbcClass, type AbcClasses, type AbcOptions, abcClasses } from './abc-classes.ts';
export { type ChurnByTenure, churnByTenure, type TenureColumns, type TenureOptions } from './churn-by-tenure.ts';
export {
  type ChurnSensitivity,
  type ChurnSensitivityOptions,
  churnSensitivity,
  type TierSensitivity,
} from './churn-sensitivity.ts';
export {
  type ActivityColumns,
  type CohortRetention,
  cohortRetention,
  type RetentionAge,
  type RetentionCohort,
} from './cohort-retention.ts';
export {
  type Concentration,
  type ConcentrationOptions,
  concentration,
} from './concentration.ts';
export type { CrossTable } from './cross-table.ts';
export { crossTable } from './cross-table.ts';
export {
  type CustomerEquity,
  customerEquity,
  type EquityColumns,
  type EquityPart,
  type EquitySegment,
} from './customer-equity.ts';
export {
  type CustomerTierOptions,
  type CustomerTierTable,
  customerTierTable,
  type TierBase,
  type TierColumns,
} from './customer-tier-table.ts';
export { forecastStates } from './forecast-states.ts';
export {
  type FigureInterval,
  type GroupIntervalRow,
  type GroupIntervals,
  groupIntervals,
  type IntervalOptions,
  type MeasureInterval,
} from './group-intervals.ts';
export type { GroupRatios, GroupRow, MeasureSummary, RatioOfSums } from './group-summary.ts';
export { groupSummary } from './group-summary.ts';
export { loseTop, type TopLoss } from './lose-top.ts';
export { type LossEquivalent, lossEquivalence } from './loss-equivalence.ts';
export { type Migration, type MigrationOptions, migration, type StateColumns } from './migration.ts';
export { netContribution } from './net-contribution.ts';
export type { NegativeValues } from './ranked-values.ts';
export { growthRate, type ReplacementNeed, replacementNeed, steadyStateBase } from './replacement.ts';
export { type RiskTable, riskTable } from './risk-table.ts';
export { type TailShare, tailShare } from './tail-share.ts';
export { breakEvenSpend, type Tier, type TierFigures, type TierRow, type TierTable, tierTable } from './tier-table.ts';
export {
  type StateLifetime,
  type StateRates,
  type TransitionCounts,
  type TransitionMatrix,
  transitionMatrix,
} from './transition-matrix.ts';
export type { RiskColumns, RiskGroup, RiskPart, ValueAtRisk } from './value-at-risk.ts';
export { valueAtRisk } from './value-at-risk.ts';
