import { type HistoryEstimator, historyEstimator } from '../family/estimator.ts';
import { nbdFamily } from './family.ts';
import { nbdKind } from './model.ts';

/**
 * The negative binomial model of repeat buying (Ehrenberg 1959, Applied Statistics 8, 26–41): a customer buys at rate
 * λ ~ Gamma(r, α) for ever. The measure for models with dropout: what they do not do better, dropout does not explain.
 *
 * - ln L = lnΓ(r+x) − lnΓ(r) − x ln α − (r+x)·ln(1 + T/α): of the times of the purchases, as for the other models, so that
 *   log-likelihoods compare. That of the counts alone is larger by Σ (x ln T − ln x!).
 * - P(alive) = 1. Expected purchases (r+x)/(α+T)·h; P(at least one in h) = 1 − ((α+T)/(α+T+h))^(r+x).
 * - Recency says nothing. Covariates z: `purchase` gives α·e^(−γ′z).
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const model = nbd({ unit: 'week' }).fit(customers);
 * model.r; // 0.3848 on the CDNOW sample
 * nbd.expectedPurchases(model, { frequency: [2], recency: [30.43], T: [38.86] }, { periods: 39 }); // [1.826]
 */
export const nbd: HistoryEstimator<'nbd', 'r' | 'alpha'> = historyEstimator(nbdFamily, nbdKind);
