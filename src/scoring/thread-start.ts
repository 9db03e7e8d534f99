import type { FromThread, ToThread } from './thread-messages.ts';
import { type NodeWorker, nodeThreads } from './thread-node.ts';

/** A running thread, whichever way the engine makes them. */
export interface Port {
  post(message: ToThread, transfer: readonly ArrayBuffer[]): void;
  /** Whether the program waits for this thread, where an engine asks. */
  busy(is: boolean): void;
  /** Ends the thread; true when it is known to have ended. */
  end(): Promise<boolean>;
}
interface Ears {
  message(message: FromThread): void;
  /** The thread broke down, or never came up. */
  death(reason: string): void;
}

/**
 * Milliseconds after which V8 has compiled what a thread last did: Node aborts the process when the compiler of a thread that
 * is being ended asks for room (node_platform.cc, ForIsolate: `(data.first) != nullptr`).
 */
const REST = 50;

/**
 * Starts a thread on thread-worker.js, as a web Worker (Deno, Bun, browsers) or one of Node. This module has to be built into
 * a file beside that one.
 */
export function startThread(ears: Ears): Port {
  if (typeof Worker === 'undefined') {
    const node = nodeThreads();
    if (!node) throw new Error('this engine has no threads');
    return nodePort(new node.Worker(new URL('./thread-worker.js', import.meta.url)), ears);
  }
  return webPort(new Worker(new URL('./thread-worker.js', import.meta.url), { type: 'module' }), ears);
}

function nodePort(worker: NodeWorker, ears: Ears): Port {
  worker.on('message', (message: FromThread) => ears.message(message));
  worker.on('error', (error: unknown) => ears.death(String(error)));
  worker.on('messageerror', (error: unknown) => ears.death(String(error)));
  worker.on('exit', (code: number) => ears.death(`it ended with code ${code}`));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    busy: (is) => (is ? worker.ref() : worker.unref()),
    end: async () => {
      await new Promise((rested) => setTimeout(rested, REST));
      await worker.terminate();
      return true;
    },
  };
}

function webPort(worker: Worker, ears: Ears): Port {
  worker.onmessage = ({ data }: MessageEvent<FromThread>) => ears.message(data);
  worker.onmessageerror = () => ears.death('a message could not be read');
  worker.onerror = (event) => {
    // Else it counts as an error of the program, which some engines end for it.
    event.preventDefault();
    ears.death(event.message || 'it could not be started');
  };
  // Bun's, which the standard lacks: without it a thread that exits of itself would be waited for. Deno tells nobody.
  worker.addEventListener('close', () => ears.death('it was closed'));
  const counted = worker as Worker & { ref?(): void; unref?(): void };
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    busy: (is) => (is ? counted.ref?.() : counted.unref?.()),
    end: async () => {
      worker.terminate();
      return false;
    },
  };
}
