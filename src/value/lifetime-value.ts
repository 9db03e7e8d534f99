import { chosenFit } from '../columns/chosen.ts';
import { fail } from '../errors.ts';
import { checked, nullable, span } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import type { AnnuityTerms, Field, Span } from '../model/field.ts';
import { knownOptions, names, object } from '../model/options.ts';
import { type AnnuityOptions, annuityTerms, describeAnnuity, sameAnnuity } from './annuity.ts';
import { describeSpan, sameSpan } from './horizon.ts';
import { type LifetimeValueModel, lifetimeValueKind, type RetainedValue } from './lifetime-value-kind.ts';
import { type MoneyField, moneyField } from './money-field.ts';

/** A column of probabilities of staying, with their horizon unless an earlier pipeline step states it. */
export interface RetentionColumn<C extends string> {
  readonly column: C;
  readonly horizon?: Span | null;
}

export interface LifetimeValueOptions<
  C extends string,
  P extends string,
  S extends string,
  R extends string,
  L extends string,
  O extends string,
  Q extends string,
> {
  /** Column of the current value. Default: `currentValue`. */
  readonly currentValue?: C;
  /** Column of the potential value. Default: `potentialValue`. */
  readonly potentialValue?: P;
  /** Column of Σ_t S_i(t)/(1+d)^t, as `discreteTimeHazard` gives it. Adds the retained value. */
  readonly survivalAnnuity?: S;
  /** Column of the constant retention rate r_i per period; its horizon must be one period. Adds the retained value. */
  readonly retention?: RetentionColumn<R>;
  /** With `retention`: multiplies the potential value instead of the survival (S4); its horizon must be known. */
  readonly loyalty?: RetentionColumn<L>;
  /** The terms that the columns are discounted by, where no earlier pipeline step states them. */
  readonly annuity?: AnnuityOptions;
  /** Name of the plain sum. Default: `lifetimeValue`. */
  readonly as?: O;
  /** Name of the retained value. Default: `retainedLifetimeValue`. */
  readonly retainedAs?: Q;
}

/** The outputs: the plain sum, and the retained value when a third column is given. */
export type LifetimeValueOutputs<X extends string, O extends string, Q extends string> =
  | MoneyField<O>
  | ([X] extends [never] ? never : MoneyField<Q>);

/**
 * Lifetime value, as two named results that are never mixed (S4):
 *
 * - `lifetimeValue` = CCV + CPV, which supposes that nobody leaves within the horizon (S16);
 * - `retainedLifetimeValue`, when survival is given: (CCV + CPV)·A_i/a, with a = Σ 1/(1+d)^t the plain annuity factor and
 *   A_i = Σ S_i(t)/(1+d)^t the customer's own, from `survivalAnnuity` or from a constant retention rate, S_i(t) = r_i^t. It
 *   equals Σ_t S_i(t)·(P + Σ_j q_j·profit_j)/(1+d)^t. With `loyalty` it is CCV·A_i/a + loyalty·CPV.
 *
 * All columns must be discounted alike: the terms come with the columns in a pipeline, else from `annuity`. A retention rate
 * must be one per period: a probability with an unknown or other horizon is refused.
 *
 * @throws horizon-mismatch when terms or horizons do not agree; invalid-option when they are not stated anywhere.
 * @example
 * lifetimeValue().fit({ currentValue: [3740.68], potentialValue: [29.5] }); // scores that customer as 3770.18
 * @example
 * lifetimeValue({
 *   retention: { column: 'r', horizon: { every: 1, unit: 'year' } },
 *   annuity: { periods: 10, rate: { discount: 0.1, per: 'year' } },
 * });
 */
export function lifetimeValue<
  const C extends string = 'currentValue',
  const P extends string = 'potentialValue',
  const S extends string = never,
  const R extends string = never,
  const L extends string = never,
  const O extends string = 'lifetimeValue',
  const Q extends string = 'retainedLifetimeValue',
>(
  options: LifetimeValueOptions<C, P, S, R, L, O, Q> = {},
): Estimator<LifetimeValueModel<C | P | S | R | L, LifetimeValueOutputs<S | R, O, Q>>> {
  const current: string =
    knownOptions(
      options,
      'lifetimeValue',
      'currentValue potentialValue survivalAnnuity retention loyalty annuity as retainedAs',
    ).currentValue ?? 'currentValue';
  const potential: string = options.potentialValue ?? 'potentialValue';
  const name: string = options.as ?? 'lifetimeValue';
  const retainedName: string = options.retainedAs ?? 'retainedLifetimeValue';
  const { survivalAnnuity, retention, loyalty } = options;
  if (survivalAnnuity !== undefined && retention !== undefined)
    fail('invalid-option', 'give survivalAnnuity or retention, not both');
  if (loyalty !== undefined && retention === undefined) fail('invalid-option', 'loyalty needs retention');
  names({ currentValue: current, potentialValue: potential, as: name, retainedAs: retainedName });
  if (survivalAnnuity !== undefined) names({ survivalAnnuity });
  for (const [option, value] of Object.entries({ retention, loyalty }))
    if (value !== undefined)
      names({ [`${option}.column`]: knownOptions(object(value, option), option, 'column horizon').column });
  const third = survivalAnnuity ?? retention?.column;
  if (third !== undefined && name === retainedName) fail('invalid-option', `both outputs are named "${name}"`);
  // One column may be both, the retention and the loyalty: it is then one input.
  const fourth = loyalty?.column === third ? undefined : loyalty?.column;
  const columns = [current, potential, third, fourth].filter((column) => column !== undefined);
  const twice = columns.find((column, c) => columns.indexOf(column) !== c);
  if (twice !== undefined) fail('invalid-option', `"${twice}" is named twice: name a column for each`);
  for (const [option, value] of Object.entries({ retention, loyalty }))
    if (value?.horizon !== undefined) checked('invalid-option', nullable(span), value.horizon, `${option}.horizon`);
  const given = options.annuity === undefined ? null : annuityTerms(options.annuity);

  const fit = (data: Parameters<Estimator['fit']>[0], upstream: readonly Field[] = []): LifetimeValueModel => {
    const made = (column: string): Field | undefined => upstream.find((field) => field.name === column);
    const known = (column: string): AnnuityTerms | null => {
      const field = made(column);
      return field ? (field.annuity ?? null) : given;
    };
    const ccv = known(current);
    const cpv = known(potential);
    if (ccv && cpv) agree(current, ccv, potential, cpv);
    let retained: RetainedValue | null = null;
    if (third !== undefined) {
      const annuity = ccv ?? noTerms(current, made(current));
      if (!loyalty && !cpv) noTerms(potential, made(potential));
      if (survivalAnnuity !== undefined) agree(current, annuity, third, known(third) ?? noTerms(third, made(third)));
      if (retention) onePeriod(third, horizon(retention, made(third)), annuity);
      if (loyalty) knownHorizon(loyalty.column, horizon(loyalty, made(loyalty.column)));
      retained = {
        by: retention ? 'retention' : 'survivalAnnuity',
        annuity,
        potentialBy: loyalty ? 'loyalty' : 'survival',
      };
    }
    return {
      kind: 'lifetimeValue',
      version: 1,
      inputs: columns.map((column) => ({ name: column, type: 'number' })),
      outputs: [moneyField(name, cpv && ccv), ...(retained ? [moneyField(retainedName, null)] : [])],
      retained,
      assumptions: retained ? ['no-churn', 'survival-adjusted'] : ['no-churn'],
      fit: chosenFit(data, columns),
    };
  };
  return { kind: lifetimeValueKind, fit } as unknown as Estimator<
    LifetimeValueModel<C | P | S | R | L, LifetimeValueOutputs<S | R, O, Q>>
  >;
}

function agree(a: string, termsOfA: AnnuityTerms, b: string, termsOfB: AnnuityTerms): void {
  if (!sameAnnuity(termsOfA, termsOfB))
    fail(
      'horizon-mismatch',
      `"${a}" is discounted over ${describeAnnuity(termsOfA)}, "${b}" over ${describeAnnuity(termsOfB)}: give both the same periods, rate and timing`,
    );
}

function noTerms(column: string, made: Field | undefined): never {
  return made
    ? fail(
        'horizon-mismatch',
        `"${column}" is not a constant amount per period, so survival cannot be put into it: give its step a constant profit with periods and rate`,
      )
    : fail('invalid-option', `how "${column}" is discounted is not stated: give annuity: { periods, rate }`);
}

function horizon({ column, horizon: given }: RetentionColumn<string>, made: Field | undefined): Span | null {
  const known = made?.horizon;
  if (known === undefined)
    return given === undefined
      ? fail('invalid-option', `the horizon of "${column}" is not stated: give horizon: { every, unit }`)
      : given;
  if (given !== undefined && !sameSpan(known, given))
    fail('horizon-mismatch', `"${column}" has the horizon ${describeSpan(known)}, not ${describeSpan(given)}`);
  return known;
}

function knownHorizon(column: string, span: Span | null): Span {
  return (
    span ??
    fail(
      'horizon-mismatch',
      `the horizon of "${column}" is unknown: such a probability may rank and cut, not discount. Use the survivalAnnuity of discreteTimeHazard, or state the horizon where the probability is made`,
    )
  );
}

function onePeriod(column: string, span: Span | null, { unit }: AnnuityTerms): void {
  if (!sameSpan(knownHorizon(column, span), { every: 1, unit }))
    fail(
      'horizon-mismatch',
      `"${column}" is a retention over ${describeSpan(span)}, but is needed per ${unit}: give values and retention the same period, or use the survivalAnnuity of discreteTimeHazard`,
    );
}
