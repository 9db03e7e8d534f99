/**
 * What the WASM module offers. Addresses are byte offsets into the memory it was made for. The twins of these, with the same
 * bits, are the loops beside each call.
 */
export interface WasmKernels {
  /** Whether `count` float64 are all finite: 1 or 0. */
  allFinite(values: number, count: number): number;
  /** 1/(1 + e^−z) in place. */
  sigmoid(values: number, count: number): void;
  /** z = z + wa·a + … + we·e, added in this order. */
  addFive(
    z: number,
    count: number,
    ...columnsAndWeights: [
      a: number,
      b: number,
      c: number,
      d: number,
      e: number,
      wa: number,
      wb: number,
      wc: number,
      wd: number,
      we: number,
    ]
  ): void;
  /** The codes of a block's cells, see tree-codes.ts. */
  codeCells(cells: number, count: number, table: number, codes: number, stride: number): void;
  selectTrees(
    program: number,
    trees: number,
    codes: number,
    groups: number,
    stride: number,
    operands: number,
    sums: number,
  ): void;
  walkCodes(program: number, trees: number, codes: number, groups: number, stride: number, sums: number): void;
  walkCells(program: number, trees: number, cells: number, rows: number, sums: number): void;
}

/**
 * Room for the blocks of one run, in a memory that WASM works on, handed out as a stack. What does not fit is handed out as
 * ordinary arrays: kernels then take their TypeScript twins.
 */
export interface Scratch {
  readonly kernels: WasmKernels;
  /** Room for a block of float64. */
  numbers(): Float64Array;
  /** Room for a block of int32. */
  codes(): Int32Array;
  /** Address of so many bytes, −1 where there is no room. */
  bytes(count: number): number;
  /** What has been handed out, to be given to `release`. */
  mark(): number;
  release(mark: number): void;
  /** Address of a copy of what a plan made once, which stays for later calls; −1 where there is no room. */
  program(bytes: Uint8Array): number;
}

const known: WeakMap<ArrayBufferLike, Scratch> = /* @__PURE__ */ new WeakMap();

/** The scratch of the memory that a buffer is of, if WASM works on it. */
export function scratchAt(buffer: ArrayBufferLike): Scratch | undefined {
  return known.get(buffer);
}
export function kernelsAt(buffer: ArrayBufferLike): WasmKernels | undefined {
  return known.get(buffer)?.kernels;
}
export function register(buffer: ArrayBufferLike, scratch: Scratch): void {
  known.set(buffer, scratch);
}
