import { checked, finite, listOf } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import { knownOptions, names } from '../model/options.ts';
import type { CutRule } from '../numerics/cut-rule.ts';
import type { Closed } from '../numerics/cuts.ts';
import type { Segment } from './cells.ts';
import { type Axis, grid } from './grid.ts';
import type { GridModel } from './grid-kind.ts';
import { segmentList } from './segment-options.ts';
import { type NewBelow, newAxis } from './three-dimensional.ts';

export interface PyramidOptions<C extends string, S extends string> {
  /** The column that ranks the customers. */
  readonly column?: C;
  /** Default: the top 20 % of the customers, the next 30 %, and the rest. */
  readonly cut?: CutRule;
  /** Which side of an interval holds its limit; `'right'` (default): above means strictly greater. */
  readonly closed?: Closed;
  /** From the bottom to the top, one more than there are cuts. */
  readonly tiers?: readonly Segment[];
  readonly as?: S;
}

/**
 * The customer pyramid: one column cut into tiers by fixed limits, quantiles, share of customers or share of value; a
 * preset of `grid`. Customers with equal values are in one tier.
 * @example pyramid({ cut: { shareOfValue: 0.8 }, tiers: [{ key: 'tail' }, { key: 'core' }] })
 */
export function pyramid<const C extends string = 'currentValue', const S extends string = 'tier'>(
  options: PyramidOptions<C, S> = {},
): Estimator<GridModel<C, S>> {
  const {
    column = 'currentValue',
    cut = { shareOfCustomers: [0.2, 0.5] },
    closed = 'right',
    as = 'tier',
  } = knownOptions(options, 'pyramid', 'column cut closed tiers as');
  names({ column, as });
  const tiers = segmentList(options.tiers ?? PYRAMID, 'tiers');
  const axis: Axis = { column, cut, closed, levels: tiers.map(({ key }) => key) };
  const cells = tiers.map((tier) => ({ ...tier, when: [tier.key] }));
  return grid({ axes: [axis], cells, as }) as unknown as Estimator<GridModel<C, S>>;
}

const PYRAMID: readonly Segment[] = [
  { key: 'low', names: { en: 'Low', zh: '低端客户' } },
  { key: 'middle', names: { en: 'Middle', zh: '中端客户' } },
  { key: 'high', names: { en: 'High', zh: '高端客户' } },
];

export interface DepositTiersOptions<C extends string, S extends string> {
  readonly balance?: C;
  /** Rising limits of the tiers quality, key and VIP. Default: 100,000, 200,000 and 300,000. */
  readonly limits?: readonly [number, number, number];
  /** `'left'` (default, an assumption): a balance equal to a limit has reached it. */
  readonly closed?: Closed;
  readonly as?: S;
}

/**
 * Grades of a bank outlet by balance: below, quality, key, vip; a preset of `pyramid`.
 * @example depositTiers({ balance: 'deposits' }) // 100,000 is quality, 99,999 is below
 */
export function depositTiers<const C extends string = 'balance', const S extends string = 'tier'>(
  options: DepositTiersOptions<C, S> = {},
): Estimator<GridModel<C, S>> {
  const {
    balance = 'balance',
    closed = 'left',
    as = 'tier',
  } = knownOptions(options, 'depositTiers', 'balance limits closed as');
  names({ balance, as });
  const limits = checked('invalid-option', threeLimits, options.limits ?? [100_000, 200_000, 300_000], 'limits');
  return pyramid({ column: balance, cut: { fixed: limits }, closed, tiers: DEPOSITS, as }) as unknown as Estimator<
    GridModel<C, S>
  >;
}

const threeLimits = listOf(finite, 3);

const DEPOSITS: readonly Segment[] = [
  { key: 'below', names: { en: 'No grade', zh: '未评级' } },
  { key: 'quality', names: { en: 'Quality', zh: '优质客户' } },
  { key: 'key', names: { en: 'Key', zh: '重点维护客户' } },
  { key: 'vip', names: { en: 'VIP', zh: '贵宾客户' } },
];

export interface SpendTiersOptions<C extends string, N extends string, S extends string> {
  /** Average spend per month, over the months in which the customer was active. */
  readonly spend?: C;
  /** Rising limits of the tiers silver, gold and diamond. Default: 300, 500 and 1,000. */
  readonly limits?: readonly [number, number, number];
  /** `'left'` (default): a spend equal to a limit has reached it. */
  readonly closed?: Closed;
  /** Customers who are new whatever they spend; they need no spend. */
  readonly newBelow: NewBelow<N>;
  readonly as?: S;
}

/**
 * Spend tiers: diamond, gold, silver, ordinary, and new for whoever was acquired lately; a preset of `grid`. Also
 * writes `isNew`.
 * @example spendTiers({ spend: 'monthlySpend', newBelow: { column: 'tenure', below: 3 } })
 */
export function spendTiers<
  const N extends string,
  const C extends string = 'averageMonthlySpend',
  const S extends string = 'tier',
>(options: SpendTiersOptions<C, N, S>): Estimator<GridModel<C | N, S | 'isNew'>> {
  const {
    spend: column = 'averageMonthlySpend',
    closed = 'left',
    as = 'tier',
  } = knownOptions(options, 'spendTiers', 'spend limits closed newBelow as');
  names({ spend: column, as });
  const limits = checked('invalid-option', threeLimits, options.limits ?? [300, 500, 1000], 'limits');
  const spend: Axis = {
    column,
    cut: { fixed: limits },
    closed,
    levels: ['ordinary', 'silver', 'gold', 'diamond'],
  };
  return grid({
    axes: [spend, newAxis(options.newBelow)],
    cells: SPEND.map((tier) => ({ ...tier, when: tier.key === 'new' ? ['*', 'yes'] : [tier.key, 'no'] })),
    as,
  }) as unknown as Estimator<GridModel<C | N, S | 'isNew'>>;
}

const SPEND: readonly Segment[] = [
  { key: 'diamond', names: { en: 'Diamond', zh: '钻石客户' } },
  { key: 'gold', names: { en: 'Gold', zh: '金卡客户' } },
  { key: 'silver', names: { en: 'Silver', zh: '银卡客户' } },
  { key: 'ordinary', names: { en: 'Ordinary', zh: '普通客户' } },
  { key: 'new', names: { en: 'New', zh: '新客户' } },
];
