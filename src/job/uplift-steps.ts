import { type BasePart, classTransformation, tLearner, type UpliftOptions, xLearner } from '../churn/index.ts';
import { type Check, either, finite, optional, record, text } from '../model/checks.ts';
import type { Estimator, ModelBase } from '../model/contract.ts';
import { classifierSteps } from './churn-steps.ts';
import { rule, type StepOf, type StepRule, stepOf } from './step-rule.ts';
import { cell, label, name } from './step-shapes.ts';

/** The classifier within a learner, which gives it label, weights and groups. */
const base: Check<StepOf> = stepOf(
  Object.fromEntries(
    Object.entries(classifierSteps).map(([step, { options, make }]) => {
      const { label: _, weight: __, group: ___, ...own } = options;
      return [step, { options: own, make }];
    }),
  ),
);

type Learner<X> = (options: X & { readonly base: StepOf }) => Estimator;
type AnyOptions = UpliftOptions<ModelBase, string>;

/** A learner whose base is a step, as data. */
function withBase<X extends object>(learner: (options: X & Pick<AnyOptions, 'base'>) => Estimator): Learner<X> {
  return ({ base: { step, ...options }, ...rest }) =>
    learner({
      ...(rest as unknown as X),
      base: (part: BasePart) => classifierSteps[step as keyof typeof classifierSteps].make({ ...options, ...part }),
    });
}

const common = { label, treatment: record({ column: text, treated: cell }), base, as: name };
const propensity = optional(either(finite, text, 'a number or a column'));

export const upliftSteps: { readonly [S in 'tLearner' | 'xLearner' | 'classTransformation']: StepRule } = {
  tLearner: rule(withBase<Omit<Parameters<typeof tLearner>[0], 'base'>>(tLearner), common),
  xLearner: rule(withBase<Omit<Parameters<typeof xLearner>[0], 'base'>>(xLearner), { ...common, propensity }),
  classTransformation: rule(withBase<Omit<Parameters<typeof classTransformation>[0], 'base'>>(classTransformation), {
    ...common,
    propensity,
  }),
};
