export type { Feature, Missing } from '../regression/feature.ts';
export type { RegressionOptions } from '../regression/fit-logistic.ts';
export type { Coefficient, LogisticReport } from '../regression/report.ts';
export { type ActionableReasons, actionableReasons, type ReasonFeature } from './actionable-reasons.ts';
export * from './boosting/index.ts';
export { betaCalibration } from './calibration/beta-calibration.ts';
export {
  type BetaCalibrationModel,
  type BetaCalibrationReport,
  betaCalibrationKind,
} from './calibration/beta-kind.ts';
export type { CalibratedField } from './calibration/calibrated-field.ts';
export type { CalibrationOptions } from './calibration/calibration-data.ts';
export { type IsotonicOptions, isotonicCalibration } from './calibration/isotonic-calibration.ts';
export { type IsotonicModel, type IsotonicReport, isotonicKind } from './calibration/isotonic-kind.ts';
export { type PlattOptions, plattCalibration } from './calibration/platt-calibration.ts';
export { type PlattModel, type PlattReport, plattKind } from './calibration/platt-kind.ts';
export { type PriorCorrectionOptions, priorCorrection } from './calibration/prior-correction.ts';
export { type PriorCorrectionModel, priorCorrectionKind } from './calibration/prior-correction-kind.ts';
export {
  type StratifiedSample,
  type StratifiedSampleOptions,
  stratifiedSample,
} from './calibration/stratified-sample.ts';
export * from './compare/index.ts';
export { discreteTimeHazard, type HazardOptions, type HazardOutputs } from './discrete-time-hazard.ts';
export { discreteTimeHazardKind, type HazardModel, type HazardReport } from './discrete-time-hazard-kind.ts';
export { expectedEvents } from './expected-events.ts';
export { type BootstrapInterval, type BootstrapOptions, bootstrapInterval } from './judgement/bootstrap.ts';
export { type AucComparison, compareAuc } from './judgement/compare-auc.ts';
export { type Confusion, confusion } from './judgement/confusion.ts';
export {
  type ColumnBaseline,
  type ColumnDrift,
  type DriftBaseline,
  type DriftBin,
  type DriftOptions,
  drift,
  driftBaseline,
  PSI_THRESHOLDS,
} from './judgement/drift.ts';
export { type EvaluateOptions, type Evaluation, evaluate } from './judgement/evaluate.ts';
export { type GainsRow, gainsTable } from './judgement/gains-table.ts';
export { hMeasure, type Severity } from './judgement/h-measure.ts';
export {
  type AcceptanceBelief,
  type ExpectedMaximumProfit,
  empc,
  type MaximumProfit,
  mpc,
  type ProfitCriterion,
} from './judgement/maximum-profit.ts';
export { type RocPoint, rocCurve } from './judgement/roc-curve.ts';
export * from './logistic/index.ts';
export { type LogisticModel, logisticKind } from './logistic-kind.ts';
export { type ChurnLabel, type LogisticOptions, logisticRegression } from './logistic-regression.ts';
export {
  averagePrecision,
  type BinaryMetrics,
  binaryMetrics,
  brier,
  calibrationLine,
  calibrationTable,
  ks,
  logLoss,
  type MetricOptions,
  rocAuc,
  rocAucStandardError,
  topDecileLift,
} from './metrics.ts';
export type { BrierDecomposition, CalibrationBin, CalibrationLine } from './metrics-probability.ts';
export type { Weighted } from './metrics-ranking.ts';
export * from './neural/index.ts';
export { type DurationOptions, type PersonPeriods, personPeriods } from './person-periods.ts';
export { type ProbabilityInterval, probabilityInterval } from './probability-interval.ts';
export * from './profile/index.ts';
export {
  type CampaignProfit,
  type CampaignTerms,
  campaignProfit,
  type PerCustomer,
} from './profit/campaign-profit.ts';
export { type ProfitCurve, type ProfitPoint, profitCurve } from './profit/profit-curve.ts';
export { type TargetList, type TargetOptions, targetList } from './profit/target-list.ts';
export { type Contributions, type Reasons, topReasons } from './reasons.ts';
export * from './survival/index.ts';
export * from './trees/index.ts';
export * from './uplift/index.ts';
export { type ClassAdvice, classAdvice } from './warning/class-advice.ts';
export { type StraddleGroup, type Straddling, straddling } from './warning/straddling.ts';
export {
  type Labels,
  type Warning,
  type WarningAction,
  type WarningCampaign,
  type WarningColumns,
  type WarningList,
  type WarningOptions,
  warningList,
} from './warning/warning-list.ts';
export { type WarningTable, warningTable } from './warning/warning-table.ts';
