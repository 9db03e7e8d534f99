// Peers that take part where they are found, with `--peers`: packages of npm, and long-lived Python subprocesses that
// report their own CPU time.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const seen = new Map();
/** Versions of the peers that took part since this was asked for last. */
export function takeVersions() {
  const versions = Object.fromEntries(seen);
  seen.clear();
  return versions;
}

/** A module that is found here or in one of the folders that the environment variable CLIENTELE_PEERS names; else null. */
export async function found(name) {
  const folders = (process.env.CLIENTELE_PEERS ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = [import.meta.url, ...folders.map((folder) => pathToFileURL(join(resolve(folder), 'package.json')))];
  for (const place of places)
    try {
      const path = createRequire(place).resolve(name);
      const module = await import(pathToFileURL(path).href);
      seen.set(name, versionOf(name, path));
      return module;
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  return null;
}

/** By the package.json above a file of the package. */
function versionOf(name, path) {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const own = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    if (own.name === name) return own.version;
  }
  return 'of no known version';
}

/** Debian's Python, which has Debian's packages; CLIENTELE_PYTHON names another one. */
const PYTHON = process.env.CLIENTELE_PYTHON ?? '/usr/bin/python3';

/**
 * A Python that runs `script` (beside this file) on one thread and answers requests in JSON, one at a time; null without
 * Python. `packages` tells which peers it has, with their versions.
 */
export async function python(script = 'peers.py') {
  if (!existsSync(PYTHON)) return null;
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const child = spawn(PYTHON, [join(import.meta.dirname, script)], {
    env: { ...process.env, ...one },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told = `${told}${chunk}`.slice(-2000);
  });
  // A request to a process that has ended is told of by `lines` ending.
  child.stdin.on('error', () => {});
  child.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    const answer = done ? { error: `it ended: ${told}` } : JSON.parse(value);
    if (answer.error) throw new Error(`${script}, ${JSON.stringify(request).slice(0, 80)}: ${answer.error}`);
    return answer;
  };
  const folder = mkdtempSync(join(tmpdir(), 'clientele-peers-'));
  const close = () => {
    child.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { packages } = await ask({});
    for (const [name, version] of Object.entries(packages)) seen.set(name, version);
    return {
      packages,
      ask,
      close,
      /** Hands over columns of float64, one list of them after the other, through a file that `as` names. */
      give: async (columns, request, as = 'data') => {
        const path = join(folder, 'columns.bin');
        writeFileSync(path, Buffer.concat(columns.map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength))));
        return ask({ [as]: path, ...request });
      },
      /** What was scored last. */
      scores: async () => {
        const path = join(folder, 'scores.bin');
        await ask({ scores: path });
        const bytes = readFileSync(path);
        return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
