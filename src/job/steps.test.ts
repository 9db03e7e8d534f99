import { describe, expect, it } from 'vitest';
import * as kinds from '../scoring/kinds.ts';
import { fitJob } from './fit-job.ts';
import { changed, failure, rejection, smallJob, smallJobJson, smallReaders } from './job.test-support.ts';
import { parseJob } from './spec.ts';
import { step } from './steps.ts';

const label = { column: 'left', churned: 'yes', horizon: null };

describe('the steps of a job', () => {
  it('are there for every kind of model but the pipeline itself', () => {
    const known = failure(() => step({ step: '?' }, 'x'))
      .split('known are ')[1]!
      .split(', ');
    const all = Object.values(kinds).flatMap((value) => (typeof value === 'object' ? [value.kind as string] : []));
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter((kind) => !known.includes(kind))).toEqual(['pipeline']);
  });

  it('refuse an unknown key in every depth when a job is read', () => {
    const read = (own: object): string => failure(() => parseJob(changed(smallJobJson, { 'pipeline.steps.4': own })));
    const place = 'invalid-job: job.pipeline.steps[4]';
    const x = ': unknown key "x"; known are ';
    expect(read({ step: 'decisionTree', label, features: ['tenure'], x: 1 })).toMatch(`${place}${x}label, features`);
    expect(read({ step: 'decisionTree', label, features: [{ column: 'tenure', x: 1 }] })).toMatch(
      `${place}.features[0]${x}column`,
    );
    expect(read({ step: 'decisionTree', label, features: ['tenure'], prune: { folds: 2, x: 1 } })).toMatch(
      `${place}.prune${x}folds, seed, rule`,
    );
    expect(read({ step: 'grid', axes: [{ column: 'tenure', cut: 'mean', x: 1 }] })).toMatch(
      `${place}.axes[0]${x}column, cut`,
    );
    expect(read({ step: 'grid', axes: [{ column: 'tenure', cut: { fixed: 1, x: 1 } }] })).toMatch(
      `${place}.axes[0].cut${x}fixed`,
    );
    expect(read({ step: 'gradientBoosting', label, features: ['tenure'], earlyStopping: { x: 1 } })).toMatch(
      `${place}.earlyStopping: expected false or { share, patience }, got {"x":1}`,
    );
  });

  it('tell where a value stands that an estimator refuses, before any source is read', async () => {
    const told = (own: object): Promise<string> =>
      rejection(
        fitJob(smallJob({ 'pipeline.steps.4': own }), {
          customers: () => {
            throw new Error('a source is read');
          },
        }),
      );
    expect(await told({ step: 'decisionTree', label, features: ['tenure'], maxDepth: 0 })).toBe(
      'invalid-option: job.pipeline.steps[4] (decisionTree): invalid maxDepth: 0; use a whole number from 1 to 64',
    );
    const base = { step: 'randomForest', features: ['tenure'], sample: 2 };
    expect(await told({ step: 'xLearner', label, treatment: { column: 'plan', treated: 'a' }, base })).toBe(
      'invalid-option: job.pipeline.steps[4] (xLearner): invalid sample: 2; use a share in (0, 1]',
    );
    expect(await told({ step: 'kMeans', columns: ['tenure'], clusters: 0, seed: 1 })).toMatch(
      /^invalid-option: job\.pipeline\.steps\[4\] \(kMeans\): .*clusters/,
    );
  });

  it('refuse a sensitive column of strata, of propensities and of a base', async () => {
    const told = (own: object): Promise<string> =>
      rejection(fitJob(smallJob({ 'pipeline.steps.4': own }), smallReaders));
    const survival = { step: 'coxRegression', duration: 'tenure', event: { column: 'left', churned: 'yes' } };
    expect(await told({ ...survival, period: 'month', features: ['profit'], strata: 'sex' })).toMatch(
      /^invalid-job: job\.pipeline\.steps\[4\] \(coxRegression\): step coxRegression reads "sex"/,
    );
    const base = { step: 'logisticRegression', features: ['tenure'], offset: { column: 'sex', fitOnly: true } };
    expect(await told({ step: 'tLearner', label, treatment: { column: 'plan', treated: 'a' }, base })).toMatch(
      /^invalid-job: job\.pipeline\.steps\[4\] \(tLearner\): step tLearner reads "sex"/,
    );
  });
});
