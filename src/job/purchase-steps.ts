import { contractualQuantity } from '../clv/contractual/contractual-quantities.ts';
import { quantity } from '../clv/family/quantities.ts';
import {
  betaDiscreteWeibull,
  bgBb,
  bgCnbd,
  bgNbd,
  type CountColumns,
  gammaGamma,
  ggomNbd,
  mbgCnbd,
  mbgNbd,
  nbd,
  paretoNbd,
  shiftedBetaGeometric,
  spendValue,
} from '../clv/index.ts';
import { dictionaryOf, either, finite, listOf, optional, record, text, whole } from '../model/checks.ts';
import { rule, type StepRule, shaped } from './step-rule.ts';
import { event, name, nameOr, output, unit } from './step-shapes.ts';

/** The options that the buy-till-you-die estimators share. */
const history = {
  frequency: name,
  recency: name,
  T: name,
  unit,
  outputs: optional(listOf(output(quantity))),
  weight: name,
  covariates: optional(dictionaryOf(listOf(text))),
  equal: optional(listOf(text)),
  ridge: optional(dictionaryOf(finite)),
  priors: optional(dictionaryOf(record({ median: finite, sd: finite }))),
};
const phases = {
  ...history,
  k: optional(either(whole(), listOf(whole()), 'a whole number or a list of them')),
  logIntervals: name,
};
const contractual = {
  tenure: name,
  churned: optional(nameOr(event)),
  counts: optional(shaped<CountColumns>({ period: text, active: text, lost: name, cohort: name })),
  unit,
  outputs: optional(listOf(output(contractualQuantity))),
};

/** Purchases, renewals and spend to come. */
export const purchaseSteps: {
  readonly [S in
    | 'bgNbd'
    | 'mbgNbd'
    | 'nbd'
    | 'paretoNbd'
    | 'ggomNbd'
    | 'bgCnbd'
    | 'mbgCnbd'
    | 'bgBb'
    | 'shiftedBetaGeometric'
    | 'betaDiscreteWeibull'
    | 'gammaGamma'
    | 'spendValue']: StepRule;
} = {
  bgNbd: rule(bgNbd, history),
  mbgNbd: rule(mbgNbd, history),
  nbd: rule(nbd, history),
  paretoNbd: rule(paretoNbd, history),
  ggomNbd: rule(ggomNbd, history),
  bgCnbd: rule(bgCnbd, phases),
  mbgCnbd: rule(mbgCnbd, phases),
  bgBb: rule(bgBb, history),
  shiftedBetaGeometric: rule(shiftedBetaGeometric, contractual),
  betaDiscreteWeibull: rule(betaDiscreteWeibull, contractual),
  gammaGamma: rule(gammaGamma, { frequency: name, monetaryValue: name, as: name }),
  spendValue: rule(spendValue, {
    transactions: name,
    spend: name,
    margin: finite,
    acquisitionCost: optional(finite),
    as: name,
  }),
};
