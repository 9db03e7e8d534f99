export { type AliveHistoryChartOptions, aliveHistoryChart } from './alive-history-chart.ts';
export type { ByModel } from './by-model.ts';
export { type CalibrationChartOptions, type CalibrationChartRow, calibrationChart } from './calibration-chart.ts';
export type { Cells, Chart, View } from './chart.ts';
export {
  type CohortSurvivalChartOptions,
  type CohortSurvivalRow,
  cohortSurvivalChart,
} from './cohort-survival-chart.ts';
export {
  type ConditionalExpectationChartOptions,
  type ConditionalExpectationRow,
  conditionalExpectationChart,
} from './conditional-expectation-chart.ts';
export {
  type ContributionRow,
  type ContributionSummaryChartOptions,
  contributionSummaryChart,
} from './contribution-summary-chart.ts';
export { type Displayable, type Displayed, display, type MimeBundle } from './display.ts';
export { type FrequencyChartOptions, type FrequencyChartRow, frequencyChart } from './frequency-chart.ts';
export { type GainChartOptions, gainChart } from './gain-chart.ts';
export type { GainsChartRow } from './gains-rows.ts';
export { type LadderFunnelChartOptions, type LadderFunnelRow, ladderFunnelChart } from './ladder-funnel-chart.ts';
export { type LiftChartOptions, liftChart } from './lift-chart.ts';
export { type LorenzChartOptions, type LorenzRow, lorenzChart } from './lorenz-chart.ts';
export { type MigrationHeatMapOptions, type MigrationRow, migrationHeatMap } from './migration-heat-map.ts';
export {
  type ModelComparisonChartOptions,
  type ModelComparisonRow,
  modelComparisonChart,
} from './model-comparison-chart.ts';
export {
  type PrecisionRecallChartOptions,
  type PrecisionRecallRow,
  precisionRecallChart,
} from './precision-recall-chart.ts';
export { type ProfitChartOptions, type ProfitChartRow, profitChart } from './profit-chart.ts';
export { type PyramidChartOptions, type PyramidRow, pyramidChart } from './pyramid-chart.ts';
export { type RecencyFrequencyHeatMapOptions, recencyFrequencyHeatMap } from './recency-frequency-heat-map.ts';
export { type RfmHeatMapOptions, type RfmHeatMapRow, rfmHeatMap } from './rfm-heat-map.ts';
export { type RocChartOptions, type RocChartRow, rocChart } from './roc-chart.ts';
export { type SegmentBubbleChartOptions, type SegmentBubbleRow, segmentBubbleChart } from './segment-bubble-chart.ts';
export { type SensitivityChartOptions, type SensitivityRow, sensitivityChart } from './sensitivity-chart.ts';
export { type SurvivalChartOptions, type SurvivalRow, survivalChart } from './survival-chart.ts';
export { type TrackingChartOptions, trackingChart } from './tracking-chart.ts';
export { type ValueMatrixChartOptions, type ValueMatrixRow, valueMatrixChart } from './value-matrix-chart.ts';
export { type ValueRankingChartOptions, valueRankingChart } from './value-ranking-chart.ts';
export { type WeightRow, type WeightsChartOptions, weightsChart } from './weights-chart.ts';
