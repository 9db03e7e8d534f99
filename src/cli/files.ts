import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail } from '../errors.ts';
import type { Readers } from '../job/index.ts';

/** A JSON file's value. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: Error) =>
    fail('invalid-option', `cannot read ${path}: ${error.message}`),
  );
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail('corrupt-input', `${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Readers for the job's sources, from the paths of the command line. */
export async function openSources(
  names: readonly string[],
  data: string | undefined,
  sources: ReadonlyMap<string, string>,
): Promise<Readers> {
  const paths = data === undefined ? sources : new Map([[onlySource(names), data]]);
  for (const name of names)
    if (!paths.has(name)) fail('invalid-option', `source "${name}" has no path: add --source ${name}=PATH`);
  for (const [name, path] of paths) {
    if (!names.includes(name)) fail('invalid-option', `the job has no source "${name}"; it has ${names.join(', ')}`);
    const info = await stat(path).catch((error: Error) =>
      fail('invalid-option', `source "${name}": cannot read ${path}: ${error.message}`),
    );
    if (!info.isFile()) fail('invalid-option', `source "${name}": ${path} is not a file`);
  }
  return Object.fromEntries([...paths].map(([name, path]) => [name, () => createReadStream(path)]));
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
  try {
    for (const { name, chunks } of files) {
      const path = join(folder, name);
      const temporary = `${path}.${process.pid}.part`;
      await mkdir(dirname(path), { recursive: true });
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
    await Promise.all(written.map(({ temporary }) => rm(temporary, { force: true })));
    throw error;
  }
}
