import type { ToThread } from './thread-messages.ts';

/** The part of Node's Worker that is used; its types are not those of a web page. */
export interface NodeWorker {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  on(event: 'message' | 'error' | 'exit' | 'messageerror', listener: (what: never) => void): void;
  terminate(): Promise<unknown>;
  ref(): void;
  unref(): void;
}
interface NodeThreads {
  readonly Worker: new (url: URL) => NodeWorker;
  readonly parentPort: {
    postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
    on(event: 'message', listener: (message: ToThread) => void): void;
  } | null;
}

/** `worker_threads` where there is no web Worker, without an import that a bundler would follow. */
export function nodeThreads(): NodeThreads | undefined {
  const { process } = globalThis as { readonly process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined;
}
