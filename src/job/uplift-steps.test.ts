// A learner holds a step within a step: the models are compared with those of the learners called directly.
import { describe, expect, it } from 'vitest';
import {
  classTransformation,
  gradientBoosting,
  logisticRegression,
  randomForest,
  tLearner,
  xLearner,
} from '../churn/index.ts';
import { failure } from './job.test-support.ts';
import { areTheirEstimators, data, features, label, treeFeatures } from './steps.test-support.ts';
import { makeStep, step } from './steps.ts';
import { upliftSteps } from './uplift-steps.ts';

const options = { label, treatment: { column: 'tv', treated: 'yes' }, as: 'gain' } as const;
const boosting = { features: treeFeatures, rounds: 4, minLeaf: 3, earlyStopping: { share: 0.3 } } as const;

describe('the options of an uplift step are those of its learner', () => {
  areTheirEstimators(upliftSteps, {
    tLearner: [
      [
        { ...options, base: { step: 'logisticRegression', features, l2: 1 } },
        tLearner({ ...options, base: (part) => logisticRegression({ ...part, features, l2: 1 }) }),
      ],
    ],
    xLearner: [
      [
        { ...options, base: { step: 'gradientBoosting', ...boosting }, propensity: 0.6 },
        xLearner({ ...options, base: (part) => gradientBoosting({ ...part, ...boosting }), propensity: 0.6 }),
      ],
    ],
    classTransformation: [
      [
        { ...options, base: { step: 'randomForest', features: ['x', 'plan'], trees: 3 }, propensity: 'chance' },
        classTransformation({
          ...options,
          base: (part) => randomForest({ ...part, features: ['x', 'plan'], trees: 3 }),
          propensity: 'chance',
        }),
      ],
    ],
  });
});

describe('the step within an uplift step', () => {
  const read = (base: unknown): string => failure(() => step({ step: 'tLearner', ...options, base }, 'job.x'));

  it('is a classifier', () => {
    for (const base of [{ step: 'rfm' }, { step: 'tLearner' }, {}, null, 'logisticRegression'])
      expect(read(base)).toMatch(
        /job\.x\.base\.step: unknown step .*; known are logisticRegression, decisionTree, randomForest, gradientBoosting, neuralNetwork$/,
      );
  });

  it('takes label, weights and groups from the learner, and no option that its estimator does not have', () => {
    for (const extra of [{ label }, { weight: 'w' }, { group: 'w' }, { maxDepth: 3 }])
      expect(read({ step: 'logisticRegression', features: ['x'], ...extra })).toMatch(
        /job\.x\.base: unknown key "\w+"; known are features, penalty, /,
      );
    expect(read({ step: 'logisticRegression', features: [{ column: 'x', colum: 'y' }] })).toMatch(
      /job\.x\.base\.features\[0\]: unknown key "colum"; known are column, type/,
    );
  });

  it('loses sensitive features, however they are written', () => {
    const base = { step: 'logisticRegression', features: ['x', 'plan', { column: 'n' }] };
    const made = makeStep(step({ step: 'tLearner', ...options, base }, 'job.x'), new Set(['plan', 'n']));
    expect(made.fit(data).inputs.map(({ name }) => name)).toEqual(['x']);
  });
});
