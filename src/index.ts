// The front door: what most programs need. Everything else is in the subpaths.
export { binaryMetrics, discreteTimeHazard, logisticRegression, topReasons, warningList } from './churn/index.ts';
export { bgNbd, gammaGamma, spendValue } from './clv/index.ts';
export { groupSummary, valueAtRisk } from './economics/index.ts';
export { ClienteleError, type ErrorCode } from './errors.ts';
export { loyalty } from './loyalty/index.ts';
export { rfm } from './rfm/index.ts';
export {
  append,
  type CategoryColumn,
  type Columns,
  compile,
  type Estimator,
  engine,
  type InputsOf,
  type Model,
  type ModelBase,
  mergeReports,
  type OutputsOf,
  type Plan,
  parseModel,
  pipeline,
  type ScoreReport,
} from './scoring/index.ts';
export { grid, pyramid, rfmTiers, segmentSizes, spendTiers, threeDimensional, valueMatrix } from './segments/index.ts';
export { summarize } from './transactions/index.ts';
export { currentValue, lifetimeValue, ownershipPropensity, potentialValue } from './value/index.ts';
export { compositeIndex, hierarchy, priorities } from './weighting/index.ts';
