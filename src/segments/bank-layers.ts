import type { Estimator } from '../model/contract.ts';
import { knownOptions, names } from '../model/options.ts';
import type { CutRule } from '../numerics/cut-rule.ts';
import type { Closed } from '../numerics/cuts.ts';
import type { GridModel } from './grid-kind.ts';
import { pyramid } from './pyramid.ts';
import { withChanges } from './segment-options.ts';
import type { Described } from './strategies.ts';
import type { StrategyChanges } from './three-dimensional.ts';

export interface BankLayersOptions<C extends string, S extends string> {
  /** Assets held, or contribution. Default `assets`. */
  readonly column?: C;
  /** Two cuts. Default: the top 20 % of the customers, the next 30 %, and the rest. */
  readonly cut?: CutRule;
  /** Which side of an interval holds its limit; `'right'` (default): above means strictly greater. */
  readonly closed?: Closed;
  readonly strategies?: StrategyChanges<'basic' | 'middle' | 'high'>;
  readonly as?: S;
}

/**
 * Basic, middle and high layer of a bank's customers (基础、中端、高端客户) by assets or contribution, each with its aim:
 * breadth and bundles, stickiness, personal service. A preset of `pyramid`.
 * @throws ClienteleError `invalid-option`.
 * @example bankLayers({ cut: { fixed: [50_000, 500_000] }, closed: 'left' }) // 500,000 is high
 */
export function bankLayers<const C extends string = 'assets', const S extends string = 'layer'>(
  options: BankLayersOptions<C, S> = {},
): Estimator<GridModel<C, S>> {
  const {
    column = 'assets',
    cut,
    closed = 'right',
    strategies = {},
    as = 'layer',
  } = knownOptions(options, 'bankLayers', 'column cut closed strategies as');
  names({ column, as });
  const tiers = withChanges(BANK_LAYERS, strategies);
  return pyramid({
    column,
    closed,
    tiers,
    as,
    ...(cut === undefined ? {} : { cut }),
  }) as unknown as Estimator<GridModel<C, S>>;
}

/** The three layers, see {@link bankLayers}. Priorities and budgets are ours. */
export const BANK_LAYERS: readonly Described[] = [
  {
    key: 'basic',
    names: { en: 'Basic', zh: '基础客户' },
    strategy: {
      priority: 3,
      budget: 'low',
      actions: ['broaden', 'bundle-products'],
      text: { en: 'Win many, and bind them by bundles of linked products.', zh: '扩大覆盖面,以产品套餐加强关联。' },
    },
  },
  {
    key: 'middle',
    names: { en: 'Middle', zh: '中端客户' },
    strategy: {
      priority: 2,
      budget: 'moderate',
      actions: ['points', 'offers'],
      text: { en: 'Make them stay by points and offers.', zh: '以积分和优惠提高黏性。' },
    },
  },
  {
    key: 'high',
    names: { en: 'High', zh: '高端客户' },
    strategy: {
      priority: 1,
      budget: 'highest',
      actions: ['personal-service'],
      text: { en: 'Serve them in person.', zh: '提供个性化专属服务。' },
    },
  },
];
