import { discreteTimeHazard, logisticRegression } from '../churn/index.ts';
import { bgNbd, gammaGamma, ggomNbd, mbgNbd, nbd, paretoNbd, spendValue } from '../clv/index.ts';
import { fail } from '../errors.ts';
import { loyalty } from '../loyalty/index.ts';
import {
  type Check,
  dictionaryOf,
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
import type { Estimator } from '../model/contract.ts';
import { rfm } from '../rfm/index.ts';
import { depositTiers, pyramid, rfmTiers, spendTiers, threeDimensional, valueMatrix } from '../segments/index.ts';
import { currentValue, lifetimeValue, ownershipPropensity, potentialValue } from '../value/index.ts';
import { compositeIndex } from '../weighting/index.ts';
import { condition } from './condition.ts';
import {
  annuity,
  as,
  cell,
  cells,
  classWeight,
  closed,
  cut,
  cutPer,
  errors,
  features,
  history,
  indicator,
  newBelow,
  offerProfit,
  offset,
  penalty,
  profitColumns,
  regression,
  retention,
  rfmRule,
  scores,
  strategies,
  threeLimits,
  tiers,
  timing,
  unit,
} from './step-shapes.ts';

/** A step: how its options are checked, and the estimator that takes them. */
interface StepRule {
  readonly shape: Check<object>;
  make(options: object): Estimator;
}
function rule<O extends object>(shape: Check<O>, make: (options: O) => Estimator): StepRule {
  return { shape, make: make as (options: object) => Estimator };
}

export type StepName =
  | 'logisticRegression'
  | 'discreteTimeHazard'
  | 'ownershipPropensity'
  | 'loyalty'
  | 'currentValue'
  | 'potentialValue'
  | 'lifetimeValue'
  | 'compositeIndex'
  | 'bgNbd'
  | 'mbgNbd'
  | 'nbd'
  | 'paretoNbd'
  | 'ggomNbd'
  | 'gammaGamma'
  | 'spendValue'
  | 'rfm'
  | 'rfmTiers'
  | 'threeDimensional'
  | 'valueMatrix'
  | 'pyramid'
  | 'spendTiers'
  | 'depositTiers';

/** The steps a job may name, with the options each of them takes: those of the estimator of the same name. */
const rules: { readonly [S in StepName]: StepRule } = {
  logisticRegression: rule(
    record({
      label: record({ column: text, churned: cell, horizon: nullable(span) }),
      features,
      weight: optional(text),
      penalty: optional(penalty),
      classWeight: optional(classWeight),
      offset: optional(offset),
      errors: optional(errors),
      as,
      ...regression,
    }),
    logisticRegression,
  ),
  discreteTimeHazard: rule(
    record({
      duration: text,
      event: record({ column: text, churned: cell }),
      observed: optional(text),
      period: unit,
      features,
      baseline: optional(listOf(oneOf('log', 'first', 'linear'))),
      outputs: record({
        survivalProbability: optional(record({ periods: whole(1) })),
        survivalAnnuity: optional(record({ periods: whole(1), rate, timing: optional(timing) })),
      }),
      as: optional(record({ survivalProbability: optional(text), survivalAnnuity: optional(text) })),
      ...regression,
    }),
    discreteTimeHazard,
  ),
  ownershipPropensity: rule(
    record({
      offers: listOf(
        record({ name: text, owned: condition, eligible: optional(condition), exclude: optional(listOf(text)) }),
      ),
      features,
      exclude: optional(listOf(text)),
      as,
      ...regression,
    }),
    ownershipPropensity,
  ),
  loyalty: rule(record({ probability: optional(text), horizon: optional(nullable(span)), as }), loyalty),
  currentValue: rule(
    record({
      profit: profitColumns,
      periods: optional(whole()),
      rate,
      unit: optional(unit),
      timing: optional(timing),
      as,
    }),
    currentValue,
  ),
  potentialValue: rule(
    record({
      offers: listOf(
        record({
          name: text,
          probability: text,
          profit: offerProfit,
          owned: optional(condition),
          eligible: optional(condition),
        }),
      ),
      periods: optional(whole()),
      rate: optional(rate),
      unit: optional(unit),
      timing: optional(timing),
      as,
    }),
    potentialValue,
  ),
  lifetimeValue: rule(
    record({
      currentValue: optional(text),
      potentialValue: optional(text),
      survivalAnnuity: optional(text),
      retention: optional(retention),
      loyalty: optional(retention),
      annuity: optional(annuity),
      as,
      retainedAs: optional(text),
    }),
    lifetimeValue,
  ),
  compositeIndex: rule(
    record({
      indicators: listOf(indicator),
      aggregate: optional(oneOf('sum', 'product', 'topsis')),
      missing: optional(oneOf('null', 'renormalise')),
      renormalise: optional(flag),
      as,
    }),
    compositeIndex,
  ),
  bgNbd: rule(record(history), bgNbd),
  mbgNbd: rule(record(history), mbgNbd),
  nbd: rule(record(history), nbd),
  paretoNbd: rule(record(history), paretoNbd),
  ggomNbd: rule(record(history), ggomNbd),
  gammaGamma: rule(record({ frequency: optional(text), monetaryValue: optional(text), as }), gammaGamma),
  spendValue: rule(
    record({
      transactions: optional(text),
      spend: optional(text),
      margin: finite,
      acquisitionCost: optional(finite),
      as,
    }),
    spendValue,
  ),
  rfm: rule(
    record({
      recency: optional(text),
      frequency: optional(text),
      monetary: optional(text),
      scores: optional(whole(2, 20)),
      rule: optional(rfmRule),
      ties: optional(oneOf('down', 'up', 'worse', 'better')),
      empty: optional(oneOf('report', 'merge')),
      nested: optional(flag),
      noPurchase: optional(oneOf('exclude', 'lowest')),
      weights: optional(scores),
      as: optional(dictionaryOf(text)),
    }),
    rfm,
  ),
  rfmTiers: rule(
    record({
      columns: optional(listOf(text)),
      scores: optional(whole(2, 20)),
      cells: optional(cells),
      overlaps: optional(oneOf('refuse', 'first')),
      strategies,
      as,
    }),
    rfmTiers,
  ),
  threeDimensional: rule(
    record({
      current: optional(text),
      potential: optional(text),
      loyalty: optional(text),
      cut: optional(cutPer('current', 'potential', 'loyalty')),
      newBelow: optional(newBelow),
      strategies,
      as,
    }),
    threeDimensional,
  ),
  valueMatrix: rule(
    record({
      current: optional(text),
      potential: optional(text),
      cut: optional(cutPer('current', 'potential')),
      strategies,
      as,
    }),
    valueMatrix,
  ),
  pyramid: rule(record({ column: optional(text), cut: optional(cut), closed, tiers: optional(tiers), as }), pyramid),
  spendTiers: rule(record({ spend: optional(text), limits: optional(threeLimits), closed, newBelow, as }), spendTiers),
  depositTiers: rule(record({ balance: optional(text), limits: optional(threeLimits), closed, as }), depositTiers),
};

/** A step of a job: `{ "step": "currentValue", … }` with the options of the estimator of that name. */
export interface Step {
  readonly step: StepName;
  readonly [option: string]: unknown;
}

export const step: Check<Step> = (json, path) => {
  const name = (json as { readonly step?: unknown } | null)?.step;
  if (typeof name !== 'string' || !Object.hasOwn(rules, name))
    return fail(
      'invalid-job',
      `${path}.step: unknown step ${JSON.stringify(name)}; known are ${Object.keys(rules).join(', ')}`,
    );
  const { step: _, ...options } = json as Step;
  return { step: name as Step['step'], ...rules[name as Step['step']].shape(options, path) };
};

/** The estimator of a step. Sensitive columns are taken out of its features. */
export function makeStep({ step: name, ...options }: Step, sensitive: ReadonlySet<string>): Estimator {
  const { features: listed, ...rest } = options as {
    readonly features?: readonly (string | { readonly column: string })[];
  };
  const kept = listed?.filter((feature) => !sensitive.has(typeof feature === 'string' ? feature : feature.column));
  return rules[name].make(kept ? { ...rest, features: kept } : rest);
}
