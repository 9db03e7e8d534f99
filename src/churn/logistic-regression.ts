import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions } from '../model/options.ts';
import { outcome } from '../regression/outcome.ts';
import { fitProblem } from './logistic/fit.ts';
import { type AsBase, checkLogisticOptions, type LogisticOptions } from './logistic/options.ts';
import { readLogistic } from './logistic/problem.ts';
import { type LogisticModel, logisticKind } from './logistic-kind.ts';

export {
  type ChurnLabel,
  type ClassWeight,
  type CrossValidatedPenalty,
  type ElasticNet,
  type LogisticOptions,
  refuseLabel,
} from './logistic/options.ts';

/**
 * Logistic regression of churn: P = 1/(1 + e^−η), η = β₀ + Σ βx, by maximum likelihood (Newton's method, which for the
 * logistic model is IRLS), with an optional ridge penalty `Σ logloss + (l2/2)·‖w‖²` or an elastic net, whose optimality
 * conditions hold to 1e-12.
 *
 * Categories get a weight per level against a reference level; scaling and encoding are folded into the model, which
 * scores raw columns. Columns that are constant or, without a penalty, an exact combination of earlier ones are left out
 * with a warning. Separation gives `fit.status` 'not-identified'. `fit.coefficients` holds estimates, standard and robust
 * errors, odds ratios and Wald tests on the raw scale; under a ridge the errors are those of the penalised likelihood,
 * which know nothing of its bias. Memory: the feature columns; a pass per Newton step.
 *
 * Observation weights are counts to the model errors and sampling weights to the sandwich, which does not change when all
 * weights are multiplied by one number.
 *
 * @throws one-class when the label has one class only; label-as-feature; all-null; unknown-column; invalid-option.
 * Source: McCullagh & Nelder (1989), §4.4; Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), §3 (elastic net); King & Zeng
 * (2001), Political Analysis 9, eq. 7 (class weights); White (1980), Liang & Zeger (1986) (sandwich errors).
 * @example
 * const model = logisticRegression({
 *   label: { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } },
 *   features: ['plan'],
 * }).fit({ left: ['yes', 'no', 'no', 'no', 'yes', 'no'], plan: ['a', 'a', 'a', 'b', 'b', 'b'] });
 * model.fit.baseRate; // 0.3333333333333333
 */
export function logisticRegression<const F extends string, const O extends string = 'churnProbability'>(
  options: LogisticOptions<F, O>,
): Estimator<LogisticModel<F, O>> {
  const {
    label,
    offset,
    as = 'churnProbability' as O,
  } = knownOptions(
    options as AsBase<typeof options>,
    'logisticRegression',
    'label features weight penalty classWeight offset errors intervals as l2 standardise groupCollinear maxIterations group',
  );
  const features = checkLogisticOptions(options);
  return {
    kind: logisticKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(data) {
      const problem = readLogistic(data, features, options);
      const { part, report } = fitProblem(data, problem, options);
      const inputs = problem.features.map(({ field }) => field as Field<F>);
      return {
        kind: 'logisticRegression',
        version: 1,
        inputs: typeof offset === 'string' ? [...inputs, { name: offset, type: 'number' }] : inputs,
        outputs: [{ name: as, type: 'number', horizon: label.horizon, explained: 'log-odds' }],
        ...part,
        fit: report,
      };
    },
  };
}
