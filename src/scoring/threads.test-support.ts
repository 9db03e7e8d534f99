import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as threads from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, vi } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'clientele-threads-'));
const file = join(folder, 'thread-worker.mjs');

beforeAll(async () => {
  await build({
    entryPoints: [new URL('./thread-worker.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    packages: 'bundle',
    mainFields: ['module', 'main'],
    outfile: file,
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Threads at work. */
export const running: Set<threads.Worker> = new Set();

/** What may be done to the threads of a test. */
export interface Tampering {
  /** Code that a thread runs before that of the library, which it may leave out. */
  readonly first?: string;
  /** Hears what threads are sent. */
  readonly sent?: (message: { readonly type: string; readonly count?: number }) => void;
}

/** Threads run a bundle of the sources, until mocks are restored. */
export function useBuiltThreads({ first, sent = () => {} }: Tampering = {}): void {
  const own = pathToFileURL(file);
  const code = `import { parentPort } from 'node:worker_threads'; ${first}; await import(${JSON.stringify(own.href)});`;
  const script = first === undefined ? own : new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  class Built extends threads.Worker {
    constructor() {
      super(script);
      running.add(this);
      this.on('exit', () => running.delete(this));
    }
    override postMessage(message: { readonly type: string }, transfer: readonly ArrayBuffer[]): void {
      sent(message);
      super.postMessage(message, transfer);
    }
  }
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ ...threads, Worker: Built } as never);
}
