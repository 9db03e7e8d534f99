// Every option of every estimator stands in its step, and the models are compared with those of the estimators called
// directly.
import { describe } from 'vitest';
import {
  betaCalibration,
  coxRegression,
  decisionTree,
  discreteTimeHazard,
  gradientBoosting,
  isotonicCalibration,
  logisticRegression,
  neuralNetwork,
  plattCalibration,
  priorCorrection,
  randomForest,
} from '../churn/index.ts';
import { churnSteps, classifierSteps } from './churn-steps.ts';
import { areTheirEstimators, features, given, label, ridge, treeFeatures, year } from './steps.test-support.ts';

describe('the options of a classifier step are those of its estimator', () => {
  areTheirEstimators(classifierSteps, {
    logisticRegression: [
      given(logisticRegression, {
        label,
        features,
        weight: 'w',
        classWeight: { event: 2, nonEvent: 1 },
        offset: { column: 'money', fitOnly: true },
        errors: { cluster: 'age' },
        intervals: true,
        as: 'q',
        ...ridge,
      }),
      given(logisticRegression, {
        label,
        features,
        weight: 'w',
        penalty: {
          crossValidate: { folds: 3, seed: 2, mix: 0, rule: 'min', group: 'age', lambdas: [0.2, 0.1] },
        },
        classWeight: 'balanced',
        offset: 'p',
        errors: 'HC1',
        intervals: false,
        as: 'q',
        standardise: true,
        groupCollinear: 0.5,
        maxIterations: 30,
      }),
    ],
    decisionTree: [
      given(decisionTree, {
        label,
        features: ['x', { column: 'plan', type: 'category', missing: 'surrogate', unseen: 'null' }],
        weight: 'w',
        criterion: 'entropy',
        maxDepth: 3,
        minLeaf: 4,
        smoothing: 2,
        prune: { folds: 3, seed: 2, rule: 'lowest' },
        missing: 'null',
        as: 'q',
      }),
      given(decisionTree, {
        label,
        features: ['x'],
        minLeaf: 4,
        smoothing: 'cross-validated',
        prune: { complexity: 0.001 },
      }),
    ],
    randomForest: [
      given(randomForest, {
        label,
        features: treeFeatures,
        weight: 'w',
        criterion: 'entropy',
        trees: 5,
        maxDepth: 3,
        minLeaf: 4,
        smoothing: 2,
        featuresPerSplit: 1,
        sample: 0.8,
        seed: 3,
        missing: 'null',
        calibrated: false,
        as: 'q',
      }),
    ],
    gradientBoosting: [
      given(gradientBoosting, {
        label,
        features: treeFeatures,
        weight: 'w',
        group: 'months',
        rounds: 9,
        learningRate: 0.2,
        leaves: 4,
        maxDepth: 3,
        minLeaf: 3,
        minHessian: 0.01,
        l2: 2,
        minGain: 0.001,
        categorySmoothing: 3,
        bins: 16,
        rowShare: 0.9,
        featureShare: 0.9,
        monotone: { x: -1 },
        earlyStopping: { share: 0.3, patience: 4 },
        seed: 5,
        missing: 'null',
        as: 'q',
      }),
      given(gradientBoosting, { label, features: ['x'], rounds: 3, minLeaf: 3, earlyStopping: false }),
    ],
    neuralNetwork: [
      given(neuralNetwork, {
        label,
        features,
        weight: 'w',
        group: 'months',
        hidden: [3, 2],
        epochs: 9,
        l2: 2,
        earlyStopping: { share: 0.3, patience: 4 },
        seed: 5,
        as: 'q',
      }),
      given(neuralNetwork, { label, features: ['x'], epochs: 3, l2: 'held-out' }),
    ],
  });
});

describe('the options of a churn step are those of its estimator', () => {
  areTheirEstimators(churnSteps, {
    discreteTimeHazard: [
      given(discreteTimeHazard, {
        duration: 'months',
        event: { column: 'left', churned: 'yes' },
        observed: 'watched',
        period: 'month',
        features,
        baseline: ['linear'],
        outputs: {
          survivalProbability: { periods: 3 },
          survivalAnnuity: { periods: 4, rate: { discount: 0.01, per: 'month' }, timing: 'begin' },
        },
        as: { survivalProbability: 's3', survivalAnnuity: 'a4' },
        ...ridge,
      }),
    ],
    coxRegression: [
      given(coxRegression, {
        duration: 'age',
        event: { column: 'left', churned: 'yes' },
        entry: 'months',
        period: 'month',
        features: ['x', 'n'],
        tenure: 'rec',
        ties: 'breslow',
        strata: 'plan',
        offset: 'p',
        cluster: 'watched',
        proportionalHazards: false,
        outputs: [
          { quantity: 'relativeRisk', as: 'risk' },
          { quantity: 'survivalAnnuity', periods: 3, rate: year, timing: 'begin', as: 'a3' },
          { quantity: 'survivalProbability', periods: 2.5 },
        ],
        ...ridge,
      }),
      given(coxRegression, {
        duration: 'age',
        event: { column: 'left', churned: 'yes' },
        period: 'month',
        features,
        proportionalHazards: 'log',
      }),
    ],
    plattCalibration: [
      given(plattCalibration, { label, score: 'money', weight: 'w', scale: 'score', smooth: false, as: 'q' }),
    ],
    isotonicCalibration: [given(isotonicCalibration, { label, score: 'p', weight: 'w', strict: true, as: 'q' })],
    betaCalibration: [given(betaCalibration, { label, score: 'p', weight: 'w', as: 'q' })],
    priorCorrection: [
      given(priorCorrection, {
        populationRate: 0.1,
        sampleRate: 0.4,
        probability: 'p',
        horizon: label.horizon,
        as: 'q',
      }),
    ],
  });
});
