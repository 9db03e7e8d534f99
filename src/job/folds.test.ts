// How a job parts rows: by its id, or by time where the table carries as-of dates.
import { describe, expect, it } from 'vitest';
import { heldOutBy } from '../cli/text-table.ts';
import { type JobRun, parseJob, runJob } from './index.ts';
import { bytes, rejection, smallJob, smallReaders, telecomFile } from './job.test-support.ts';

const label = { column: 'churned', churned: 'yes', horizon: { every: 3, unit: 'month' } };
const panelJob = (folds?: object, asOf = 'asOf') =>
  parseJob({
    version: 1,
    sources: {
      panel: {
        format: 'csv',
        columns: { [asOf]: 'category', customer: 'text', tenure: 'number', complaints: 'number', churned: 'category' },
        fitOnly: ['churned'],
      },
    },
    pipeline: {
      table: 'panel',
      id: 'customer',
      active: { column: asOf, equals: '2024-06-30' },
      ...(folds ? { folds } : {}),
      steps: [{ step: 'logisticRegression', label, features: ['tenure', 'complaints'] }],
    },
    outputs: {},
  });
const read = { panel: () => telecomFile('panel') };
const validation = async (folds?: object): Promise<JobRun['summary']['validation']> =>
  (await runJob(panelJob(folds), read)).summary.validation;
const dates = ['2023-06-30', '2023-12-31', '2024-06-30'].map((date) => `as of ${date}`);

describe('the folds of a job', () => {
  it('are by time where the table has several as-of dates, and the first date is judged by none', async () => {
    const { summary } = await runJob(panelJob(), read);
    expect(summary.validation).toEqual({ rule: 'temporal', splits: dates });
    const first = new TextDecoder().decode(telecomFile('panel')).split('\n2022-12-31,').length - 1;
    expect(summary.heldOut[0]).toMatchObject({ unjudged: first, metrics: { rows: 9322 - first } });
    expect(heldOutBy(summary.folds, summary.validation)).toBe(`by time: ${dates.join(', ')}`);
  });

  it('take the options of the rule', async () => {
    expect(await validation({ rule: 'temporal', atLeast: 2 })).toEqual({ rule: 'temporal', splits: dates.slice(1) });
    // A year and a half until an outcome is known leaves the last date one to learn from.
    expect(await validation({ rule: 'temporal', lookAhead: 500 })).toEqual({
      rule: 'temporal',
      splits: dates.slice(2),
    });
    expect(await validation({ count: 3, rule: 'row-modulo' })).toMatchObject({ rule: 'row-modulo' });
  });

  it('read the as-of dates from the column named, which must be there', async () => {
    const named = new TextDecoder().decode(telecomFile('panel')).replace('asOf,', 'watched,');
    const { summary } = await runJob(panelJob({ rule: 'temporal', asOf: 'watched' }, 'watched'), {
      panel: () => bytes(named),
    });
    expect(summary.validation).toEqual({ rule: 'temporal', splits: dates });
    expect(await rejection(runJob(smallJob({ 'pipeline.folds': { rule: 'temporal' } }), smallReaders))).toMatch(
      /^unknown-column: job\.pipeline\.folds: unknown column "asOf"/,
    );
  });

  it('keep the rows of one id together when they are random', async () => {
    const told = async (folds: object) => (await runJob(panelJob(folds), read)).summary;
    const own = await told({ count: 4, seed: 2 });
    expect(own.validation).toMatchObject({ rule: 'stratified', splits: { length: 4 } });
    expect(own.heldOut).toEqual((await told({ count: 4, seed: 2, by: 'customer' })).heldOut);
    expect(own.notes.filter((note) => note.includes('several folds'))).toEqual([]);
    // Of a name that nothing tells to be the customer's.
    const named = new TextDecoder().decode(telecomFile('panel')).replace('asOf,customer,', 'watched,line,');
    const job = panelJob(undefined, 'watched');
    const columns = { ...job.sources.panel!.columns, line: 'text' } as const;
    const { customer: _, ...rest } = columns as { readonly [name: string]: 'text' };
    const renamed = {
      ...job,
      sources: { panel: { ...job.sources.panel!, columns: rest } },
      pipeline: { ...job.pipeline, id: 'line', folds: { count: 4, seed: 2 } },
    };
    expect((await runJob(renamed, { panel: () => bytes(named) })).summary.heldOut).toEqual(own.heldOut);
  });

  it('are five by id where the as-of date is one', async () => {
    const lines = new TextDecoder().decode(telecomFile('panel')).split('\n');
    const last = lines.filter((line, i) => i === 0 || line.startsWith('2024-06-30')).join('\n');
    const { summary } = await runJob(panelJob(), { panel: () => bytes(last) });
    expect(summary.validation).toMatchObject({ rule: 'stratified', splits: { length: 5 } });
  });
});
