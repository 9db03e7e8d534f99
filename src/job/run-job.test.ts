import { beforeAll, describe, expect, it } from 'vitest';
import { toArrow } from '../columns/index.ts';
import { readCsvTable, writeIpcBytes } from '../ingest/index.ts';
import { type JobRun, parseJobModel, runJob, scoreJob } from './index.ts';
import {
  bytes,
  changed,
  failure,
  pieces,
  rejection,
  sameBits,
  smallCustomers,
  smallJob,
  smallReaders,
} from './job.test-support.ts';
import { texts } from './table.ts';

const runWith = (changes: { readonly [path: string]: unknown }, csv = smallCustomers()): Promise<JobRun> =>
  runJob(smallJob(changes), { customers: () => bytes(csv) });
const refused = (changes: { readonly [path: string]: unknown }, csv?: string): Promise<string> =>
  rejection(runWith(changes, csv));

describe('a job', () => {
  let run: JobRun;
  beforeAll(async () => {
    run = await runJob(smallJob(), smallReaders);
  });

  it('gives the same bits whatever the pieces its bytes come in', async () => {
    const all = bytes(smallCustomers());
    for (const size of [1, 7, 64, all.length - 1]) {
      const other = await runJob(smallJob(), { customers: pieces(all, size) });
      expect(sameBits(other.scored.columns, run.scored.columns)).toBe(true);
      expect(JSON.stringify([other.file, other.summary])).toBe(JSON.stringify([run.file, run.summary]));
    }
  });

  it('gives the same bits for the same customers as an Arrow stream, in pieces of one byte', async () => {
    const table = readCsvTable(smallCustomers(), {
      columns: { id: 'text', tenure: 'number', plan: 'category', profit: 'number', sex: 'category', left: 'category' },
    });
    const arrow = { 'sources.customers': { format: 'arrow', fitOnly: ['left'] } };
    const other = await runJob(smallJob(arrow), { customers: pieces(writeIpcBytes(table), 1) });
    expect(sameBits(other.scored.columns, run.scored.columns)).toBe(true);
  });

  it('gives the same bits twice, and changes nothing that it is given', async () => {
    const job = smallJob();
    const before = structuredClone(job);
    const again = await runJob(job, smallReaders);
    expect(sameBits(again.scored.columns, run.scored.columns)).toBe(true);
    expect(job).toEqual(before);
  });

  it('scores from its file what it scored itself', async () => {
    const again = await scoreJob(parseJobModel(JSON.parse(JSON.stringify(run.file))), smallReaders);
    expect(sameBits(again.columns, run.scored.columns)).toBe(true);
  });

  it('has no strategy for segments without one', () => {
    for (const { segment, strategy } of run.summary.warnings) {
      expect(['low', 'middle', 'high']).toContain(segment);
      expect(strategy).toBeNull();
    }
  });
});

describe('scoring without what only fitting needs', () => {
  const withoutLeft = smallCustomers(['id', 'tenure', 'plan', 'profit', 'sex']);
  const scoreWith = async (changes: { readonly [path: string]: unknown }, csv: string) =>
    scoreJob((await runWith(changes)).file, { customers: () => bytes(csv) });

  it('scores everyone when the outcome is absent, and those who are active when it is there', async () => {
    expect((await scoreWith({}, withoutLeft)).rows.length).toBe(120);
    const { rows, inactive } = await scoreWith({}, smallCustomers());
    expect(rows.length + inactive).toBe(120);
    expect(inactive).toBe(smallCustomers().match(/,yes$/gm)!.length);
  });

  it('leaves out columns derived from an absent one, a derived label among them', async () => {
    const derived = {
      'tables.0.derive.gone': { flag: { column: 'left', equals: 'yes' } },
      'tables.1': { table: 'more', from: 'base', derive: { twice: { linear: { terms: { gone: 2 } } } } },
      'pipeline.table': 'more',
      'pipeline.active': { column: 'gone', equals: 0 },
      'pipeline.steps.0.label': { column: 'gone', churned: 1, horizon: null },
    };
    const { rows, tables } = await scoreWith(derived, withoutLeft);
    expect(rows.length).toBe(120);
    expect(tables).toEqual([
      { table: 'base', rows: 120, derive: ['yearly'] },
      { table: 'more', rows: 120, derive: [] },
    ]);
  });

  it('keeps a column that may be absent only when it is there', async () => {
    const keep = { 'outputs.keep': ['left', 'plan'] };
    expect(Object.keys((await scoreWith(keep, smallCustomers())).columns).slice(0, 3)).toEqual(['id', 'left', 'plan']);
    expect(Object.keys((await scoreWith(keep, withoutLeft)).columns).slice(0, 2)).toEqual(['id', 'plan']);
  });

  it('misses every other column, also the one that tells who is active when it is not listed as fitOnly', async () => {
    const { file } = await runWith({});
    const score = (csv: string): Promise<string> => rejection(scoreJob(file, { customers: () => bytes(csv) }));
    expect(await score(smallCustomers(['id', 'tenure', 'plan', 'sex']))).toMatch(
      /^unknown-column: source "customers": .*"profit"/,
    );
    const arrow = { 'sources.customers': { format: 'arrow' } };
    const table = (columns: readonly string[]) => {
      const types = {
        id: 'text',
        tenure: 'number',
        plan: 'category',
        profit: 'number',
        sex: 'category',
        left: 'category',
      };
      const chosen = Object.fromEntries(columns.map((name) => [name, types[name as 'id'] as 'text']));
      return writeIpcBytes(readCsvTable(smallCustomers(columns), { columns: chosen }));
    };
    const all = ['id', 'tenure', 'plan', 'profit', 'sex', 'left'];
    const fitted = await runJob(smallJob(arrow), { customers: () => table(all) });
    expect(await rejection(scoreJob(fitted.file, { customers: () => table(all.slice(0, -1)) }))).toMatch(
      /^unknown-column: unknown column "left"/,
    );
  });

  it('counts levels that the model has not seen', async () => {
    const { report } = await scoreWith({}, withoutLeft.replace(/,a,/, ',gold,'));
    expect(report.unseenLevels).toEqual({ plan: 1 });
  });
});

describe('what is wrong in a job is said before the long work, with its place', () => {
  const has = 'the table has id, tenure, plan, profit, sex, left, yearly';

  it('a column that the table lacks', async () => {
    for (const [path, value, place] of [
      ['pipeline.id', 'customer', 'job.pipeline.id'],
      ['pipeline.active', { column: 'customer', equals: 1 }, 'job.pipeline.active'],
      ['pipeline.folds', { count: 5, seed: 1, by: 'customer' }, 'job.pipeline.folds'],
      ['outputs.keep', ['plan', 'customer'], 'job.outputs.keep'],
    ] as const)
      expect(await refused({ [path]: value })).toBe(`unknown-column: ${place}: unknown column "customer": ${has}`);
  });

  it('a column of the summary that is neither in the table nor an output', async () => {
    for (const [path, value, place] of [
      ['churn', 'p', 'churn'],
      ['value', 'p', 'value'],
      ['segment', 'p', 'segment'],
      ['totals', ['p'], 'totals'],
      ['compare', [{ expected: 'currentValue', actual: 'p' }], 'compare[0]'],
      ['means', [{ of: 'currentValue', by: ['plan', 'p'] }], 'means[0]'],
    ] as const)
      expect(await refused({ [`outputs.summary.${path}`]: value })).toBe(
        `unknown-column: job.outputs.summary.${place}: unknown column "p": ${has}, churnProbability, loyalty, currentValue, tier`,
      );
    expect(await refused({ 'outputs.summary.totals': ['plan'] })).toBe(
      'wrong-type: column "plan" holds text where numbers are needed',
    );
  });

  it('an option of a step, before a byte is read', async () => {
    const job = smallJob({ 'pipeline.steps.0.l2': -1 });
    let read = false;
    const customers = (): Uint8Array => {
      read = true;
      return bytes(smallCustomers());
    };
    expect(await rejection(runJob(job, { customers }))).toMatch(
      /^invalid-option: job\.pipeline\.steps\[0\] \(logisticRegression\): invalid l2: -1; use 0 or a positive number/,
    );
    expect(read).toBe(false);
  });

  it('what is wrong within a source or a table', async () => {
    expect(await refused({}, smallCustomers().replace(',a,', ',a,lots'))).toMatch(
      /^wrong-type: source "customers": .*"profit".*lots/,
    );
    expect(await refused({}, smallCustomers().split('\n')[0])).toBe(
      'empty-input: source "customers": there are no rows: check what was exported',
    );
    expect(await refused({ 'tables.0.derive.plan': { fill: { column: 'profit', value: 0 } } })).toBe(
      'output-taken: table "base": column "plan" is there already: choose another name',
    );
    expect(await refused({ 'tables.0.derive.ratio': { ratio: ['profit', 'months'] } })).toMatch(
      /^unknown-column: table "base": unknown column "months"/,
    );
  });

  it('a customer who would be scored twice', async () => {
    const [head, ...rows] = smallCustomers().trim().split('\n');
    const stays = rows.find((row) => row.endsWith('no'))!;
    const leaves = rows.find((row) => row.endsWith('yes'))!;
    const id = stays.split(',')[0];
    expect(await refused({}, [head, ...rows, stays].join('\n'))).toBe(
      `invalid-value: "id" "${id}" occurs twice among the customers to score: make it one row each`,
    );
    // Those who are not scored may stand there as often as they were watched.
    const { rows: scored } = (await runWith({}, [head, ...rows, leaves].join('\n'))).scored;
    expect(scored.length).toBe(rows.filter((row) => row.endsWith('no')).length);
  });

  it('summary columns that would bear the name of the customer column', async () => {
    const log = bytes('T,day,paid\na,2024-01-01,5\n');
    const job = smallJob({
      'sources.log': { format: 'csv', columns: { T: 'text', day: 'date', paid: 'number' } },
      'tables.1': {
        table: 'bought',
        from: 'log',
        summarize: { customer: 'T', date: 'day', amount: 'paid', unit: 'day', end: '2024-12-31' },
      },
    });
    expect(await rejection(runJob(job, { ...smallReaders, log: () => log }))).toBe(
      'output-taken: table "bought": the customer column "T" has the name of a figure: rename it',
    );
  });

  it('a reader too few or too many', async () => {
    expect(await rejection(runJob(smallJob(), {}))).toBe(
      'invalid-job: source "customers" has no reader: give one for each of customers',
    );
    expect(await rejection(runJob(smallJob(), { ...smallReaders, log: () => bytes('') }))).toBe(
      'invalid-job: there is no source "log"; the job has customers',
    );
  });
});

describe('a model file', () => {
  let file: unknown;
  beforeAll(async () => {
    file = JSON.parse(JSON.stringify((await runJob(smallJob(), smallReaders)).file));
  });
  const spoilt = (changes: { readonly [path: string]: unknown }): string =>
    failure(() => parseJobModel(changed(file, changes)));

  it('is told from other JSON', () => {
    const foreign =
      'invalid-model: file: no model file ("format" is not "clientele-job"): give the model.json of a run or a fit';
    for (const json of [null, 7, 'x', [], {}, smallJob()]) expect(failure(() => parseJobModel(json))).toBe(foreign);
    expect(spoilt({ format: 'onnx' })).toBe(foreign);
  });

  it('names the path of a fault in any of its parts', () => {
    expect(spoilt({ version: 2 })).toBe('invalid-model: file.version: expected one of 1, got 2');
    expect(spoilt({ extra: 1 })).toMatch(/^invalid-model: file: unknown key "extra"/);
    expect(spoilt({ model: undefined })).toBe('invalid-model: file: missing key "model"');
    expect(spoilt({ 'job.pipeline.id': 3 })).toMatch(/^invalid-job: job\.pipeline\.id: expected a string/);
    expect(spoilt({ 'job.outputs.csv': '../../x' })).toMatch(/^invalid-job: job\.outputs\.csv: .* is no file name/);
    expect(spoilt({ 'model.steps.0.intercept': null })).toMatch(/^invalid-model: model\.steps\[0\]\.intercept/);
    expect(spoilt({ 'model.steps.0.kind': 'neuralNet' })).toMatch(/^unknown-kind: .*"neuralNet"/);
    expect(spoilt({ 'model.steps.0.version': 99 })).toMatch(/^invalid-model: model\.steps\[0\]\.version/);
    expect(
      failure(() =>
        parseJobModel({ ...(file as object), model: (file as { model: { steps: unknown[] } }).model.steps[0] }),
      ),
    ).toBe('invalid-model: file.model: expected a pipeline, got logisticRegression');
  });

  it('scores what a job of its own made', async () => {
    const parsed = parseJobModel(file);
    expect(parsed).toEqual(file);
    const scored = await scoreJob(parsed, smallReaders);
    expect(texts(scored.columns, 'id')).toEqual(texts(scored.customers, 'id'));
    expect(toArrow(scored.columns).numRows).toBe(scored.rows.length);
  });
});
