import type { Columns } from '../../model/batch.ts';
import type { InputsOf } from '../../model/contract.ts';
import { type HistoryEstimator, historyEstimator } from '../family/estimator.ts';
import { eachHistory } from '../family/history-kernel.ts';
import { bgBbFamily } from './family.ts';
import { type BgBbModel, bgBbKind } from './model.ts';
import { meansOf } from './posterior.ts';

/** What the history says of the customer's own two probabilities, one per row; NaN as for every other figure. */
export interface BgBbPosteriorMeans {
  /** E[p | x, t_x, n], of a purchase at an opportunity while alive. */
  readonly purchase: Float64Array;
  /** E[θ | x, t_x, n], of dropping out before an opportunity. */
  readonly dropout: Float64Array;
}

/** The estimator of the BG/BB: that of every family, and the posterior means. */
export type BgBbEstimator = HistoryEstimator<'bgBb', 'alpha' | 'beta' | 'gamma' | 'delta'> & {
  /** E[p] and E[θ] given the history, whether the customer is still alive or not. */
  posteriorMeans<M extends BgBbModel>(model: M, customers: Columns<InputsOf<M>>): BgBbPosteriorMeans;
};

/**
 * The beta-geometric/beta-Bernoulli model of repeat buying at discrete opportunities (Fader, Hardie & Shang 2010,
 * Marketing Science 29, 1086–1108), such as yearly donations or a fair: before each opportunity a customer drops out with
 * probability θ ~ Beta(γ, δ), at each one while alive buys with probability p ~ Beta(α, β).
 *
 * - A history is x, the number of opportunities with a purchase, t_x, the last of them (0 if none), and T = n, the
 *   number of opportunities so far; all whole, x ≤ t_x ≤ n ≤ 100,000. Horizons are whole numbers of opportunities, `unit`
 *   is the time between two. Equal histories may be given once, with their number in a column `weight`.
 * - L = B(α+x, β+n−x)/B(α, β)·B(γ, δ+n)/B(γ, δ) + Σ_{t_x≤m<n} B(α+x, β+m−x)/B(α, β)·B(γ+1, δ+m)/B(γ, δ), m the last
 *   opportunity at which the customer was alive.
 * - P(alive) is at opportunity n, so 1 for a customer who bought at it; `ahead: 1` is at n + 1, the figure that the
 *   paper and BTYD's `bgbb.PAlive` give.
 * - Expected purchases of the next m opportunities: P(alive)·(α+x)/(α+β+n)·Σ_{j≤m} (δ+n)_j/(γ+δ+n)_j, finite at γ = 1.
 * - Discounted ones: the purchase j opportunities ahead counts (1+d)^(−j), so the very next one (1+d)^(−1), with
 *   d = (1 + discount)^(length of `unit`/length of `rate.per`) − 1.
 * - Takes no covariates.
 *
 * Fitted by maximum likelihood, Newton on exact derivatives over the distinct histories. `fit` tells status, standard
 * errors and covariance; `fit.rows` counts customers.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const cells = { x: [6, 5, 0], t_x: [6, 6, 0], n: [6, 6, 6], donors: [1203, 728, 3464] };
 * const model = bgBb({ unit: 'year', frequency: 'x', recency: 't_x', T: 'n', weight: 'donors' }).fit(cells);
 * // all 22 cells of the paper's donors: alpha 1.204, beta 0.750, gamma 0.657, delta 2.783, and
 * bgBb.expectedPurchases(model, { x: [5], t_x: [6], n: [6] }, { periods: 5 }); // [3.231]
 */
export const bgBb: BgBbEstimator = Object.assign(historyEstimator(bgBbFamily, bgBbKind), { posteriorMeans });

function posteriorMeans(model: BgBbModel, customers: Columns): BgBbPosteriorMeans {
  const mean = (of: 'purchase' | 'dropout'): Float64Array =>
    eachHistory(
      bgBbFamily,
      model,
      customers,
      [],
      ({ parameters }, x, recency, n) => meansOf(parameters, x, recency, n)[of],
    );
  return { purchase: mean('purchase'), dropout: mean('dropout') };
}
