import { fail } from '../../errors.ts';
import { type Check, either, oneOf, optional, rate, record, whole } from '../../model/checks.ts';
import type { Field, Rate, TimeUnit, Timing } from '../../model/field.ts';
import { exp } from '../../numerics/elementary.ts';
import { continuousRate } from '../family/quantities.ts';
import type { LifetimeLaw } from './lifetime-law.ts';

/** A number of renewals to come, or all there will be. */
export type Renewals = number | 'infinite';

/** A figure that a contractual model gives for a customer who has made `tenure` renewals. */
export type ContractualQuantity =
  /** That the customer makes the next `periods` renewals: S(tenure + periods)/S(tenure). */
  | { readonly quantity: 'survivalProbability'; readonly periods: number }
  /** That the customer makes the next renewal. */
  | { readonly quantity: 'retentionRate' }
  /** Expected number of renewals still to come, of the next `periods` (default `infinite`). */
  | { readonly quantity: 'expectedResidualLifetime'; readonly periods?: Renewals }
  /**
   * DERL: the same, each renewal discounted. `timing` `begin` (default) stands immediately before the next renewal, which
   * is worth 1 when made (Fader & Hardie 2010); `end` stands a full period before it.
   */
  | {
      readonly quantity: 'discountedExpectedResidualLifetime';
      readonly periods?: Renewals;
      readonly rate: Rate;
      readonly timing?: Timing;
    };

/** A quantity as an output column; `as` names the column (default: the quantity). */
export type ContractualOutput<N extends string = string> = ContractualQuantity & { readonly as?: N };

/** The column name of an output. */
export type ContractualNameOf<Q> = Q extends { readonly as: infer N extends string }
  ? N
  : Q extends { readonly quantity: infer K extends string }
    ? K
    : never;

const MAX_PERIODS = 1e9;
export const periodCount: Check<number> = whole(1, MAX_PERIODS);
export const renewals: Check<Renewals> = either(
  periodCount,
  oneOf('infinite'),
  `a whole number of 1 … ${MAX_PERIODS}, or "infinite"`,
);

const shapes = {
  survivalProbability: record({ quantity: oneOf('survivalProbability'), periods: periodCount }),
  retentionRate: record({ quantity: oneOf('retentionRate') }),
  expectedResidualLifetime: record({ quantity: oneOf('expectedResidualLifetime'), periods: optional(renewals) }),
  discountedExpectedResidualLifetime: record({
    quantity: oneOf('discountedExpectedResidualLifetime'),
    periods: optional(renewals),
    rate,
    timing: optional(oneOf('begin', 'end')),
  }),
} as const;

const LEAST_DISCOUNT = 1e-9;
const MOST_DISCOUNT = 1e6;

/** Checks one quantity; an endless discounted sum needs a rate above 0. */
export const contractualQuantity: Check<ContractualQuantity> = (json, path) => {
  const name = (json as { readonly quantity?: unknown } | null)?.quantity;
  const which = oneOf(...(Object.keys(shapes) as (keyof typeof shapes)[]))(name, `${path}.quantity`);
  const checked: ContractualQuantity = shapes[which](json, path);
  if (checked.quantity === 'discountedExpectedResidualLifetime') {
    const { discount } = checked.rate;
    const endless = (checked.periods ?? 'infinite') === 'infinite';
    if (!(discount >= LEAST_DISCOUNT && discount <= MOST_DISCOUNT) && (endless || discount !== 0))
      fail(
        'invalid-model',
        `${path}.rate: discount ${discount} must be in [${LEAST_DISCOUNT}, ${MOST_DISCOUNT}], or 0 over a finite number of periods`,
      );
  }
  return checked;
};

/** The output field of a quantity under a model's period. */
export function contractualField<N extends string>(
  q: ContractualQuantity,
  name: N,
  unit: TimeUnit,
): Field<N, 'number'> {
  const span = 'periods' in q && typeof q.periods === 'number' ? `in ${q.periods} × ${unit}` : 'ever';
  switch (q.quantity) {
    case 'survivalProbability':
      return { name, type: 'number', unit: 'probability', horizon: { every: q.periods, unit } };
    case 'retentionRate':
      return { name, type: 'number', unit: 'probability', horizon: { every: 1, unit } };
    case 'expectedResidualLifetime':
      return { name, type: 'number', unit: `renewals ${span}` };
    case 'discountedExpectedResidualLifetime':
      return { name, type: 'number', unit: `discounted renewals ${span}` };
  }
}

/** A quantity as a function of tenure. NaN where the expectation is infinite. */
export function figureOf(q: ContractualQuantity, law: LifetimeLaw, unit: TimeUnit): (tenure: number) => number {
  switch (q.quantity) {
    case 'survivalProbability':
      return (tenure) => law.survival(tenure, q.periods);
    case 'retentionRate':
      return (tenure) => law.survival(tenure, 1);
    case 'expectedResidualLifetime':
      return (tenure) => law.residual(tenure, lastOf(q.periods), 0);
    case 'discountedExpectedResidualLifetime': {
      const delta = continuousRate(q.rate, unit);
      // At the end of a period each renewal is one period farther off.
      const wait = q.timing === 'end' ? exp(-delta) : 1;
      return (tenure) => law.residual(tenure, lastOf(q.periods), delta) * wait;
    }
  }
}

/** The number of the last renewal that counts. */
export function lastOf(periods: Renewals | undefined): number {
  return typeof periods === 'number' ? periods : Number.POSITIVE_INFINITY;
}
