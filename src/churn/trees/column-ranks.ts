import { kernelsOf, type Room, roomFor, roomOf } from '../../kernels/wasm/room.ts';
import { ascendingOrder } from './ascending-order.ts';

/** Words that WASM counts the digits of a sort in. */
const COUNTS = 3 * 2048;

export interface Ranks {
  /** Rank of every cell among the distinct values; −1 where it is NaN. */
  readonly codes: Int32Array;
  /** The distinct values, ascending. */
  readonly values: Float64Array;
  readonly nulls: number;
  /** As {@link ColumnRanks.order}; null where it is not asked for. */
  readonly order: Int32Array | null;
}

/** Sorts columns of one length, one after the other in the same room: {@link cells} is to be filled with each. */
export class ColumnRanks {
  readonly cells: Float64Array;
  readonly #items: Float64Array;
  readonly #others: Float64Array;
  readonly #places: Int32Array;
  readonly #ranks: Int32Array;
  readonly #counts: Int32Array;

  constructor(rows: number, room: Room = roomOf(3 * roomFor(8 * rows) + 2 * roomFor(4 * rows) + 4 * COUNTS)) {
    const inWasm = room.left() > 0;
    this.cells = room.float64(rows);
    this.#items = room.float64(inWasm ? rows : 0);
    this.#others = room.float64(inWasm ? rows : 0);
    this.#places = room.int32(inWasm ? rows : 0);
    this.#ranks = room.int32(inWasm ? rows : 0);
    this.#counts = room.int32(inWasm ? COUNTS : 0);
  }

  /** The places of the cells that are not NaN, by ascending value, equal values by place. */
  order(): Int32Array {
    const wasm = this.#wasm();
    if (!wasm) return ascendingOrder(this.cells);
    const count = this.#sort(wasm);
    if (count > 0) wasm.placesOf(this.#items.byteOffset, count, this.#places.byteOffset);
    return this.#places.slice(0, count);
  }

  /** The order is given where there are more distinct values than `counted`. */
  ranks(counted: number): Ranks {
    const { cells } = this;
    const wasm = this.#wasm();
    if (!wasm) return ranksOf(cells, ascendingOrder(cells), counted);
    const count = this.#sort(wasm);
    if (count < cells.length) this.#ranks.fill(-1);
    // The other items are needed no more.
    const values = this.#others;
    const size =
      count === 0
        ? 0
        : wasm.ranksOf(
            this.#items.byteOffset,
            count,
            cells.byteOffset,
            this.#places.byteOffset,
            this.#ranks.byteOffset,
            values.byteOffset,
          );
    return {
      codes: this.#ranks.slice(),
      values: values.slice(0, size),
      nulls: cells.length - count,
      order: size > counted ? this.#places.slice(0, count) : null,
    };
  }

  #wasm(): ReturnType<typeof kernelsOf> {
    return kernelsOf(this.cells, this.#items, this.#others, this.#places, this.#ranks, this.#counts);
  }

  #sort(wasm: NonNullable<ReturnType<typeof kernelsOf>>): number {
    const { cells } = this;
    return wasm.sortCells(
      cells.byteOffset,
      cells.length,
      this.#items.byteOffset,
      this.#others.byteOffset,
      this.#counts.byteOffset,
    );
  }
}

function ranksOf(cells: Float64Array, order: Int32Array, counted: number): Ranks {
  const codes = new Int32Array(cells.length).fill(-1);
  const values = new Float64Array(order.length);
  let size = 0;
  for (let i = 0; i < order.length; i++) {
    const x = cells[order[i]!]!;
    if (i === 0 || x !== values[size - 1]) values[size++] = x;
    codes[order[i]!] = size - 1;
  }
  const nulls = cells.length - order.length;
  return { codes, values: values.slice(0, size), nulls, order: size > counted ? order : null };
}
