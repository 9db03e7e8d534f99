import type { ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { ScoreMap } from './score-map.ts';
import type { Standard } from './standardise.ts';

/** One weighted indicator with all that turns its column into X. */
export interface StoredIndicator {
  readonly column: string;
  /** Global weight; the weights of a model sum to 1. */
  readonly weight: number;
  /** Comes first; a `cost` is mirrored, 100 − score. */
  readonly map: ScoreMap | null;
  /** Comes second. Without a map a `cost` shows in the sign of the spread, for `max` in the least value over x. */
  readonly standard: Standard | null;
  /** Less is better. */
  readonly cost: boolean;
  /** Output that holds the score of this indicator's branch. */
  readonly group: string | null;
}

/** What becomes of a row with null indicators: null, or the index over the indicators that are there. */
export type MissingIndicator = 'null' | 'renormalise';

/**
 * How indicators become one index: weighted sum Σ X_i R_i, weighted product Π X_i^R_i, or the closeness of TOPSIS,
 * d⁻/(d⁺ + d⁻) with the distances d² = Σ (R_i (X_i − X*_i))² from the ideal (d⁺) and the anti-ideal (d⁻).
 */
export type Aggregation = 'sum' | 'product' | 'topsis';

/** The best and the worst of each indicator, in its own unit (after its map, when it has one). */
export interface Reference {
  readonly ideal: readonly number[];
  readonly antiIdeal: readonly number[];
}

/** A composite index with its mappings, standardisations, weights and aggregation. */
export interface CompositeIndexModel<
  In extends string = string,
  O extends string = string,
  A extends Aggregation = Aggregation,
> extends ModelBase<'compositeIndex', In, ScoreField<O, A>> {
  readonly indicators: readonly StoredIndicator[];
  readonly aggregate: A;
  /** Of `topsis`, else `null`. */
  readonly reference: Reference | null;
  readonly missing: MissingIndicator;
}

/** Terms of a sum add up to the score, terms of a product to its logarithm; a closeness has no terms. */
const SCALES = { sum: { explained: 'score' }, product: { explained: 'log-score' }, topsis: {} } as const;

export type ScoreField<O extends string = string, A extends Aggregation = Aggregation> = Field<O, 'number'> & {
  readonly unit: 'score';
} & (typeof SCALES)[A];

/** The index first, then one output per group. */
export function compositeFields<O extends string, A extends Aggregation>(
  names: readonly O[],
  aggregate: A,
): readonly ScoreField<O, A>[] {
  return names.map((name) => ({ name, type: 'number', unit: 'score', ...SCALES[aggregate] }));
}

/** The distinct groups, in order of appearance. */
export function groupsOf(indicators: readonly { readonly group: string | null }[]): readonly string[] {
  return [...new Set(indicators.flatMap(({ group }) => (group === null ? [] : [group])))];
}

/** Whether the standardisation of this indicator is the reciprocal of the others: least value over value. */
export function isReciprocal({ cost, map, standard }: Omit<StoredIndicator, 'weight' | 'group'>): boolean {
  return cost && map === null && standard !== null && standard.kind === 'max';
}
