import { type CnbdEstimator, cnbdEstimator } from './estimator.ts';
import { cnbdFamily } from './family.ts';
import { bgCnbdKind, bgCnbdScoring } from './model.ts';

/**
 * The BG/CNBD-k model of regular buying (Platzer & Reutterer 2016, Marketing Science 35, 779–799): the BG/NBD with Erlang-k
 * times between purchases. A purchase comes when k phases have ended, each at rate λ ~ Gamma(r, α): their mean is k/λ. At
 * k = 1 it is the BG/NBD, bit for bit.
 *
 * - A customer alive at T has ended j < k phases since t_x, with a probability that is the j-th term of
 *   S = Σ_{j<k} (R)_j q^j/j! over S; R = r + kx, q = (T−t_x)/(α+T); λ is then Gamma(R+j, α+T). So
 *   P(alive) = 1/(1 + [x > 0]·a/(b+x−1)·((α+T)/(α+t_x))^R/S), and silence tells more, the greater k is.
 * - Purchases ahead are counted over these phases exactly; nothing is approximated as in BTYDplus.
 * - ln L is of (x, t_x, T), purchase times before the last one integrated over, so that values compare between k.
 * - k is that of the highest likelihood of those in `k` (default 1 … 12); `fit.tried` lists them all. `logIntervals`
 *   makes that the likelihood of all purchase times; the other parameters and their errors do not depend on it.
 * - Covariates as for `bgNbd`.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const model = bgCnbd({ unit: 'week', k: [1, 2, 3] }).fit(customers);
 * model.k; // 1 on the CDNOW sample: its customers buy at random
 * model.fit.tried; // [{ k: 1, logLikelihood: −9582.4 }, …]
 */
export const bgCnbd: CnbdEstimator<'bgCnbd'> = cnbdEstimator(cnbdFamily(bgCnbdScoring, 0), bgCnbdKind);
