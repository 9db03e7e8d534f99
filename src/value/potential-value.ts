import { rowCount } from '../columns/batch.ts';
import { readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import { storedCondition } from '../kernels/condition.ts';
import { conditionFields } from '../kernels/condition-field.ts';
import { checked } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field, Rate, TimeUnit, Timing } from '../model/field.ts';
import { knownOptions, list, names, object } from '../model/options.ts';
import { annuityTerms } from './annuity.ts';
import { moneyField } from './money-field.ts';
import {
  type Offer,
  offerConditions,
  offerNumbers,
  type PotentialValueModel,
  potentialValueKind,
} from './potential-value-kind.ts';

type ColumnOf<W> = W extends { readonly column: infer C extends string } ? C : never;
/** The input columns that offers need. */
export type OfferColumns<O> =
  | (O extends { readonly probability: infer P extends string } ? P : never)
  | (O extends { readonly profit: infer P extends string } ? P : never)
  | (O extends { readonly owned: infer W } ? ColumnOf<W> : never)
  | (O extends { readonly eligible: infer W } ? ColumnOf<W> : never);

export interface PotentialValueOptions<S extends readonly Offer[], O extends string> {
  readonly offers: S;
  /** With `periods` and `rate` the profits are per period and are discounted; without, they are present values already. */
  readonly periods?: number;
  readonly rate?: Rate;
  /** The period of the profits. Default: the rate's own. */
  readonly unit?: TimeUnit;
  readonly timing?: Timing;
  /** Name of the output. Default: `potentialValue`. */
  readonly as?: O;
}

/**
 * Customer potential value: what the customer would add by taking up optional services, CPV_i = Σ_j Prob_ij·Profit_ij over
 * the offers that are open to the customer (S2), times the annuity factor when `periods` and `rate` are given.
 *
 * An offer is open unless the customer owns it or is not eligible; a closed one contributes 0 whatever its probability. A
 * null probability or profit of an open offer, or a null that leaves unknown whether it is open, gives null; a probability
 * outside [0, 1] gives null with the reason `out-of-range`. Probabilities need not add up to 1.
 *
 * @throws invalid-option for a repeated offer name, or `periods` without `rate`; unknown-column and wrong-type when fitted.
 * @example
 * potentialValue({ offers: [{ name: 'security', probability: 'p_security', profit: 40, owned: { column: 'security', equals: 'Yes' } }] })
 *   .fit({ p_security: [0.3], security: ['No'] }); // scores that customer as 12
 */
export function potentialValue<const S extends readonly Offer[], const O extends string = 'potentialValue'>(
  options: PotentialValueOptions<S, O>,
): Estimator<PotentialValueModel<OfferColumns<S[number]>, O>> {
  type In = OfferColumns<S[number]>;
  const {
    periods,
    rate,
    unit,
    timing,
    as: name = 'potentialValue' as O,
  } = knownOptions(options, 'potentialValue', 'offers periods rate unit timing as');
  names({ as: name });
  const offers: readonly Offer[] = list<Offer>(options.offers, 'offers').map(plainOffer);
  if (offers.length === 0) fail('invalid-option', 'invalid offers: name at least one');
  offers.forEach(({ name, profit }, j) => {
    if (offers.findIndex((other) => other.name === name) !== j)
      fail('invalid-option', `invalid offers: "${name}" is repeated`);
    if (typeof profit === 'number' && !Number.isFinite(profit))
      fail('invalid-option', `invalid profit of offer "${name}": ${profit}; use a finite amount or a column`);
  });
  if ((periods === undefined) !== (rate === undefined))
    fail('invalid-option', 'give both periods and rate (profits per period), or neither (profits are present values)');
  if (rate === undefined && (unit !== undefined || timing !== undefined))
    fail('invalid-option', 'unit and timing need periods and rate');
  const annuity =
    periods === undefined || rate === undefined
      ? null
      : annuityTerms({ periods, rate, ...(unit ? { unit } : {}), ...(timing ? { timing } : {}) });
  return {
    kind: potentialValueKind,
    fit(data, upstream) {
      const numbers = [...new Set(offers.flatMap(offerNumbers))];
      for (const column of numbers) readNumbers(data, column);
      const conditions = conditionFields(data, offers.flatMap(offerConditions), upstream);
      const mixed = conditions.find((field) => field.type === 'category' && numbers.includes(field.name));
      if (mixed) fail('wrong-type', `column "${mixed.name}" holds categories where numbers are needed`);
      const inputs: Field[] = [
        ...numbers.map((column): Field => ({ name: column, type: 'number' })),
        ...conditions.filter((field) => !numbers.includes(field.name)),
      ];
      return {
        kind: 'potentialValue',
        version: 1,
        inputs: inputs as Field<In>[],
        outputs: [moneyField(name, annuity)],
        offers,
        annuity,
        assumption: 'no-churn',
        fit: { status: 'converged', rows: rowCount(data), warnings: [] },
      };
    },
  };
}

/** A copy with the keys of an offer only. */
function plainOffer(offer: Offer, j: number): Offer {
  const { name, probability, profit, owned, eligible } = knownOptions(
    object(offer, `offers[${j}]`),
    `offers[${j}]`,
    'name probability profit owned eligible',
  );
  names({ [`offers[${j}].name`]: name, [`offers[${j}].probability`]: probability });
  if (typeof profit !== 'number') names({ [`offers[${j}].profit`]: profit });
  return {
    name,
    probability,
    profit: typeof profit === 'number' ? profit + 0 : profit,
    ...(owned === undefined ? {} : { owned: checked('invalid-option', storedCondition, owned, `offers[${j}].owned`) }),
    ...(eligible === undefined
      ? {}
      : { eligible: checked('invalid-option', storedCondition, eligible, `offers[${j}].eligible`) }),
  };
}
