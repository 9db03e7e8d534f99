import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const here = import.meta.dirname;

interface Notebook {
  readonly metadata: { readonly kernelspec: { readonly name: string } };
  readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[];
}

it.skipIf(!existsSync(join(here, '../dist/index.js')))(
  'runs the cells of the notebook under Deno, one after the other (needs `npm run build`)',
  () => {
    const notebook = JSON.parse(readFileSync(join(here, 'notebook.ipynb'), 'utf8')) as Notebook;
    expect(notebook.metadata.kernelspec.name).toBe('deno');
    const cells = notebook.cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
    execFileSync(
      join(here, '../node_modules/.bin/deno'),
      ['run', '--quiet', '--allow-read', '--allow-env', '--ext', 'ts', '-'],
      { cwd: here, input: cells.join(';\n'), stdio: ['pipe', 'ignore', 'pipe'] },
    );
  },
);
