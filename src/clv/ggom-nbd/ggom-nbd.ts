import { type HistoryEstimator, historyEstimator } from '../family/estimator.ts';
import { ggomNbdFamily } from './family.ts';
import { ggomNbdKind } from './model.ts';

/**
 * The Gamma-Gompertz/NBD model of repeat buying (Bemmaor & Glady 2012, Management Science 58, 1012–1021): while alive a
 * customer buys at rate λ ~ Gamma(r, α); the lifetime is Gompertz with hazard ηb·e^(bt), η ~ Gamma(s, β), so that
 * S(t) = (β/(β − 1 + e^(bt)))^s: mean hazard rises with age for β > 1, falls for β < 1.
 *
 * - ln L = ln of Γ(r+x)α^r/Γ(r)·[(α+T)^−(r+x)·S(T) + ∫_{t_x}^T (α+τ)^−(r+x) f(τ) dτ], f = −S′.
 * - Alive at T, a customer is a new one with r + x, α + T and (β − 1 + e^(bT))·e^(−bT) in place of r, α and β; P(alive)
 *   and all that is expected follow as positive integrals.
 * - Covariates z: `purchase` gives α·e^(−γ′z), `dropout` β·e^(−γ′z).
 * - For b → 0 with β/b held it is the Pareto/NBD with β/b as its β. Where the likelihood is highest there (CDNOW), the fit
 *   says so: status `boundary`, limit `Pareto/NBD`, no standard error for b and beta, which stay near 0, their ratio right.
 *
 * Fitted by maximum likelihood, Newton on exact derivatives over the distinct histories; one pass over the rows, memory
 * for the distinct ones.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const model = ggomNbd({ unit: 'week', outputs: [{ quantity: 'expectedPurchases', periods: 39 }] }).fit(customers);
 * model.fit.limit; // 'Pareto/NBD' on the CDNOW sample
 * ggomNbd.probabilityAlive(model, { frequency: [2], recency: [30.43], T: [38.86] }); // [0.8691] there
 */
export const ggomNbd: HistoryEstimator<'ggomNbd', 'r' | 'alpha' | 'b' | 's' | 'beta'> = historyEstimator(
  ggomNbdFamily,
  ggomNbdKind,
);
