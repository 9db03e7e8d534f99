import { chosenFit } from '../../columns/chosen.ts';
import { fail } from '../../errors.ts';
import { checked, nullable, span } from '../../model/checks.ts';
import type { Estimator } from '../../model/contract.ts';
import type { Span } from '../../model/field.ts';
import { knownOptions, names } from '../../model/options.ts';
import { describeSpan, sameSpan } from '../../value/horizon.ts';
import { openShare, type PriorCorrectionModel, priorCorrectionKind } from './prior-correction-kind.ts';

export interface PriorCorrectionOptions<S extends string, O extends string> {
  /** π: the share of leavers among customers. */
  readonly populationRate: number;
  /** ρ: the share of leavers in the rows (or weights) that the classifier learned from. */
  readonly sampleRate: number;
  /** Column of the probability. Default: `churnProbability`. */
  readonly probability?: S;
  /** Its horizon; in a pipeline it comes with the probability. */
  readonly horizon?: Span | null;
  /** Name of the output. Default: `correctedProbability`. */
  readonly as?: O;
}

/**
 * Undoes over-sampling or class weights: logit P = logit p + ln(π/(1 − π)) − ln(ρ/(1 − ρ)) (S77). Without it probabilities
 * learned from a balanced sample are not churn rates. The ranking stays. A probability outside [0, 1] gives null with the
 * reason `out-of-range`. `stratifiedSample` gives both rates.
 *
 * Source: King & Zeng (2001), Political Analysis 9, 137–163, eq. 7.
 * @throws invalid-option unless both rates lie between 0 and 1; horizon-mismatch; unknown-column, wrong-type and all-null
 *   when fitted.
 * @example
 * priorCorrection({ populationRate: 0.1, sampleRate: 0.5 }).fit({ churnProbability: [0.5] }); // scores 0.5 as 0.1
 */
export function priorCorrection<
  const S extends string = 'churnProbability',
  const O extends string = 'correctedProbability',
>(options: PriorCorrectionOptions<S, O>): Estimator<PriorCorrectionModel<S, O>> {
  const {
    probability = 'churnProbability' as S,
    as = 'correctedProbability' as O,
    horizon,
  } = knownOptions(options, 'priorCorrection', 'populationRate sampleRate probability horizon as');
  names({ probability, as });
  const populationRate = checked('invalid-option', openShare, options.populationRate, 'populationRate');
  const sampleRate = checked('invalid-option', openShare, options.sampleRate, 'sampleRate');
  if (horizon !== undefined) checked('invalid-option', nullable(span), horizon, 'horizon');
  return {
    kind: priorCorrectionKind,
    fit(data, upstream = []) {
      const known = upstream.find(({ name }) => name === probability)?.horizon;
      if (known !== undefined && horizon !== undefined && !sameSpan(known, horizon))
        fail(
          'horizon-mismatch',
          `"${probability}" has the horizon ${describeSpan(known)}, not ${describeSpan(horizon)}: leave the option out`,
        );
      return {
        kind: 'priorCorrection',
        version: 1,
        inputs: [{ name: probability, type: 'number' }],
        outputs: [{ name: as, type: 'number', horizon: known ?? horizon ?? null }],
        populationRate,
        sampleRate,
        fit: chosenFit(data, [probability], { low: 0, high: 1 }),
      };
    },
  };
}
