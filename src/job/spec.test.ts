import { describe, expect, it } from 'vitest';
import { changed, example, failure, smallJobJson } from './job.test-support.ts';
import { parseJob } from './spec.ts';

const refused = (changes: { readonly [path: string]: unknown }, json: unknown = smallJobJson): string =>
  failure(() => parseJob(changed(json, changes)));

describe('parseJob', () => {
  it.each(['telecom', 'telco', 'cdnow'])('reads docs/examples/%s.json as it stands', (name) => {
    const json = example(name);
    expect(parseJob(json)).toEqual(json);
    expect(parseJob(JSON.parse(JSON.stringify(parseJob(json))))).toEqual(json);
  });

  it('names the place of an unknown key at every level', () => {
    const telecom = example('telecom');
    for (const path of [
      'x',
      'sources.log.x',
      'tables.0.x',
      'tables.0.summarize.x',
      'tables.1.join.x',
      'tables.2.derive.quarterProfit.linear.x',
      'pipeline.x',
      'pipeline.active.x',
      'pipeline.steps.0.x',
      'pipeline.steps.0.label.x',
      'pipeline.steps.0.features.1.x',
      'pipeline.steps.2.offers.1.x',
      'pipeline.steps.2.offers.1.owned.x',
      'pipeline.steps.3.rate.x',
      'pipeline.steps.6.newBelow.x',
      'pipeline.steps.7.outputs.1.x',
      'outputs.x',
      'outputs.summary.x',
      'outputs.summary.compare.0.x',
      'outputs.summary.means.0.x',
    ]) {
      const place = `job.${path}`.slice(0, -2).replaceAll(/\.(\d+)/g, '[$1]');
      expect(refused({ [path]: 1 }, telecom)).toMatch(`invalid-job: ${place}: unknown key "x"; known are `);
    }
  });

  it('reads folds by any of the three rules, each with its own keys', () => {
    const folds = (own: unknown): string => refused({ 'pipeline.folds': own });
    for (const own of [
      {},
      { count: 3 },
      { seed: 2, by: 'id' },
      { count: 3, rule: 'row-modulo' },
      { rule: 'temporal' },
      { rule: 'temporal', asOf: 'date', lookAhead: 91, atLeast: 2, atMost: 3 },
    ])
      expect(folds(own)).toBe('nothing was thrown');
    const at = 'invalid-job: job.pipeline.folds';
    expect(folds({ count: 3, x: 1 })).toBe(`${at}: unknown key "x"; known are count, seed, by`);
    expect(folds({ rule: 'row-modulo', count: 3, seed: 1 })).toContain(`${at}: unknown key "seed"`);
    expect(folds({ rule: 'row-modulo' })).toBe(`${at}: missing key "count"`);
    expect(folds({ rule: 'temporal', count: 3 })).toContain(`${at}: unknown key "count"`);
    expect(folds({ rule: 'time' })).toBe(`${at}.rule: expected one of "row-modulo", "temporal", got "time"`);
    expect(folds({ rule: 'temporal', atLeast: 3, atMost: 2 })).toContain(`invalid ${at.slice(13)}.atMost: 2`);
    for (const own of [null, 5, 'temporal', []]) expect(folds(own)).toMatch(/^invalid-job: job\.pipeline\.folds: /);
  });

  it('names the place of a key that is missing or of the wrong type', () => {
    expect(refused({ sources: undefined })).toBe('invalid-job: job: missing key "sources"');
    expect(refused({ version: 2 })).toBe('invalid-job: job.version: expected one of 1, got 2');
    expect(refused({ 'sources.customers.format': 'xlsx' })).toBe(
      'invalid-job: job.sources.customers.format: expected one of "csv", "arrow", got "xlsx"',
    );
    expect(refused({ 'sources.customers.columns.tenure': 'int' })).toMatch(
      /job\.sources\.customers\.columns\.tenure: expected one of "number", "integer", "category", "text", "date", got "int"/,
    );
    expect(refused({ 'pipeline.id': 7 })).toBe('invalid-job: job.pipeline.id: expected a string, got 7');
    expect(refused({ 'pipeline.steps.2.rate.discount': null })).toMatch(
      /job\.pipeline\.steps\[2\]\.rate\.discount: expected a finite number, got null/,
    );
    expect(refused({ 'outputs.summary.warnings': 0 })).toMatch(
      /job\.outputs\.summary\.warnings: expected a whole number/,
    );
    for (const json of [null, [], 'job', 3, undefined])
      expect(failure(() => parseJob(json))).toMatch(/^invalid-job: job: expected an object/);
  });

  it('refuses keys that could reach a prototype', () => {
    const json = JSON.parse(JSON.stringify(smallJobJson).replace('"yearly"', '"__proto__"'));
    expect(failure(() => parseJob(json))).toMatch(/^invalid-job: job\.tables\[0\]\.derive: key "__proto__" is refused/);
  });

  it('names an unknown step, and lists those there are', () => {
    expect(refused({ 'pipeline.steps.1.step': 'neuralNet' })).toMatch(
      /^invalid-job: job\.pipeline\.steps\[1\]\.step: unknown step "neuralNet"; known are logisticRegression, .*kMeans$/,
    );
    expect(refused({ 'pipeline.steps.1.step': 'toString' })).toMatch(/unknown step "toString"/);
    expect(refused({ 'pipeline.steps.1': null })).toMatch(/job\.pipeline\.steps\[1\]\.step: unknown step undefined/);
    expect(refused({ 'pipeline.steps': [] })).toBe('invalid-job: job.pipeline.steps: name at least one step');
  });

  it('wants every table made by one verb from what is there before it', () => {
    expect(refused({ 'tables.0.from': 'log' })).toBe(
      'invalid-job: job.tables[0]: no source or earlier table "log"; there are customers',
    );
    const join = { with: 'base', on: 'id', unmatched: 'null' };
    const one = 'invalid-job: job.tables[0]: give exactly one of summarize, derive, join';
    expect(refused({ 'tables.0.join': join })).toBe(one);
    expect(refused({ 'tables.0.derive': undefined })).toBe(one);
    expect(refused({ 'tables.1': { table: 'more', from: 'base', join: { ...join, with: 'later' } } })).toBe(
      'invalid-job: job.tables[1]: no source or earlier table "later"; there are customers, base',
    );
    expect(refused({ 'pipeline.table': 'customer' })).toBe(
      'invalid-job: job.pipeline.table: no source or table "customer"; there are customers, base',
    );
  });

  it('refuses a table name that is taken', () => {
    const message = (at: number, name: string): string =>
      `invalid-job: job.tables[${at}].table: "${name}" is the name of a source or an earlier table: choose another`;
    expect(refused({ 'tables.0.table': 'customers' })).toBe(message(0, 'customers'));
    expect(refused({ 'tables.1': { table: 'base', from: 'customers', derive: {} } })).toBe(message(1, 'base'));
  });

  it('wants columns of a CSV source, and no CSV options of an Arrow source', () => {
    expect(refused({ 'sources.customers.columns': undefined })).toBe(
      'invalid-job: job.sources.customers: a CSV source needs "columns": what each column holds',
    );
    expect(refused({ 'sources.customers.fitOnly': ['churned'] })).toMatch(
      /^invalid-job: job\.sources\.customers\.fitOnly: "churned" is none of the columns id, tenure/,
    );
    const arrow = { 'sources.customers.format': 'arrow' };
    expect(refused({ ...arrow, 'sources.customers.missing': [''] })).toMatch(/"missing" and "delimiter" are of CSV/);
    expect(refused({ ...arrow, 'sources.customers.delimiter': ';' })).toMatch(/"missing" and "delimiter" are of CSV/);
    expect(refused(arrow)).toBe('nothing was thrown');
  });

  it('lets outputs be nothing but file names, so that a job writes nowhere but into the folder of its user', () => {
    for (const key of ['csv', 'arrow', 'model', 'warnings'])
      for (const name of ['../x.csv', '/tmp/x.csv', 'a/b.csv', 'C:\\x.csv', 'C:x', '..', '.', '', 'a\u0000b', 'a\nb'])
        expect(refused({ [`outputs.${key}`]: name })).toBe(
          `invalid-job: job.outputs.${key}: ${JSON.stringify(name)} is no file name: leave folders out, --out names the folder`,
        );
    for (const name of ['scored 2024.csv', '.hidden', '..csv', '客户.csv'])
      expect(refused({ 'outputs.csv': name })).toBe('nothing was thrown');
  });

  it('refuses two outputs of one file name, also where only the case differs', () => {
    const taken = (key: string, name: string): string =>
      `invalid-job: job.outputs.${key}: the file name "${name}" is taken: choose another`;
    expect(refused({ 'outputs.csv': 'scored.arrow' })).toBe(taken('csv', 'scored.arrow'));
    expect(refused({ 'outputs.csv': 'Model.JSON' })).toBe(taken('model', 'model.json'));
    expect(refused({ 'outputs.csv': 'x', 'outputs.model': 'X' })).toBe(taken('model', 'X'));
    expect(refused({ 'outputs.csv': 'summary.json' })).toBe(taken('csv', 'summary.json'));
    expect(refused({ 'outputs.csv': 'warnings.csv' })).toBe(taken('warnings', 'warnings.csv'));
    expect(refused({ 'outputs.csv': 'warnings.csv', 'outputs.warnings': 'calls.csv' })).toBe('nothing was thrown');
  });

  it('has a warning list only where the summary names the churn probability', () => {
    const none = { 'outputs.summary': { totals: ['yearly'] } };
    expect(refused({ ...none, 'outputs.csv': 'warnings.csv' })).toBe('nothing was thrown');
    expect(refused({ ...none, 'outputs.warnings': 'calls.csv' })).toBe(
      'invalid-job: job.outputs.warnings: needs "churn" in job.outputs.summary',
    );
  });
});
