import type { Estimator } from '../model/contract.ts';
import { knownOptions, names } from '../model/options.ts';
import type { Closed } from '../numerics/cuts.ts';
import { type Cell, everyCell } from './cells.ts';
import { type Axis, grid } from './grid.ts';
import type { GridModel } from './grid-kind.ts';
import { type CutPer, cutOf } from './three-dimensional.ts';

export interface ThreeLevelsOptions<V extends string, P extends string, L extends string, S extends string> {
  /** What the customer is worth, of purchase history, frequency and amount. Default `currentValue`. */
  readonly value?: V;
  /** What the customer could be worth, of prospects and growth. Default `potentialValue`. */
  readonly potential?: P;
  /** Of satisfaction, complaint rate and renewal rate. Default `loyalty`. */
  readonly loyalty?: L;
  /** One rule of two cuts for all criteria, or one per criterion, such as fixed limits. Default: terciles. */
  readonly cut?: CutPer<'value' | 'potential' | 'loyalty'>;
  /** Which side of an interval holds its limit; `'right'` (default): above means strictly greater. */
  readonly closed?: Closed;
  /** Segments over the levels low, middle, high of the three criteria. Default: all 27, such as `high-middle-low`. */
  readonly cells?: readonly Cell[];
  readonly as?: S;
}

/**
 * Value × potential × loyalty, each graded high, middle or low (价值、潜力、忠诚度): 27 cells; a preset of `grid`.
 * @throws ClienteleError `invalid-option`, for a rule without two cuts among others.
 * @example
 * threeLevels({ cut: { value: { fixed: [100, 500] }, potential: { fixed: [20, 80] }, loyalty: { fixed: [0.5, 0.8] } } });
 * // value 500, potential 81, loyalty 0.5: middle-high-low
 */
export function threeLevels<
  const V extends string = 'currentValue',
  const P extends string = 'potentialValue',
  const L extends string = 'loyalty',
  const S extends string = 'segment',
>(options: ThreeLevelsOptions<V, P, L, S> = {}): Estimator<GridModel<V | P | L, S>> {
  const {
    cut = { quantile: [1 / 3, 2 / 3] },
    closed = 'right',
    as = 'segment',
  } = knownOptions(options, 'threeLevels', 'value potential loyalty cut closed cells as');
  const { value = 'currentValue', potential = 'potentialValue', loyalty = 'loyalty' } = options;
  names({ value, potential, loyalty, as });
  const axes: readonly Axis[] = [
    { column: value, cut: cutOf(cut, 'value'), closed, levels: LEVELS },
    { column: potential, cut: cutOf(cut, 'potential'), closed, levels: LEVELS },
    { column: loyalty, cut: cutOf(cut, 'loyalty'), closed, levels: LEVELS },
  ];
  const cells = options.cells ?? everyCell([LEVELS, LEVELS, LEVELS]).map(named);
  return grid({ axes, cells, as }) as unknown as Estimator<GridModel<V | P | L, S>>;
}

const LEVELS = ['low', 'middle', 'high'];
const CHINESE: { readonly [level: string]: string } = { low: '低', middle: '中', high: '高' };

function named(cell: Cell): Cell {
  const [value, potential, loyalty] = cell.when as readonly [string, string, string];
  return {
    ...cell,
    names: {
      en: `Value ${value}, potential ${potential}, loyalty ${loyalty}`,
      zh: `价值${CHINESE[value]}、潜力${CHINESE[potential]}、忠诚度${CHINESE[loyalty]}`,
    },
  };
}
