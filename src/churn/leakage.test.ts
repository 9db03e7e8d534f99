import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { pipeline } from '../scoring/index.ts';
import {
  compareClassifiers,
  decisionTree,
  gradientBoosting,
  kaplanMeier,
  logisticRegression,
  neuralNetwork,
  randomForest,
} from './index.ts';

const random = seededRandom(4);
const n = 200;
const x = Float64Array.from({ length: n }, () => random.uniform());
const left = x.map((v) => (random.uniform() < v ? 1 : 0));
const data = {
  x,
  left,
  id: Array.from({ length: n }, (_, i) => `c${i}`),
  // Known to leavers only, larger for them, and a level that no one else has.
  refund: left.map((y) => (y === 1 ? 5 : Number.NaN)),
  calls: left.map((y, i) => 3 * y + (i % 3)),
  // One row of the other class has the value of the threshold.
  almost: left.map((y, i) => (i === left.indexOf(0) ? 3 : 3 * y + (i % 3))),
  note: Array.from(left, (y, i) => (y === 1 ? ['port', 'cancel'][i % 2]! : 'none')),
};
const label = { column: 'left', churned: 1, horizon: null } as const;

describe('a feature that tells the classes apart alone', () => {
  const trees = { label, features: ['x', 'refund', 'calls', 'almost', 'note'] } as const;
  const linear = { label, features: ['x', 'calls', 'almost', 'note'] } as const;
  it.each([
    ['decisionTree', decisionTree(trees), '"refund", "calls", "note"'],
    ['randomForest', randomForest({ ...trees, trees: 5 }), '"refund", "calls", "note"'],
    ['gradientBoosting', gradientBoosting({ ...trees, rounds: 5 }), '"refund", "calls", "note"'],
    ['logisticRegression', logisticRegression(linear), '"calls", "note"'],
    ['a ridge', logisticRegression({ ...linear, l2: 1 }), '"calls", "note"'],
    ['neuralNetwork', neuralNetwork({ ...linear, epochs: 5 }), '"calls", "note"'],
  ])('is named by %s', (_name, estimator, names) => {
    const { warnings } = estimator.fit(data).fit;
    expect(warnings.filter((text) => text.startsWith('leakage'))).toEqual([
      `leakage: ${names} alone tell the two classes apart without an error; leave out what is not known before the outcome`,
    ]);
  });

  it('is told by a pipeline with the step that reads it', () => {
    const { warnings } = pipeline([decisionTree({ label, features: ['calls'] })]).fit(data).fit;
    expect(warnings.join()).toMatch(/decisionTree: leakage: "calls" alone tells the two classes apart/);
  });

  it('is not seen in ids, in honest features, or in classes so few that chance separates them', () => {
    const warned = (features: readonly string[], rows: object = data) =>
      decisionTree({ label, features })
        .fit(rows as never)
        .fit.warnings.filter((text) => text.startsWith('leakage'));
    // More than 50 ids are refused altogether.
    const few = { id: data.id.slice(0, 50), left: data.left.slice(0, 50) };
    expect(warned(['id'], few)).toEqual([]);
    expect(warned(['x', 'almost'])).toEqual([]);
    expect(warned(['x'], { x: [1, 2, 3, 4, 5, 6, 7, 8], left: [0, 0, 0, 0, 1, 1, 1, 1] })).toEqual([]);
    expect(warned(['x'], { x: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], left: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1] })).toHaveLength(1);
  });
});

describe('a label of three levels', () => {
  const three = { x, left: Array.from(left, (y, i) => (i % 20 === 0 ? 'unknown' : y === 1 ? 'yes' : 'no')) };
  it.each([
    ['logisticRegression', logisticRegression],
    ['decisionTree', decisionTree],
  ] as const)('is told by %s with what counts as staying', (_name, of) => {
    const told = of({ label: { ...label, churned: 'yes' }, features: ['x'] }).fit(three).fit.warnings;
    expect(told).toContain(
      'label "left" has 3 values: "unknown", "no" all count as not "yes"; make those null that say nothing of it',
    );
    expect(of({ label, features: ['x'] }).fit(data).fit.warnings).toEqual([]);
  });

  it('that has two of them in the fit, the third one null, is nothing to tell of', () => {
    const known = { x, left: three.left.map((cell) => (cell === 'unknown' ? null : cell)) };
    const { warnings } = logisticRegression({ label: { ...label, churned: 'yes' }, features: ['x'] }).fit(known).fit;
    expect(warnings).toEqual(['10 rows without a label are left out of the fit']);
  });
});

describe('a group without events', () => {
  it('has a survival curve that stays at 1', () => {
    const table = { months: [1, 2, 3, 4, 5, 6], left: [1, 0, 1, 0, 0, 0], plan: ['a', 'a', 'a', 'b', 'b', 'b'] };
    const { curves } = kaplanMeier(table, {
      duration: 'months',
      event: { column: 'left', churned: 1 },
      group: 'plan',
    });
    // No time of an event: S is 1 as long as somebody was watched.
    expect(curves.find(({ group }) => group === 'b')).toMatchObject({ rows: 3, events: 0, until: 6, survival: [] });
  });

  it('gives a split without figures where it is all that is judged, which the comparison says', () => {
    const half = Array.from({ length: n / 2 }, (_, i) => i);
    const rest = half.map((i) => i + n / 2);
    const calm = left.map((y, i) => (i < 40 ? 0 : y));
    const splits = [
      { train: rest, test: half.slice(0, 40) },
      { train: rest, test: half.slice(40) },
    ];
    const of = { label, features: ['x'] } as const;
    const { warnings, candidates } = compareClassifiers(
      { x, left: calm },
      { logistic: logisticRegression(of), tree: decisionTree(of) },
      { validation: { splits } },
    );
    expect(warnings).toEqual(['split 1 of 2: the rows to judge are of one class, so it has no figures']);
    expect(candidates[0]!.folds[0]).toBeNull();
  });

  it('is one whose customers stay in one fold each, as others do', () => {
    const customer = Array.from({ length: n }, (_, i) => `c${i >> 1}`);
    const region = customer.map((_, i) => (i < 40 ? 'quiet' : 'other'));
    const calm = left.map((y, i) => (i < 40 ? 0 : y));
    const { fit } = pipeline([logisticRegression({ label, features: ['x', 'region'], l2: 1 })]).fit({
      x,
      left: calm,
      customer,
      region,
    });
    expect([fit.validation!.rule, fit.folds, fit.status]).toEqual(['stratified', 5, 'converged']);
  });
});
