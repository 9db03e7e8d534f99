import { NO_CODES, NO_VALUES } from '../columns/lane.ts';
import { ClienteleError } from '../errors.ts';
import type { RunColumn, ScoreReport } from '../kernels/run.ts';
import { leavePlace, takePlace } from '../kernels/wasm/scratch.ts';
import type { Columns } from '../model/batch.ts';
import type { ModelBase } from '../model/contract.ts';
import { type Carrier, packBatch, type View, viewsOf } from './thread-batch.ts';
import type { FromThread } from './thread-messages.ts';
import { type Port, startThread } from './thread-start.ts';

/** What a thread computed of a batch. */
export interface Ran {
  readonly columns: readonly RunColumn[];
  readonly report: ScoreReport;
}
/** `null`: the batch is to be scored on the calling thread, since its thread broke down or found it wrong. */
type Settle = (ran: Ran | null) => void;

interface Thread {
  readonly port: Port;
  readonly pending: Map<number, Settle>;
  /** The shared memories it knows, the oldest first. */
  readonly memories: Map<WebAssembly.Memory, { readonly number: number; readonly place: number | undefined }>;
  /** Places to leave when it ends; weakly, since a stream may bring many memories. */
  readonly places: { readonly memory: WeakRef<WebAssembly.Memory>; readonly place: number }[];
}

const MOST_MEMORIES = 8;

/** Threads with one model. */
export class ThreadPool {
  private readonly model: ModelBase;
  private threads: Thread[] = [];
  private readonly ended: Promise<unknown>[] = [];
  private readonly spare: ArrayBuffer[] = [];
  private readonly mostSpare: number;
  private numbers = 0;
  private ready = false;
  /** Batches of threads that died before any was ready: whether to go on without them is not known yet. */
  private undecided: Settle[] = [];
  private closed = false;
  private broken = '';
  private unfit: string | undefined;

  constructor(threads: number, model: ModelBase, reasons: boolean) {
    this.model = model;
    this.mostSpare = 2 * threads * (model.inputs.length + 1);
    for (let t = 0; t < threads; t++) this.start(reasons);
  }

  /** Threads at work. */
  get size(): number {
    return this.threads.length;
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

  /** Sends a batch to the thread with the least to do. */
  send(batch: Columns): Promise<Ran | null> {
    const [first, ...rest] = this.threads;
    if (first === undefined || this.unfit !== undefined) return Promise.resolve(null);
    const thread = rest.reduce((least, other) => (other.pending.size < least.pending.size ? other : least), first);
    const transfer: ArrayBuffer[] = [];
    const sent = packBatch(batch, this.model.inputs, this.carrier(thread, transfer));
    const id = this.numbers++;
    return new Promise((settle) => {
      // Throws for cells that cannot be sent: the promise is then rejected.
      thread.port.post({ type: 'batch', id, batch: sent, spare: transfer }, transfer);
      if (thread.pending.size === 0) thread.port.busy(true);
      thread.pending.set(id, settle);
    });
  }

  /** Ends all threads; what they were at is dropped. */
  async close(): Promise<void> {
    this.closed = true;
    for (const thread of this.threads) this.end(thread);
    this.threads = [];
    await Promise.all(this.ended);
  }

  private start(reasons: boolean): void {
    const pending: Thread['pending'] = new Map();
    let port: Port | undefined;
    try {
      port = startThread({
        message: (message) => this.hear(thread, message),
        death: (reason) => this.bury(thread, reason),
      });
      const thread: Thread = { port, pending, memories: new Map(), places: [] };
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
        return;
      case 'unfit':
        this.unfit = message.reason;
        this.undecided.push(...thread.pending.values());
        thread.pending.clear();
        this.decide();
        break;
      case 'failed':
        this.settle(thread, message.id, null);
        break;
      case 'scored': {
        const columns = message.columns.map(({ cells, why, full }, c): RunColumn => {
          const field = this.model.outputs[c]!;
          const number = field.type === 'number';
          return {
            field,
            values: number ? (cells as Float64Array) : NO_VALUES,
            codes: number ? NO_CODES : (cells as Int32Array),
            why,
            full,
          };
        });
        for (const buffer of message.spare)
          if (buffer.byteLength > 0 && this.spare.length < this.mostSpare) this.spare.push(buffer);
        this.settle(thread, message.id, { columns, report: message.report });
      }
    }
    if (thread.pending.size === 0) thread.port.busy(false);
  }

  private settle(thread: Thread, id: number, ran: Ran | null): void {
    thread.pending.get(id)?.(ran);
    thread.pending.delete(id);
  }

  private bury(thread: Thread, reason: string): void {
    if (this.closed || !this.threads.includes(thread)) return;
    this.broken = reason;
    this.threads = this.threads.filter((other) => other !== thread);
    this.end(thread);
    this.undecided.push(...thread.pending.values());
    if (this.ready || this.threads.length === 0) this.decide();
  }

  private decide(): void {
    for (const settle of this.undecided.splice(0)) settle(null);
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

  private carrier(thread: Thread, transfer: ArrayBuffer[]): Carrier {
    return {
      memory: (memory) => this.introduce(thread, memory),
      copy: (view) => {
        const own = this.copyOf(view);
        transfer.push(own.buffer as ArrayBuffer);
        return own;
      },
    };
  }

  private introduce(thread: Thread, memory: WebAssembly.Memory): number {
    const known = thread.memories.get(memory);
    if (known) return known.number;
    if (thread.memories.size >= MOST_MEMORIES) {
      const [oldest, { number }] = [...thread.memories][0]!;
      thread.memories.delete(oldest);
      thread.port.post({ type: 'forget', number }, []);
    }
    const number = this.numbers++;
    const place = takePlace(memory);
    thread.memories.set(memory, { number, place });
    if (place !== undefined) thread.places.push({ memory: new WeakRef(memory), place });
    thread.port.post({ type: 'memory', memory, number, place }, []);
    return number;
  }

  /** A copy, in a buffer that came back from a thread if one is of that size: new pages cost more than the copying. */
  private copyOf(view: View): View {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const at = this.spare.findIndex((buffer) => buffer.byteLength === bytes.length);
    const buffer = at >= 0 ? this.spare.splice(at, 1)[0]! : new ArrayBuffer(bytes.length);
    new Uint8Array(buffer).set(bytes);
    // By its tag: subclasses such as Node's Buffer are not sent as such.
    return new (viewsOf(view[Symbol.toStringTag]))(buffer);
  }
}
