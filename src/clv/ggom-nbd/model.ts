import type { Kind } from '../../model/contract.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryModel, historyKind, reached, zeroOrReached } from '../family/model.ts';
import { ggomNbdPosterior } from './posterior.ts';

/**
 * A fitted Gamma-Gompertz/NBD (Bemmaor & Glady 2012): purchase rate Gamma(r, alpha), Gompertz lifetime with ageing b and
 * level Gamma(s, beta).
 */
export type GgomNbdModel<In extends string = string, Out extends string = string> = HistoryModel<
  'ggomNbd',
  'r' | 'alpha' | 'b' | 's' | 'beta',
  In,
  Out
>;

/** What reading and scoring Gamma-Gompertz/NBD models needs. */
export const ggomNbdScoring: HistoryScoring<'ggomNbd', 'r' | 'alpha' | 'b' | 's' | 'beta'> = {
  kind: 'ggomNbd',
  version: 1,
  names: ['r', 'alpha', 'b', 's', 'beta'],
  checks: { r: zeroOrReached, alpha: reached, b: reached, s: zeroOrReached, beta: reached },
  processes: [
    { name: 'purchase', acts: [{ parameter: 'alpha', sign: -1 }] },
    { name: 'dropout', acts: [{ parameter: 'beta', sign: -1 }] },
  ],
  posterior: ggomNbdPosterior,
};

/** Reads and scores Gamma-Gompertz/NBD models; nothing of fitting. */
export const ggomNbdKind: Kind<GgomNbdModel> = historyKind(ggomNbdScoring);
