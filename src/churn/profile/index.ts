export {
  type ChurnProfile,
  type ChurnProfileOptions,
  churnProfile,
  type FeatureProfile,
  type ProfileBin,
} from './churn-profile.ts';
export {
  type CustomerTrend,
  customerTrend,
  type TrendColumns,
  type TrendOptions,
  type TrendRow,
} from './customer-trend.ts';
export type { IndependenceTest, ZeroCells } from './information-value.ts';
export {
  type DependenceOptions,
  type DependencePoint,
  type PartialDependence,
  partialDependence,
} from './partial-dependence.ts';
export {
  type FeatureImportance,
  type ImportanceDrop,
  type ImportanceMetric,
  type ImportanceOptions,
  type PermutationImportance,
  permutationImportance,
} from './permutation-importance.ts';
export type { ProfileFeature } from './profile-bins.ts';
export {
  type ReasonColumns,
  type ReasonOptions,
  type ReasonPeriod,
  type ReasonRow,
  type ReasonTable,
  reasonTable,
} from './reason-table.ts';
export type { ScoreBatch, ScoreFunction } from './score-columns.ts';
export {
  type ForecastOptions,
  type ForecastPoint,
  type TrendForecast,
  type TrendMethod,
  trendForecast,
} from './trend-forecast.ts';
