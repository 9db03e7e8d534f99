import type { Estimator } from '../model/contract.ts';
import { knownOptions, names } from '../model/options.ts';
import { grid } from './grid.ts';
import type { GridModel } from './grid-kind.ts';
import { withChanges } from './segment-options.ts';
import { VALUE_MATRIX } from './strategies.ts';
import { type CutPer, cutOf, type StrategyChanges } from './three-dimensional.ts';

export interface ValueMatrixOptions<C extends string, P extends string, S extends string> {
  readonly current?: C;
  readonly potential?: P;
  /** One cut per axis; strictly greater is high. Default: the mean of the fitted rows. */
  readonly cut?: CutPer<'current' | 'potential'>;
  readonly strategies?: StrategyChanges<'HH' | 'HL' | 'LH' | 'LL'>;
  readonly as?: S;
}

/**
 * The two-dimensional value matrix: current × potential value, each high or low, in the segments HH, HL, LH, LL; a
 * preset of `grid`.
 * @example valueMatrix({ cut: 'median', as: 'valueCell' })
 */
export function valueMatrix<
  const C extends string = 'currentValue',
  const P extends string = 'potentialValue',
  const S extends string = 'segment',
>(options: ValueMatrixOptions<C, P, S> = {}): Estimator<GridModel<C | P, S>> {
  const {
    cut = 'mean',
    strategies = {},
    as = 'segment',
  } = knownOptions(options, 'valueMatrix', 'current potential cut strategies as');
  const { current = 'currentValue', potential = 'potentialValue' } = options;
  names({ current, potential, as });
  const levels = ['L', 'H'];
  const axes = [
    { column: current, cut: cutOf(cut, 'current'), levels },
    { column: potential, cut: cutOf(cut, 'potential'), levels },
  ];
  const cells = withChanges(VALUE_MATRIX, strategies).map((segment) => ({ ...segment, when: [...segment.key] }));
  return grid({ axes, cells, as }) as unknown as Estimator<GridModel<C | P, S>>;
}
