import { describe, expect, it } from 'vitest';
import { parseDay } from '../columns/index.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { fitJob } from './fit-job.ts';
import { bytes, rejection } from './job.test-support.ts';
import { parseJobModel } from './job-model.ts';
import { scoreJob } from './score-job.ts';
import { parseJob } from './spec.ts';

const job = parseJob({
  version: 1,
  sources: { log: { format: 'csv', columns: { id: 'text', day: 'date', paid: 'number' } } },
  tables: [
    {
      table: 'customers',
      from: 'log',
      summarize: {
        customer: 'id',
        date: 'day',
        amount: 'paid',
        unit: 'day',
        calibrationEnd: '2024-03-01',
        end: '2024-04-01',
      },
    },
  ],
  pipeline: {
    table: 'customers',
    id: 'id',
    steps: [{ step: 'pyramid', column: 'total', cut: 'mean', tiers: [{ key: 'small' }, { key: 'large' }], as: 'tier' }],
  },
  outputs: { keep: ['orders', 'daysSinceLast', 'holdoutFrequency'], csv: 'scored.csv' },
});
const log = 'id,day,paid\na,2024-01-01,10\na,2024-03-20,30\nb,2024-02-01,5\nc,2024-05-02,7\n';
const readers = { log: () => bytes(log) };

describe('scoring a log as of another day', () => {
  it('looks at nothing after that day, and needs no holdout (worked by hand)', async () => {
    const { file } = await fitJob(job, readers);
    const { columns } = await scoreJob(parseJobModel(JSON.parse(JSON.stringify(file))), readers, {
      asOf: '2024-05-01',
    });
    const { id, orders, daysSinceLast } = columns as { id: CategoryColumn; [name: string]: unknown };
    expect(id.levels).toEqual(['a', 'b']);
    expect(orders).toEqual(Float64Array.of(2, 1));
    const asOf = parseDay('2024-05-01');
    expect(daysSinceLast).toEqual(Float64Array.of(asOf - parseDay('2024-03-20'), asOf - parseDay('2024-02-01')));
    expect(columns.holdoutFrequency).toBeUndefined();
    // The file's own days: a's purchase of 20 March lies in the holdout.
    const again = await scoreJob(file, readers);
    expect(again.columns.orders).toEqual(Float64Array.of(1, 1));
    expect(again.columns.holdoutFrequency).toEqual(Float64Array.of(1, 0));
  });

  it('refuses a day that is none', async () => {
    const { file } = await fitJob(job, readers);
    expect(await rejection(scoreJob(file, readers, { asOf: 'May' }))).toMatch(/invalid-option.*"?May/);
  });
});
