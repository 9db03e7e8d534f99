import type { Kind } from '../../model/contract.ts';
import { expm1, log1p } from '../../numerics/elementary.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryModel, historyKind, reached, zeroOrReached } from '../family/model.ts';
import { continuousRate } from '../family/quantities.ts';

/** A fitted NBD: purchase rate Gamma(r, alpha), nobody drops out. */
export type NbdModel<In extends string = string, Out extends string = string> = HistoryModel<
  'nbd',
  'r' | 'alpha',
  In,
  Out
>;

/** What reading and scoring NBD models needs. The rate of a customer with x purchases in T is Gamma(r + x, α + T). */
export const nbdScoring: HistoryScoring<'nbd', 'r' | 'alpha'> = {
  kind: 'nbd',
  version: 1,
  names: ['r', 'alpha'],
  checks: { r: zeroOrReached, alpha: reached },
  processes: [{ name: 'purchase', acts: [{ parameter: 'alpha', sign: -1 }] }],
  posterior: ({ r, alpha }, unit) => ({
    alive: () => 1,
    given: (q) => {
      switch (q.quantity) {
        case 'probabilityAlive':
          return null;
        case 'probabilityOfPurchase':
          return (x, T) => -expm1(-(r + x) * log1p(q.periods / (alpha + T)));
        case 'expectedPurchases':
          return (x, T) => ((r + x) / (alpha + T)) * q.periods;
        case 'discountedResidualTransactions': {
          const delta = continuousRate(q.rate, unit);
          const h = q.periods === 'infinite' ? Infinity : q.periods;
          const worth = delta === 0 ? h : -expm1(-delta * h) / delta;
          return (x, T) => ((r + x) / (alpha + T)) * worth;
        }
      }
    },
  }),
};

/** Reads and scores NBD models; nothing of fitting. */
export const nbdKind: Kind<NbdModel> = historyKind(nbdScoring);
