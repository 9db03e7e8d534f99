import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as churn from '../src/churn/index.ts';
import * as models from '../src/clv/index.ts';
import * as library from '../src/index.ts';

type Suite = (
  of: unknown,
  options: { rows: number; rounds: number; print: (line: string) => void },
) => Promise<readonly unknown[]>;

// By a computed address: the suites are plain JavaScript without declarations, as Node runs them.
const load = (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ new URL(file, import.meta.url).href);

async function printed(name: string, rows: number, file: string = name): Promise<string> {
  const suite = (await load(`./${file}.mjs`))[name] as Suite;
  const lines: string[] = [];
  await suite(library, { rows, rounds: 1, print: (line) => lines.push(line) });
  return lines.join('\n');
}

describe('the benchmarks, at a small size, pass their own comparison of results', () => {
  it('logistic: with the sum written out, Vector.get, ml-logistic-regression and a walk of the tree of ml-cart', async () => {
    expect(await printed('logistic', 3000)).toMatch(/times as long; ≥ 20×: (yes|no)/);
  });

  it('pipeline: with every output evaluated by hand from its definition', async () => {
    expect(await printed('pipeline', 3000)).toMatch(/million customers per second of CPU; ≥ 2 million: (yes|no)/);
  });

  it('fits: with the golden Gamma-Gamma fit and the score equations, and the peers that are on this machine', async () => {
    const suite = (await load('./fits.mjs')).fits as (of: unknown, churn: unknown, options: object) => Promise<unknown>;
    const lines: string[] = [];
    const options = { rows: 500, rounds: 1, trees: 10, peers: true, print: (line: string) => lines.push(line) };
    await suite(library, churn, options);
    for (const title of ['logistic regression, 500 rows', 'Decision tree of depth 8', 'Boosting', 'Forest'])
      expect(lines.join('\n')).toContain(title);
    expect(lines.join('\n')).toMatch(/ml-cart .* 500 /);
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

  it('clv: with the golden CDNOW fits, the simulated parameters and the families’ functions', async () => {
    const suite = (await load('./clv.mjs')).clv as (of: unknown, models: unknown, options: object) => Promise<unknown>;
    const lines: string[] = [];
    await suite(library, models, { rows: 20_000, rounds: 1, print: (line: string) => lines.push(line) });
    for (const name of ['BG/NBD', 'Pareto/NBD'])
      expect(lines.join('\n')).toContain(`${name}: fit, 20000 simulated customers`);
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
    expect(await printed('compositeIndex', 3000, 'composite-index')).toMatch(/times the reading alone; ≤ 12: (yes|no)/);
  });

  it('quintiles: with those of the sorted column, and DuckDB where it is installed', async () => {
    expect(await printed('quintiles', 10_000)).toMatch(/≥ 2: (yes|no)|DuckDB does not take part/);
  });

  it('rfm: with the plainest count by customer, and DuckDB where it is installed', async () => {
    const lines = await printed('rfm', 20_000);
    for (const ids of ['one dictionary', 'sparse numbers', 'text \\(Utf8\\)', 'JavaScript strings'])
      expect(lines).toMatch(new RegExp(`20000 rows of 2000 customers, ids: .*${ids}`));
    expect(lines).toMatch(/GROUP BY takes|DuckDB does not take part/);
  });

  it('ahp: with the weights by raising the matrices to a power', async () => {
    expect(await printed('ahp', 20)).toMatch(/ms for a hierarchy; below 0.25: (yes|no)/);
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

describe('docs/benchmarks.md', () => {
  it('is what benchmarks/results.json makes', async () => {
    const { page, readResults } = (await load('./report.mjs')) as {
      page: (results: unknown) => string;
      readResults: () => unknown;
    };
    expect(readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8')).toBe(page(readResults()));
  });
});
