import { whole } from '../../model/checks.ts';
import type { Kind } from '../../model/contract.ts';
import { betaGeometric } from '../bg-nbd/model.ts';
import type { FirstDropout } from '../bg-nbd/posterior.ts';
import type { HistoryScoring } from '../family/family.ts';
import { type HistoryFit, type HistoryModel, historyKind } from '../family/model.ts';
import { type CnbdParameters, cnbdPosterior } from './posterior.ts';

/** The names of the estimated parameters. */
export type CnbdNames = 'r' | 'alpha' | 'a' | 'b';

/** How a fit of a CNBD-k model ended. */
export interface CnbdFit extends HistoryFit<CnbdNames> {
  /** Every k that was tried, with its ln L: of (x, t_x, T), or of all purchase times where `logIntervals` gave them. */
  readonly tried: readonly { readonly k: number; readonly logLikelihood: number }[];
}

/** A fitted (M)BG/CNBD-k: phase rate Gamma(r, alpha), k phases between two purchases, dropout Beta(a, b). */
export type CnbdModel<
  K extends string = string,
  In extends string = string,
  Out extends string = string,
> = HistoryModel<K, CnbdNames, In, Out> & { readonly k: number; readonly fit: CnbdFit };

export type BgCnbdModel<In extends string = string, Out extends string = string> = CnbdModel<'bgCnbd', In, Out>;
export type MbgCnbdModel<In extends string = string, Out extends string = string> = CnbdModel<'mbgCnbd', In, Out>;

/** k that a model may have. */
export const MOST_PHASES = 32;

function cnbdScoring<K extends string>(kind: K, first: FirstDropout): HistoryScoring<K, CnbdNames> {
  return {
    ...betaGeometric,
    kind,
    settings: { k: whole(1, MOST_PHASES) },
    posterior: (parameters, unit, tables) => cnbdPosterior(parameters as CnbdParameters, unit, tables, first),
  };
}

/** What reading and scoring BG/CNBD-k models needs. */
export const bgCnbdScoring: HistoryScoring<'bgCnbd', CnbdNames> = cnbdScoring('bgCnbd', 0);
/** What reading and scoring MBG/CNBD-k models needs. */
export const mbgCnbdScoring: HistoryScoring<'mbgCnbd', CnbdNames> = cnbdScoring('mbgCnbd', 1);

/** Reads and scores BG/CNBD-k models; nothing of fitting. */
export const bgCnbdKind: Kind<BgCnbdModel> = historyKind(bgCnbdScoring) as Kind<BgCnbdModel>;
/** Reads and scores MBG/CNBD-k models; nothing of fitting. */
export const mbgCnbdKind: Kind<MbgCnbdModel> = historyKind(mbgCnbdScoring) as Kind<MbgCnbdModel>;
