import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const SCRIPT = `
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { append, matches, readCategories, readDays, readNumbers, toArrow } from './src/columns/index.ts';
let refused = false;
try { new Function('return 1')(); } catch { refused = true; }
const batch = toArrow({ id: ['a', 'b', null], x: Float64Array.of(1, NaN, 3), day: ['1970-01-02', null, '1970-01-01'] });
const both = append(batch, { tier: { codes: Int32Array.of(1, -1, 0), levels: ['low', 'high'] }, p: Float64Array.of(0.5, 1, NaN) });
const back = tableFromIPC(tableToIPC(both));
console.log(JSON.stringify([
  refused,
  [...readNumbers(back, 'x')], readCategories(back, 'id').levels, [...readDays(back, 'day')],
  [...readCategories(back, 'tier').codes], [...matches(back, { column: 'tier', equals: 'high' })],
]));
`;

it('reads, builds, appends and writes where code generation from strings is forbidden', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'columns-'));
  try {
    const { outputFiles } = await build({
      stdin: { contents: SCRIPT, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
    });
    const file = join(folder, 'script.mjs');
    writeFileSync(file, outputFiles[0]!.contents);
    const out = execFileSync(process.execPath, ['--disallow-code-generation-from-strings', file], { encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual([true, [1, null, 3], ['a', 'b'], [1, null, 0], [1, -1, 0], [1, 0, 0]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
