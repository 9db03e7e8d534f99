import { type Check, either, oneOf, within } from '../../model/checks.ts';
import type { Kind } from '../../model/contract.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryModel, historyKind } from '../family/model.ts';
import { paretoNbdPosterior } from './posterior.ts';

/** A fitted Pareto/NBD (Schmittlein, Morrison & Colombo 1987): purchase rate Gamma(r, alpha), dropout rate Gamma(s, beta). */
export type ParetoNbdModel<In extends string = string, Out extends string = string> = HistoryModel<
  'paretoNbd',
  'r' | 'alpha' | 's' | 'beta',
  In,
  Out
>;

// A fit on a boundary goes as far as e^±60 about the mean T; no integral overflows or takes long there.
const usable: Check<number> = /* @__PURE__ */ within(1e-40, 1e40);
const zeroOrUsable: Check<number> = /* @__PURE__ */ either(
  /* @__PURE__ */ oneOf(0),
  usable,
  '0 or a number in [1e-40, 1e40]',
);

/** What reading and scoring Pareto/NBD models needs. */
export const paretoNbdScoring: HistoryScoring<'paretoNbd', 'r' | 'alpha' | 's' | 'beta'> = {
  kind: 'paretoNbd',
  version: 1,
  names: ['r', 'alpha', 's', 'beta'],
  checks: { r: zeroOrUsable, alpha: usable, s: zeroOrUsable, beta: usable },
  processes: [
    { name: 'purchase', acts: [{ parameter: 'alpha', sign: -1 }] },
    { name: 'dropout', acts: [{ parameter: 'beta', sign: -1 }] },
  ],
  posterior: paretoNbdPosterior,
};

/** Reads and scores Pareto/NBD models; nothing of fitting. */
export const paretoNbdKind: Kind<ParetoNbdModel> = /* @__PURE__ */ historyKind(paretoNbdScoring);
