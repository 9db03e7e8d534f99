import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ClienteleError, fail } from '../errors.ts';
import type { Readers } from '../job/index.ts';
import type { Arguments } from './arguments.ts';

/** A JSON file's value. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: Error) =>
    fail('invalid-option', `cannot read ${path}: ${error.message}`),
  );
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return fail('corrupt-input', `${path} is not JSON: ${(error as Error).message}`);
  }
}

/**
 * Readers for the job's sources, from the paths of the command line. `outputs`: the files that will be written; none of
 * them may be one that is read.
 */
export async function openSources(
  names: readonly string[],
  { data, sources, out, file }: Pick<Arguments, 'data' | 'sources' | 'out' | 'file'>,
  outputs: readonly string[],
): Promise<Readers> {
  const paths = data === undefined ? sources : new Map([[onlySource(names), data]]);
  for (const name of names)
    if (!paths.has(name)) fail('invalid-option', `source "${name}" has no path: add --source ${name}=PATH`);
  const written = new Map(outputs.map((name) => [resolve(out, name), name]));
  for (const path of [...paths.values(), file])
    if (written.has(resolve(path)))
      fail(
        'invalid-option',
        `${path} is read and would be overwritten by "${written.get(resolve(path))}": choose another folder with --out`,
      );
  for (const [name, path] of paths) {
    if (!names.includes(name)) fail('invalid-option', `the job has no source "${name}"; it has ${names.join(', ')}`);
    const info = await stat(path).catch((error: Error) => unreadable(name, path, error));
    if (info.isDirectory()) fail('invalid-option', `source "${name}": ${path} is a folder: name a file`);
  }
  return Object.fromEntries([...paths].map(([name, path]) => [name, () => bytesOf(name, path)]));
}

async function* bytesOf(name: string, path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* createReadStream(path);
  } catch (error) {
    unreadable(name, path, error as Error);
  }
}

function unreadable(name: string, path: string, error: Error): never {
  return fail('invalid-option', `source "${name}": cannot read ${path}: ${error.message}`);
}

function onlySource(names: readonly string[]): string {
  return names.length === 1
    ? names[0]!
    : fail(
        'invalid-option',
        `the job has ${names.length} sources: name each with --source, ${names.map((name) => `--source ${name}=PATH`).join(' ')}`,
      );
}

export interface OutputFile {
  readonly name: string;
  readonly chunks: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array | string>;
}

/** Writes every file under a temporary name first, and renames them only when all are complete: nothing is half-written. */
export async function writeAll(folder: string, files: readonly OutputFile[]): Promise<readonly string[]> {
  const written: { readonly temporary: string; readonly path: string }[] = [];
  let at = folder;
  try {
    await mkdir(folder, { recursive: true });
    for (const { name } of files)
      if ((await stat(join(folder, name)).catch(() => null))?.isDirectory())
        fail('invalid-option', `cannot write ${join(folder, name)}: there is a folder of this name`);
    for (const { name, chunks } of files) {
      const path = join(folder, name);
      const temporary = `${path}.${process.pid}.part`;
      at = path;
      written.push({ temporary, path });
      const file = await open(temporary, 'w');
      try {
        for await (const chunk of chunks) await file.writeFile(chunk);
        await file.sync();
      } finally {
        await file.close();
      }
    }
    for (const { temporary, path } of written) await rename(temporary, path);
    return written.map(({ path }) => path);
  } catch (error) {
    await Promise.all(written.map(({ temporary }) => rm(temporary, { force: true }).catch(() => undefined)));
    if (error instanceof ClienteleError || !(error instanceof Error && 'syscall' in error)) throw error;
    return fail('invalid-option', `cannot write ${at}: ${error.message}; choose another folder with --out`);
  }
}
