import { fail } from '../errors.ts';
import type { Estimator } from '../model/contract.ts';
import { knownOptions, list, names } from '../model/options.ts';
import type { Cell } from './cells.ts';
import { type Axis, grid } from './grid.ts';
import type { GridModel } from './grid-kind.ts';
import { withChanges } from './segment-options.ts';
import { RFM_SEGMENTS } from './strategies.ts';
import type { StrategyChanges } from './three-dimensional.ts';

export interface RfmTiersOptions<C extends readonly string[], S extends string> {
  /** Score columns, in the order of the conditions of the cells. Default: recencyScore, frequencyScore. */
  readonly columns?: C;
  /** Highest score. Default 5. */
  readonly scores?: number;
  /** Segments over the levels '1' … of each column. Default: the ten recency × frequency segments. */
  readonly cells?: readonly Cell[];
  /** Cells that overlap are refused, or the `'first'` in the list wins, as in the tables of some R packages. */
  readonly overlaps?: 'refuse' | 'first';
  /** Changes to the built-in strategies, by segment key. */
  readonly strategies?: StrategyChanges;
  readonly as?: S;
}

/**
 * Named segments over the scores of an `rfm` step; a preset of `grid`, so the map is checked to cover every combination
 * of scores exactly once. The default map names recency × frequency 1 … 5:
 *
 * | recency | frequency 1 | 2 | 3 | 4 | 5 |
 * | --- | --- | --- | --- | --- | --- |
 * | 5 | new-customers | potential-loyalists | potential-loyalists | champions | champions |
 * | 4 | promising | potential-loyalists | potential-loyalists | loyal-customers | loyal-customers |
 * | 3 | about-to-sleep | about-to-sleep | need-attention | loyal-customers | loyal-customers |
 * | 1, 2 | hibernating | hibernating | at-risk | at-risk | cant-lose |
 *
 * @example pipeline([rfm({ … }), rfmTiers()])
 */
export function rfmTiers<
  const C extends readonly string[] = readonly ['recencyScore', 'frequencyScore'],
  const S extends string = 'tier',
>(options: RfmTiersOptions<C, S> = {}): Estimator<GridModel<C[number], S>> {
  const {
    scores = 5,
    overlaps = 'refuse',
    as = 'tier',
  } = knownOptions(options, 'rfmTiers', 'columns scores cells overlaps strategies as');
  const columns: readonly string[] = list(options.columns ?? ['recencyScore', 'frequencyScore'], 'columns');
  names({ ...Object.fromEntries(columns.map((column, c) => [`columns[${c}]`, column])), as });
  if (!(Number.isInteger(scores) && scores >= 2 && scores <= 20))
    fail('invalid-option', `scores: expected a whole number from 2 to 20, got ${scores}`);
  if (!options.cells && (scores !== 5 || columns.length !== 2))
    fail('invalid-option', 'cells: the default map is for two columns with scores 1 to 5; give cells for others');
  const levels = Array.from({ length: scores }, (_, i) => String(i + 1));
  const limits = levels.slice(1).map((_, i) => i + 1.5);
  const axes = columns.map((column): Axis => ({ column, cut: { fixed: limits }, levels }));
  const cells =
    options.cells ??
    withChanges(RFM_SEGMENTS, options.strategies ?? {}).map(
      (segment): Cell => ({ ...segment, when: MAP[segment.key]! }),
    );
  return grid({ axes, cells, overlaps, as }) as unknown as Estimator<GridModel<C[number], S>>;
}

const MAP: { readonly [key: string]: readonly (readonly string[])[] } = {
  champions: [['5'], ['4', '5']],
  'loyal-customers': [
    ['3', '4'],
    ['4', '5'],
  ],
  'potential-loyalists': [
    ['4', '5'],
    ['2', '3'],
  ],
  'cant-lose': [['1', '2'], ['5']],
  'at-risk': [
    ['1', '2'],
    ['3', '4'],
  ],
  'need-attention': [['3'], ['3']],
  'new-customers': [['5'], ['1']],
  promising: [['4'], ['1']],
  'about-to-sleep': [['3'], ['1', '2']],
  hibernating: [
    ['1', '2'],
    ['1', '2'],
  ],
};
