export type { Split } from '../../validation/folds.ts';
export type { CandidateResult, FoldMetrics } from './candidate-result.ts';
export {
  type Candidates,
  type ClassifierComparison,
  type CompareOptions,
  compareClassifiers,
} from './compare-classifiers.ts';
export type { Comparison, ComparisonMetric } from './comparison.ts';
export type { Validation } from './splits.ts';
