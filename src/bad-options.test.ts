// Bad options and bad files, through the public modules: a stable code, and a message that names the place and what to do.
import { areRefused, churn, data, job, label, model, plan } from './bad-input.test-support.ts';
import {
  bgNbd,
  compositeIndex,
  currentValue,
  lifetimeValue,
  logisticRegression,
  loyalty,
  ownershipPropensity,
  parseModel,
  pipeline,
  potentialValue,
  pyramid,
  rfm,
  spendValue,
  valueAtRisk,
} from './index.ts';
import { parseJob, parseJobModel } from './job/index.ts';
import { changed, smallJobJson } from './job/job.test-support.ts';

const yearly = { discount: 0.1, per: 'year' } as const;
const value = (periods: number, discount = 0.1) =>
  currentValue({ profit: 'x', periods, rate: { discount, per: 'year' } });
const offers = [{ name: 'tv', probability: 'p', profit: 1 }] as const;
const stored = (): { [key: string]: unknown } => JSON.parse(JSON.stringify(model));

areRefused({
  'a negative or non-finite parameter': [
    [
      'a ridge penalty',
      () => logisticRegression({ label, features: ['x'], l2: -1 }),
      'invalid-option',
      /invalid l2: -1; use 0 or a positive number/,
    ],
    [
      'no number as a penalty',
      () => logisticRegression({ label, features: ['x'], l2: Number.NaN }),
      'invalid-option',
      /invalid l2: NaN/,
    ],
    [
      'a number of steps',
      () => logisticRegression({ label, features: ['x'], maxIterations: 0 }),
      'invalid-option',
      /invalid maxIterations: 0; use a whole number above 0/,
    ],
    ['a number of periods', () => value(-1), 'invalid-option', /invalid periods: -1; use a whole number/],
    [
      'an endless number of periods',
      () => value(Number.POSITIVE_INFINITY),
      'invalid-option',
      /invalid periods: Infinity; use a whole number/,
    ],
    ['a discount', () => value(3, Number.NaN), 'invalid-option', /invalid discount: NaN; use a finite rate above −1/],
    [
      'a discount of everything',
      () => value(3, -1),
      'invalid-option',
      /invalid discount: -1; use a finite rate above −1/,
    ],
    [
      'a margin',
      () => spendValue({ margin: Number.POSITIVE_INFINITY }),
      'invalid-option',
      /margin: expected a finite number/,
    ],
    [
      'a profit',
      () => potentialValue({ offers: [{ ...offers[0], profit: Number.NaN }] }),
      'invalid-option',
      /invalid profit of offer "tv": NaN; use a finite amount or a column/,
    ],
    [
      'a horizon',
      () => bgNbd({ unit: 'week', outputs: [{ quantity: 'expectedPurchases', periods: -1 }] }),
      'invalid-option',
      /outputs\[0\]\.periods: expected a number above 0, got -1/,
    ],
    [
      'a span',
      () => loyalty({ horizon: { every: -1, unit: 'month' } }),
      'invalid-option',
      /horizon\.every: expected a number above 0, got -1/,
    ],
    [
      'a weight',
      () => compositeIndex({ indicators: [{ column: 'x', weight: -1 }] }),
      'invalid-option',
      /indicators: invalid weight -1; use finite numbers, 0 or more/,
    ],
    [
      'a cut',
      () => pyramid({ cut: { fixed: [Number.NaN, 2] } }),
      'invalid-option',
      /axis "currentValue": cut\.fixed\[0\]: expected a finite number/,
    ],
    [
      'RFM weights',
      () => rfm({ weights: { recency: -1, frequency: 1, monetary: 1 } }),
      'invalid-option',
      /weights: expected numbers ≥ 0/,
    ],
    [
      'a number of folds',
      () => pipeline([churn], { folds: { count: 1, seed: 1 } }).fit(data),
      'invalid-option',
      /invalid folds\.count: 1; use a whole number of at least 2/,
    ],
    [
      'a probability',
      () => valueAtRisk({ probability: [-0.1], value: [1] }),
      'invalid-value',
      /probability, row 0: -0.1 is outside \[0, 1\]/,
    ],
    [
      'in a job file',
      () => parseJob(changed(smallJobJson, { 'pipeline.steps.2.periods': -3 })),
      'invalid-job',
      /job\.pipeline\.steps\[2\]\.periods: expected a whole number in \[0, /,
    ],
    [
      'in a step of a job',
      () => job({ 'pipeline.steps.0.l2': -1 }),
      'invalid-option',
      /job\.pipeline\.steps\[0\] \(logisticRegression\): invalid l2: -1; use 0 or a positive number/,
    ],
  ],
  'unequal periods': [
    [
      'of profits and their columns',
      () => currentValue({ profit: ['x', 'y'], periods: 3, rate: yearly }),
      'invalid-option',
      /invalid periods: 3; there are 2 profit columns, one per period/,
    ],
    [
      'of current and potential value',
      () =>
        pipeline([value(3), potentialValue({ offers, periods: 2, rate: yearly }), lifetimeValue()]).fit({
          x: [1],
          p: [0.5],
        }),
      'horizon-mismatch',
      /"currentValue" is discounted over 3 × year.*"potentialValue" over 2 × year.*give both the same periods/,
    ],
    [
      'of a value and its retention',
      () =>
        pipeline([
          loyalty({ horizon: { every: 1, unit: 'month' } }),
          value(3),
          potentialValue({ offers, periods: 3, rate: yearly }),
          lifetimeValue({ retention: { column: 'loyalty' } }),
        ]).fit({ x: [1], p: [0.5], churnProbability: [0.1] }),
      'horizon-mismatch',
      /"loyalty" is a retention over 1 × month, but is needed per year: give/,
    ],
    [
      'unknown ones',
      () =>
        lifetimeValue({ retention: { column: 'r', horizon: null }, annuity: { periods: 2, rate: yearly } }).fit({
          currentValue: [1],
          potentialValue: [2],
          r: [0.5],
        }),
      'horizon-mismatch',
      /the horizon of "r" is unknown: such a probability may rank and cut, not discount/,
    ],
    [
      'columns of unequal length',
      () => plan.score({ x: [1, 2], plan: ['a'] }),
      'wrong-length',
      /column "plan" has 1 rows, column "x" has 2: make them equal/,
    ],
    [
      'in a job',
      () =>
        job({
          'pipeline.steps.4': {
            step: 'potentialValue',
            offers: [{ name: 'tv', probability: 'loyalty', profit: 1 }],
            periods: 2,
            rate: yearly,
          },
          'pipeline.steps.5': { step: 'lifetimeValue' },
        }),
      'horizon-mismatch',
      /"currentValue" is discounted over 3 × year/,
    ],
  ],
  'an output name that is taken': [
    [
      'by another step',
      () => pipeline([value(3), value(3)]).fit(data),
      'output-taken',
      /gives "currentValue", which the data already hold: rename it with "as"/,
    ],
    [
      'by the data of the fit',
      () => pipeline([value(3)]).fit({ ...data, currentValue: data.x }),
      'output-taken',
      /"currentValue"/,
    ],
    [
      'by the batch',
      () => plan.score({ ...data, churnProbability: data.x } as never),
      'output-taken',
      /the batch already has a column "churnProbability": rename it, or/,
    ],
    [
      'within a step',
      () => bgNbd({ unit: 'week', outputs: [{ quantity: 'probabilityAlive' }, { quantity: 'probabilityAlive' }] }),
      'output-taken',
      /the name "probabilityAlive" is taken; rename one by "as"/,
    ],
    ['in a job, by a column', () => job({ 'pipeline.steps.2.as': 'profit' }), 'output-taken', /"profit"/],
    [
      'in a job, by a derived column',
      () => job({ 'tables.0.derive.plan': { product: ['profit'] } }),
      'output-taken',
      /table "base": column "plan" is there already: choose another name/,
    ],
    [
      'in a job, by a table',
      () => parseJob(changed(smallJobJson, { 'tables.0.table': 'customers' })),
      'invalid-job',
      /job\.tables\[0\]\.table: "customers" is the name of a source or an earlier table: choose another/,
    ],
    [
      'in a job, by a file',
      () => parseJob(changed(smallJobJson, { 'outputs.csv': 'model.json' })),
      'invalid-job',
      /job\.outputs\.model: the file name "model\.json" is taken: choose another/,
    ],
  ],
  'a label used as a feature': [
    [
      'its own',
      () => logisticRegression({ label, features: ['x', 'left'] }),
      'label-as-feature',
      /the label "left" is listed as a feature: leave it out/,
    ],
    [
      "another step's",
      () =>
        pipeline([
          churn,
          ownershipPropensity({ offers: [{ name: 'a', owned: { column: 'plan', equals: 'a' } }], features: ['left'] }),
        ]).fit(data),
      'label-as-feature',
      /step ownershipPropensity reads "left".*leave it out/,
    ],
    [
      'in a job',
      () => job({ 'pipeline.steps.0.features': ['tenure', 'left'] }),
      'label-as-feature',
      /job\.pipeline\.steps\[0\] \(logisticRegression\): the label "left" is listed as a feature: leave it out/,
    ],
  ],
  'a corrupt or foreign model file': [
    ['no object', () => parseModel('x'), 'invalid-model', /model: expected an object with a "kind"/],
    [
      'another kind',
      () => parseModel({ kind: 'sklearn' }),
      'unknown-kind',
      /unknown model kind "sklearn"; this engine knows betaCalibration, betaDiscreteWeibull, bgBb, /,
    ],
    [
      'no number',
      () => parseModel({ ...stored(), intercept: null }),
      'invalid-model',
      /model\.intercept: expected a finite number, got null/,
    ],
    [
      'a newer version',
      () => parseModel({ ...stored(), version: 2 }),
      'invalid-model',
      /model\.version: logisticRegression version 2 cannot be read here \(this library reads 1\)/,
    ],
    [
      'a key more',
      () => parseModel({ ...stored(), extra: 1 }),
      'invalid-model',
      /model: unknown key "extra"; known are/,
    ],
    ['a key less', () => parseModel({ ...stored(), terms: undefined }), 'invalid-model', /model\.terms/],
    [
      'a key that reaches a prototype',
      () => parseModel(JSON.parse('{"kind":"loyalty","__proto__":{}}')),
      'invalid-model',
      /key "__proto__" is refused/,
    ],
    [
      'too deep',
      () => parseModel({ kind: 'loyalty', fit: JSON.parse('['.repeat(40) + ']'.repeat(40)) }),
      'invalid-model',
      /nested deeper than 32/,
    ],
    [
      'of a job: another file',
      () => parseJobModel(smallJobJson),
      'invalid-model',
      /file: no model file .*: give the model\.json of a run or a fit/,
    ],
    [
      'of a job: a single model',
      () => parseJobModel({ format: 'clientele-job', version: 1, job: smallJobJson, model: stored() }),
      'invalid-model',
      /file\.model: expected a pipeline, got logisticRegression/,
    ],
  ],
  'a job file with an unknown key': [
    [
      'at the top',
      () => parseJob(changed(smallJobJson, { steps: [] })),
      'invalid-job',
      /job: unknown key "steps"; known are version, title, sources, tables, pipeline, outputs/,
    ],
    [
      'in a step',
      () => parseJob(changed(smallJobJson, { 'pipeline.steps.2.discount': 0.1 })),
      'invalid-job',
      /job\.pipeline\.steps\[2\]: unknown key "discount"; known are profit, periods, rate/,
    ],
  ],
});
