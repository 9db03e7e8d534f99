import { chosenFit } from '../columns/chosen.ts';
import { fail } from '../errors.ts';
import { bindLinear } from '../kernels/linear.ts';
import { blankNulls } from '../kernels/nulls.ts';
import { annuity as annuityCheck, fields, fitReport, modelHead, oneOf, record } from '../model/checks.ts';
import type { Estimator, Kind, ModelBase } from '../model/contract.ts';
import type { AnnuityTerms, Field, Rate, TimeUnit, Timing } from '../model/field.ts';
import { knownOptions, list, names } from '../model/options.ts';
import { annuityFactor, annuityTerms, discountFactors } from './annuity.ts';
import { checkImplied } from './implied-fields.ts';

/**
 * Customer current value. One input is the profit of every period; several are the profits of period 1, 2, … in turn.
 * `assumption`: a fixed horizon says nothing of customers who leave within it (S16).
 */
export interface CurrentValueModel<P extends string = string, O extends string = string>
  extends ModelBase<'currentValue', P, Field<O, 'number'>> {
  readonly annuity: AnnuityTerms;
  readonly assumption: 'no-churn';
}

export interface CurrentValueOptions<P extends string, O extends string> {
  /** Column of the profit per period, assumed constant; or one column per period, first period first. */
  readonly profit: P | readonly P[];
  /** Number of periods, the same for every customer. With one column per period it may be left out. */
  readonly periods?: number;
  /** Discount rate with its period, such as `{ discount: 0.01, per: 'month' }`. */
  readonly rate: Rate;
  /** The period of the profit. Default: the rate's own; another one converts the rate by (1+i)^k − 1. */
  readonly unit?: TimeUnit;
  /** Profit arrives at the `'end'` (default) or the `'begin'` of a period. */
  readonly timing?: Timing;
  /** Name of the output. Default: `currentValue`. */
  readonly as?: O;
}

/**
 * Customer current value: what the customer is worth if the present pattern of buying lasts,
 * CCV = Σ_{t=1..n} P/(1+d)^t = P·(1 − (1+d)^−n)/d (S1; t = 0 … n−1 when paid at the begin), or Σ P_t/(1+d)^t with one
 * profit column per period. A negative profit gives a negative value; a null one gives null.
 *
 * The number of periods is one for all customers: an expected lifetime per customer would bring churn into the value, and
 * it has a place of its own in `lifetimeValue`.
 *
 * @throws invalid-option for periods, rates and names out of range; unknown-column, wrong-type and all-null when fitted.
 * @example
 * currentValue({ profit: 'profit', periods: 36, rate: { discount: 0.008, per: 'month' } })
 *   .fit({ profit: [120] }); // scores profit 120 as 3740.68
 */
export function currentValue<const P extends string, const O extends string = 'currentValue'>(
  options: CurrentValueOptions<P, O>,
): Estimator<CurrentValueModel<P, O>> {
  const {
    profit,
    rate,
    as: name = 'currentValue' as O,
  } = knownOptions(options, 'currentValue', 'profit periods rate unit timing as');
  const columns: readonly P[] = typeof profit === 'string' ? [profit] : list(profit, 'profit');
  for (const column of columns) names({ profit: column });
  names({ as: name });
  const varying = typeof profit !== 'string';
  if (columns.length === 0 || new Set(columns).size !== columns.length)
    fail('invalid-option', `invalid profit: ${columns.join(', ') || 'no column'}; name distinct columns`);
  const periods = options.periods ?? (varying ? columns.length : Number.NaN);
  if (varying && periods !== columns.length)
    fail('invalid-option', `invalid periods: ${periods}; there are ${columns.length} profit columns, one per period`);
  const annuity = annuityTerms({
    periods,
    rate,
    ...(options.unit === undefined ? {} : { unit: options.unit }),
    ...(options.timing === undefined ? {} : { timing: options.timing }),
  });
  return {
    kind: currentValueKind,
    fit: (data) => ({
      kind: 'currentValue',
      version: 1,
      inputs: columns.map((column) => ({ name: column, type: 'number' })),
      outputs: [outputField(name, columns.length, annuity)],
      annuity,
      assumption: 'no-churn',
      fit: chosenFit(data, columns),
    }),
  };
}

/** Only a constant profit makes the value an annuity, which a survival curve may be put into. */
function outputField<O extends string>(name: O, columns: number, annuity: AnnuityTerms): Field<O, 'number'> {
  return { name, type: 'number', unit: 'money', ...(columns === 1 ? { annuity } : {}) };
}

const stored = record({
  ...modelHead('currentValue', 1),
  inputs: fields,
  outputs: fields,
  annuity: annuityCheck,
  assumption: oneOf('no-churn'),
  fit: fitReport,
});

/** How current-value models are read and scored. */
export const currentValueKind: Kind<CurrentValueModel> = {
  kind: 'currentValue',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    const { inputs, outputs, annuity } = model;
    if (inputs.length !== 1 && inputs.length !== annuity.periods)
      fail('invalid-model', `${path}.inputs: expected 1 or ${annuity.periods} profit columns, got ${inputs.length}`);
    checkImplied(
      inputs,
      inputs.map(({ name }) => ({ name, type: 'number' })),
      `${path}.inputs`,
    );
    checkImplied(outputs, [outputField(outputs[0]?.name ?? '', inputs.length, annuity)], `${path}.outputs`);
    return model as CurrentValueModel;
  },
  bind({ inputs, annuity }) {
    const weights = inputs.length === 1 ? Float64Array.of(annuityFactor(annuity)) : discountFactors(annuity);
    const terms = inputs.map(({ name }, t) => ({ column: name, weight: weights[t]!, missing: null, centre: 0 }));
    const linear = bindLinear({ intercept: 0, terms, groups: [] }, inputs);
    return (rows, lanes, outputs) => {
      const out = outputs[0]!;
      if (!linear(rows, lanes, out)) blankNulls(rows, out);
    };
  },
};
