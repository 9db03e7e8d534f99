import { describe, expect, it } from 'vitest';
import { fitJob } from './fit-job.ts';
import { changed, rejection, telecomReaders } from './job.test-support.ts';
import { parseJob } from './spec.ts';

const json = {
  version: 1,
  sources: {
    customers: { format: 'csv', columns: { customer: 'text', tenure: 'number' } },
    log: { format: 'csv', columns: { customer: 'text', date: 'date', amount: 'number' } },
  },
  tables: [
    {
      table: 'purchases',
      from: 'log',
      summarize: { customer: 'customer', date: 'date', amount: 'amount', unit: 'week', end: '2024-12-31' },
    },
    { table: 'joined', from: 'customers', join: { with: 'purchases', on: 'customer', unmatched: 'drop' } },
    {
      table: 'base',
      from: 'joined',
      derive: {
        since: { fill: { column: 'recency', value: 0 } },
        recencyDays: { linear: { terms: { recency: 7 } } },
        ageDays: { linear: { terms: { T: 7 } } },
      },
    },
  ],
  pipeline: { table: 'purchases', id: 'customer', steps: [{ step: 'bgNbd', unit: 'week' }] },
  outputs: {},
};
const fit = (changes: { readonly [path: string]: unknown }) => fitJob(parseJob(changed(json, changes)), telecomReaders);
const told = (column: string, own: string, model: string, at = '[0] (bgNbd)'): string =>
  `horizon-mismatch: job.pipeline.steps${at}: column "${column}" is in ${own}s, the model in ${model}s: give the model the unit "${own}", or make the column in ${model}s`;

describe('the unit of a summarised log', () => {
  it('is that of the purchase model, or the job is refused at the step, also behind a join and a fill', async () => {
    expect(await rejection(fit({ 'pipeline.steps.0.unit': 'day' }))).toBe(told('recency', 'week', 'day'));
    expect(await rejection(fit({ 'tables.0.summarize.unit': 'month' }))).toBe(told('recency', 'month', 'week'));
    expect(await rejection(fit({ 'pipeline.table': 'base', 'pipeline.steps.0.unit': 'day' }))).toBe(
      told('recency', 'week', 'day'),
    );
    const filled = { step: 'bgCnbd', recency: 'since', unit: 'day' };
    expect(await rejection(fit({ 'pipeline.table': 'base', 'pipeline.steps': [{ step: 'rfm' }, filled] }))).toBe(
      told('since', 'week', 'day', '[1] (bgCnbd)'),
    );
    const mixed = { step: 'bgNbd', recency: 'daysSinceLast', unit: 'week' };
    expect(await rejection(fit({ 'pipeline.steps': [mixed] }))).toBe(told('daysSinceLast', 'day', 'week'));
  });

  it('may be changed by a derived column: seven times the weeks are days, and α of the fit is seven times as large', async () => {
    const parameters = async (changes: { readonly [path: string]: unknown }) =>
      (await fit({ 'pipeline.table': 'base', ...changes })).file.model.steps[0] as unknown as {
        alpha: number;
        r: number;
      };
    const weeks = await parameters({});
    const days = await parameters({
      'pipeline.steps': [{ step: 'bgNbd', recency: 'recencyDays', T: 'ageDays', unit: 'day' }],
    });
    expect(days.alpha / weeks.alpha).toBeCloseTo(7, 4);
    expect(days.r).toBeCloseTo(weeks.r, 5);
  });
});

describe('what a step finds wrong in the table', () => {
  it('is told at the step', async () => {
    for (const [step, column] of [
      [{ step: 'bgNbd', unit: 'week', recency: 'recent' }, 'recent'],
      [{ step: 'pyramid', column: 'totl' }, 'totl'],
    ] as const)
      expect(await rejection(fit({ 'pipeline.steps': [{ step: 'rfm' }, step] }))).toMatch(
        new RegExp(`^unknown-column: job\\.pipeline\\.steps\\[1\\] \\(${step.step}\\): unknown column "${column}"`),
      );
  });
});
