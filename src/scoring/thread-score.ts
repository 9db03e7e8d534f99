import { isArrowLike } from '../columns/batch.ts';
import { fail } from '../errors.ts';
import type { Ran } from '../kernels/run.ts';
import type { Columns } from '../model/batch.ts';
import type { ModelBase } from '../model/contract.ts';
import { inBatch } from './in-batch.ts';
import { areNamed } from './thread-children.ts';
import { type Job, ThreadPool } from './thread-pool.ts';

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

/** Results in the order of batches. See `Plan.scoreParallel`. */
export async function* scoreOnThreads<S extends { readonly report: { readonly rows: number } }>(
  calling: Calling<S>,
  batches: Iterable<Columns> | AsyncIterable<Columns>,
  { threads, reasons = false, signal, onProgress }: Options,
): AsyncGenerator<S, void, undefined> {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 256)
    fail('invalid-option', `threads: expected a whole number from 1 to 256, got ${threads}`);
  if (signal?.aborted) fail('aborted', 'scoring was stopped before the first batch');
  let wake = (): void => {};
  const source = sourceOf(batches);
  const pool = new ThreadPool(threads, calling.model, reasons, () => wake());
  /** Batches that were read, in order, and their rows. */
  const waiting: Job[] = [];
  let held = 0;
  let accepted: readonly string[] = [];
  let reading = false;
  let ended: (() => void) | undefined;
  let closed = false;
  let done = 0;
  let rows = 0;
  const stop = (): void => wake();
  signal?.addEventListener('abort', stop);

  /** Reads on until the threads have enough to do, or the source is to be waited for. */
  function refill(): void {
    try {
      while (!reading && !ended && !closed && !pool.enough(threads, waiting.length, held)) {
        const next = source.next();
        if (isResult(next)) take(next);
        else {
          reading = true;
          Promise.resolve(next)
            .then(take, broke)
            .finally(() => {
              reading = false;
              refill();
              wake();
            });
        }
      }
    } catch (error) {
      broke(error);
    }
    if (ended) pool.flush();
  }

  function take({ value, done: last }: IteratorResult<Columns, unknown>): void {
    if (closed) return;
    if (last) ended = () => {};
    else begin(value as Columns);
  }

  function broke(error: unknown): void {
    ended = () => {
      throw error;
    };
  }

  function begin(batch: Columns): void {
    const job: Job = { batch, rows: 0, ran: undefined };
    waiting.push(job);
    try {
      job.batch = heldBatch(batch, calling.model);
      const fields = isArrowLike(batch) ? batch.schema.fields : [];
      if (fields.length === 0 || !areNamed(fields, accepted)) {
        calling.accept(batch);
        accepted = fields.map(({ name }) => name);
      }
      pool.add(job);
      held += job.rows;
    } catch {
      // The calling thread will say what is wrong, when it is this batch's turn.
      job.ran = null;
    }
  }

  try {
    for (;;) {
      if (signal?.aborted) fail('aborted', `scoring was stopped after ${done} batches`);
      refill();
      const head = waiting[0];
      if (head !== undefined && head.ran !== undefined) {
        waiting.shift();
        held -= head.rows;
        refill();
        const scored = finished(head, head.ran);
        done++;
        rows += scored.report.rows;
        onProgress?.({ batches: done, rows, threads: pool.size });
        yield scored;
      } else if (ended && head === undefined) return ended();
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    closed = true;
    signal?.removeEventListener('abort', stop);
    await pool.close();
    // A source that is being waited for cannot be waited for again.
    const closing = Promise.resolve(ended ? undefined : source.return?.()).catch(() => {});
    if (!reading) await closing;
  }

  function finished({ batch }: Job, ran: Ran | null): S {
    if (pool.fault) throw pool.fault;
    try {
      return ran ? calling.finish(batch, ran) : calling.score(batch);
    } catch (error) {
      throw inBatch(done, error);
    }
  }
}

/** A plain batch with lists of its own: they are sent later, when their source may have filled them anew. */
function heldBatch(batch: Columns, { inputs }: ModelBase): Columns {
  if (Array.isArray(batch) || isArrowLike(batch)) return batch;
  const lists = inputs.flatMap(({ name }) => {
    const column = Object.hasOwn(batch, name) ? batch[name] : undefined;
    return Array.isArray(column) ? [[name, column.slice()] as const] : [];
  });
  return { ...batch, ...Object.fromEntries(lists) };
}

type AnyIterator = AsyncIterator<Columns> | Iterator<Columns>;

function sourceOf(batches: Iterable<Columns> | AsyncIterable<Columns>): AnyIterator {
  if (Symbol.asyncIterator in batches) return batches[Symbol.asyncIterator]();
  return (batches as Iterable<Columns>)[Symbol.iterator]();
}

function isResult(
  next: Promise<IteratorResult<Columns, unknown>> | IteratorResult<Columns, unknown>,
): next is IteratorResult<Columns, unknown> {
  return typeof (next as Promise<unknown>).then !== 'function';
}
