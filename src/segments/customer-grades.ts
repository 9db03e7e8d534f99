import type { Estimator } from '../model/contract.ts';
import { knownOptions, names } from '../model/options.ts';
import type { CutRule } from '../numerics/cut-rule.ts';
import type { Closed } from '../numerics/cuts.ts';
import type { Segment } from './cells.ts';
import { grid } from './grid.ts';
import type { GridModel } from './grid-kind.ts';

export interface CustomerGradesOptions<N extends string, C extends string, S extends string> {
  /** Number of purchases: without one a customer is potential, whatever the score, known or not. Default `orders`. */
  readonly orders?: N;
  /** The column that grades who has bought. Default `total`. */
  readonly score?: C;
  /** The two cuts between ordinary, important and VIP; learned on every score given, potential customers' included. */
  readonly cut: CutRule;
  /** `'left'` (default): a score equal to a cut has reached it. */
  readonly closed?: Closed;
  readonly as?: S;
}

/**
 * Four grades: potential (潜在客户), ordinary (普通客户), important (重要客户) and VIP (VIP客户). Potential is who has
 * not bought yet; the others are told apart by a score. A preset of `grid`.
 * @throws ClienteleError `invalid-option`, for a rule without two cuts among others.
 * @example customerGrades({ cut: { fixed: [1000, 5000] } }) // one order, total 5000: vip; no order: potential
 */
export function customerGrades<
  const N extends string = 'orders',
  const C extends string = 'total',
  const S extends string = 'grade',
>(options: CustomerGradesOptions<N, C, S>): Estimator<GridModel<N | C, S>> {
  const {
    orders = 'orders',
    score = 'total',
    cut,
    closed = 'left',
    as = 'grade',
  } = knownOptions(options, 'customerGrades', 'orders score cut closed as');
  names({ orders, score, as });
  const [potential, ...bought] = GRADES;
  return grid({
    axes: [
      { column: orders, cut: { fixed: 0 }, levels: ['none', 'some'] },
      { column: score, cut, closed, levels: bought.map(({ key }) => key) },
    ],
    cells: [
      { ...potential!, when: ['none', '*'] },
      ...bought.map((grade) => ({ ...grade, when: ['some', grade.key] })),
    ],
    as,
  }) as unknown as Estimator<GridModel<N | C, S>>;
}

const GRADES: readonly Segment[] = [
  { key: 'potential', names: { en: 'Potential', zh: '潜在客户' } },
  { key: 'ordinary', names: { en: 'Ordinary', zh: '普通客户' } },
  { key: 'important', names: { en: 'Important', zh: '重要客户' } },
  { key: 'vip', names: { en: 'VIP', zh: 'VIP客户' } },
];
