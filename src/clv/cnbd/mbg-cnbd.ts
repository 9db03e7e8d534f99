import { type CnbdEstimator, cnbdEstimator } from './estimator.ts';
import { cnbdFamily } from './family.ts';
import { mbgCnbdKind, mbgCnbdScoring } from './model.ts';

/**
 * The MBG/CNBD-k model of regular buying (Platzer & Reutterer 2016, Marketing Science 35, 779–799): the `bgCnbd` with a
 * chance of dropping out after the first purchase too, as the MBG/NBD has. At k = 1 it is the MBG/NBD, bit for bit.
 *
 * P(alive) = 1/(1 + a/(b+x)·((α+T)/(α+t_x))^R/S), for every x; R and S as for `bgCnbd`. Given alive, all else is the
 * BG/CNBD-k with b + 1.
 *
 * @throws ClienteleError as `bgCnbd`
 * @example
 * const model = mbgCnbd({ unit: 'week', k: [1, 2, 3] }).fit(customers);
 * mbgCnbd.probabilityAlive(model, { frequency: [0], recency: [0], T: [38.86] }); // [0.3897] on the CDNOW sample
 */
export const mbgCnbd: CnbdEstimator<'mbgCnbd'> = cnbdEstimator(cnbdFamily(mbgCnbdScoring, 1), mbgCnbdKind);
