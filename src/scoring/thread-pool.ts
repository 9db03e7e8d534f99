import { NO_CODES, NO_VALUES } from '../columns/lane.ts';
import { ClienteleError } from '../errors.ts';
import type { Ran, RunColumn } from '../kernels/run.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { leavePlace, takePlace } from '../kernels/wasm/scratch.ts';
import type { Columns } from '../model/batch.ts';
import type { ModelBase } from '../model/contract.ts';
import type { FromThread, SentResult } from './thread-messages.ts';
import { type Slot, Slots } from './thread-slots.ts';
import { type Port, startThread } from './thread-start.ts';
import { BatchWriter } from './thread-write.ts';

/** A batch, and what comes of it: not known yet, or `null` – it is to be scored on the calling thread, since its thread broke down or found it wrong. */
export interface Job {
  batch: Columns;
  rows: number;
  ran: Ran | null | undefined;
}

/** Batches that go to a thread, and come back, together. */
interface Group {
  readonly jobs: Job[];
  readonly slots: Slot[];
  rows: number;
}

interface Thread {
  readonly port: Port;
  readonly writer: BatchWriter;
  /** The group that is written, and those sent and not yet back. */
  open: Group | undefined;
  readonly pending: Map<number, Group>;
  rows: number;
  /** Shared buffers that it knows by number; the last is the latest used. */
  readonly buffers: Map<ArrayBufferLike, number>;
  readonly slots: Set<number>;
  /** Numbers that it need no longer know. */
  forgotten: number[];
  /** Places to leave when it ends; weakly, since a stream may bring many memories. */
  readonly places: { readonly memory: WeakRef<WebAssembly.Memory>; readonly place: number }[];
}

const MOST_BUFFERS = 8;
/** A group is to keep a thread busy for so long: a message takes 0.03 ms to make and as much to hear. */
const MILLISECONDS = 2.5;
const MOST_ROWS = 65536;
const MOST_BATCHES = 32;

/** Threads with one model. */
export class ThreadPool {
  private readonly model: ModelBase;
  /** Called when something came of a job. */
  private readonly wake: () => void;
  private threads: Thread[] = [];
  private readonly ended: Promise<unknown>[] = [];
  private readonly slots: Slots;
  private numbers = 0;
  private ready = false;
  /** Batches of threads that died before any was ready: whether to go on without them is not known yet. */
  private undecided: Job[] = [];
  private closed = false;
  private broken = '';
  private unfit: string | undefined;
  private perRow = 0;
  /** Rows that make a group full. */
  private full = 1;

  constructor(threads: number, model: ModelBase, reasons: boolean, wake: () => void) {
    this.model = model;
    this.wake = wake;
    this.slots = new Slots(
      () => this.numbers++,
      (number) => {
        for (const thread of this.threads) if (thread.slots.delete(number)) thread.forgotten.push(number);
      },
    );
    for (let t = 0; t < threads; t++) this.start(reasons);
  }

  /** Threads at work. */
  get size(): number {
    return this.threads.length;
  }

  /** Whether so many batches and rows keep `threads` threads busy: one group each to work on, and one to go on with. */
  enough(threads: number, batches: number, rows: number): boolean {
    const most = 2 * threads;
    return batches >= most && (rows >= most * this.full || batches >= most * MOST_BATCHES);
  }

  /** Why no batch can be scored, if so: no thread ever came up, or they do not know the model. */
  get fault(): ClienteleError | undefined {
    if (this.unfit !== undefined)
      return new ClienteleError(
        'unknown-kind',
        `threads only know the library's own kinds of models: ${this.unfit}; use scoreBatches`,
      );
    if (this.ready || this.threads.length > 0) return undefined;
    return new ClienteleError('invalid-option', `no thread could be started: ${this.broken}; use scoreBatches`);
  }

  /** Gives a batch to a thread: one that has nothing to do at once, else together with others. */
  add(job: Job): void {
    const thread = this.chosen();
    if (thread === undefined || this.unfit !== undefined) {
      job.ran = null;
      return;
    }
    thread.open ??= { jobs: [], slots: [], rows: 0 };
    const { open } = thread;
    job.rows = thread.writer.write(job.batch);
    open.jobs.push(job);
    open.rows += job.rows;
    thread.rows += job.rows;
    if (thread.pending.size === 0 || open.rows >= this.full || open.jobs.length >= MOST_BATCHES) this.send(thread);
  }

  /** Sends what is still held back. */
  flush(): void {
    for (const thread of this.threads) this.send(thread);
  }

  /** Ends all threads; what they were at is dropped. */
  async close(): Promise<void> {
    this.closed = true;
    for (const thread of this.threads) this.end(thread);
    this.threads = [];
    await Promise.all(this.ended);
  }

  /** A thread without work, else the one whose group is being written, else the one with the fewest rows. */
  private chosen(): Thread | undefined {
    let least: Thread | undefined;
    for (const thread of this.threads) {
      if (thread.pending.size === 0) return thread;
      if (least === undefined || (least.open === undefined && (thread.open !== undefined || thread.rows < least.rows)))
        least = thread;
    }
    return least;
  }

  private send(thread: Thread): void {
    const { open: group, writer, forgotten } = thread;
    if (group === undefined || group.jobs.length === 0) return;
    thread.open = undefined;
    const id = this.numbers++;
    const { numbers, types, cells, kept } = writer.take();
    const slots = this.slots.shared
      ? []
      : group.slots.map(({ number, buffer }) => ({ number, buffer: buffer as ArrayBuffer }));
    try {
      thread.port.post(
        { type: 'batches', id, count: group.jobs.length, numbers, types, cells, kept, slots, forgotten },
        [numbers.buffer, ...kept, ...slots.map(({ buffer }) => buffer)],
      );
    } catch {
      // Cells that cannot be sent, such as functions. The thread has heard of nothing that the group brought.
      writer.forget();
      this.settle(thread, group, []);
      return;
    }
    thread.forgotten = [];
    if (thread.pending.size === 0) thread.port.busy(true);
    thread.pending.set(id, group);
  }

  private start(reasons: boolean): void {
    let port: Port | undefined;
    try {
      port = startThread({
        message: (message) => this.hear(thread, message),
        death: (reason) => this.bury(thread, reason),
      });
      const thread: Thread = {
        port,
        writer: new BatchWriter(this.model.inputs, {
          shared: (buffer) => this.introduce(thread, buffer),
          room: (bytes) => this.room(thread, bytes),
        }),
        open: undefined,
        pending: new Map(),
        rows: 0,
        buffers: new Map(),
        slots: new Set(),
        forgotten: [],
        places: [],
      };
      port.post({ type: 'start', model: this.model, reasons }, []);
      port.busy(false);
      this.threads.push(thread);
    } catch (error) {
      this.broken = String(error);
      if (port) this.ended.push(port.end());
    }
  }

  private hear(thread: Thread, message: FromThread): void {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.decide();
        break;
      case 'unfit':
        this.unfit = message.reason;
        this.drop(thread);
        this.decide();
        break;
      case 'scored': {
        const group = thread.pending.get(message.id);
        if (!group) break;
        thread.pending.delete(message.id);
        // A thread is kept waiting for nothing.
        if (thread.pending.size === 0) this.send(thread);
        for (const { number, buffer } of message.slots)
          group.slots.find((slot) => slot.number === number)!.buffer = buffer;
        this.learn(message.milliseconds / Math.max(group.rows, 1));
        this.settle(thread, group, message.results);
      }
    }
    if (thread.pending.size === 0) thread.port.busy(false);
  }

  /** How many rows make a group, by the time that the latest took. */
  private learn(milliseconds: number): void {
    this.perRow = this.perRow === 0 ? milliseconds : (3 * this.perRow + milliseconds) / 4;
    this.full = Math.min(MOST_ROWS, MILLISECONDS / Math.max(this.perRow, 1e-9));
  }

  private settle(thread: Thread, group: Group, results: readonly (SentResult | null)[]): void {
    thread.rows -= group.rows;
    for (const slot of group.slots) this.slots.give(slot);
    group.jobs.forEach((job, j) => {
      const result = results[j];
      job.ran = result ? this.ranOf(job, result) : null;
    });
    this.wake();
  }

  private ranOf({ rows }: Job, { cells, why, full, report }: SentResult): Ran {
    const columns = this.model.outputs.map((field, c): RunColumn => {
      const number = field.type === 'number';
      return {
        field,
        values: number ? (cells[c] as Float64Array) : NO_VALUES,
        codes: number ? NO_CODES : (cells[c] as Int32Array),
        why: why?.[c] ?? null,
        full: full[c]!,
      };
    });
    return { columns, report: report ?? { rows, nulls: {}, unseenLevels: {} } };
  }

  private bury(thread: Thread, reason: string): void {
    if (this.closed || !this.threads.includes(thread)) return;
    this.broken = reason;
    this.threads = this.threads.filter((other) => other !== thread);
    this.end(thread);
    this.drop(thread);
    if (this.ready || this.threads.length === 0) this.decide();
  }

  /** Expects no more of a thread. Its slots are not used again: it may be reading them still. */
  private drop(thread: Thread): void {
    for (const { jobs } of thread.pending.values()) this.undecided.push(...jobs);
    this.undecided.push(...(thread.open?.jobs ?? []));
    thread.pending.clear();
    thread.open = undefined;
  }

  private decide(): void {
    for (const job of this.undecided.splice(0)) job.ran = null;
    this.wake();
  }

  /** Ends a thread. Its places are free again only when nothing can write there any more. */
  private end(thread: Thread): void {
    const idle = thread.pending.size === 0;
    const done = thread.port.end().then((surely) => {
      if (!idle && !surely) return;
      for (const { memory, place } of thread.places) {
        const own = memory.deref();
        if (own) leavePlace(own, place);
      }
    });
    this.ended.push(done);
  }

  private introduce(thread: Thread, buffer: ArrayBufferLike): number {
    const { buffers, port } = thread;
    let number = buffers.get(buffer);
    if (number !== undefined) {
      buffers.delete(buffer);
      buffers.set(buffer, number);
      return number;
    }
    for (const [oldest, own] of buffers) {
      if (buffers.size < MOST_BUFFERS) break;
      buffers.delete(oldest);
      thread.forgotten.push(own);
    }
    number = this.numbers++;
    const memory = scratchAt(buffer)?.memory;
    if (memory) {
      const place = takePlace(memory);
      if (place !== undefined) thread.places.push({ memory: new WeakRef(memory), place });
      port.post({ type: 'memory', memory, number, place }, []);
    } else port.post({ type: 'buffer', number, buffer }, []);
    buffers.set(buffer, number);
    return number;
  }

  private room(thread: Thread, bytes: number): Slot {
    const slot = this.slots.take(bytes);
    thread.open!.slots.push(slot);
    if (this.slots.shared && !thread.slots.has(slot.number)) {
      thread.port.post({ type: 'buffer', number: slot.number, buffer: slot.buffer }, []);
      thread.slots.add(slot.number);
    }
    return slot;
  }
}
