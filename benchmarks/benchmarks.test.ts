import { describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';

type Suite = (
  of: unknown,
  options: { rows: number; rounds: number; print: (line: string) => void },
) => Promise<readonly unknown[]>;

// By a computed address: the suites are plain JavaScript without declarations, as Node runs them.
const load = (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ new URL(file, import.meta.url).href);

async function printed(name: string, rows: number): Promise<string> {
  const suite = (await load(`./${name}.mjs`))[name] as Suite;
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

  it('fits: with the golden CDNOW fits, the simulated parameters and the score equations', async () => {
    expect(await printed('fits', 20_000)).toContain('20000 simulated customers');
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

  it('stop at results that differ', async () => {
    const { assertClose, assertSame } = (await load('./contest.mjs')) as Record<string, (...all: unknown[]) => void>;
    expect(() => assertClose!([1, Number.NaN], [1, 2], 1e-9, 'p')).toThrow('p: number 1 is NaN, expected 2');
    expect(() => assertClose!([1], [1, 2], 1e-9, 'p')).toThrow('p: 1 results, expected 2');
    expect(() => assertSame!(['a'], ['b'], 'tier')).toThrow('tier: number 0 is a, expected b');
  });
});
