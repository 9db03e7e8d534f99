import type { FromThread, ToThread } from './thread-messages.ts';
import { nodeThreads } from './thread-node.ts';

/** Inside a thread: hears its messages, and gives the way to answer. */
export function hear(
  listener: (message: ToThread) => void,
): (message: FromThread, transfer: readonly ArrayBuffer[]) => void {
  const page = globalThis as unknown as {
    postMessage?(message: unknown, transfer: readonly ArrayBuffer[]): void;
    onmessage: unknown;
  };
  if (typeof page.postMessage === 'function') {
    page.onmessage = ({ data }: MessageEvent<ToThread>) => listener(data);
    return (message, transfer) => page.postMessage!(message, transfer);
  }
  const port = nodeThreads()!.parentPort!;
  port.on('message', listener);
  return (message, transfer) => port.postMessage(message, transfer);
}
