// A model of every kind keeps its text through the file: fit, write, read and write again give the same characters.
import { describe, expect, it } from 'vitest';
import * as churn from '../churn/index.ts';
import * as clv from '../clv/index.ts';
import * as loyalty from '../loyalty/index.ts';
import type { Columns } from '../model/batch.ts';
import type { Estimator } from '../model/contract.ts';
import { rfm } from '../rfm/index.ts';
import * as segments from '../segments/index.ts';
import * as value from '../value/index.ts';
import { compositeIndex } from '../weighting/index.ts';
import { allKinds } from './all-kinds.ts';
import { parseModel, pipeline } from './index.ts';

const rows = Array.from({ length: 120 }, (_, i) => i);
const column = (cell: (i: number) => number): Float64Array => Float64Array.from(rows, cell);
const data: Columns = {
  left: rows.map((i) => ((i * 7) % 10 < 4 + (i % 3) ? 'yes' : 'no')),
  sent: rows.map((i) => (i % 2 ? 'yes' : 'no')),
  plan: rows.map((i) => ['a', 'b', null, 'c'][i % 4]!),
  a: column((i) => (i % 13 === 0 ? Number.NaN : (i * 5) % 17)),
  b: column((i) => (i * 11) % 23),
  p: column((i) => ((i * 7) % 10) / 10 + 0.05),
  tenure: column((i) => 1 + (i % 9)),
  x: column((i) => i % 5),
  tx: column((i) => (i % 5 === 0 ? 0 : 1 + (i % 20) + (i % 5))),
  T: column((i) => 30 + (i % 7)),
  n: column((i) => i % 5),
  nx: column((i) => (i % 5 === 0 ? 0 : (i % 5) + 1)),
  N: column(() => 8),
  spend: column((i) => (i % 5 === 0 ? 0 : 10 + ((i * 3) % 19))),
};
const label = { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } } as const;
const part = { label, features: ['b', { column: 'a', missing: 'impute' }] } as const;
const trees = { label, features: ['a', 'b', 'plan'], minLeaf: 5 } as const;
const left = { column: 'left', churned: 'yes' } as const;
const when = { column: 'sent', equals: 'yes' } as const;
const rate = { discount: 0.1, per: 'year' } as const;
const history = {
  frequency: 'x',
  recency: 'tx',
  T: 'T',
  unit: 'week',
  outputs: [{ quantity: 'probabilityOfPurchase', periods: 2, as: 'out' }, { quantity: 'probabilityAlive' }],
} as const;
const uplift = {
  label,
  treatment: { column: 'sent', treated: 'yes' },
  base: (given: churn.BasePart) => churn.logisticRegression({ ...given, features: ['b'] }),
} as const;

const made: { readonly [kind: string]: Estimator<never> | Estimator } = {
  betaCalibration: churn.betaCalibration({ label, score: 'p' }),
  betaDiscreteWeibull: clv.betaDiscreteWeibull({ unit: 'year', tenure: 'tenure', churned: left }),
  bgBb: clv.bgBb({ frequency: 'n', recency: 'nx', T: 'N', unit: 'year' }),
  bgCnbd: clv.bgCnbd({ ...history, k: [1, 2] }),
  bgNbd: clv.bgNbd(history),
  classTransformation: churn.classTransformation(uplift),
  compositeIndex: compositeIndex({
    indicators: [
      { column: 'b', weight: 1, map: { kind: 'step', cuts: [2, 9], scores: [1, 2, 3], closed: 'left' }, group: 'g' },
      { column: 'p', weight: 3, standardise: 'z-sample', cost: true, group: 'g' },
    ],
    renormalise: true,
  }),
  coxRegression: churn.coxRegression({
    ...{ duration: 'tenure', event: left, period: 'month', features: ['b', 'plan'], tenure: 'x', strata: 'sent' },
    outputs: [
      { quantity: 'relativeRisk' },
      { quantity: 'survivalProbability', periods: 2 },
      { quantity: 'survivalAnnuity', periods: 2, rate },
    ],
  }),
  currentValue: value.currentValue({ profit: ['a', 'b'], rate }),
  decisionTree: churn.decisionTree({ ...trees, missing: 'surrogate', prune: { complexity: 0 } }),
  discreteTimeHazard: churn.discreteTimeHazard({
    ...{ duration: 'tenure', event: left, period: 'month', features: ['b'] },
    outputs: { survivalProbability: { periods: 3 }, survivalAnnuity: { periods: 3, rate } },
  }),
  gammaGamma: clv.gammaGamma({ frequency: 'x', monetaryValue: 'spend' }),
  ggomNbd: clv.ggomNbd(history),
  gradientBoosting: churn.gradientBoosting({ ...trees, rounds: 5 }),
  grid: segments.grid({
    axes: [
      { column: 'a', cut: 'mean', as: 'level' },
      { column: 'b', cut: { quantile: [0.3, 0.6] } },
    ],
  }),
  isotonicCalibration: churn.isotonicCalibration({ label, score: 'p' }),
  kMeans: segments.kMeans({ columns: ['b', 'p'], clusters: 2, seed: 1 }),
  lifetimeValue: value.lifetimeValue({
    ...{ currentValue: 'a', potentialValue: 'b', retention: { column: 'p', horizon: { every: 1, unit: 'year' } } },
    annuity: { periods: 3, rate },
  }),
  logisticRegression: churn.logisticRegression({ ...part, intervals: true, classWeight: 'balanced' }),
  loyalty: loyalty.loyalty({ probability: 'p', horizon: { every: 1, unit: 'month' } }),
  loyaltyLadder: loyalty.loyaltyLadder({ orders: 'x' }),
  mbgCnbd: clv.mbgCnbd({ ...history, k: [1, 2] }),
  mbgNbd: clv.mbgNbd(history),
  nbd: clv.nbd(history),
  neuralNetwork: churn.neuralNetwork({ label, features: ['b', 'plan'], hidden: [2], epochs: 3, l2: 1 }),
  nextProduct: loyalty.nextProduct({
    products: [
      { name: 'x', owned: when },
      { name: 'y', owned: { column: 'left', equals: 'yes' }, eligible: when },
    ],
  }),
  ownershipPropensity: value.ownershipPropensity({ offers: [{ name: 'tv', owned: when }], features: ['b', 'plan'] }),
  paretoNbd: clv.paretoNbd({ ...history, priors: { r: { median: 1, sd: 1 } } }),
  pipeline: pipeline([churn.gradientBoosting({ ...trees, rounds: 5 }), loyalty.loyalty()], { folds: { count: 2 } }),
  plattCalibration: churn.plattCalibration({ label, score: 'p' }),
  pointsRules: loyalty.pointsRules({ rules: [{ name: 'x', column: 'b', points: 1, per: 2, cap: 3 }] }),
  potentialValue: value.potentialValue({
    offers: [{ name: 'tv', probability: 'p', profit: 'b', owned: when }],
    ...{ periods: 2, rate, timing: 'begin' },
  }),
  priorCorrection: churn.priorCorrection({ probability: 'p', populationRate: 0.1, sampleRate: 0.5 }),
  randomForest: churn.randomForest({ ...trees, trees: 3, seed: 1 }),
  rfm: rfm({ recency: 'b', frequency: 'x', monetary: 'spend', nested: true, scores: 2 }),
  shareOfWallet: loyalty.shareOfWallet({ own: 'a', category: 'b', estimated: when }),
  shiftedBetaGeometric: clv.shiftedBetaGeometric({ unit: 'year', tenure: 'tenure', churned: left }),
  spendValue: clv.spendValue({ transactions: 'x', spend: 'spend', margin: 0.5 }),
  tLearner: churn.tLearner({ ...uplift, base: (given) => churn.decisionTree({ ...given, features: ['b'] }) }),
  xLearner: churn.xLearner(uplift),
};

/** Segments that a caller or a preset writes down. */
const written: typeof made = {
  bankLayers: segments.bankLayers({ column: 'a' }),
  customerGrades: segments.customerGrades({ orders: 'x', score: 'b', cut: { fixed: [5, 10] } }),
  depositTiers: segments.depositTiers({ balance: 'a', limits: [2, 5, 9] }),
  pyramid: segments.pyramid({ column: 'a' }),
  threeDimensional: segments.threeDimensional({ current: 'a', potential: 'b', loyalty: 'p' }),
  threeLevels: segments.threeLevels({ value: 'a', potential: 'b', loyalty: 'p' }),
  valueMatrix: segments.valueMatrix({ current: 'a', potential: 'b' }),
  cells: segments.grid({
    axes: [{ column: 'a', cut: 'mean', as: 'level' }],
    cells: [
      { usually: 'small', when: ['high'], key: 'top', names: { zh: '高', en: 'Top' } },
      { when: 'rest', key: 'rest' },
    ],
  }),
};

const sameText = (estimator: Estimator<never> | Estimator): string => {
  const model = estimator.fit(data as never) as { readonly kind: string };
  const text = JSON.stringify(model);
  expect(JSON.stringify(parseModel(JSON.parse(text)))).toBe(text);
  return model.kind;
};

describe('the text of a model', () => {
  it('is asked of every kind', () => {
    expect(Object.keys(made).sort()).toEqual(Object.keys(allKinds).sort());
  });

  it.each(Object.entries(made))('%s is the same after it has been read', (kind, estimator) => {
    expect(sameText(estimator)).toBe(kind);
  });

  it.each(Object.entries(written))('%s, a grid, is the same too', (_, estimator) => {
    expect(sameText(estimator)).toBe('grid');
  });
});
