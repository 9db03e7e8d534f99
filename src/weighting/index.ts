export { type CombineOptions, combineWeights } from './combine-weights.ts';
export {
  type CompletedJudgements,
  type CompletionMethod,
  type CompletionOptions,
  completeJudgements,
} from './complete-judgements.ts';
export {
  type CompositeIndexOptions,
  compositeIndex,
  type GroupOf,
  type Indicator,
} from './composite-index.ts';
export { compositeIndexKind } from './composite-index-kind.ts';
export type {
  Aggregation,
  CompositeIndexModel,
  MissingIndicator,
  Reference,
  ScoreField,
  StoredIndicator,
} from './composite-index-model.ts';
export { type Consensus, consensus } from './consensus.ts';
export { geometricConsistency } from './geometric-consistency.ts';
export { type GroupAggregation, type GroupOptions, type GroupPriorities, groupPriorities } from './group-priorities.ts';
export {
  type Hierarchy,
  type HierarchyBranch,
  type HierarchyLeaf,
  type HierarchyNode,
  type HierarchyOptions,
  hierarchy,
  leafOf,
} from './hierarchy.ts';
export {
  type JudgementMatrix,
  type JudgementOptions,
  type Judgements,
  judgementMatrix,
  type PairJudgement,
} from './judgement-matrix.ts';
export {
  type CriticWeights,
  criticWeights,
  type EntropyWeights,
  entropyWeights,
  type ObjectiveWeights,
  type StandardDeviationWeights,
  standardDeviationWeights,
} from './objective-weights.ts';
export {
  CLOSENESS_AND_RESISTANCE,
  CUSTOMER_VALUE,
  FOUR_VALUES,
  LOYALTY_CUT,
  LOYALTY_INDICATORS,
} from './presets.ts';
export {
  type Consistency,
  type Priorities,
  type PriorityMethod,
  type PriorityOptions,
  priorities,
} from './priorities.ts';
export {
  RANDOM_INDICES,
  type RandomIndex,
  type RandomIndexName,
  type RandomIndexSource,
  type RandomIndexTable,
} from './random-index.ts';
export { averageRanks, percentRanks } from './ranks.ts';
export { type RepairHint, type RepairOptions, repairHints } from './repair-hints.ts';
export type { ScoreMap } from './score-map.ts';
export { type SimulatedRandomIndex, simulateRandomIndex } from './simulate-random-index.ts';
export { fitStandard, type Standard, type StandardKind } from './standardise.ts';
export { type Synthesis, synthesis } from './synthesis.ts';
export {
  type Crossing,
  type WeightedScores,
  type WeightSensitivity,
  weightSensitivity,
} from './weight-sensitivity.ts';
