import { fail } from '../../errors.ts';
import { checked, listOf, whole } from '../../model/checks.ts';
import type { Estimator, Kind } from '../../model/contract.ts';
import { knownOptions, names as namesOf } from '../../model/options.ts';
import { log } from '../../numerics/elementary.ts';
import { type HistoryEstimator, historyEstimator, modelFrom } from '../family/estimator.ts';
import type { HistoryFamily } from '../family/family.ts';
import { type FittedHistories, fitHistories } from '../family/fit-histories.ts';
import { readHistories } from '../family/history.ts';
import {
  checkUnits,
  type DefaultOutputs,
  HISTORY_KEYS,
  type HistoryOptions,
  historyHead,
} from '../family/history-options.ts';
import type { NameOf, QuantityOutput } from '../family/quantities.ts';
import { type CnbdModel, type CnbdNames, MOST_PHASES } from './model.ts';
import { timingEvidence } from './timing-evidence.ts';

/** Options of an (M)BG/CNBD-k. */
export interface PhaseOptions {
  /** Phases of the time between two purchases: 1, at random; more, regular. A list is chosen from. Default 1 … 12. */
  readonly k?: number | readonly number[];
  /**
   * Column of Σ ln(time between purchases), in `unit`: it tells far more of k than x, t_x and T do. Needed for fitting only;
   * a null row goes without.
   */
  readonly logIntervals?: string;
}

/** The estimator of an (M)BG/CNBD-k, with the quantities as functions of a model. */
export interface CnbdEstimator<K extends string>
  extends Pick<HistoryEstimator<K, CnbdNames>, keyof HistoryEstimator<K, CnbdNames>> {
  <
    const F extends string = 'frequency',
    const R extends string = 'recency',
    const T extends string = 'T',
    const Q extends readonly QuantityOutput[] = DefaultOutputs,
    const Z extends string = never,
  >(
    options: HistoryOptions<F, R, T, Q, CnbdNames, Z> & PhaseOptions,
  ): Estimator<CnbdModel<K, F | R | T | Z, NameOf<Q[number]>>>;
}

const USUAL: readonly number[] = Array.from({ length: 12 }, (_, i) => i + 1);

/** The common estimator with k chosen by likelihood. */
export function cnbdEstimator<K extends string>(
  family: HistoryFamily<K, CnbdNames>,
  kind: Kind<CnbdModel<K>>,
): CnbdEstimator<K> {
  const estimate = <
    const F extends string = 'frequency',
    const R extends string = 'recency',
    const T extends string = 'T',
    const Q extends readonly QuantityOutput[] = DefaultOutputs,
    const Z extends string = never,
  >(
    options: HistoryOptions<F, R, T, Q, CnbdNames, Z> & PhaseOptions,
  ): Estimator<CnbdModel<K, F | R | T | Z, NameOf<Q[number]>>> => {
    const head = historyHead(family, knownOptions(options, family.kind, `${HISTORY_KEYS} k logIntervals`));
    const { k = USUAL, logIntervals = null } = options;
    const asked = typeof k === 'number' ? [k] : k;
    const ks = [...new Set(checked('invalid-option', listOf(whole(1, MOST_PHASES)), asked, 'k'))].sort((p, q) => p - q);
    if (ks.length === 0) fail('invalid-option', 'k: list at least one');
    if (logIntervals !== null) namesOf({ logIntervals });
    const inputs = head.inputs.map(({ name }) => name);
    return {
      kind,
      fit(data, upstream) {
        checkUnits(head, upstream);
        const groups = readHistories(data, inputs, { weight: head.weight });
        const { instant, gain } = timingEvidence(data, { inputs, weight: head.weight, logIntervals });
        const possible = instant < 0 ? ks : ks.filter((own) => own === 1);
        if (possible.length === 0)
          fail(
            'invalid-value',
            `row ${instant}: repeat purchases at time 0 cannot be where k > 1; leave such rows out, or let k be 1 too`,
          );
        const fits = possible.map((own) => {
          const fitted = fitHistories(family, groups, { ...head, settings: { k: own } });
          return { k: own, fitted, logLikelihood: fitted.fit.logLikelihood + gain(own) };
        });
        const best = fits.reduce((top, next) => (next.logLikelihood > top.logLikelihood ? next : top));
        return modelFrom(family, head, reported(best, fits, ks, instant), { k: best.k }) as CnbdModel<
          K,
          F | R | T | Z,
          NameOf<Q[number]>
        >;
      },
    };
  };
  return Object.assign(estimate, historyEstimator(family, kind)) as unknown as CnbdEstimator<K>;
}

interface Tried {
  readonly k: number;
  readonly fitted: FittedHistories<CnbdNames>;
  readonly logLikelihood: number;
}

/** The fit with the highest likelihood, told with the others; a chosen k counts as a parameter. */
function reported(
  { k, fitted }: Tried,
  fits: readonly Tried[],
  ks: readonly number[],
  instant: number,
): FittedHistories<CnbdNames> {
  const { fit } = fitted;
  const chosen = fits.length > 1 ? 1 : 0;
  const warnings = [...fit.warnings];
  if (instant >= 0 && ks.length > fits.length)
    warnings.push(`row ${instant} has all its repeat purchases at time 0, which leaves k = 1 only`);
  if (chosen === 1 && k === ks[ks.length - 1])
    warnings.push(`k is ${k}, the highest tried: a higher one may be better`);
  const tried = fits.map(({ k: own, logLikelihood }) => ({ k: own, logLikelihood }));
  const criteria = { aic: fit.aic + 2 * chosen, bic: fit.bic + chosen * log(fit.rows) };
  return { ...fitted, fit: { ...fit, ...criteria, warnings, tried } as typeof fit };
}
