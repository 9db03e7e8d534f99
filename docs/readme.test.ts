// README.md and docs/*.md are programs: every `ts` block is type-checked and run, every `npx clientele` line is run, and
// what they print must be what stands in the `text` block behind them. A page that reads public data, which is no part of
// the repository, says so in its first line, `<!-- needs: data/FILE.csv -->`; where the file is missing it is not run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REASONS } from '../src/model/index.ts';
import { EIGHT_CLASSES } from '../src/segments/index.ts';

const root = resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  ...readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Subpaths of the package and the sources they are built from. */
const entries: { readonly [specifier: string]: string } = Object.fromEntries(
  Object.entries(
    (
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
        exports: { [key: string]: { default?: string } };
      }
    ).exports,
  ).flatMap(([key, { default: file }]) =>
    file ? [[key.replace('.', 'clientele'), join(root, file.replace('./dist', 'src').replace('.js', '.ts'))]] : [],
  ),
);

interface Block {
  readonly language: string;
  /** Behind the language: the name of a file that later blocks use. */
  readonly name: string;
  readonly code: string;
  /** The next block, when it is what this one prints. */
  readonly prints: string | null;
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  const found = [...text.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language, name, code]) => ({
    language: language!,
    name: name!,
    code: code!.replaceAll("'npm:clientele", "'clientele"),
  }));
  return found.map((block, i) => {
    const next = found[i + 1];
    return { ...block, prints: next?.language === 'text' ? next.code : null };
  });
}

/** `ts` blocks by program: one that begins with an import starts a new program, others go on with it. */
function programsOf(page: string): readonly (readonly Block[])[] {
  const programs: Block[][] = [];
  for (const block of blocksOf(page).filter(({ language }) => language === 'ts'))
    if (block.code.startsWith('import') || programs.length === 0) programs.push([block]);
    else programs.at(-1)!.push(block);
  return programs;
}

/** Holds `data`, the public data sets, where they lie beside the repository. */
const shared = resolve(root, '..', 'shared');

/** The files that a page needs and that are not here. */
function missingOf(page: string): string {
  const [, needs = ''] = readFileSync(join(root, page), 'utf8').match(/^<!-- needs: (.*) -->\n/) ?? [];
  return needs
    .split(/\s+/)
    .filter((file) => file !== '' && !existsSync(join(shared, file)))
    .join(' ');
}

const programs = pages.flatMap((page) =>
  programsOf(page).map((blocks, i) => ({
    title: `${page}, program ${i + 1}`,
    page,
    blocks,
    missing: missingOf(page),
  })),
);
const commands = pages.flatMap((page) =>
  blocksOf(page)
    .filter(({ language, code }) => language === 'sh' && code.startsWith('npx clientele'))
    .map((block) => ({ title: `${page}: ${block.code.split('\n')[0]}`, block })),
);

const folder = mkdtempSync(join(tmpdir(), 'clientele-docs-'));
const fromSources: Plugin = {
  name: 'clientele from its sources',
  setup: (hooks) =>
    hooks.onResolve({ filter: /^clientele(\/|$)/ }, ({ path }) =>
      entries[path] ? { path: entries[path] } : { errors: [{ text: `there is no ${path}` }] },
    ),
};

async function bundle(code: string, to: string, resolveDir = root): Promise<string> {
  const outfile = join(folder, to);
  await build({
    stdin: { contents: code, loader: 'ts', resolveDir },
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['apache-arrow', 'csv-parse'],
    plugins: [fromSources],
    outfile,
    logLevel: 'silent',
  });
  return outfile;
}

const runNode = (args: readonly string[]): string =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * A line `…` in what is expected stands for any number of lines, a `…` at the end of a line for the rest of it. Long
 * decimals are compared to ten digits.
 */
function expectPrinted(printed: string, expected: string): void {
  const short = (decimal: string): string => Number(decimal).toPrecision(10);
  const tidy = (text: string): string => `${text.trim().replaceAll(/\d+\.\d{10,}/g, short)}\n`;
  const pattern = tidy(expected)
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/^…\n/gm, '(?:.*\\n)*?')
    .replaceAll(/…$/gm, '.*');
  if (expected.includes('…')) expect(tidy(printed)).toMatch(new RegExp(`^${pattern}$`));
  else expect(tidy(printed)).toBe(tidy(expected));
}

beforeAll(() => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'));
  if (existsSync(join(shared, 'data'))) symlinkSync(join(shared, 'data'), join(folder, 'data'));
  for (const page of pages)
    for (const { name, code } of blocksOf(page)) if (name !== '') writeFileSync(join(folder, name), code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the README and the guide', () => {
  it('type-check under the strict options of this repository', () => {
    const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
    const sources = new Map(
      programs.map(({ blocks }, i) => [join(root, 'docs', `program-${i}.ts`), blocks.map(({ code }) => code).join('')]),
    );
    const own: ts.CompilerOptions = {
      ...options,
      noUnusedLocals: false,
      paths: Object.fromEntries(Object.entries(entries).map(([specifier, file]) => [specifier, [file]])),
    };
    const host = ts.createCompilerHost(own);
    const { readFile, fileExists, getSourceFile } = host;
    host.readFile = (name) => sources.get(name) ?? readFile(name);
    host.fileExists = (name) => sources.has(name) || fileExists(name);
    host.getSourceFile = (name, version, ...rest) => {
      const text = sources.get(name);
      return text === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version);
    };
    const program = ts.createProgram([...sources.keys()], own, host);
    const faults = [...sources.keys()].flatMap((name, i) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(name))
        .map(
          ({ messageText, start, file }) =>
            `${programs[i]!.title}: ${ts.flattenDiagnosticMessageText(messageText, '\n')} at ${file?.text.slice(start, start! + 60)}`,
        ),
    );
    expect(faults).toEqual([]);
  });

  for (const { title, blocks, missing } of programs) {
    const unless = missing === '' ? '' : `, but not without ${missing}`;
    it.skipIf(missing !== '')(`${title} runs and prints what stands behind it${unless}`, async () => {
      const marker = '\u0000';
      const code = blocks.map((block) => `${block.code}\nconsole.log(${JSON.stringify(marker)});\n`).join('');
      const out = runNode([await bundle(code, `${title.replaceAll(/\W+/g, '-')}.mjs`)]).split(`${marker}\n`);
      blocks.forEach(({ prints }, i) => {
        if (prints !== null) expectPrinted(out[i]!, prints);
      });
    });
  }

  it.each(commands)('$title runs and prints what stands behind it', async ({ block }) => {
    const cli = join(root, 'src', 'cli');
    const main = await bundle(readFileSync(join(cli, 'main.ts'), 'utf8'), 'clientele.mjs', cli);
    const args = block.code.trim().replaceAll('\\\n', ' ').split(/\s+/).slice(2);
    const out = runNode([main, ...args]);
    if (block.prints !== null) expectPrinted(out, block.prints);
  });

  it('keep the quick start within twenty lines', () => {
    const [first] = programsOf('README.md');
    expect(first![0]!.code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
  });

  it('name the eight classes and the reasons for nulls as the library does', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    EIGHT_CLASSES.forEach(({ key, names, strategy }, i) => {
      const row = readme.split('\n').find((line) => line.startsWith(`| ${i + 1} | \`${key}\` | ${names.zh} |`));
      expect(row?.split(' | ').at(-1)).toBe(`${strategy.text.en} |`);
    });
    for (const reason of REASONS.slice(1)) expect(readme).toContain(`\n| \`${reason}\` | `);
  });

  it('name every module of the package, and no other', () => {
    const named = readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| `(clientele(?:\/[\w/]+)?)` \|/gm);
    expect([...named].map(([, specifier]) => specifier).sort()).toEqual(Object.keys(entries).sort());
  });

  it('link to files that exist', () => {
    for (const page of pages)
      for (const [, link] of readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
        expect(existsSync(resolve(root, page, '..', link!)) ? link : `${page}: ${link} does not exist`).toBe(link);
  });
});
