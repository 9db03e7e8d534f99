import type { ScoreReport } from '../kernels/run.ts';
import type { ModelBase } from '../model/contract.ts';
import type { SentBatch } from './thread-batch.ts';

/** What a thread is told. */
export type ToThread =
  | { readonly type: 'start'; readonly model: ModelBase; readonly reasons: boolean }
  /** A shared memory and the place for scratch in it; no place when all are taken. */
  | {
      readonly type: 'memory';
      readonly memory: WebAssembly.Memory;
      readonly number: number;
      readonly place: number | undefined;
    }
  | { readonly type: 'forget'; readonly number: number }
  | {
      readonly type: 'batch';
      readonly id: number;
      readonly batch: SentBatch;
      /** The buffers handed over with the batch, to be given back. */
      readonly spare: readonly ArrayBuffer[];
    };

/** One output column: numbers or codes; `why` only where reasons are asked for, and a cell is null. */
export interface SentColumn {
  readonly cells: Float64Array | Int32Array;
  readonly why: Uint8Array | null;
  readonly full: boolean;
}

/** What a thread tells. */
export type FromThread =
  | { readonly type: 'ready' }
  /** The thread cannot score the model. */
  | { readonly type: 'unfit'; readonly reason: string }
  | {
      readonly type: 'scored';
      readonly id: number;
      readonly columns: readonly SentColumn[];
      readonly report: ScoreReport;
      readonly spare: readonly ArrayBuffer[];
    }
  /** Scoring threw: the calling thread will find the same, and say it. */
  | { readonly type: 'failed'; readonly id: number };
