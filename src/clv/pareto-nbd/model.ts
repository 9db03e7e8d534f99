import type { Kind } from '../../model/contract.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryModel, historyKind, reached, zeroOrReached } from '../family/model.ts';
import { paretoNbdPosterior } from './posterior.ts';

/** A fitted Pareto/NBD (Schmittlein, Morrison & Colombo 1987): purchase rate Gamma(r, alpha), dropout rate Gamma(s, beta). */
export type ParetoNbdModel<In extends string = string, Out extends string = string> = HistoryModel<
  'paretoNbd',
  'r' | 'alpha' | 's' | 'beta',
  In,
  Out
>;

/** What reading and scoring Pareto/NBD models needs. */
export const paretoNbdScoring: HistoryScoring<'paretoNbd', 'r' | 'alpha' | 's' | 'beta'> = {
  kind: 'paretoNbd',
  version: 1,
  names: ['r', 'alpha', 's', 'beta'],
  checks: { r: zeroOrReached, alpha: reached, s: zeroOrReached, beta: reached },
  processes: [
    { name: 'purchase', acts: [{ parameter: 'alpha', sign: -1 }] },
    { name: 'dropout', acts: [{ parameter: 'beta', sign: -1 }] },
  ],
  posterior: paretoNbdPosterior,
};

/** Reads and scores Pareto/NBD models; nothing of fitting. */
export const paretoNbdKind: Kind<ParetoNbdModel> = historyKind(paretoNbdScoring);
