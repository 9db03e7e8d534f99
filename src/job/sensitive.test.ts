import { describe, expect, it } from 'vitest';
import { fitJob } from './fit-job.ts';
import { rejection, smallJob, smallReaders } from './job.test-support.ts';
import { runJob } from './run-job.ts';
import { takenOut } from './sensitive.ts';

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

  it('are told of by step where a step lists one, and nowhere else (as written down here)', async () => {
    const told = async (changes: { readonly [path: string]: unknown }) =>
      (await runJob(smallJob(changes), smallReaders)).summary.takenOut;
    expect(await told({})).toEqual([{ step: 'logisticRegression', columns: ['sex'] }]);
    expect(await told({ 'pipeline.steps.0.features': ['tenure', 'plan'] })).toEqual([]);
    const base = { step: 'logisticRegression', features: ['tenure', { column: 'sex' }] };
    const uplift = { step: 'tLearner', label: (smallJob().pipeline.steps[0] as { label?: unknown }).label, base };
    expect(
      takenOut(smallJob({ 'pipeline.steps.4': { ...uplift, treatment: { column: 'plan', treated: 'a' } } })),
    ).toEqual([
      { step: 'logisticRegression', columns: ['sex'] },
      { step: 'tLearner', columns: ['sex'] },
    ]);
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
