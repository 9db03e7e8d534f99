import { describe, expect, it } from 'vitest';
import { fitJob, parseJob } from '../job/index.ts';
import { telecomReaders } from '../job/job.test-support.ts';
import { renderModel } from './render-model.ts';

describe('a fitted job as text', () => {
  it('tells the units of what it needs and gives, as the model states them', async () => {
    const log = { format: 'csv', columns: { customer: 'text', date: 'date', amount: 'number' } };
    const summarize = { customer: 'customer', date: 'date', amount: 'amount', unit: 'week', end: '2024-12-31' };
    const outputs = [
      { quantity: 'expectedPurchases', periods: 39 },
      { quantity: 'probabilityOfPurchase', periods: 26 },
    ];
    const job = parseJob({
      version: 1,
      sources: { log },
      tables: [{ table: 'customers', from: 'log', summarize }],
      pipeline: { table: 'customers', id: 'customer', steps: [{ step: 'bgNbd', unit: 'week', outputs }] },
      outputs: {},
    });
    const { file } = await fitJob(job, { log: telecomReaders.log! });
    const text = renderModel(file);
    for (const line of [
      /^ {2}frequency +number +purchases$/m,
      /^ {2}recency +number +weeks$/m,
      /^ {2}T +number +weeks$/m,
      /^ {2}expectedPurchases +number +purchases in 39 × week$/m,
      /^ {2}probabilityOfPurchase +number +probability; within 26 week$/m,
    ])
      expect(text).toMatch(line);
  });
});
