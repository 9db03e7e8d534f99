import type { ArrowType } from '../columns/arrow-shape.ts';
import type { ScoreReport } from '../kernels/run.ts';
import type { ModelBase } from '../model/contract.ts';

/** What a thread is told. */
export type ToThread =
  | { readonly type: 'start'; readonly model: ModelBase; readonly reasons: boolean }
  /** A buffer that later batches lie in, by the number they call it. */
  | { readonly type: 'buffer'; readonly number: number; readonly buffer: ArrayBufferLike }
  /** The same of a shared WASM memory, and the thread's place for scratch in it; no place when all are taken. */
  | {
      readonly type: 'memory';
      readonly number: number;
      readonly memory: WebAssembly.Memory;
      readonly place: number | undefined;
    }
  | SentGroup;

/** Batches that follow each other, written down by BatchWriter. */
export interface SentGroup {
  readonly type: 'batches';
  readonly id: number;
  readonly count: number;
  readonly numbers: Float64Array;
  /** Types that the thread does not know yet. */
  readonly types: readonly SentType[];
  /** What cannot be written as numbers: levels, and plain columns that are no typed arrays. */
  readonly cells: readonly unknown[];
  /** Buffers of dictionaries, which stay with the thread. */
  readonly kept: readonly ArrayBuffer[];
  /** Buffers handed over with the batches, to be given back: where there is no shared memory. */
  readonly slots: readonly SentSlot[];
  /** Numbers of buffers that no later batch will lie in. */
  readonly forgotten: readonly number[];
}
export interface SentType {
  readonly number: number;
  readonly type: ArrowType;
}
export interface SentSlot {
  readonly number: number;
  readonly buffer: ArrayBuffer;
}

/** What came of one batch. */
export interface SentResult {
  /** Numbers or codes, by output. */
  readonly cells: readonly (Float64Array | Int32Array)[];
  /** By output; `null` unless reasons are asked for, and a cell is null. */
  readonly why: readonly (Uint8Array | null)[] | null;
  readonly full: readonly boolean[];
  /** `null` when it tells of nothing but the number of rows. */
  readonly report: ScoreReport | null;
}

/** What a thread tells. */
export type FromThread =
  | { readonly type: 'ready' }
  /** The thread cannot score the model. */
  | { readonly type: 'unfit'; readonly reason: string }
  | {
      readonly type: 'scored';
      readonly id: number;
      /** `null`: scoring threw. The calling thread will find the same, and say it. */
      readonly results: readonly (SentResult | null)[];
      readonly slots: readonly SentSlot[];
      readonly milliseconds: number;
    };
