import { type HistoryEstimator, historyEstimator } from '../family/estimator.ts';
import { bgNbdFamily } from './family.ts';
import { bgNbdKind } from './model.ts';

/**
 * The beta-geometric/NBD model of repeat buying (Fader, Hardie & Lee 2005, Marketing Science 24, 275–284): while alive a
 * customer buys at rate λ ~ Gamma(r, α), and after each repeat purchase drops out with probability p ~ Beta(a, b).
 *
 * - ln L: eq. 6. P(alive) = 1/(1 + [x > 0]·a/(b+x−1)·((α+T)/(α+t_x))^(r+x)): 1 for every customer without a repeat
 *   purchase, so it does not rank who will buy.
 * - P(at least one purchase in h) = P(alive)·(1 − ((α+T)/(α+T+h))^(r+x)).
 * - Expected purchases: eq. 10, of a new customer eq. 9; both finite at a = 1. Distribution of purchases: eq. 8.
 * - Covariates z: `purchase` gives α·e^(−γ′z), `dropout` one vector for both a·e^(γ′z) and b·e^(γ′z), `a` and `b` a
 *   vector each. `dropout` multiplies a and b alike and so leaves the mean dropout probability a/(a+b) unchanged: it
 *   changes how much customers differ. `a` and `b` move the mean.
 *
 * Fitted by maximum likelihood, Newton on exact derivatives over the distinct histories; one pass over the rows, memory
 * for the distinct ones. `fit` tells status, standard errors and covariance; a boundary or a ridge is a status, never an
 * exception.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const model = bgNbd({ unit: 'week', outputs: [{ quantity: 'probabilityOfPurchase', periods: 39 }] }).fit(customers);
 * model.r; // 0.2426 on the CDNOW sample
 * bgNbd.probabilityAlive(model, { frequency: [2], recency: [30.43], T: [38.86] }); // [0.7266]
 * bgNbd.expectedPurchases(model, { frequency: [2], recency: [30.43], T: [38.86] }, { periods: 39 }); // [1.226]
 */
export const bgNbd: HistoryEstimator<'bgNbd', 'r' | 'alpha' | 'a' | 'b'> = historyEstimator(bgNbdFamily, bgNbdKind);
