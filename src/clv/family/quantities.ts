import { fail } from '../../errors.ts';
import { type Check, either, oneOf, optional, positive, rate, record, whole } from '../../model/checks.ts';
import { DAYS, type Field, type Rate, type TimeUnit } from '../../model/field.ts';
import { log1p } from '../../numerics/elementary.ts';

/** A figure that a buy-till-you-die model gives for a customer, looking ahead from the end of the observation. */
export type Quantity =
  /**
   * That the customer has not dropped out, `ahead` (model time units; default 0) after the end of the observation. No
   * ranking of who will buy: under the BG/NBD it is 1 for single buyers.
   */
  | { readonly quantity: 'probabilityAlive'; readonly ahead?: number }
  /** Of at least one purchase in the next `periods` (model time units): the figure for loyalty and alerts. */
  | { readonly quantity: 'probabilityOfPurchase'; readonly periods: number }
  /** Expected number of purchases in the next `periods`. */
  | { readonly quantity: 'expectedPurchases'; readonly periods: number }
  /** The same, each purchase discounted continuously to the end of the observation; `infinite`: all there will be. */
  | { readonly quantity: 'discountedResidualTransactions'; readonly periods: number | 'infinite'; readonly rate: Rate };

/** A quantity as an output column; `as` names the column (default: the quantity). */
export type QuantityOutput<N extends string = string> = Quantity & { readonly as?: N };

/** The column name of an output. */
export type NameOf<Q> = Q extends { readonly as: infer N extends string }
  ? N
  : Q extends { readonly quantity: infer K extends string }
    ? K
    : never;

const periods: Check<number> = positive;
const shapes = {
  probabilityAlive: record({ quantity: oneOf('probabilityAlive'), ahead: optional(positive) }),
  probabilityOfPurchase: record({ quantity: oneOf('probabilityOfPurchase'), periods }),
  expectedPurchases: record({ quantity: oneOf('expectedPurchases'), periods }),
  discountedResidualTransactions: record({
    quantity: oneOf('discountedResidualTransactions'),
    periods: either(periods, oneOf('infinite'), 'a number above 0 or "infinite"'),
    rate,
  }),
} as const;

const LEAST_DISCOUNT = 1e-9;
const MOST_DISCOUNT = 1e6;

/** Checks one quantity; an endless sum needs a rate above 0. */
export const quantity: Check<Quantity> = (json, path) => {
  const name = (json as { readonly quantity?: unknown } | null)?.quantity;
  const which = oneOf(...(Object.keys(shapes) as (keyof typeof shapes)[]))(name, `${path}.quantity`);
  const checked: Quantity = shapes[which](json, path);
  if (checked.quantity === 'discountedResidualTransactions') {
    const { discount } = checked.rate;
    const least = checked.periods === 'infinite' ? LEAST_DISCOUNT : 0;
    if (!(discount >= least && discount <= MOST_DISCOUNT && (discount === 0 || discount >= LEAST_DISCOUNT)))
      fail(
        'invalid-model',
        `${path}.rate: discount ${discount} must be in [${LEAST_DISCOUNT}, ${MOST_DISCOUNT}], or 0 over a finite horizon`,
      );
  }
  return checked;
};

/** The sums over opportunities to buy have a term for each: no observation or horizon is longer. */
export const MOST_OPPORTUNITIES: number = 100_000;

/** Checks one quantity of a model; where time counts opportunities its horizon must be whole. */
export function quantityOf({ discrete }: { readonly discrete?: true }): Check<Quantity> {
  if (!discrete) return quantity;
  return (json, path) => {
    const checked = quantity(json, path);
    if (checked.quantity === 'probabilityAlive') whole(0, MOST_OPPORTUNITIES)(checked.ahead ?? 0, `${path}.ahead`);
    else if (checked.periods !== 'infinite') whole(1, MOST_OPPORTUNITIES)(checked.periods, `${path}.periods`);
    return checked;
  };
}

/** The output field of a quantity under a model's time unit. */
export function quantityField<N extends string>(q: Quantity, name: N, unit: TimeUnit): Field<N, 'number'> {
  switch (q.quantity) {
    case 'probabilityAlive':
      return {
        name,
        type: 'number',
        unit: 'probability',
        horizon: q.ahead === undefined ? null : { every: q.ahead, unit },
      };
    case 'probabilityOfPurchase':
      return { name, type: 'number', unit: 'probability', horizon: { every: q.periods, unit } };
    case 'expectedPurchases':
      return { name, type: 'number', unit: `purchases in ${q.periods} × ${unit}` };
    case 'discountedResidualTransactions':
      return {
        name,
        type: 'number',
        unit: `discounted purchases ${q.periods === 'infinite' ? 'ever' : `in ${q.periods} × ${unit}`}`,
      };
  }
}

/** δ, the continuous rate per `unit`: ln(1 + i) by the length of the rate's own period, a year being 365.25 days. */
export function continuousRate(stated: Rate, unit: TimeUnit): number {
  return (log1p(stated.discount) * DAYS[unit]) / DAYS[stated.per];
}

/** The highest value of a quantity given that the customer is alive. */
export function mostOf({ quantity }: Quantity): number {
  return quantity === 'probabilityAlive' || quantity === 'probabilityOfPurchase' ? 1 : Infinity;
}

/** No value above `most`: rounding in tables can lift a probability there. */
export function limit(count: number, most: number, values: Float64Array): void {
  if (most < Infinity) for (let i = 0; i < count; i++) values[i] = Math.min(most, values[i]!);
}
