import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as churn from '../src/churn/index.ts';
import * as models from '../src/clv/index.ts';
import * as library from '../src/index.ts';
import * as ingest from '../src/ingest/index.ts';

interface Report {
  readonly tables: readonly { readonly title: string }[];
  readonly aims: readonly { readonly what: string; readonly value: number }[];
}
type Suite = (...all: unknown[]) => unknown;

// By a computed address: the suites are plain JavaScript without declarations, as Node runs them.
const load = (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ new URL(file, import.meta.url).href);

const newReport = async (): Promise<Report> => {
  const make = (await load('./report.mjs')).newReport as (print: () => void) => Report;
  return make(() => {});
};

/** What a suite tells at a small size: titles of tables, and aims. */
async function told(name: string, parts: readonly unknown[], options: object, file: string = name): Promise<string> {
  const report = await newReport();
  await ((await load(`./${file}.mjs`))[name] as Suite)(...parts, { rounds: 1, ...options, report });
  for (const { what, value } of report.aims) expect(value, what).not.toBeNaN();
  return [...report.tables.map(({ title }) => title), ...report.aims.map(({ what }) => what)].join('\n');
}

describe('the benchmarks, at a small size, pass their own comparison of results', () => {
  it('logistic: with the sum written out, on foreign and on resident columns, and the peers that are on this machine', async () => {
    const lines = await told('logistic', [library, ingest], { rows: 3000, peers: true });
    expect(lines).toContain('times the rate of ml-logistic-regression');
    expect(lines).toContain('share of the reading of the same columns');
  }, 120_000);

  it('trees: with every tree walked node by node', async () => {
    expect(await told('trees', [library, churn], { rows: 1000, trees: 5 })).toContain('Scoring by forest, 5 × depth 8');
  });

  it('pipeline: with every output evaluated by hand from its definition', async () => {
    const lines = await told('pipeline', [library, churn], { rows: 1000, trees: 5 });
    for (const title of ['Pipeline: boosting (5 × 31), isotonic calibration', 'Pipeline: logistic regression'])
      expect(lines).toContain(title);
    expect(lines).toContain('the whole, times the sum of its parts');
  });

  it('reasons: with the greatest contributions of explain', async () => {
    const lines = await told('reasons', [library, churn], { rows: 1000, trees: 5 });
    expect(lines).toContain('linear: score with reasons, times the score alone');
    expect(lines).toContain('trees: score with exact reasons, times the branch-free traversal');
  });

  it('fits: with the golden Gamma-Gamma fit and the score equations, and the peers that are on this machine', async () => {
    const lines = await told('fits', [library, churn], { rows: 500, trees: 10, peers: true });
    for (const title of ['Logistic regression, 500 rows', 'Decision tree of depth 8', 'Boosting', 'Forest'])
      expect(lines).toContain(title);
    // On a busy machine Python alone takes long to load its packages.
  }, 300_000);

  it('peers: a Python that fails tells its error, and one that is not there is none', async () => {
    const { python } = (await load('./peers.mjs')) as { python: (script?: string) => Promise<Peer | null> };
    interface Peer {
      ask(request: object): Promise<unknown>;
      close(): void;
    }
    const peer = await python();
    if (peer === null) return;
    await expect(peer.ask({ fit: 'nothing' })).rejects.toThrow(/peers.py, .*KeyError/);
    peer.close();
    await expect(python('no-such-script.py')).rejects.toThrow(/it ended: .*no-such-script/s);
  });

  it('clv: with the golden CDNOW fits, the simulated parameters, the families’ functions and exact values', async () => {
    const lines = await told('clv', [library, models], { rows: 20_000 });
    for (const name of ['BG/NBD', 'Pareto/NBD']) expect(lines).toContain(`${name}: fit, 20000 simulated customers`);
    expect(lines).toContain('BG/NBD, relative error beside exact values');
  });

  it('memory: with a sum of probabilities over the stream', async () => {
    const { scoreStream } = await load('./memory.mjs');
    const { peak } = await (scoreStream as (of: unknown, count: number, rows: number) => Promise<{ peak: number }>)(
      library,
      3,
      500,
    );
    expect(peak).toBeGreaterThan(0);
  });

  it('index: with the index written out from the definitions of its parts', async () => {
    expect(await told('compositeIndex', [library], { rows: 3000 }, 'composite-index')).toContain(
      'index by maps of all kinds, times the reading alone',
    );
  });

  it('quintiles: with those of the sorted column, and DuckDB where it is installed', async () => {
    expect(await told('quintiles', [library], { rows: 10_000, peers: true })).toContain('Exact quintile cuts');
  });

  it('rfm: with the plainest count by customer, and DuckDB where it is installed', async () => {
    const lines = await told('rfm', [library], { rows: 20_000, peers: true });
    for (const ids of ['one dictionary', 'sparse numbers', 'text \\(Utf8\\)', 'JavaScript strings'])
      expect(lines).toMatch(new RegExp(`20000 rows of 2000 customers, ids: .*${ids}`));
  });

  it('scale: with as many orders as transactions', async () => {
    const lines = await told('scale', [library, ingest, churn], { rows: 3000, trees: 5 });
    expect(lines.match(/a row of 3000, times one of 300/g)).toHaveLength(5);
  });

  it('ahp: with the weights by raising the matrices to a power', async () => {
    expect(await told('ahp', [library], { rows: 20 })).toContain('milliseconds for a hierarchy');
  });

  it('summary memory: with the sum of the amounts of the stream', async () => {
    const { summarizeStream } = await load('./summary-memory.mjs');
    const measure = summarizeStream as (of: unknown, rows: number, customers: number) => { peak: number };
    expect(measure(library, 70_000, 500).peak).toBeGreaterThan(0);
  });

  it('stop at results that differ', async () => {
    const { assertClose, assertSame } = (await load('./contest.mjs')) as Record<string, (...all: unknown[]) => void>;
    expect(() => assertClose!([1, Number.NaN], [1, 2], 1e-9, 'p')).toThrow('p: number 1 is NaN, expected 2');
    expect(() => assertClose!([1], [1, 2], 1e-9, 'p')).toThrow('p: 1 results, expected 2');
    expect(() => assertSame!(['a'], ['b'], 'tier')).toThrow('tier: number 0 is a, expected b');
  });
});

describe('the harness', () => {
  it('tells medians of the ratios within rounds, of the times that contestants report', async () => {
    const { contest, ratio } = await load('./contest.mjs');
    const seconds = { ours: [9, 1, 2, 4], theirs: [9, 4, 2, 16] };
    const reporting = (name: 'ours' | 'theirs') => {
      let run = 0;
      return { name, rows: 1, run: () => seconds[name][run++], took: (cpu: number) => ({ cpu, wall: 2 * cpu }) };
    };
    const report = await newReport();
    const [ours, theirs] = (await (contest as Suite)('t', [reporting('ours'), reporting('theirs')], {
      rounds: 3,
      report,
    })) as [unknown, unknown];
    // The first run is checked, not timed; then 4/1, 2/2, 16/4.
    expect((ratio as Suite)(theirs, ours)).toBe(4);
    expect(report.tables[0]).toMatchObject({
      rows: [
        { cpuNs: 2e9, wallNs: 4e9 },
        { cpuNs: 4e9, overFirst: 4 },
      ],
    });
  });
});

describe('docs/benchmarks.md', () => {
  type Page = (results: unknown) => string;

  it('is what benchmarks/results.json makes', async () => {
    const { page, readResults } = await load('./report.mjs');
    expect(readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8')).toBe(
      (page as Page)((readResults as () => unknown)()),
    );
  });

  it('tells aims that were missed and peers that are faster as what is unfavourable', async () => {
    const row = { rows: 10, cpuNs: 2, wallNs: 2, overFirst: 1, wallOverFirst: 1, peer: false };
    const tables = [
      {
        ...{ title: 'A race', rounds: 3, load: 0.5 },
        rows: [
          { ...row, name: 'clientele' },
          { ...row, name: 'the reading alone', overFirst: 0.5 },
          { ...row, name: 'the peer', peer: true, overFirst: 0.8 },
        ],
      },
    ];
    const aims = [
      { what: 'times the rate of the peer', value: 0.8, atLeast: 2 },
      { what: 'memory', value: 1, atMost: 1.1 },
    ];
    const suite = { date: '2026-01-01', machine: 'a machine', load: 0.5, versions: { Node: '20' }, tables, aims };
    const made = ((await load('./report.mjs')).page as Page)({ suites: { race: suite } });
    const [, unfavourable] = made.split('## What is unfavourable to us\n');
    expect(unfavourable!.split('## Aims')[0]!.trim().split('\n')).toEqual([
      '- race: times the rate of the peer is 0.8000, not ≥ 2',
      '- race: the peer takes 0.800 times our CPU time (A race)',
    ]);
    expect(made).toContain('| race: memory | 1.000 | ≤ 1.1 | yes |');
    expect(made).toContain('| the reading alone | 10 | 2.0e-5 | 2.0e-5 | 2.00 | 0.500 | 1.00 |');
  });
});
