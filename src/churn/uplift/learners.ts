import { takeRows } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import {
  type Estimator,
  type InputsOf,
  type Kind,
  type Kinds,
  type ModelBase,
  worstStatus,
} from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { knownOptions } from '../../model/options.ts';
import { kindsWithin, predict } from '../../validation/out-of-fold.ts';
import { type Arms, checkUpliftOptions, type PropensityOption, readArms, takeArm, type UpliftOptions } from './arms.ts';
import { givesOneNumber, joinInputs } from './nested.ts';
import {
  type ClassTransformationModel,
  classTransformationKind,
  type TLearnerModel,
  tLearnerKind,
  type UpliftField,
  type UpliftReport,
  type XLearnerModel,
  xLearnerKind,
} from './uplift-kinds.ts';

// Columns that exist during a fit only.
const WEIGHT = '(uplift weight)';
const ROW = '(uplift row)';

/**
 * Uplift by two models: `P(churn | x, left alone) − P(churn | x, treated)`, each by a classifier of its own arm; above 0 where
 * the treatment keeps customers. Treatment must be random given the features. The treatment column is needed for fitting
 * only.
 *
 * @throws one-class when an arm is empty or has one outcome only; all-null; invalid-option; what the base throws.
 * Source: Künzel, Sekhon, Bickel & Yu (2019), PNAS 116(10), 4156–4165.
 * @example
 * tLearner({
 *   label: { column: 'left', churned: 'yes', horizon: { every: 3, unit: 'month' } },
 *   treatment: { column: 'offer', treated: 'sent' },
 *   base: (part) => logisticRegression({ ...part, features: ['tenure', 'plan'] }),
 * }).fit(campaign);
 */
export function tLearner<M extends ModelBase, const O extends string = 'uplift'>(
  options: UpliftOptions<M, O>,
): Estimator<TLearnerModel<InputsOf<M>, O>> {
  knownOptions(options, 'tLearner', 'label treatment base as');
  checkUpliftOptions(options);
  const base = options.base({ label: options.label });
  return learner(tLearnerKind, base, options, (arms) => {
    const treated = fitBase(base, takeArm(arms, 1), 'treated rows');
    const control = fitBase(base, takeArm(arms, 0), 'control rows');
    return { kind: 'tLearner', parts: { treated, control }, models: [treated, control] };
  });
}

/**
 * Uplift by imputed effects: what a classifier of the other arm expects, against what happened – for treated rows
 * `P(churn | left alone) − y`, for control rows `y − P(churn | treated)` –, is learned in each arm by the base again, and the
 * two are mixed by the propensity g: `g·τ_control + (1 − g)·τ_treated`. Good where one arm is far smaller.
 *
 * An effect d in [−1, 1] is shown to the classifier as an event of weight (1 + d)/2 and a non-event of weight (1 − d)/2, so that
 * d = 2p − 1; the base must take the `weight` it is given, and should take `group` if it holds out rows. A propensity column
 * mixes by its mean, so that it is not needed for scoring.
 *
 * @throws as {@link tLearner}.
 * Source: Künzel, Sekhon, Bickel & Yu (2019), PNAS 116(10), algorithm 3 (X-learner).
 * @example
 * xLearner({ label, treatment, base: (part) => gradientBoosting({ ...part, features: ['tenure'] }) }).fit(campaign);
 */
export function xLearner<M extends ModelBase, const O extends string = 'uplift'>(
  options: UpliftOptions<M, O> & PropensityOption,
): Estimator<XLearnerModel<InputsOf<M>, O>> {
  knownOptions(options, 'xLearner', 'label treatment base as propensity');
  checkUpliftOptions(options);
  const { label, base: make } = options;
  const base = make({ label });
  const effect = make({ label: { ...label, churned: 1 }, weight: WEIGHT, group: ROW });
  return learner(xLearnerKind, base, options, (arms) => {
    const own = [0, 1].map((arm) => takeArm(arms, arm as 0 | 1)) as [Arms['data'], Arms['data']];
    const models = own.map((data, arm) => fitBase(base, data, arm === 1 ? 'treated rows' : 'control rows'));
    const effects = own.map((data, arm) => {
      const expected = predict(kindsWithin(base), models[1 - arm]!, data, models[1 - arm]!.outputs[0]!.name);
      const y = arms.y.filter((_, i) => arms.treated[i] === arm);
      const sign = arm === 1 ? 1 : -1;
      const imputed = expected.map((p, i) => sign * (p - y[i]!));
      return fitBase(effect, twice(data, imputed, label.column), 'imputed effects');
    }) as [M, M];
    return {
      kind: 'xLearner',
      parts: { treated: effects[1], control: effects[0], propensity: arms.report.propensity },
      models: [effects[1], effects[0]],
      before: models,
    };
  });
}

/**
 * Uplift by one model of a transformed class: z = 1 for a treated customer who stayed and for one left alone who churned. With
 * rows weighted by 1/propensity of what happened to them, `uplift = 2·P(z = 1 | x) − 1`, whatever the sizes of the arms. The
 * base must take the `weight` it is given.
 *
 * @throws as {@link tLearner}.
 * Source: Jaśkowski & Jaroszewicz (2012), ICML workshop on clinical data analysis, eq. 6; Athey & Imbens (2016) for the weights.
 * @example
 * classTransformation({
 *   label, treatment, propensity: 0.8, base: (part) => logisticRegression({ ...part, features: ['tenure'] }),
 * }).fit(campaign);
 */
export function classTransformation<M extends ModelBase, const O extends string = 'uplift'>(
  options: UpliftOptions<M, O> & PropensityOption,
): Estimator<ClassTransformationModel<InputsOf<M>, O>> {
  knownOptions(options, 'classTransformation', 'label treatment base as propensity');
  checkUpliftOptions(options);
  const { label } = options;
  const base = options.base({ label: { ...label, churned: 1 }, weight: WEIGHT });
  return learner(classTransformationKind, base, options, ({ data, y, treated, propensity }) => {
    const z = y.map((lost, i) => (lost === treated[i] ? 0 : 1));
    const weight = propensity.map((e, i) => 0.5 / (treated[i] === 1 ? e : 1 - e));
    const transformed = fitBase(base, { ...data, [label.column]: z, [WEIGHT]: weight }, 'transformed classes');
    return { kind: 'classTransformation', parts: { transformed }, models: [transformed] };
  });
}

interface Learned<M> {
  readonly kind: string;
  readonly parts: { readonly [part: string]: unknown };
  /** In the order their inputs are joined. */
  readonly models: readonly M[];
  /** Fits that only served these. */
  readonly before?: readonly M[];
}

function learner<K extends TLearnerModel | XLearnerModel | ClassTransformationModel, M extends ModelBase>(
  kind: Kind<K>,
  base: Estimator<M>,
  options: UpliftOptions<M, string> & PropensityOption,
  learn: (arms: Arms) => Learned<M>,
  // biome-ignore lint/suspicious/noExplicitAny: the learners narrow the names of inputs and output
): Estimator<any> {
  const { label, treatment, propensity, as = 'uplift' } = options;
  return {
    // A pipeline knows the kinds of its steps only: the learner's own brings that of its base along.
    kind: {
      ...kind,
      bind: (model: K, kinds: Kinds) =>
        kind.bind(model, { of: (name) => (name === base.kind.kind ? base.kind : kinds.of(name)) }),
    },
    labels: [label.column, treatment.column, ...(typeof propensity === 'string' ? [propensity] : [])],
    // An uplift has no outcome per row to be judged by, but later steps must be fed the one of rows it had not seen.
    targets: [],
    fit(table: Columns) {
      const arms = readArms(table, options);
      const { kind, parts, models, before = [] } = learn(arms);
      const output: UpliftField = { name: as, type: 'number', horizon: label.horizon };
      const fits = [...before, ...models].map(({ fit }) => fit);
      const report: UpliftReport = {
        status: worstStatus(fits.map(({ status }) => status)),
        ...arms.report,
        warnings: [...new Set([...arms.warnings, ...fits.flatMap(({ warnings }) => warnings)])],
      };
      const inputs: readonly Field[] = joinInputs(models);
      return { kind, version: 1, inputs, outputs: [output], ...parts, fit: report };
    },
  };
}

function fitBase<M extends ModelBase>(base: Estimator<M>, data: Columns, what: string): M {
  const model = base.fit(data);
  if (!givesOneNumber(model))
    fail('invalid-option', `base, on ${what}: ${model.kind} gives ${model.outputs.length} outputs; use a classifier`);
  return model;
}

/** Every row as an event and as a non-event, weighted so that their mean is (1 + effect)/2; an unknown effect weighs nothing. */
function twice(data: Arms['data'], effect: Float64Array, label: string): Columns {
  const rows = Int32Array.from({ length: 2 * effect.length }, (_, i) => i >> 1);
  const known = Float64Array.from(rows, (row, i) => (1 + (i % 2 === 0 ? 1 : -1) * effect[row]!) / 2);
  return {
    ...takeRows(data, rows, Object.keys(data)),
    [label]: Float64Array.from(rows, (_, i) => 1 - (i % 2)),
    [WEIGHT]: known,
    [ROW]: Float64Array.from(rows),
  };
}
