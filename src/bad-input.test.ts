// Bad data, through the public modules: every kind that is to be refused is, by a stable code and a message that names
// the place and what to do; what is usable with a defect gives a model that says so. That nothing is left half-written
// is tested in cli/commands.test.ts, bad options and bad files in bad-options.test.ts.
import { describe, expect, it } from 'vitest';
import { areRefused, churn, data, job, label, plan } from './bad-input.test-support.ts';
import { toArrow } from './columns/index.ts';
import {
  bgNbd,
  binaryMetrics,
  type Columns,
  compile,
  compositeIndex,
  currentValue,
  discreteTimeHazard,
  logisticRegression,
  loyalty,
  ownershipPropensity,
  parseModel,
  pipeline,
  pyramid,
  rfm,
  summarize,
  valueMatrix,
} from './index.ts';
import { readCsvTable, readIpcTable, writeCsvText, writeIpcBytes } from './ingest/index.ts';
import { smallCustomers } from './job/job.test-support.ts';

const nulls = (cells: readonly unknown[]): null[] => cells.map(() => null);
const yearly = { discount: 0.1, per: 'year' } as const;
const twoFields = {
  numRows: 1,
  schema: { fields: [{ name: 'x' }, { name: 'plan' }, { name: 'x' }] },
  getChild: () => ({ length: 1, nullCount: 0 }),
};

async function consume(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches);
}

areRefused({
  'an unknown column': [
    [
      'in a fit',
      () => churn.fit({ left: data.left, x: data.x } as never),
      'unknown-column',
      /unknown column "plan": the batch has left, x/,
    ],
    ['in a batch', () => plan.score({ x: [1] } as never), 'unknown-column', /unknown column "plan": the batch has x/],
    [
      'in a summary',
      () => summarize({ id: ['a'] }, { customer: 'id', date: 'day', amount: 'paid', unit: 'week', end: '2024-01-01' }),
      'unknown-column',
      /unknown column "day": the batch has id/,
    ],
    ['in a CSV file', () => readCsvTable('a\n1\n', { columns: { b: 'number' } }), 'unknown-column', /"b"/],
    [
      'in a job',
      () => job({ 'pipeline.steps.0.features': ['age'] }),
      'unknown-column',
      /unknown column "age": the batch has id, tenure/,
    ],
    [
      'in a table of a job',
      () => job({ 'tables.0.derive.yearly': { ratio: ['profit', 'age'] } }),
      'unknown-column',
      /table "base": unknown column "age": the table has/,
    ],
    [
      'in the outputs of a job',
      () => job({ 'outputs.keep': ['age'] }),
      'unknown-column',
      /job\.outputs\.keep: unknown column "age"/,
    ],
  ],
  'a doubly-named column': [
    [
      'in a CSV file',
      () => readCsvTable('a,a\n1,2\n', { columns: { a: 'number' } }),
      'duplicate-column',
      /columns 1 and 2 are both named "a": rename one/,
    ],
    [
      'in an Arrow batch',
      () => plan.score(twoFields as never),
      'duplicate-column',
      /column "x" occurs 2 times in the batch: rename/,
    ],
    [
      'among features',
      () => logisticRegression({ label, features: ['x', 'x'] }),
      'invalid-option',
      /feature "x" is given twice/,
    ],
    [
      'in a join of a job',
      () =>
        job({ 'tables.1': { table: 'twice', from: 'base', join: { with: 'customers', on: 'id', unmatched: 'null' } } }),
      'output-taken',
      /table "twice": join: both tables have a column "tenure": rename one/,
    ],
  ],
  'a wrong type': [
    [
      'text where a number is due',
      () => plan.score({ x: ['1'], plan: ['a'] } as never),
      'wrong-type',
      /column "x", row 0: expected a number, got "1"/,
    ],
    [
      'text as a profit',
      () => currentValue({ profit: 'plan', periods: 2, rate: yearly }).fit(data),
      'wrong-type',
      /column "plan", row 0: expected a number, got "a"/,
    ],
    [
      'a cell of a CSV file',
      () => readCsvTable('a\n1\nlots\n', { columns: { a: 'number' } }),
      'wrong-type',
      /line 3.*"a".*"lots"/,
    ],
    [
      'a date that is none',
      () => readCsvTable('d\n31.12.2024\n', { columns: { d: 'date' } }),
      'wrong-type',
      /line 2.*"d".*write yyyy-mm-dd/,
    ],
    [
      'text in a derived column',
      () => job({ 'tables.0.derive.yearly': { product: ['profit', 'plan'] } }),
      'wrong-type',
      /table "base": column "plan" holds text where numbers are needed/,
    ],
    [
      'no batch at all',
      () => plan.score(null as never),
      'wrong-type',
      /expected a batch: an Arrow table or record batch, or a record of columns/,
    ],
  ],
  'a label with one class': [
    [
      'of churn',
      () => churn.fit({ ...data, left: data.left.map(() => 'no') }),
      'one-class',
      /label "left" is never "yes"; it holds "no"/,
    ],
    ['of everybody', () => churn.fit({ ...data, left: data.left.map(() => 'yes') }), 'one-class', /label "left"/],
    [
      'of a hazard',
      () =>
        discreteTimeHazard({
          duration: 'x',
          event: { column: 'plan', churned: 'z' },
          period: 'month',
          features: [],
          outputs: { survivalProbability: { periods: 1 } },
        }).fit(data),
      'one-class',
      /"plan" is never "z"/,
    ],
    [
      'of an offer',
      () =>
        ownershipPropensity({ offers: [{ name: 'tv', owned: { column: 'plan', equals: 'z' } }], features: ['x'] }).fit(
          data,
        ),
      'one-class',
      /offer "tv"/,
    ],
    [
      'in a job',
      () => job({}, smallCustomers().replaceAll(',yes\n', ',no\n')),
      'one-class',
      /label "left" is never "yes"/,
    ],
    [
      'of metrics',
      () => binaryMetrics([1, 1], [0.5, 0.6]),
      'one-class',
      /all 2 judged rows are events: nothing to compare/,
    ],
  ],
  'an all-null column': [
    [
      'as a feature',
      () => churn.fit({ ...data, x: nulls(data.x) }),
      'all-null',
      /feature "x" is null in all 8 rows: leave it out/,
    ],
    [
      'as a profit',
      () => currentValue({ profit: 'x', periods: 2, rate: yearly }).fit({ x: nulls(data.x) }),
      'all-null',
      /column "x"/,
    ],
    ['to be cut', () => pyramid().fit({ currentValue: [Number.NaN, Number.NaN] }), 'all-null', /"currentValue"/],
    [
      'of an RFM score',
      () => rfm().fit({ daysSinceLast: [null], orders: [1], total: [2] }),
      'all-null',
      /"daysSinceLast", "orders", "total"/,
    ],
    [
      'of a purchase history',
      () => bgNbd({ unit: 'week' }).fit({ frequency: [null], recency: [1], T: [2] }),
      'empty-input',
      /"frequency", "recency" and "T".*1 with a null/,
    ],
    [
      'in a job',
      () => job({}, smallCustomers().replaceAll(/^(K\d+),\d+/gm, '$1,')),
      'all-null',
      /feature "tenure" is null in all 120 rows: leave it out/,
    ],
  ],
  'an empty batch': [
    ['in a pipeline', () => pipeline([loyalty()]).fit({ churnProbability: [] }), 'empty-input', /no rows to fit on/],
    [
      'without columns',
      () => plan.score({} as never),
      'unknown-column',
      /unknown column "x": the batch has no columns/,
    ],
    [
      'of purchase histories',
      () => bgNbd({ unit: 'week' }).fit({ frequency: [], recency: [], T: [] }),
      'empty-input',
      /no row has "frequency", "recency" and "T": 0 rows/,
    ],
    ['of outcomes', () => binaryMetrics([], []), 'empty-input', /no row has both an outcome and a score/],
    [
      'of CSV',
      () => readCsvTable('', { columns: { a: 'number' } }),
      'empty-input',
      /the input is empty: a CSV file begins with a header line/,
    ],
    [
      'of Arrow bytes',
      () => readIpcTable(new Uint8Array(0)),
      'empty-input',
      /the input is empty: an Arrow stream begins with its schema/,
    ],
    [
      'in a job',
      () => job({}, smallCustomers().split('\n')[0]),
      'empty-input',
      /source "customers": there are no rows: check what was exported/,
    ],
    [
      'in a job, of active customers',
      () => job({ 'pipeline.active.equals': 'never' }),
      'empty-input',
      /no row satisfies the condition on "left"/,
    ],
  ],
  'a batch with another schema': [
    [
      'to be scored',
      () => consume(plan.scoreBatches([data, { x: [1] }] as never)),
      'unknown-column',
      /batch 1: unknown column "plan": the batch has x/,
    ],
    [
      'of another type',
      () => consume(plan.scoreBatches([data, { ...data, x: data.plan }] as never)),
      'wrong-type',
      /batch 1: column "x", row 0: expected a number/,
    ],
    [
      'to be written as CSV',
      () => writeCsvText([{ a: [1] }, { b: [1] }]),
      'wrong-schema',
      /a batch has the columns b, the first had a: make them equal/,
    ],
    [
      'to be written as Arrow',
      () => writeIpcBytes([toArrow({ a: [1] }), toArrow({ a: ['x'] })]),
      'wrong-schema',
      /make names, order and types equal/,
    ],
  ],
});

describe('what is usable with a defect gives a model that says so', () => {
  it('a batch without rows scores to no rows: streams may hold one', () => {
    const { columns, report } = plan.score({ x: [], plan: [] });
    expect(columns.churnProbability.length).toBe(0);
    expect(report.rows).toBe(0);
    const arrow = toArrow({ x: new Float64Array(0), plan: { codes: new Int32Array(0), levels: [] } });
    expect(plan.score(arrow).columns.numRows).toBe(0);
  });

  it('a feature without variance is left out, with a warning', () => {
    const { fit } = churn.fit({ ...data, x: data.x.map(() => 3) });
    expect(fit.status).toBe('converged');
    expect(fit.warnings.join()).toMatch(/"x"/);
    const { fit: level } = churn.fit({ ...data, plan: data.plan.map(() => 'a') });
    expect(level.warnings.join()).toMatch(/"plan"/);
  });

  it('separated classes give the status not-identified, a finite model and a warning', () => {
    const separated = logisticRegression({ label, features: ['x'] }).fit({
      left: ['yes', 'yes', 'yes', 'no', 'no', 'no'],
      x: [1, 2, 3, 4, 5, 6],
    });
    expect(separated.fit.status).toBe('not-identified');
    expect(separated.fit.warnings.length).toBeGreaterThan(0);
    const { churnProbability } = compile(parseModel(JSON.parse(JSON.stringify(separated)))).score({
      x: [1, 6],
    } as never).columns as unknown as { churnProbability: Float64Array };
    expect(churnProbability[0]).toBeGreaterThan(0.99);
    expect(churnProbability[1]).toBeLessThan(0.01);
  });

  it('values without variance are all low: nothing is strictly above its own mean', () => {
    const same = { currentValue: [0.1, 0.1, 0.1], potentialValue: [5, 5, 5] };
    const grid = valueMatrix().fit(same);
    const { codes, levels } = compile(grid).score(same).columns.segment;
    expect(Array.from(codes, (code) => levels[code])).toEqual(['LL', 'LL', 'LL']);
    expect(grid.fit.warnings.length).toBeGreaterThan(0);
  });

  it('an indicator without variance counts as 0, with a warning', () => {
    const index = compositeIndex({ indicators: [{ column: 'x', weight: 1, standardise: 'z-sample' }] }).fit({
      x: [2, 2],
    });
    expect(index.fit.warnings.join()).toMatch(/"x"/);
    expect([...compile(index).score({ x: [2, 9] }).columns.score]).toEqual([0, 0]);
  });

  it('a history on the boundary of a model is a status, not an exception', () => {
    const once: Columns = { frequency: [0, 0, 0, 0], recency: [0, 0, 0, 0], T: [10, 20, 30, 40] };
    const { fit } = bgNbd({ unit: 'week' }).fit(once as never);
    expect(fit.status).not.toBe('converged');
    expect(fit.warnings.length).toBeGreaterThan(0);
  });
});
