import { type HistoryEstimator, historyEstimator } from '../family/estimator.ts';
import { mbgNbdFamily } from './family.ts';
import { mbgNbdKind } from './model.ts';

/**
 * The modified beta-geometric/NBD model (Batislam, Denizel & Filiztekin 2007, Int. J. of Research in Marketing 24,
 * 201–209; Hoppe & Wagner 2007): the BG/NBD with a chance p ~ Beta(a, b) of dropping out after the first purchase too, so
 * that single buyers are not all alive.
 *
 * - P(alive) = 1/(1 + a/(b+x)·((α+T)/(α+t_x))^(r+x)), for every x.
 * - ln L: that of the BG/NBD with x + 1 chances to drop out. Given alive, all else is the BG/NBD with b + 1.
 * - Covariates as for `bgNbd`: `purchase` acts on α, `dropout` on a and b together, `a` and `b` on one each.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const model = mbgNbd({ unit: 'week' }).fit(customers);
 * model.r; // 0.5248 on the CDNOW sample
 * mbgNbd.probabilityAlive(model, { frequency: [0], recency: [0], T: [38.86] }); // [0.3897]
 */
export const mbgNbd: HistoryEstimator<'mbgNbd', 'r' | 'alpha' | 'a' | 'b'> = historyEstimator(mbgNbdFamily, mbgNbdKind);
