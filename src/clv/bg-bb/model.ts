import { either, oneOf, within } from '../../model/checks.ts';
import type { Kind } from '../../model/contract.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryModel, historyKind } from '../family/model.ts';
import { bgBbPosterior } from './posterior.ts';

/** A fitted BG/BB (Fader, Hardie & Shang 2010): purchase Beta(alpha, beta), dropout Beta(gamma, delta) per opportunity. */
export type BgBbModel<In extends string = string, Out extends string = string> = HistoryModel<
  'bgBb',
  'alpha' | 'beta' | 'gamma' | 'delta',
  In,
  Out
>;

// As far as a search goes: at a limit of the parameters it ends there.
const reached = within(1e-27, 1e27);
const zeroOrReached = either(oneOf(0), reached, '0 or a number in [1e-27, 1e27]');

/** What reading and scoring BG/BB models needs. */
export const bgBbScoring: HistoryScoring<'bgBb', 'alpha' | 'beta' | 'gamma' | 'delta'> = {
  kind: 'bgBb',
  version: 1,
  names: ['alpha', 'beta', 'gamma', 'delta'],
  checks: { alpha: zeroOrReached, beta: reached, gamma: zeroOrReached, delta: reached },
  discrete: true,
  processes: [],
  posterior: bgBbPosterior,
};

/** Reads and scores BG/BB models; nothing of fitting. */
export const bgBbKind: Kind<BgBbModel> = historyKind(bgBbScoring);
