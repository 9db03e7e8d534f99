export type { Feature, Missing } from '../regression/feature.ts';
export type { RegressionOptions } from '../regression/fit-logistic.ts';
export type { Coefficient, LogisticReport } from '../regression/report.ts';
export { discreteTimeHazard, type HazardOptions, type HazardOutputs } from './discrete-time-hazard.ts';
export { discreteTimeHazardKind, type HazardModel, type HazardReport } from './discrete-time-hazard-kind.ts';
export { expectedEvents } from './expected-events.ts';
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
  rocAuc,
  rocAucStandardError,
  topDecileLift,
} from './metrics.ts';
export type { CalibrationBin, CalibrationLine } from './metrics-probability.ts';
export { type DurationOptions, type PersonPeriods, personPeriods } from './person-periods.ts';
export { type Contributions, type Reasons, topReasons } from './reasons.ts';
export {
  type Labels,
  type Warning,
  type WarningColumns,
  type WarningList,
  type WarningOptions,
  warningList,
} from './warning-list.ts';
