import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rejection, smallCustomers, smallJobJson } from '../job/job.test-support.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { execute, type Outcome } from './commands.ts';
import type { ScoredReport } from './score-report.ts';

const home = mkdtempSync(join(tmpdir(), 'clientele-score-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (...names: string[]): string => join(home, ...names);
const write = (name: string, content: unknown): string => {
  writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  return at(name);
};
const run = (...args: string[]): Promise<Outcome> => execute(readArguments(args) as Arguments);
const report = (folder: string): ScoredReport => JSON.parse(readFileSync(at(folder, 'report.json'), 'utf8'));

const header = ['id', 'tenure', 'plan', 'profit', 'sex', 'left'];
/** The customers with other cells in one column, and how many of those who have not left got one. */
function withCells(column: string, cell: (own: string, row: number) => string): { csv: string; cells: number } {
  const [head, ...lines] = smallCustomers().trim().split('\n');
  const place = header.indexOf(column);
  let cells = 0;
  const rows = lines.map((line, row) => {
    const own = line.split(',');
    const put = cell(own[place]!, row);
    if (put !== own[place] && own.at(-1) === 'no') cells++;
    return own.with(place, put).join(',');
  });
  return { csv: `${[head, ...rows].join('\n')}\n`, cells };
}

describe('clientele score', () => {
  let model: string;
  let active: number;
  beforeAll(async () => {
    await run('fit', write('job.json', smallJobJson), write('customers.csv', smallCustomers()), '--out', at('fitted'));
    model = at('fitted', 'model.json');
    active = smallCustomers().match(/,no$/gm)!.length;
  });

  it('tells of levels that the model does not know, how often they stand there and which they are', async () => {
    const { csv, cells } = withCells('plan', (own, row) => (own === 'a' ? (row % 5 === 0 ? 'AA' : 'A') : own));
    const { printed, complaint } = await run('score', model, write('levels.csv', csv), '--out', at('levels'));
    expect(complaint).toBeUndefined();
    const rows = csv
      .trim()
      .split('\n')
      .filter((line) => line.endsWith(',no'));
    const often = rows.filter((line) => line.includes(',A,')).length;
    const seldom = rows.filter((line) => line.includes(',AA,')).length;
    expect(often + seldom).toBe(cells);
    expect(printed).toContain(
      `Unknown levels in plan: ${cells} of ${active} (${((100 * cells) / active).toFixed(1)} %), "A" ${often}, "AA" ${seldom}.`,
    );
    expect(report('levels')).toEqual({
      title: null,
      customers: { scored: active, inactive: 120 - active },
      tables: [{ table: 'base', rows: 120, derive: ['yearly'] }],
      nulls: {},
      unknownLevels: [
        {
          column: 'plan',
          cells,
          share: cells / active,
          levels: [
            { level: 'A', cells: often },
            { level: 'AA', cells: seldom },
          ],
        },
      ],
    });
  });

  it('tells of nulls by output and reason', async () => {
    const { csv, cells } = withCells('tenure', (own, row) => (row % 3 === 0 ? '' : own));
    const { printed } = await run('score', model, write('nulls.csv', csv), '--out', at('nulls'));
    expect(printed).toContain(`Null: ${cells} missing in churnProbability, loyalty.`);
    expect(report('nulls').nulls).toEqual({ churnProbability: { missing: cells }, loyalty: { missing: cells } });
  });

  it('ends with a complaint under --strict, once all is written, and only where there is something', async () => {
    const strict = async (name: string, csv: string) =>
      (await run('score', model, write(`${name}.csv`, csv), '--out', at(name), '--strict')).complaint;
    expect(await strict('clean', smallCustomers())).toBeUndefined();
    const levels = withCells('plan', (own) => (own === 'a' ? 'A' : own));
    expect(await strict('strict', levels.csv)).toBe(
      `${levels.cells} cells are of a level that the model does not know`,
    );
    expect(readdirSync(at('strict')).sort()).toEqual(['report.json', 'scored.arrow', 'scored.csv']);
    const nulls = withCells('profit', () => '');
    expect(await strict('empty', nulls.csv)).toBe(`${2 * nulls.cells} cells are null`);
  });

  it('overwrites no file that it reads', async () => {
    const own = write('report.json', readFileSync(model, 'utf8'));
    expect(await rejection(run('score', own, at('customers.csv'), '--out', home))).toMatch(
      /^invalid-option: .*report\.json is read and would be overwritten/,
    );
  });
});

describe('clientele score of a purchase log', () => {
  const log = 'id,day,paid\na,2024-01-01,10\na,2024-03-20,30\nb,2024-02-01,5\nb,2024-04-09,5\nc,2024-05-02,7\n';
  const jobOf = (days: object): unknown => ({
    version: 1,
    sources: { log: { format: 'csv', columns: { id: 'text', day: 'date', paid: 'number' } } },
    tables: [
      {
        table: 'customers',
        from: 'log',
        summarize: { customer: 'id', date: 'day', amount: 'paid', unit: 'day', ...days },
      },
    ],
    pipeline: {
      table: 'customers',
      id: 'id',
      steps: [{ step: 'pyramid', column: 'total', cut: 'mean', tiers: [{ key: 'small' }, { key: 'large' }] }],
    },
    outputs: { csv: 'scored.csv' },
  });

  it('tells the day and the rows that lie after it, with and without --as-of (counted by hand)', async () => {
    const data = write('log.csv', log);
    for (const days of [{ end: '2024-03-01' }, { calibrationEnd: '2024-03-01', end: '2024-04-01' }]) {
      await run('fit', write('log-job.json', jobOf(days)), data, '--out', at('log'));
      const { printed } = await run('score', at('log', 'model.json'), data, '--out', at('log'));
      expect(printed).toMatch(/^Table customers: 2 customers as of 2024-03-01 from 5 log rows; /m);
      expect(printed).toMatch(
        /^3 rows behind table customers lie after 2024-03-01, the day in the model: --as-of YYYY-MM-DD /m,
      );
      expect(report('log').tables).toMatchObject([{ table: 'customers', asOf: '2024-03-01', later: 3 }]);
      const told = await run('score', at('log', 'model.json'), data, '--as-of', '2024-04-30', '--out', at('log'));
      expect(told.printed).toMatch(
        /^Table customers: 2 customers as of 2024-04-30 from 5 log rows; .* 1 after the window/m,
      );
      expect(told.printed).not.toContain('--as-of');
      expect(report('log').tables).toMatchObject([{ asOf: '2024-04-30', later: 1 }]);
    }
  });
});
