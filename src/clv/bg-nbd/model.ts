import type { Kind } from '../../model/contract.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryModel, historyKind, reached, zeroOrReached } from '../family/model.ts';
import { bgNbdPosterior } from './posterior.ts';

/** A fitted BG/NBD (Fader, Hardie & Lee 2005): purchase rate Gamma(r, alpha), dropout after a purchase Beta(a, b). */
export type BgNbdModel<In extends string = string, Out extends string = string> = HistoryModel<
  'bgNbd',
  'r' | 'alpha' | 'a' | 'b',
  In,
  Out
>;

/** What models of Gamma purchase rates and Beta dropouts share. */
export const betaGeometric: Omit<HistoryScoring<string, 'r' | 'alpha' | 'a' | 'b'>, 'kind' | 'posterior'> = {
  version: 1,
  names: ['r', 'alpha', 'a', 'b'],
  checks: { r: zeroOrReached, alpha: reached, a: zeroOrReached, b: reached },
  processes: [
    { name: 'purchase', acts: [{ parameter: 'alpha', sign: -1 }] },
    {
      name: 'dropout',
      acts: [
        { parameter: 'a', sign: 1 },
        { parameter: 'b', sign: 1 },
      ],
    },
    { name: 'a', acts: [{ parameter: 'a', sign: 1 }] },
    { name: 'b', acts: [{ parameter: 'b', sign: 1 }] },
  ],
};

/** What reading and scoring BG/NBD models needs. */
export const bgNbdScoring: HistoryScoring<'bgNbd', 'r' | 'alpha' | 'a' | 'b'> = {
  ...betaGeometric,
  kind: 'bgNbd',
  posterior: (parameters, unit, tables) => bgNbdPosterior(parameters, unit, tables),
};

/** Reads and scores BG/NBD models; nothing of fitting. */
export const bgNbdKind: Kind<BgNbdModel> = historyKind(bgNbdScoring);
