import {
  type BoostingFeature,
  betaCalibration,
  coxRegression,
  decisionTree,
  discreteTimeHazard,
  type EarlyStopping,
  gradientBoosting,
  isotonicCalibration,
  type LogisticOptions,
  logisticRegression,
  type NetworkStopping,
  neuralNetwork,
  type Pruning,
  plattCalibration,
  priorCorrection,
  randomForest,
  type TreeFeature,
} from '../churn/index.ts';
import { quantity as coxQuantity } from '../churn/survival/cox-quantities.ts';
import {
  type Check,
  dictionaryOf,
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
import { rule, type StepRule, shaped } from './step-rule.ts';
import { event, features, label, name, nameOr, output, regression, timing, unit } from './step-shapes.ts';

const criterion = optional(oneOf('gini', 'entropy'));
const direction = optional(oneOf('direction', 'null'));
const treeFeature = {
  column: text,
  type: optional(oneOf('number', 'category')),
  unseen: optional(oneOf('majority', 'null')),
};
const treeFeatures = listOf(
  nameOr(shaped<TreeFeature>({ ...treeFeature, missing: optional(oneOf('direction', 'surrogate', 'null')) })),
);
const boostingFeatures = listOf(nameOr(shaped<BoostingFeature>({ ...treeFeature, missing: direction })));
const complexity = record({ complexity: finite });
const pruningFolds = record({
  folds: whole(),
  seed: optional(finite),
  rule: optional(oneOf('lowest', 'oneStandardError')),
});
const prune: Check<Pruning> = (json, path) =>
  (typeof json === 'object' && json !== null && 'folds' in json ? pruningFolds : complexity)(json, path);
const stopping = either(
  oneOf(false),
  shaped<EarlyStopping & NetworkStopping>({ share: optional(finite), patience: optional(whole()) }),
  'false or { share, patience }',
);

const elasticNet = record({ lambda: finite, mix: optional(finite) });
const crossValidated = record({
  crossValidate: record({
    folds: optional(whole()),
    seed: optional(finite),
    mix: optional(finite),
    rule: optional(oneOf('min', 'one-standard-error')),
    group: name,
    lambdas: optional(listOf(finite)),
  }),
});
const penalty: Check<NonNullable<LogisticOptions<string, string>['penalty']>> = (json, path) =>
  (typeof json === 'object' && json !== null && 'crossValidate' in json ? crossValidated : elasticNet)(json, path);

type Classifier = 'logisticRegression' | 'decisionTree' | 'randomForest' | 'gradientBoosting' | 'neuralNetwork';

/** Those that give one probability from a label, features and weights. */
export const classifierSteps: { readonly [S in Classifier]: StepRule } = {
  logisticRegression: rule(logisticRegression, {
    label,
    features,
    weight: name,
    penalty: optional(penalty),
    classWeight: optional(
      either(oneOf('balanced'), record({ event: finite, nonEvent: finite }), '"balanced" or { event, nonEvent }'),
    ),
    offset: optional(nameOr(record({ column: text, fitOnly: oneOf(true) }))),
    errors: optional(
      either(oneOf('model', 'HC0', 'HC1'), record({ cluster: text }), '"model", "HC0", "HC1" or { cluster }'),
    ),
    intervals: optional(flag),
    as: name,
    ...regression,
  }),
  decisionTree: rule(decisionTree, {
    label,
    features: treeFeatures,
    weight: name,
    criterion,
    maxDepth: optional(whole()),
    minLeaf: optional(finite),
    smoothing: optional(either(finite, oneOf('cross-validated'), 'a number or "cross-validated"')),
    prune: optional(prune),
    missing: optional(oneOf('direction', 'surrogate', 'null')),
    as: name,
  }),
  randomForest: rule(randomForest, {
    label,
    features: treeFeatures,
    weight: name,
    criterion,
    trees: optional(whole()),
    maxDepth: optional(whole()),
    minLeaf: optional(finite),
    smoothing: optional(finite),
    featuresPerSplit: optional(whole()),
    sample: optional(finite),
    seed: optional(finite),
    missing: direction,
    calibrated: optional(flag),
    as: name,
  }),
  gradientBoosting: rule(gradientBoosting, {
    label,
    features: boostingFeatures,
    weight: name,
    group: name,
    rounds: optional(whole()),
    learningRate: optional(finite),
    leaves: optional(whole()),
    maxDepth: optional(whole()),
    minLeaf: optional(finite),
    minHessian: optional(finite),
    l2: optional(finite),
    minGain: optional(finite),
    categorySmoothing: optional(finite),
    bins: optional(whole()),
    rowShare: optional(finite),
    featureShare: optional(finite),
    monotone: optional(dictionaryOf(oneOf(1, -1))),
    earlyStopping: optional(stopping),
    seed: optional(finite),
    missing: direction,
    as: name,
  }),
  neuralNetwork: rule(neuralNetwork, {
    label,
    features,
    weight: name,
    group: name,
    hidden: optional(listOf(whole())),
    epochs: optional(whole()),
    l2: optional(either(finite, oneOf('held-out'), 'a number or "held-out"')),
    earlyStopping: optional(stopping),
    seed: optional(finite),
    as: name,
  }),
};

const calibration = { label, score: name, weight: name, as: name };

/** When customers leave, and what makes a probability hold. */
export const churnSteps: {
  readonly [S in
    | 'discreteTimeHazard'
    | 'coxRegression'
    | 'plattCalibration'
    | 'isotonicCalibration'
    | 'betaCalibration'
    | 'priorCorrection']: StepRule;
} = {
  discreteTimeHazard: rule(discreteTimeHazard, {
    duration: text,
    event,
    observed: name,
    period: unit,
    features,
    baseline: optional(listOf(oneOf('log', 'first', 'linear'))),
    outputs: record({
      survivalProbability: optional(record({ periods: whole() })),
      survivalAnnuity: optional(record({ periods: whole(), rate, timing: optional(timing) })),
    }),
    as: optional(record({ survivalProbability: name, survivalAnnuity: name })),
    ...regression,
  }),
  coxRegression: rule(coxRegression, {
    duration: text,
    event,
    entry: name,
    period: unit,
    features,
    tenure: name,
    ties: optional(oneOf('efron', 'breslow')),
    strata: name,
    offset: name,
    cluster: name,
    proportionalHazards: optional(
      either(oneOf('km', 'identity', 'log'), oneOf(false), '"km", "identity", "log" or false'),
    ),
    outputs: optional(listOf(output(coxQuantity))),
    ...regression,
  }),
  plattCalibration: rule(plattCalibration, {
    ...calibration,
    scale: optional(oneOf('log-odds', 'score')),
    smooth: optional(flag),
  }),
  isotonicCalibration: rule(isotonicCalibration, { ...calibration, strict: optional(flag) }),
  betaCalibration: rule(betaCalibration, calibration),
  priorCorrection: rule(priorCorrection, {
    populationRate: finite,
    sampleRate: finite,
    probability: name,
    horizon: optional(nullable(span)),
    as: name,
  }),
};
