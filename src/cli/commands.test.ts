import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCategories, readNumbers } from '../columns/index.ts';
import { readCsvTable, readIpcTable } from '../ingest/index.ts';
import type { Summary } from '../job/index.ts';
import { changed, rejection, smallCustomers, smallJobJson } from '../job/job.test-support.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { execute } from './commands.ts';
import { openSources, writeAll } from './files.ts';

const home = mkdtempSync(join(tmpdir(), 'clientele-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (...names: string[]): string => join(home, ...names);
const write = (name: string, content: unknown): string => {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  return at(name);
};
const outcome = (...args: string[]) => execute(readArguments(args) as Arguments);
const run = async (...args: string[]): Promise<string> => (await outcome(...args)).printed;
const refused = (...args: string[]): Promise<string> => rejection(run(...args));

let job: string;
let data: string;
beforeAll(() => {
  job = write('job.json', smallJobJson);
  data = write('customers.csv', smallCustomers());
});

describe('clientele run, fit, score and describe', () => {
  let printed: string;
  beforeAll(async () => {
    printed = await run('run', job, data, '--out', at('out', 'new'));
  });

  it('run writes the scored files, the model and the summary, and prints them', () => {
    expect(readdirSync(at('out', 'new')).sort()).toEqual([
      'model.json',
      'scored.arrow',
      'scored.csv',
      'summary.json',
      'warnings.csv',
    ]);
    for (const part of [
      'Customers: 120 in the table',
      'base rate',
      'AUC (95 %)',
      'value at risk (p × value if kept)',
      'Segments',
      'Features of logisticRegression taken out as sensitive: sex.',
      'Segment shares by sex (no model reads it)',
      'Warning list: act on these first',
      'strategy',
      at('out', 'new', 'scored.csv'),
    ])
      expect(printed).toContain(part);
  });

  it('scored.csv and scored.arrow hold the same numbers', () => {
    const csv = readCsvTable(readFileSync(at('out', 'new', 'scored.csv')), {
      columns: {
        id: 'text',
        tenure: 'number',
        plan: 'category',
        churnProbability: 'number',
        loyalty: 'number',
        currentValue: 'number',
        tier: 'category',
      },
      others: 'refuse',
    });
    const arrow = readIpcTable(readFileSync(at('out', 'new', 'scored.arrow')));
    const names = csv.schema.fields.map(({ name }) => name);
    expect(arrow.schema.fields.map(({ name }) => name)).toEqual(names);
    for (const name of ['tenure', 'churnProbability', 'loyalty', 'currentValue'])
      expect(readNumbers(arrow, name)).toEqual(readNumbers(csv, name));
    const cells = (table: typeof csv | typeof arrow, name: string) => {
      const { codes, levels } = readCategories(table, name);
      return Array.from(codes, (code) => levels[code] ?? null);
    };
    for (const name of ['id', 'plan', 'tier']) expect(cells(arrow, name)).toEqual(cells(csv, name));
    expect(cells(csv, 'plan')).toContain(null);
  });

  it('score with the model of a run writes the scored files of the run, byte for byte', async () => {
    const told = await run('score', at('out', 'new', 'model.json'), data, '--out', at('again'));
    expect(readdirSync(at('again')).sort()).toEqual(['report.json', 'scored.arrow', 'scored.csv']);
    for (const name of ['scored.csv', 'scored.arrow'])
      expect(readFileSync(at('again', name)).equals(readFileSync(at('out', 'new', name)))).toBe(true);
    expect(told).toMatch(/^\d+ customers scored, \d+ not active\./);
  });

  it('fit writes the model of a run and nothing else; describe prints what fit printed', async () => {
    const told = await run('fit', job, data, '--out', at('fitted'));
    expect(readdirSync(at('fitted'))).toEqual(['model.json']);
    expect(readFileSync(at('fitted', 'model.json'), 'utf8')).toBe(readFileSync(at('out', 'new', 'model.json'), 'utf8'));
    const described = await run('describe', at('fitted', 'model.json'));
    expect(told.startsWith(described)).toBe(true);
    for (const part of [
      'Needs',
      'Gives',
      'Held out, 5 folds, stratified',
      'Coefficients of logisticRegression',
      'within 1 year',
      'Features of logisticRegression taken out as sensitive: sex.',
    ])
      expect(described).toContain(part);
  });

  it('summary.json holds the summary that was printed', () => {
    const summary = JSON.parse(readFileSync(at('out', 'new', 'summary.json'), 'utf8'));
    expect(summary.warnings.length).toBe(5);
    for (const { id } of summary.warnings) expect(printed).toContain(id);
    expect(summary.validation.rule).toBe('stratified');
    expect(printed).toContain('Models on rows they had not seen (5 folds, stratified)');
  });

  it('warnings.csv holds the rows of the list in its order, its columns whatever was asked for', () => {
    const { warnings } = JSON.parse(readFileSync(at('out', 'new', 'summary.json'), 'utf8')) as Summary;
    const table = readCsvTable(readFileSync(at('out', 'new', 'warnings.csv')), {
      columns: {
        id: 'text',
        probability: 'number',
        valueAtRisk: 'number',
        expectedSaving: 'number',
        reasons: 'category',
      },
    });
    const texts = (name: string) => {
      const { codes, levels } = readCategories(table, name);
      return Array.from(codes, (code) => levels[code]);
    };
    expect(texts('id')).toEqual(warnings.map(({ id }) => id));
    expect(texts('reasons')).toEqual(warnings.map(({ reasons }) => reasons.join('; ')));
    expect([...readNumbers(table, 'probability')]).toEqual(warnings.map(({ probability }) => probability));
    expect([...readNumbers(table, 'valueAtRisk')]).toEqual(warnings.map(({ valueAtRisk }) => valueAtRisk));
    expect(readNumbers(table, 'expectedSaving').every(Number.isNaN)).toBe(true);
  });

  it('a list of nobody is a file with a head; without a churn probability there is no file', async () => {
    const campaign = { acceptance: 0, offerCost: 9, onlyProfitable: true };
    const empty = changed(smallJobJson, { 'outputs.summary.campaign': campaign, 'outputs.warnings': 'calls.csv' });
    await run('run', write('empty.json', empty), data, '--out', at('empty'));
    expect(readFileSync(at('empty', 'calls.csv'), 'utf8').trim().split('\n')).toEqual([
      expect.stringMatching(/^id,probability,/),
    ]);
    const none = changed(smallJobJson, { 'outputs.summary': { totals: ['yearly'] } });
    await run('run', write('no-list.json', none), data, '--out', at('none'));
    expect(readdirSync(at('none'))).not.toContain('warnings.csv');
  });

  it('reads a job file that begins with a byte order mark', async () => {
    const file = write('bom.json', `\uFEFF${JSON.stringify(smallJobJson)}`);
    expect(await run('fit', file, data, '--out', at('bom'))).toContain('Written');
  });
});

describe('what the command line refuses', () => {
  it('files that are not there, folders, and what is no JSON', async () => {
    expect(await refused('run', at('none.json'), data)).toMatch(/^invalid-option: cannot read .*none\.json: ENOENT/);
    expect(await refused('run', home, data)).toMatch(/^invalid-option: cannot read .*EISDIR/);
    expect(await refused('run', data, data)).toMatch(/^corrupt-input: .*customers\.csv is not JSON: /);
    expect(await refused('run', job, at('none.csv'))).toMatch(
      /^invalid-option: source "customers": cannot read .*none\.csv: ENOENT/,
    );
    expect(await refused('run', job, home)).toMatch(
      /^invalid-option: source "customers": .* is a folder: name a file$/,
    );
  });

  it('an output that would overwrite what is read', async () => {
    const own = write('own.csv', smallCustomers());
    const before = readFileSync(own, 'utf8');
    const overwriting = write('overwriting.json', changed(smallJobJson, { 'outputs.csv': 'own.csv' }));
    expect(await refused('run', overwriting, own, '--out', home)).toMatch(
      /^invalid-option: .*own\.csv is read and would be overwritten by "own\.csv": choose another folder with --out$/,
    );
    expect(readFileSync(own, 'utf8')).toBe(before);
  });

  it('a source that cannot be read after all', async () => {
    const path = write('gone.csv', 'a');
    const readers = await openSources(['a'], { data: path, sources: new Map(), out: home, file: job }, []);
    rmSync(path);
    const read = async (): Promise<void> => {
      for await (const _ of readers.a!());
    };
    expect(await rejection(read())).toMatch(/^invalid-option: source "a": cannot read .*gone\.csv: ENOENT/);
  });

  it('sources that do not go with the job', async () => {
    expect(await refused('run', job)).toBe(
      'invalid-option: source "customers" has no path: add --source customers=PATH',
    );
    expect(await refused('run', job, '--source', `customers=${data}`, '--source', `log=${data}`)).toBe(
      'invalid-option: the job has no source "log"; it has customers',
    );
    const two = write('two.json', changed(smallJobJson, { 'sources.more': { format: 'arrow' } }));
    expect(await refused('run', two, data)).toBe(
      'invalid-option: the job has 2 sources: name each with --source, --source customers=PATH --source more=PATH',
    );
  });

  it('a job for a model and a model for a job', async () => {
    const model = write('foreign.json', { format: 'clientele-job', version: 1 });
    expect(await refused('run', model, data)).toMatch(/^invalid-job: job: unknown key "format"; known are version, /);
    expect(await refused('score', job, data)).toMatch(/^invalid-model: file: no model file .*: give the model\.json/);
    expect(await refused('describe', job)).toMatch(/^invalid-model: file: no model file/);
  });

  it('scoring by a model whose job names no scored file', async () => {
    const file = write('silent.json', changed(smallJobJson, { 'outputs.csv': undefined, 'outputs.arrow': undefined }));
    await run('fit', file, data, '--out', at('silent'));
    expect(await refused('score', at('silent', 'model.json'), data)).toBe(
      'invalid-job: the job names no scored file: give job.outputs.csv or job.outputs.arrow',
    );
  });
});

describe('the output folder', () => {
  const names = ['model.json', 'scored.arrow', 'scored.csv', 'summary.json'];
  let folder: string;
  let count = 0;
  beforeEach(() => {
    folder = at(`folder-${count++}`);
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), `old ${name}`);
  });
  const unchanged = (): void => {
    expect(readdirSync(folder).sort()).toEqual(names);
    for (const name of names) expect(readFileSync(join(folder, name), 'utf8')).toBe(`old ${name}`);
  };

  it('is as it was after a job that fails while it reads', async () => {
    const broken = write('broken.csv', `${smallCustomers()}K999,not-a-number,a,5,f,no\n`);
    expect(await refused('run', job, broken, '--out', folder)).toMatch(/^wrong-type: source "customers": /);
    unchanged();
  });

  it('is as it was after a job that fails at its summary', async () => {
    const file = write('bad-summary.json', changed(smallJobJson, { 'outputs.summary.totals': ['plan'] }));
    expect(await refused('run', file, data, '--out', folder)).toMatch(/^wrong-type: /);
    unchanged();
  });

  it('is as it was when a file fails while it is written, the ones before it complete', async () => {
    async function* breaks(): AsyncGenerator<string> {
      yield 'half of it';
      throw new Error('midway');
    }
    const files = [
      { name: 'scored.csv', chunks: ['complete'] },
      { name: 'scored.arrow', chunks: breaks() },
    ];
    await expect(writeAll(folder, files)).rejects.toThrow('midway');
    unchanged();
  });

  it('replaces the old files when all is well', async () => {
    expect(
      await writeAll(
        folder,
        names.map((name) => ({ name, chunks: ['new ', name] })),
      ),
    ).toEqual(names.map((name) => join(folder, name)));
    expect(readdirSync(folder).sort()).toEqual(names);
    for (const name of names) expect(readFileSync(join(folder, name), 'utf8')).toBe(`new ${name}`);
  });

  it('is refused where a file or a folder stands in the way, and nothing is written', async () => {
    const file = write('plain', 'file');
    expect(await refused('fit', job, data, '--out', file)).toMatch(
      /^invalid-option: cannot write .*plain: .*; choose another folder with --out$/,
    );
    rmSync(join(folder, 'scored.csv'));
    mkdirSync(join(folder, 'scored.csv'));
    expect(await refused('run', job, data, '--out', folder)).toBe(
      `invalid-option: cannot write ${join(folder, 'scored.csv')}: there is a folder of this name`,
    );
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(readFileSync(join(folder, 'model.json'), 'utf8')).toBe('old model.json');
  });

  it('is the only place a job writes to', async () => {
    for (const name of ['../x.csv', '/tmp/x.csv']) {
      const file = write('escape.json', changed(smallJobJson, { 'outputs.csv': name }));
      expect(await refused('run', file, data, '--out', folder)).toMatch(/^invalid-job: job\.outputs\.csv: /);
    }
    unchanged();
  });
});

describe('the program', () => {
  const root = resolve(import.meta.dirname, '../..');
  // As it lies in the package: two folders below package.json.
  const program = at('package', 'dist', 'cli', 'main.js');
  const start = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: home });
  beforeAll(async () => {
    symlinkSync(join(root, 'node_modules'), at('node_modules'));
    mkdirSync(at('package'));
    symlinkSync(join(root, 'package.json'), at('package', 'package.json'));
    await build({
      entryPoints: [join(root, 'src/cli/main.ts')],
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['apache-arrow', 'csv-parse'],
      outfile: program,
      logLevel: 'silent',
    });
  });

  it('prints how it is used', () => {
    for (const args of [[], ['--help']]) {
      const { status, stdout, stderr } = start(...args);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^clientele – .*\n\n {2}clientele run/);
    }
  });

  it('prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const { status, stdout, stderr } = start('--version');
    expect([status, stdout, stderr]).toEqual([0, `${version}\n`, '']);
  });

  it('ends with 1 and says why where --strict does not let the scores pass', () => {
    start('fit', 'job.json', 'customers.csv', '--out', 'strict');
    const [head, ...rows] = smallCustomers().trim().split('\n');
    write('nulls.csv', [head, ...rows.map((row) => row.replace(/^(K\d+),\d+/, '$1,'))].join('\n'));
    const { status, stdout, stderr } = start('score', 'strict/model.json', 'nulls.csv', '--out', 'strict', '--strict');
    const active = rows.filter((row) => row.endsWith(',no')).length;
    expect([status, stderr]).toEqual([1, `clientele: --strict: ${2 * active} cells are null\n`]);
    expect(stdout).toContain('strict/report.json');
  });

  it('prints one line and ends with 2 when its user erred', () => {
    for (const [args, line] of [
      [['train'], 'clientele: unknown command "train": use one of run, fit, score, describe [invalid-option]\n'],
      [
        ['run', 'job.json'],
        'clientele: source "customers" has no path: add --source customers=PATH [invalid-option]\n',
      ],
    ] as const) {
      const { status, stdout, stderr } = start(...args);
      expect([status, stdout, stderr]).toEqual([2, '', line]);
    }
  });

  it('draws no progress bar where nobody watches', () => {
    const { status, stdout, stderr } = start('fit', 'job.json', 'customers.csv', '--out', 'program');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Written\n {2}program\/model\.json\n$/);
  });
});
