import type { Check } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import { churnSteps, classifierSteps } from './churn-steps.ts';
import { loyaltySteps } from './loyalty-steps.ts';
import { purchaseSteps } from './purchase-steps.ts';
import { segmentSteps } from './segment-steps.ts';
import { type StepOf, stepOf } from './step-rule.ts';
import { upliftSteps } from './uplift-steps.ts';
import { valueSteps } from './value-steps.ts';

type Rules = typeof classifierSteps &
  typeof churnSteps &
  typeof upliftSteps &
  typeof valueSteps &
  typeof loyaltySteps &
  typeof purchaseSteps &
  typeof segmentSteps;

/** The steps a job may name, with the options each of them takes: those of the estimator of the same name. */
const rules: Rules = {
  ...classifierSteps,
  ...churnSteps,
  ...upliftSteps,
  ...valueSteps,
  ...loyaltySteps,
  ...purchaseSteps,
  ...segmentSteps,
};

export type StepName = keyof Rules;

/** A step of a job: `{ "step": "currentValue", … }` with the options of the estimator of that name. */
export type Step = StepOf<StepName>;

export const step: Check<Step> = stepOf<StepName>(rules);

/** The estimator of a step. Sensitive columns are taken out of its features, and of those of a step within it. */
export function makeStep({ step: name, ...options }: Step, sensitive: ReadonlySet<string>): Estimator {
  return rules[name].make(without(options, sensitive));
}

type FeatureName = string | { readonly column: string };

export function columnOfFeature(feature: FeatureName): string {
  return typeof feature === 'string' ? feature : feature.column;
}

/** What of a step says which columns a model may read. */
export interface WithFeatures {
  readonly features?: readonly FeatureName[];
  readonly base?: WithFeatures;
}

function without({ features, base, ...rest }: WithFeatures, sensitive: ReadonlySet<string>): WithFeatures {
  const kept = features?.filter((feature) => !sensitive.has(columnOfFeature(feature)));
  return { ...rest, ...(kept && { features: kept }), ...(base && { base: without(base, sensitive) }) };
}
