import { fail } from '../../errors.ts';
import { type Check, checked, listOf, oneOf, optional, positive, rate, record } from '../../model/checks.ts';
import type { AnnuityTerms, Field, Rate, Span, TimeUnit, Timing } from '../../model/field.ts';
import { object } from '../../model/options.ts';
import { annuityTerms } from '../../value/annuity.ts';

/** What a Cox model says of a customer; times count in its period, from the tenure completed so far. */
export type CoxQuantity =
  /** ln of the hazard relative to the average customer of the fit (of the same stratum). */
  | { readonly quantity: 'linearPredictor' }
  /** e^linearPredictor: 2 leaves at twice the average rate. */
  | { readonly quantity: 'relativeRisk' }
  /** S(t + periods)/S(t): staying through the next `periods`, given the tenure t. */
  | { readonly quantity: 'survivalProbability'; readonly periods: number }
  /** ∫₀^periods S(t + u)/S(t) du: the mean time that will be stayed of the next `periods`. */
  | { readonly quantity: 'expectedRemaining'; readonly periods: number }
  /** The time after which half of such customers will have left. */
  | { readonly quantity: 'medianRemaining' }
  /** Σ S(t + k)/S(t)/(1+d)^k over the next `periods` (whole): what one unit of money per period is worth. */
  | {
      readonly quantity: 'survivalAnnuity';
      readonly periods: number;
      readonly rate: Rate;
      readonly timing?: Timing;
    };

/** A quantity as an output column; `as` names the column (default: the quantity). */
export type CoxOutput<N extends string = string> = CoxQuantity & { readonly as?: N };

type NameOf<Q> = Q extends { readonly as: infer N extends string }
  ? N
  : Q extends { readonly quantity: infer K extends string }
    ? K
    : never;

/** The field that an output becomes. */
export type CoxFieldOf<Q> = Q extends { readonly quantity: 'linearPredictor' | 'relativeRisk' }
  ? Field<NameOf<Q>, 'number'> & { readonly explained: typeof EXPLAINED }
  : Q extends { readonly quantity: 'survivalProbability' }
    ? Field<NameOf<Q>, 'number'> & { readonly horizon: Span }
    : Q extends { readonly quantity: 'survivalAnnuity' }
      ? Field<NameOf<Q>, 'number'> & { readonly annuity: AnnuityTerms }
      : Q extends { readonly quantity: string }
        ? Field<NameOf<Q>, 'number'> & { readonly unit: TimeUnit }
        : never;

/** The scale on which contributions add up. */
export const EXPLAINED = 'log-hazard-ratio';

const shapes = {
  linearPredictor: record({ quantity: oneOf('linearPredictor') }),
  relativeRisk: record({ quantity: oneOf('relativeRisk') }),
  survivalProbability: record({ quantity: oneOf('survivalProbability'), periods: positive }),
  expectedRemaining: record({ quantity: oneOf('expectedRemaining'), periods: positive }),
  medianRemaining: record({ quantity: oneOf('medianRemaining') }),
  survivalAnnuity: record({
    quantity: oneOf('survivalAnnuity'),
    periods: positive,
    rate,
    timing: optional(oneOf('end', 'begin')),
  }),
} as const;

/** Checks one quantity. */
export const quantity: Check<CoxQuantity> = (json, path) => {
  const name = (json as { readonly quantity?: unknown } | null)?.quantity;
  const which = oneOf(...(Object.keys(shapes) as (keyof typeof shapes)[]))(name, `${path}.quantity`);
  const found: CoxQuantity = shapes[which](json, path);
  return found;
};
export const quantities: Check<readonly CoxQuantity[]> = listOf(quantity);

/** Whether a quantity needs the baseline hazard, and with it the tenure so far. */
export function needsTime({ quantity }: CoxQuantity): boolean {
  return quantity !== 'linearPredictor' && quantity !== 'relativeRisk';
}

/** The output column of a quantity. */
export function fieldOf(of: CoxQuantity, name: string, period: TimeUnit): Field<string, 'number'> {
  const field = { name, type: 'number' as const };
  switch (of.quantity) {
    case 'linearPredictor':
    case 'relativeRisk':
      return { ...field, explained: EXPLAINED };
    case 'survivalProbability':
      return { ...field, horizon: { every: of.periods, unit: period } };
    case 'survivalAnnuity':
      return { ...field, annuity: annuityOf(of, period) };
    default:
      return { ...field, unit: period };
  }
}

/** The terms of a survival annuity. */
export function annuityOf(
  { quantity: _, ...terms }: Extract<CoxQuantity, { readonly quantity: 'survivalAnnuity' }>,
  unit: TimeUnit,
): AnnuityTerms {
  return annuityTerms({ ...terms, unit });
}

/** Splits output options into quantities and their fields. */
export function readOutputs(
  outputs: readonly CoxOutput[],
  period: TimeUnit,
): { readonly quantities: readonly CoxQuantity[]; readonly fields: readonly Field<string, 'number'>[] } {
  if (!Array.isArray(outputs) || outputs.length === 0)
    fail('invalid-option', 'outputs: ask for at least one, such as { quantity: "relativeRisk" }');
  const split = outputs.map((output: CoxOutput, i) => {
    const { as, ...of } = object(output, `outputs[${i}]`);
    const own = checked('invalid-option', quantity, of, `outputs[${i}]`);
    if (as !== undefined && (typeof as !== 'string' || as === ''))
      fail('invalid-option', `outputs[${i}].as: use a name that is not empty`);
    return { own, field: fieldOf(own, as ?? own.quantity, period) };
  });
  const names = split.map(({ field }) => field.name);
  if (new Set(names).size !== names.length)
    fail('invalid-option', `outputs: two are called alike (${names.join(', ')}): rename one with "as"`);
  return { quantities: split.map(({ own }) => own), fields: split.map(({ field }) => field) };
}
