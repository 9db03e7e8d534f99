import { describe, expect, it } from 'vitest';
import { fitJob } from './fit-job.ts';
import { rejection, smallJob, smallReaders } from './job.test-support.ts';

describe('sensitive columns', () => {
  const other = (changes: { readonly [path: string]: unknown }) => rejection(fitJob(smallJob(changes), smallReaders));
  const reads = (name: string, kind: string): string =>
    `step ${kind} reads "${name}", which the job lists as sensitive or derives from such a column: take it out of the step or the list`;

  it('are taken out of features, however they are written', async () => {
    for (const feature of ['sex', { column: 'sex', reference: 'f' }]) {
      const { file } = await fitJob(
        smallJob({ 'pipeline.steps.0.features': ['tenure', feature, 'plan'] }),
        smallReaders,
      );
      expect(file.model.inputs.map(({ name }) => name)).toEqual(['tenure', 'plan', 'yearly']);
    }
  });

  it('are taken out of features when derived, once and again', async () => {
    const { file } = await fitJob(
      smallJob({
        'tables.0.derive.woman': { flag: { column: 'sex', equals: 'f' } },
        'tables.1': { table: 'more', from: 'base', derive: { hidden: { product: ['tenure', 'woman'] } } },
        'pipeline.table': 'more',
        'pipeline.steps.0.features': ['tenure', 'woman', 'hidden'],
      }),
      smallReaders,
    );
    expect(file.model.inputs.map(({ name }) => name)).toEqual(['tenure', 'yearly']);
  });

  it('are refused wherever else a step names one', async () => {
    const offers = [{ name: 'a', owned: { column: 'sex', equals: 'f' } }];
    for (const own of [
      { step: 'ownershipPropensity', offers, features: ['tenure'] },
      { step: 'potentialValue', offers: [{ ...offers[0], probability: 'loyalty', profit: 1 }] },
      { step: 'spendTiers', newBelow: { column: 'sex', below: 3 } },
    ])
      expect(await other({ 'pipeline.steps.4': own })).toBe(
        `invalid-job: job.pipeline.steps[4] (${own.step}): ${reads('sex', own.step)}`,
      );
    expect(await other({ 'pipeline.sensitive': ['profit'] })).toBe(`invalid-job: ${reads('yearly', 'currentValue')}`);
    expect(await other({ 'pipeline.sensitive': ['tenure'], 'pipeline.steps.0.weight': 'tenure' })).toBe(
      `invalid-job: job.pipeline.steps[0] (logisticRegression): ${reads('tenure', 'logisticRegression')}`,
    );
    expect(await other({ 'pipeline.sensitive': ['left'] })).toBe(
      `invalid-job: job.pipeline.steps[0] (logisticRegression): ${reads('left', 'logisticRegression')}`,
    );
  });

  it('are columns of the table: a misspelt one would protect nobody', async () => {
    expect(await other({ 'pipeline.sensitive': ['Sex'] })).toBe(
      'unknown-column: job.pipeline.sensitive: unknown column "Sex": the table has id, tenure, plan, profit, sex, left, yearly',
    );
  });
});
