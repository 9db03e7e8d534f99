import type { WasmKernels } from '../kernels/wasm/registry.ts';
import { kernelsOf, plainRoom, type Room, roomFor } from '../kernels/wasm/room.ts';
import { log } from '../numerics/elementary.ts';
import { BLOCK, strideOf } from './block.ts';

/** Blocks of one call into WASM. */
const BLOCKS = 64;
const ROWS = BLOCKS * BLOCK;
/** Words of a plan; of a source: its address, bytes per row, and the address of room for its cells. */
const PLAN = 16;
const SOURCE = 3;
/** Arrays of a block's rows: η, residuals, e^−|η|, ones, zeros. */
const ARRAYS = 5;

/** What is summed up, see gram.as.ts. */
export const GRADIENT = 1;
export const INFORMATION = 2;
export const SCORES = 4;

/** Bytes that {@link LogisticBlocks} of so many columns take in a room. */
export function blocksBytes(columns: number): number {
  const stride = strideOf(columns);
  return (
    (2 * stride + ARRAYS) * 8 * BLOCK +
    3 * 8 * ROWS +
    roomFor(8 * stride ** 2) +
    3 * roomFor(8 * stride) +
    roomFor(4 * stride) +
    roomFor(4 * SOURCE * stride) +
    roomFor(16 * BLOCKS) +
    roomFor(4 * PLAN)
  );
}

/** What a design gives to work on. */
export interface LaidColumns {
  readonly rows: number;
  readonly width: number;
  readonly cells: readonly (Float64Array | Uint8Array)[];
  readonly room: Room;
}

/** The outcomes of the rows of a design, with optional observation weights and offsets. */
export interface LogisticRows {
  readonly y: Float64Array;
  readonly weight?: Float64Array | undefined;
  readonly offset?: Float64Array | undefined;
}

/**
 * Passes over the rows of a design in WASM, many blocks at a time: what logistic-likelihood.ts does block by block, with the same
 * bits. One serves all likelihoods of a design.
 */
export class LogisticBlocks {
  readonly #rows: number;
  readonly #size: number;
  readonly #stride: number;
  readonly #wasm: WasmKernels;
  readonly #plan: Int32Array;
  readonly #weights: Float64Array;
  readonly #gradient: Float64Array;
  readonly #gram: Float64Array;
  readonly #lines: Float64Array;
  readonly #y: Float64Array;
  readonly #weight: Float64Array;
  readonly #offset: Float64Array;

  /** Null where the design does not lie in a memory of WASM. */
  static of(design: LaidColumns): LogisticBlocks | null {
    const { room, width } = design;
    if (room === plainRoom) return null;
    const known = made.get(design);
    if (known) return known;
    const wasm = kernelsOf(room.int32(0), ...design.cells);
    if (!wasm || room.left() < blocksBytes(width + 1)) return null;
    const blocks = new LogisticBlocks(design, wasm);
    made.set(design, blocks);
    return blocks;
  }

  private constructor({ rows, width, cells, room }: LaidColumns, wasm: WasmKernels) {
    const size = width + 1;
    const stride = strideOf(size);
    this.#rows = rows;
    this.#size = size;
    this.#stride = stride;
    const plan = room.int32(PLAN);
    const sources = room.int32(SOURCE * stride);
    const own = room.float64(stride * BLOCK);
    const ones = room.float64(BLOCK).fill(1);
    const zeros = room.float64(BLOCK);
    this.#wasm = wasm;
    this.#plan = plan;
    this.#weights = room.float64(stride);
    this.#gradient = room.float64(stride);
    this.#gram = room.float64(stride ** 2);
    this.#lines = room.float64(2 * BLOCKS);
    this.#y = room.float64(ROWS);
    this.#weight = room.float64(ROWS);
    this.#offset = room.float64(ROWS);
    for (let j = 0; j < stride; j++) {
      const column = j === 0 ? ones : (cells[j - 1] ?? zeros);
      sources[SOURCE * j] = column.byteOffset;
      sources[SOURCE * j + 1] = column === ones || column === zeros ? 0 : column.BYTES_PER_ELEMENT;
      sources[SOURCE * j + 2] = own.byteOffset + 8 * BLOCK * j;
    }
    const at = [
      room.int32(stride),
      this.#weights,
      room.float64(stride),
      room.float64(BLOCK),
      room.float64(BLOCK),
      room.float64(BLOCK),
      room.float64(stride * BLOCK),
      this.#gradient,
      this.#gram,
      this.#y,
      this.#lines,
    ];
    plan.set([stride, sources.byteOffset, ...at.map(({ byteOffset }) => byteOffset)]);
  }

  /**
   * Sums over every `every`-th block of rows, at coefficients `beta`; returns the log-likelihood. The gradient and the
   * matrix are those of the last call.
   */
  pass(beta: Float64Array, { y, weight, offset }: LogisticRows, sums: number, every: number): number {
    this.#weights.set(beta);
    if (sums & GRADIENT) this.#gradient.fill(0);
    if (sums & (INFORMATION | SCORES)) this.#gram.fill(0);
    this.#plan[13] = weight === undefined ? 0 : this.#weight.byteOffset;
    this.#plan[14] = offset === undefined ? 0 : this.#offset.byteOffset;
    const lines = this.#lines;
    const some = every === 1 ? ROWS : BLOCK;
    let ll = 0;
    for (let from = 0; from < this.#rows; from += some * every) {
      const to = Math.min(from + some, this.#rows);
      this.#y.set(y.subarray(from, to));
      if (weight !== undefined) this.#weight.set(weight.subarray(from, to));
      if (offset !== undefined) this.#offset.set(offset.subarray(from, to));
      this.#wasm.logisticBlocks(this.#plan.byteOffset, from, to - from, sums);
      ll = addLines(ll, lines, Math.ceil((to - from) / BLOCK));
    }
    return ll;
  }

  gradient(out: Float64Array): void {
    out.set(this.#gradient.subarray(0, this.#size));
  }

  /** Writes the lower triangle of the matrix that was summed up last, row-major. */
  gram(out: Float64Array): void {
    lowerTriangle(this.#gram, this.#stride, this.#size, out);
  }
}

// What runs long is kept apart from the objects of one fit: code that knows of them goes when they do.

function addLines(sum: number, lines: Float64Array, blocks: number): number {
  let ll = sum;
  for (let k = 0; k < blocks; k++) ll += lines[2 * k]! - log(lines[2 * k + 1]!);
  return ll;
}

function lowerTriangle(gram: Float64Array, stride: number, size: number, out: Float64Array): void {
  for (let a = 0; a < size; a++) for (let b = 0; b <= a; b++) out[a * size + b] = gram[a * stride + b]!;
}

const made: WeakMap<LaidColumns, LogisticBlocks> = new WeakMap();
