import { type HistoryEstimator, historyEstimator } from '../family/estimator.ts';
import { paretoNbdFamily } from './family.ts';
import { paretoNbdKind } from './model.ts';

/**
 * The Pareto/NBD model of repeat buying (Schmittlein, Morrison & Colombo 1987, Management Science 33, 1–24): while alive
 * a customer buys at rate λ ~ Gamma(r, α), and drops out at rate μ ~ Gamma(s, β) at any time, seen or not.
 *
 * - ln L = ln[Γ(r+x)α^r β^s/Γ(r)] + ln[(α+T)^−(r+x) (β+T)^−s + s∫(α+τ)^−(r+x) (β+τ)^−(s+1) dτ], τ from t_x to T (Fader &
 *   Hardie 2005, "A note on deriving the Pareto/NBD model"); the integral by quadrature, without a case α ≷ β.
 * - P(alive), now and ahead: the first term's share, times ((β+T)/(β+T+t))^s.
 * - P(at least one purchase in h) = P(alive)·P(a purchase comes before dropout and before h): dropout may come first.
 * - Expected purchases: P(alive)·(r+x)(β+T)/(α+T)·(1 − ((β+T)/(β+T+t))^(s−1))/(s−1), also at s = 1; discounted ones
 *   with e^(−δt) in the integral over t. Distribution of purchases: Fader & Hardie (2006).
 * - Covariates z: `purchase` gives α·e^(−γ′z), `dropout` β·e^(−γ′z).
 *
 * Fitted by maximum likelihood, Newton on exact derivatives over the distinct histories; one pass over the rows, memory
 * for the distinct ones. `fit` tells status, standard errors and covariance; a boundary or a ridge is a status, never an
 * exception.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const model = paretoNbd({ unit: 'week', outputs: [{ quantity: 'probabilityOfPurchase', periods: 39 }] }).fit(customers);
 * model.s; // 0.6062 on the CDNOW sample
 * paretoNbd.probabilityAlive(model, { frequency: [2], recency: [30.43], T: [38.86] }); // [0.8691]
 * paretoNbd.expectedPurchases(model, { frequency: [2], recency: [30.43], T: [38.86] }, { periods: 39 }); // [1.455]
 */
export const paretoNbd: HistoryEstimator<'paretoNbd', 'r' | 'alpha' | 's' | 'beta'> = historyEstimator(
  paretoNbdFamily,
  paretoNbdKind,
);
