import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { ModelBase } from '../model/contract.ts';
import { inBatch } from './in-batch.ts';
import { type Ran, ThreadPool } from './thread-pool.ts';

/** What the calling thread does of a batch. */
interface Calling<S> {
  readonly model: ModelBase;
  /** Stops for a batch that cannot be scored for its column names. */
  accept(batch: Columns): void;
  score(batch: Columns): S;
  finish(batch: Columns, ran: Ran): S;
}
interface Options {
  readonly threads: number;
  readonly reasons?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly batches: number;
    readonly rows: number;
    readonly threads: number;
  }) => void;
}

/** A batch that was read, and what comes of it; `settled` once that is known. */
interface Job {
  readonly batch: Columns;
  readonly ran: Promise<unknown>;
  settled: (() => Ran | null) | undefined;
}

/** Results in the order of batches. See `Plan.scoreParallel`. */
export async function* scoreOnThreads<S extends { readonly report: { readonly rows: number } }>(
  calling: Calling<S>,
  batches: Iterable<Columns> | AsyncIterable<Columns>,
  { threads, reasons = false, signal, onProgress }: Options,
): AsyncGenerator<S, void, undefined> {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 256)
    fail('invalid-option', `threads: expected a whole number from 1 to 256, got ${threads}`);
  const stop = stopOf(signal);
  if (signal?.aborted) fail('aborted', 'scoring was stopped before the first batch');
  const source = iteratorOf(batches);
  const pool = new ThreadPool(threads, calling.model, reasons);
  const waiting: Job[] = [];
  let reading: Promise<void> | undefined;
  let ended: (() => void) | undefined;
  let done = 0;
  let rows = 0;

  function refill(): void {
    if (!ended && waiting.length < 2 * threads) reading ??= read();
  }

  async function read(): Promise<void> {
    try {
      const { value, done: last } = await Promise.resolve().then(() => source.next());
      if (last) ended = () => {};
      else waiting.push(begin(value));
    } catch (error) {
      ended = () => {
        throw error;
      };
    }
    reading = undefined;
  }

  function begin(batch: Columns): Job {
    const job: { -readonly [K in keyof Job]: Job[K] } = { batch, settled: undefined, ran: Promise.resolve() };
    try {
      calling.accept(batch);
      job.ran = pool.send(batch).then(
        (ran) => {
          job.settled = () => ran;
        },
        () => {
          job.settled = () => null;
        },
      );
    } catch {
      // The calling thread will say what is wrong, when it is this batch's turn.
      job.settled = () => null;
    }
    return job;
  }

  try {
    for (;;) {
      if (signal?.aborted) fail('aborted', `scoring was stopped after ${done} batches`);
      refill();
      const head = waiting[0];
      if (head?.settled) {
        waiting.shift();
        refill();
        const scored = finished(head, head.settled());
        done++;
        rows += scored.report.rows;
        onProgress?.({ batches: done, rows, threads: pool.size });
        yield scored;
        continue;
      }
      if (ended && !head) return ended();
      await Promise.race([head?.ran, reading, stop.promise].filter((event) => event !== undefined));
    }
  } finally {
    stop.forget();
    await pool.close();
    // A source that is being waited for cannot be waited for again.
    const closing = Promise.resolve(ended ? undefined : source.return?.()).catch(() => {});
    if (!reading) await closing;
  }

  function finished(job: Job, ran: Ran | null): S {
    if (pool.fault) throw pool.fault;
    try {
      return ran ? calling.finish(job.batch, ran) : calling.score(job.batch);
    } catch (error) {
      throw inBatch(done, error);
    }
  }
}

type AnyIterator = AsyncIterator<Columns> | Iterator<Columns>;

function iteratorOf(batches: Iterable<Columns> | AsyncIterable<Columns>): AnyIterator {
  if (Symbol.asyncIterator in batches) return batches[Symbol.asyncIterator]();
  return (batches as Iterable<Columns>)[Symbol.iterator]();
}

/** Resolves when the signal is given. */
function stopOf(signal: AbortSignal | undefined): { readonly promise: Promise<void> | undefined; forget(): void } {
  if (!signal) return { promise: undefined, forget: () => {} };
  let listener = (): void => {};
  const promise = new Promise<void>((resolve) => {
    listener = resolve;
    signal.addEventListener('abort', listener);
  });
  return { promise, forget: () => signal.removeEventListener('abort', listener) };
}
