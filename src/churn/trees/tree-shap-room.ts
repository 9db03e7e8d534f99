import { kernelsAt } from '../../kernels/wasm/registry.ts';
import { fixedMemory, RESERVED, scratchIn, supported } from '../../kernels/wasm/scratch.ts';
import type { ShapTable } from './tree-shap-tables.ts';

/** Fewer tables are not worth a memory of their own. */
const FEW = 16;

/** Tables, and room for the codes and contributions of some rows, in a memory that WASM works on where there is one. */
export interface ShapRoom {
  /** Columns of `together` rows. */
  readonly codes: Int16Array;
  /** Per input a column of `together` rows. */
  readonly sums: Float64Array;
  /** Adds every table's contributions to `sums`, in order, for rows `0 … count`; what is behind them is not kept. */
  add(count: number): void;
}

/** `together`: a multiple of 32. */
export function shapRoom(tables: readonly ShapTable[], columns: number, inputs: number, together: number): ShapRoom {
  const sumsBytes = 8 * inputs * together;
  const cellBytes = tables.reduce((all, { cells }) => all + cells.byteLength, 0);
  const codeBytes = 2 * columns * together;
  const programBytes = tables.reduce(
    (all, { column, features }) => all + 20 + 8 * column.length + 4 * features.length,
    0,
  );
  const bytes = sumsBytes + cellBytes + codeBytes + 2 * together + programBytes;
  const buffer = tables.length < FEW ? undefined : wasmBuffer(RESERVED + bytes);
  const from = buffer ? RESERVED : 0;
  const home = buffer ?? new ArrayBuffer(sumsBytes + codeBytes + 2 * together + 8);
  const sums = new Float64Array(home, from, inputs * together);
  const codesAt = from + sumsBytes;
  const codes = new Int16Array(home, codesAt, columns * together);
  const entriesAt = codesAt + codeBytes;
  const entries = new Uint16Array(home, entriesAt, together);
  const kernels = kernelsAt(home);
  if (!kernels) return { codes, sums, add: plainAdd(tables, codes, together, entries, sums) };
  const cellsAt = entriesAt + 2 * together;
  const programAt = cellsAt + cellBytes;
  layProgram(new DataView(home, programAt), tables, together, cellsAt);
  let at = cellsAt;
  for (const { cells } of tables) {
    new Float64Array(home, at, cells.length).set(cells);
    at += cells.byteLength;
  }
  const count = tables.length;
  return {
    codes,
    sums,
    add: (rows) => kernels.addTables(programAt, count, codesAt, entriesAt, rows, from),
  };
}

/** A function of its own, so that only this one keeps the tables that it was given. */
function plainAdd(
  tables: readonly ShapTable[],
  codes: Int16Array,
  together: number,
  entries: Uint16Array,
  sums: Float64Array,
): ShapRoom['add'] {
  return (count) => {
    for (const table of tables) addTable(table, codes, together, count, entries, sums);
  };
}

/** A memory for WASM; undefined where there is no WASM or no such room. */
function wasmBuffer(bytes: number): ArrayBuffer | undefined {
  if (!supported()) return undefined;
  try {
    const memory = fixedMemory(bytes);
    scratchIn(memory);
    return memory.buffer as ArrayBuffer;
  } catch {
    return undefined;
  }
}

/** As `addTables` of shap.as.ts reads it. */
function layProgram(view: DataView, tables: readonly ShapTable[], together: number, cellsAt: number): void {
  let at = 0;
  let cells = cellsAt;
  for (const { start, column, rank, weight, entries, features, cells: own } of tables) {
    view.setInt32(at, column.length, true);
    view.setInt32(at + 4, features.length, true);
    view.setUint32(at + 8, cells, true);
    view.setUint32(at + 12, 8 * entries, true);
    view.setInt32(at + 16, start, true);
    at += 20;
    for (let k = 0; k < column.length; k++, at += 8) {
      view.setUint32(at, 2 * together * column[k]!, true);
      view.setInt16(at + 4, rank[k]!, true);
      view.setInt16(at + 6, weight[k]!, true);
    }
    for (let f = 0; f < features.length; f++, at += 4) view.setUint32(at, 8 * together * features[f]!, true);
    cells += own.byteLength;
  }
}

/** Adds a table's contributions for rows `0 … count`: the twin of `addTables`. */
export function addTable(
  { start, column, rank, weight, entries: size, features, cells }: ShapTable,
  codes: Int16Array,
  stride: number,
  count: number,
  entries: Uint16Array,
  sums: Float64Array,
): void {
  entries.fill(start, 0, count);
  let k = 0;
  // (rank − code) >> 31 is −1 where the code is above: all bits of the weight. Sums wrap at 16 bits and come out right.
  for (; k + 3 <= column.length; k += 3) {
    const [a, b, c] = [column[k]! * stride, column[k + 1]! * stride, column[k + 2]! * stride];
    const [ra, rb, rc] = [rank[k]!, rank[k + 1]!, rank[k + 2]!];
    const [wa, wb, wc] = [weight[k]!, weight[k + 1]!, weight[k + 2]!];
    for (let i = 0; i < count; i++)
      entries[i] =
        entries[i]! +
        (((ra - codes[a + i]!) >> 31) & wa) +
        (((rb - codes[b + i]!) >> 31) & wb) +
        (((rc - codes[c + i]!) >> 31) & wc);
  }
  for (; k < column.length; k++) {
    const [a, ra, wa] = [column[k]! * stride, rank[k]!, weight[k]!];
    for (let i = 0; i < count; i++) entries[i] = entries[i]! + (((ra - codes[a + i]!) >> 31) & wa);
  }
  for (let f = 0; f < features.length; f++) {
    const to = features[f]! * stride;
    const from = f * size;
    for (let i = 0; i < count; i++) sums[to + i] = sums[to + i]! + cells[from + entries[i]!]!;
  }
}
