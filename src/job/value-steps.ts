import {
  either,
  finite,
  flag,
  listOf,
  nullable,
  oneOf,
  optional,
  rate,
  record,
  span,
  text,
  whole,
} from '../model/checks.ts';
import {
  type AnnuityOptions,
  currentValue,
  lifetimeValue,
  type Offer,
  type OwnedOffer,
  ownershipPropensity,
  potentialValue,
  type RetentionColumn,
} from '../value/index.ts';
import { compositeIndex, type Indicator } from '../weighting/index.ts';
import { scoreMapCheck } from '../weighting/score-map.ts';
import { condition } from './condition.ts';
import { rule, type StepRule, shaped } from './step-rule.ts';
import { features, name, regression, timing, unit } from './step-shapes.ts';

const retention = optional(shaped<RetentionColumn<string>>({ column: text, horizon: optional(nullable(span)) }));
const terms = { unit: optional(unit), timing: optional(timing) };
const product = { name: text, eligible: optional(condition) };

/** What customers are worth and could be worth, and what they may take up. */
export const valueSteps: {
  readonly [S in
    | 'ownershipPropensity'
    | 'currentValue'
    | 'potentialValue'
    | 'lifetimeValue'
    | 'compositeIndex']: StepRule;
} = {
  ownershipPropensity: rule(ownershipPropensity, {
    offers: listOf(shaped<OwnedOffer>({ ...product, owned: condition, exclude: optional(listOf(text)) })),
    features,
    exclude: optional(listOf(text)),
    as: name,
    ...regression,
  }),
  currentValue: rule(currentValue, {
    profit: either(text, listOf(text), 'a column name or a list of them'),
    periods: optional(whole()),
    rate,
    ...terms,
    as: name,
  }),
  potentialValue: rule(potentialValue, {
    offers: listOf(
      shaped<Offer>({
        ...product,
        probability: text,
        profit: either(finite, text, 'an amount or a column name'),
        owned: optional(condition),
      }),
    ),
    periods: optional(whole()),
    rate: optional(rate),
    ...terms,
    as: name,
  }),
  lifetimeValue: rule(lifetimeValue, {
    currentValue: name,
    potentialValue: name,
    survivalAnnuity: name,
    retention,
    loyalty: retention,
    annuity: optional(shaped<AnnuityOptions>({ periods: whole(), rate, ...terms })),
    as: name,
    retainedAs: name,
  }),
  compositeIndex: rule(compositeIndex, {
    indicators: listOf(
      shaped<Indicator>({
        column: text,
        weight: either(finite, record({ weight: finite }), 'a number'),
        map: optional(scoreMapCheck),
        standardise: optional(oneOf('z-sample', 'z-population', 'min-max', 'robust-z', 'sum', 'vector', 'max')),
        cost: optional(flag),
        group: name,
      }),
    ),
    aggregate: optional(oneOf('sum', 'product', 'topsis')),
    missing: optional(oneOf('null', 'renormalise')),
    renormalise: optional(flag),
    as: name,
  }),
};
