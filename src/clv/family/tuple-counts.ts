/** Counts of distinct tuples of numbers, such as histories with their covariates. */
export interface TupleCounts {
  readonly width: number;
  /** Counts the tuple in `cells` (of `width`; −0 counts as 0, no NaN). */
  add(cells: Float64Array, count: number): void;
  size(): number;
  /** The distinct tuples in ascending order, one column per cell, and their counts. */
  sorted(): { readonly columns: readonly Float64Array[]; readonly counts: Float64Array };
}

/** An open-addressed table over the bits of the cells; memory for the distinct tuples. */
export function tupleCounts(width: number): TupleCounts {
  let slots = new Int32Array(1024);
  let cells = new Float64Array(512 * width);
  let counts = new Float64Array(512);
  let size = 0;
  const key = new Float64Array(width);
  const words = new Int32Array(key.buffer);
  const hashOfKey = (): number => {
    let hash = 0;
    for (let w = 0; w < 2 * width; w++) {
      hash = Math.imul(hash ^ words[w]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  };
  const grow = (): void => {
    slots = new Int32Array(2 * slots.length);
    const mask = slots.length - 1;
    const [oldCells, oldCounts] = [cells, counts];
    cells = new Float64Array(2 * oldCells.length);
    counts = new Float64Array(2 * oldCounts.length);
    cells.set(oldCells);
    counts.set(oldCounts);
    for (let tuple = 0; tuple < size; tuple++) {
      for (let c = 0; c < width; c++) key[c] = cells[width * tuple + c]!;
      let slot = hashOfKey() & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = tuple + 1;
    }
  };
  return {
    width,
    add(given, count) {
      for (let c = 0; c < width; c++) key[c] = given[c]! + 0;
      const mask = slots.length - 1;
      let slot = hashOfKey() & mask;
      for (;;) {
        const tuple = slots[slot]! - 1;
        if (tuple < 0) break;
        let c = 0;
        while (c < width && cells[width * tuple + c] === key[c]) c++;
        if (c === width) {
          counts[tuple]! += count;
          return;
        }
        slot = (slot + 1) & mask;
      }
      for (let c = 0; c < width; c++) cells[width * size + c] = key[c]!;
      counts[size] = count;
      slots[slot] = ++size;
      if (2 * size >= slots.length) grow();
    },
    size: () => size,
    sorted() {
      const order = Int32Array.from({ length: size }, (_, tuple) => tuple).sort((a, b) => {
        for (let c = 0; c < width; c++) {
          const difference = cells[width * a + c]! - cells[width * b + c]!;
          if (difference !== 0) return difference;
        }
        return 0;
      });
      return {
        columns: Array.from({ length: width }, (_, c) =>
          Float64Array.from(order, (tuple) => cells[width * tuple + c]!),
        ),
        counts: Float64Array.from(order, (tuple) => counts[tuple]!),
      };
    },
  };
}
