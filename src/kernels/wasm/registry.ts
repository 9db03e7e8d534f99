/**
 * What the WASM module offers. Addresses are byte offsets into the memory it was made for. The twins of these, with the same
 * bits, are the loops beside each call.
 */
export interface WasmKernels {
  /** Whether `count` float64 are all finite: 1 or 0. */
  allFinite(values: number, count: number): number;
  /** Whether none of `count` int32 is negative: 1 or 0. */
  allCoded(codes: number, count: number): number;
  /** 1/(1 + e^−z) in place. */
  sigmoid(values: number, count: number): void;
  /** The columns of each row's three largest cells above 0, see top-terms.ts. `columns` holds addresses of 4 bytes. */
  topThree(columns: number, count: number, rows: number, first: number, second: number, third: number): void;
  /** The same of less + weight·cell; `scales` holds weight and less of each column. */
  topThreeScaled(
    columns: number,
    count: number,
    rows: number,
    first: number,
    second: number,
    third: number,
    scales: number,
  ): void;
  /** z = intercept + Σ weight·column, see linear.as.ts; 1 when all are finite. `columns` holds addresses of 4 bytes. */
  linear(
    z: number,
    rows: number,
    intercept: number,
    columns: number,
    weights: number,
    count: number,
    begin: number,
    link: number,
  ): number;
  /** Contributions of trees by look-up, see shap.as.ts. */
  addTables(program: number, count: number, codes: number, entries: number, rows: number, sums: number): void;
  /** The codes of a block's cells, see tree-codes.ts. */
  codeCells(cells: number, count: number, table: number, codes: number, stride: number): void;
  /** The codes of a block's levels: `table[place]`, `size` entries. */
  codeLevels(places: number, count: number, table: number, size: number, codes: number, stride: number): void;
  /** The complement of every code, behind the codes of each group. */
  mirrorCodes(codes: number, groups: number, half: number): void;
  copyCodes(from: number, to: number, groups: number, stride: number): void;
  selectTrees(
    program: number,
    fours: number,
    codes: number,
    groups: number,
    stride: number,
    operands: number,
    sums: number,
  ): void;
  walkCells(program: number, trees: number, cells: number, rows: number, sums: number): void;
  /** Whether histories can be: 1 or 0. */
  areHistories(x: number, recency: number, T: number, count: number): number;
  /** values = p·values where p > 0, p elsewhere. */
  timesAlive(p: number, values: number, count: number): void;
  /** See patches.ts: cells without a patch are not finite, and 0 is returned. */
  patchCells(
    rows: number,
    start: number,
    after: number,
    out: number,
    count: number,
    octaves: number,
    first: number,
  ): number;
  /** P(alive) of BG/NBD histories; NaN, and 0 returned, where the scalar function has to be asked. */
  betaGeometricAlive(
    x: number,
    recency: number,
    T: number,
    out: number,
    count: number,
    r: number,
    alpha: number,
    a: number,
    b: number,
    first: number,
  ): number;
  /** e^(R·ln(1 + w/(α + t_x)) + s·ln(1 + w/(β + t_x))), w = T − t_x, R = r + x; NaN and 0 as above. */
  quietOdds(
    x: number,
    recency: number,
    T: number,
    out: number,
    count: number,
    r: number,
    alpha: number,
    s: number,
    beta: number,
  ): number;
  /** Whether rows are of the usual kind, see tally.as.ts: 1 or 0. */
  allCount(customers: number, days: number, amounts: number, count: number, start: number, end: number): number;
  /** Adds rows to their customers' totals, see tally-memory.ts; returns the first row that it cannot add. */
  tallyMerged(
    blocks: number,
    customers: number,
    days: number,
    amounts: number,
    from: number,
    count: number,
    lastPage: number,
    calibrationEnd: number,
  ): number;
  /** The same where every row is a purchase. */
  tallySeparate: WasmKernels['tallyMerged'];
  /** Rows of a summary, see summary.as.ts. */
  summaryRows(
    blocks: number,
    customers: number,
    count: number,
    out: number,
    calibrationEnd: number,
    perUnit: number,
  ): void;
  surveyBlock(block: number, first: number, present: number, purchases: number): number;
  markNever(block: number): void;
  /** Texts in order, see order.as.ts. */
  textRanges(bytes: number, starts: number, places: number, count: number, start: number, ranges: number): number;
  seeTexts(bytes: number, starts: number, places: number, count: number, start: number, seen: number): void;
  sortTexts(
    bytes: number,
    starts: number,
    places: number,
    count: number,
    start: number,
    most: number,
    weights: number,
    items: number,
    others: number,
    counts: number,
  ): void;
  /** Of ids, see ids.as.ts. */
  takeNumbers(
    slots: number,
    end: number,
    shift: number,
    values: number,
    count: number,
    into: number,
    next: number,
    most: number,
    fresh: number,
  ): number;
  writeNumbers(values: number, count: number, bytes: number, ends: number): number;
  takeTexts(
    slots: number,
    end: number,
    shift: number,
    bytes: number,
    offsets: number,
    count: number,
    hashes: number,
    into: number,
    held: number,
    next: number,
    most: number,
    ends: number,
  ): number;
  /** Of boosting, see histogram.as.ts. */
  addToHistograms(
    codes: number,
    stride: number,
    places: number,
    fours: number,
    rows: number,
    count: number,
    cells: number,
    histogram: number,
    held: number,
  ): void;
  addToWideHistograms: WasmKernels['addToHistograms'];
  addToScores(rows: number, count: number, scores: number, value: number): void;
  subtractAll(whole: number, part: number, count: number): void;
  subtractWide(whole: number, part: number, count: number): void;
  unpackCells(packed: number, count: number, bits: number, unit: number, cells: number): void;
  divideRows(rows: number, count: number, codes: number, side: number, others: number): number;
  bestCuts(
    places: number,
    count: number,
    histogram: number,
    bits: number,
    unit: number,
    gradient: number,
    hessian: number,
    weight: number,
    minLeaf: number,
    minHessian: number,
    l2: number,
    best: number,
  ): number;
  lossDerivatives(
    rows: number,
    count: number,
    scores: number,
    y: number,
    scale: number,
    hessianScale: number,
    bits: number,
    cells: number,
    product: number,
  ): number;
  /** Calibration, see calibrate.as.ts: rows that are not usual become NaN, and 0 is returned. */
  logOdds(
    p: number,
    out: number,
    rows: number,
    intercept: number,
    a: number,
    b: number,
    low: number,
    rest: number,
    same: number,
  ): number;
  meanOdds(values: number, rows: number, intercept: number, slope: number): void;
  priorOdds(p: number, out: number, rows: number, up: number, down: number): number;
  complements(p: number, out: number, rows: number): number;
  /** Levels and scores by cuts, see cuts.as.ts. */
  addLevels(
    values: number,
    codes: number,
    rows: number,
    cuts: number,
    count: number,
    stride: number,
    first: number,
  ): number;
  lookUp(codes: number, rows: number, table: number): void;
  scores(values: number, out: number, rows: number, cuts: number, count: number, start: number, step: number): number;
  rfmTotals(
    r: number,
    f: number,
    m: number,
    codes: number,
    out: number,
    rows: number,
    sizeF: number,
    sizeM: number,
    wr: number,
    wf: number,
    wm: number,
    total: number,
  ): void;
  /** Score maps, see maps.as.ts. */
  addScores(from: number, to: number, rows: number, factor: number, offset: number): void;
  addRamp(
    from: number,
    to: number,
    rows: number,
    low: number,
    high: number,
    unit: number,
    start: number,
    whole: number,
    span: number,
    rise: number,
    base: number,
    factor: number,
    offset: number,
  ): void;
  addPieces(
    from: number,
    to: number,
    rows: number,
    limits: number,
    half: number,
    pieces: number,
    factor: number,
    offset: number,
  ): void;
  addSteps(from: number, to: number, rows: number, limits: number, half: number, parts: number): void;
  addCurve(
    from: number,
    to: number,
    rows: number,
    slope: number,
    midpoint: number,
    factor: number,
    offset: number,
  ): void;
  /** Neural networks, see network.as.ts. */
  denseLayer(columns: number, count: number, weights: number, units: number, outs: number, rows: number): void;
  addByCode(values: number, codes: number, table: number, rows: number): void;
  tanh(values: number, rows: number): void;
  /** Customer values, see value.as.ts. */
  addColumns(a: number, b: number, out: number, rows: number): number;
  addProducts(a: number, s: number, b: number, t: number, out: number, rows: number): number;
  retainedShares(
    r: number,
    out: number,
    rows: number,
    n: number,
    d: number,
    scale: number,
    begin: number,
    perUnit: number,
  ): number;
  scaledShares(x: number, out: number, rows: number, factor: number, most: number): number;
  addOffer(sum: number, q: number, money: number, states: number, rows: number, fixed: number): number;
  /** Of ranking, see ranks.as.ts. */
  sortCells(cells: number, rows: number, items: number, others: number, counts: number): number;
  placesOf(items: number, count: number, places: number): void;
  ranksOf(items: number, count: number, cells: number, places: number, ranks: number, values: number): number;
  /** Of regression, see gram.as.ts. */
  logisticBlocks(plan: number, from: number, rows: number, sums: number): void;
  columnFacts(values: number, rows: number, found: number): void;
  columnSquares(values: number, rows: number, mean: number, found: number): void;
  standardise(values: number, rows: number, mean: number, factor: number, ifNull: number): void;
}

/**
 * Room for the blocks of one run, in a memory that WASM works on, handed out as a stack. What does not fit is handed out as
 * ordinary arrays: kernels then take their TypeScript twins.
 */
export interface Scratch {
  readonly kernels: WasmKernels;
  readonly memory: WebAssembly.Memory;
  /** The memory as words, for addresses that a kernel is to find there. */
  readonly words: Int32Array;
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

const known: WeakMap<ArrayBufferLike, Scratch> = new WeakMap();

/** The scratch of the memory that a buffer is of, if WASM works on it. */
export function scratchAt(buffer: ArrayBufferLike): Scratch | undefined {
  return known.get(buffer);
}
export function kernelsAt(buffer: ArrayBufferLike): WasmKernels | undefined {
  return known.get(buffer)?.kernels;
}
/** The kernels that were called, as a set of names. */
export interface Called {
  has(kernel: keyof WasmKernels): boolean;
}
/** Tells of every kernel called on the memory of `buffer`, until the function it gives is called. */
export function overhear(buffer: ArrayBufferLike, hear: (kernel: keyof WasmKernels) => void): () => void {
  const scratch = known.get(buffer);
  if (scratch === undefined) return () => {};
  const kernels = { ...scratch.kernels };
  const heard = kernels as unknown as { [name: string]: (...given: number[]) => number };
  for (const [name, kernel] of Object.entries(heard))
    heard[name] = (...given) => {
      hear(name as keyof WasmKernels);
      return kernel(...given);
    };
  known.set(buffer, { ...scratch, kernels });
  return () => {
    known.set(buffer, scratch);
  };
}
export function register(buffer: ArrayBufferLike, scratch: Scratch): void {
  known.set(buffer, scratch);
}
