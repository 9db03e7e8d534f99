import type { Lane } from '../model/batch.ts';

/**
 * Reads one column block by block. `read` fills `lane[0 … count)` from rows `start … start + count` and sets `why` (always,
 * 0 where valid) and `clean`. It may point `lane.values` at the caller's buffer or at a buffer of its own, and never
 * writes into the `lane.values` it finds; kernels treat input lanes as read-only.
 *
 * Readers are classes that keep one instance each for good: V8 throws optimised code away when the last object of a shape
 * that it was made for is collected, which for a reader made per batch is every collection.
 */
export interface Reader {
  readonly rows: number;
  /** The caller's buffer that `lane.values` will mostly point into, where it is known. */
  readonly buffer?: ArrayBufferLike | undefined;
  read(start: number, count: number, lane: Lane): void;
}

/** A reader of a category column, before its own levels are mapped to a model's levels. */
export interface DictionaryReader extends Reader {
  /** The column's own levels; `lane.codes` index them. */
  readonly levels: readonly string[];
}

/** What a column holds: everything but a category can be read as numbers. */
export type ColumnKind = 'number' | 'boolean' | 'day' | 'category';
