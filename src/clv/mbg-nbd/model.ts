import type { Kind } from '../../model/contract.ts';
import { betaGeometric } from '../bg-nbd/model.ts';
import { bgNbdPosterior } from '../bg-nbd/posterior.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryModel, historyKind } from '../family/model.ts';

/** A fitted MBG/NBD: purchase rate Gamma(r, alpha), dropout after every purchase, the first included, Beta(a, b). */
export type MbgNbdModel<In extends string = string, Out extends string = string> = HistoryModel<
  'mbgNbd',
  'r' | 'alpha' | 'a' | 'b',
  In,
  Out
>;

/** What reading and scoring MBG/NBD models needs. */
export const mbgNbdScoring: HistoryScoring<'mbgNbd', 'r' | 'alpha' | 'a' | 'b'> = {
  ...betaGeometric,
  kind: 'mbgNbd',
  posterior: (parameters, unit, tables) => bgNbdPosterior(parameters, unit, tables, 1),
};

/** Reads and scores MBG/NBD models; nothing of fitting. */
export const mbgNbdKind: Kind<MbgNbdModel> = historyKind(mbgNbdScoring);
