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

/** Threads run a bundle of the sources, until mocks are restored. */
export function useBuiltThreads(): void {
  class Built extends threads.Worker {
    constructor() {
      super(pathToFileURL(file));
    }
  }
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ ...threads, Worker: Built } as never);
}
