import type { Estimator } from '../model/contract.ts';
import { knownOptions, names, object } from '../model/options.ts';
import type { CutRule } from '../numerics/cut-rule.ts';
import type { Cell, Strategy } from './cells.ts';
import { type Axis, grid } from './grid.ts';
import type { GridModel } from './grid-kind.ts';
import { withChanges } from './segment-options.ts';
import { EIGHT_CLASSES } from './strategies.ts';

/** One rule for all axes, or one per axis (as fixed limits must be). */
export type CutPer<K extends string> = CutRule | { readonly [A in K]: CutRule };

/** A change to some parts of a segment's strategy. */
export type StrategyChanges<K extends string = string> = { readonly [S in K]?: Partial<Strategy> };

/** New customers are told by a column: new when strictly below, such as months since the first contract. */
export interface NewBelow<N extends string = string> {
  readonly column: N;
  readonly below: number;
}

/** Keys of the eight classes, in order 1 … 8. */
export type ClassKey =
  | 'platinum'
  | 'gold'
  | 'loyal'
  | 'potential'
  | 'churn-prone'
  | 'short-term'
  | 'least-valuable'
  | 'developable';

export interface ThreeDimensionalOptions<
  C extends string,
  P extends string,
  L extends string,
  S extends string,
  N extends string,
> {
  readonly current?: C;
  readonly potential?: P;
  readonly loyalty?: L;
  /** One cut per axis; a value strictly greater than it is high. Default: the mean of the fitted rows. */
  readonly cut?: CutPer<'current' | 'potential' | 'loyalty'>;
  /** Also writes `isNew` (`yes`, `no`); it does not change the class. */
  readonly newBelow?: NewBelow<N>;
  /** Changes to the built-in strategies, by class key. */
  readonly strategies?: StrategyChanges<ClassKey>;
  readonly as?: S;
}

const HIGHS: readonly (readonly [string, string, string])[] = [
  ['high', 'high', 'high'],
  ['high', 'low', 'high'],
  ['low', 'low', 'high'],
  ['low', 'high', 'high'],
  ['high', 'high', 'low'],
  ['high', 'low', 'low'],
  ['low', 'low', 'low'],
  ['low', 'high', 'low'],
];

/**
 * The eight classes of current value × potential value × loyalty: 1 platinum HHH, 2 gold HLH, 3 loyal LLH,
 * 4 potential LHH, 5 churn-prone HHL, 6 short-term HLL, 7 least valuable LLL, 8 developable LHL; a preset of `grid`.
 * The class number is the category code + 1. Null in any dimension is unclassified (null).
 * @example
 * const model = threeDimensional().fit({ currentValue: [9, 1], potentialValue: [1, 9], loyalty: [0.9, 0.1] });
 * model.axes[0].cuts // [5]; the two customers are gold and developable
 */
export function threeDimensional<
  const C extends string = 'currentValue',
  const P extends string = 'potentialValue',
  const L extends string = 'loyalty',
  const S extends string = 'segment',
  const N extends string = never,
>(
  options: ThreeDimensionalOptions<C, P, L, S, N> = {},
): Estimator<GridModel<C | P | L | N, S | ([N] extends [never] ? never : 'isNew')>> {
  const {
    cut = 'mean',
    newBelow,
    strategies = {},
    as = 'segment',
  } = knownOptions(options, 'threeDimensional', 'current potential loyalty cut newBelow strategies as');
  const { current = 'currentValue', potential = 'potentialValue', loyalty = 'loyalty' } = options;
  names({ current, potential, loyalty, as });
  const axes: Axis[] = [
    { column: current, cut: cutOf(cut, 'current') },
    { column: potential, cut: cutOf(cut, 'potential') },
    { column: loyalty, cut: cutOf(cut, 'loyalty') },
    ...(newBelow ? [newAxis(newBelow)] : []),
  ];
  const cells = withChanges(EIGHT_CLASSES, strategies).map(
    (segment, i): Cell => ({ ...segment, when: newBelow ? [...HIGHS[i]!, '*'] : HIGHS[i]! }),
  );
  return grid({ axes, cells, as }) as unknown as Estimator<
    GridModel<C | P | L | N, S | ([N] extends [never] ? never : 'isNew')>
  >;
}

/** The rule of one axis. */
export function cutOf<K extends string>(cut: CutPer<K>, axis: K): CutRule {
  return typeof cut === 'object' && cut !== null && Object.hasOwn(cut, axis)
    ? (cut as { readonly [A in K]: CutRule })[axis]
    : (cut as CutRule);
}

/** The axis that tells new customers. */
export function newAxis(newBelow: NewBelow): Axis {
  const { column, below } = object(newBelow, 'newBelow');
  names({ 'newBelow.column': column });
  return { column, cut: { fixed: below }, closed: 'left', levels: ['yes', 'no'], as: 'isNew' };
}
