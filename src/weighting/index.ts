export {
  type CompositeIndexOptions,
  compositeIndex,
  type GroupOf,
  type Indicator,
} from './composite-index.ts';
export {
  type CompositeIndexModel,
  compositeIndexKind,
  type MissingIndicator,
  type ScoreField,
  type StoredIndicator,
} from './composite-index-kind.ts';
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
export type { ScoreMap } from './score-map.ts';
export { fitStandard, type Standard, type StandardKind } from './standardise.ts';
