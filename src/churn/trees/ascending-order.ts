const DIGIT = 16;
const DIGITS = 1 << DIGIT;

/**
 * The indices of the cells that are not NaN, by ascending value, equal values by index: a radix sort over the bits of
 * float64, by passes of 16. The upper 32 bits tell most values apart, so they are sorted first and the others put
 * right by insertion; where that takes too long, all four passes are made. −0 comes before 0.
 */
export function ascendingOrder(cells: Float64Array): Int32Array {
  const words = new Uint32Array(cells.slice().buffer);
  const little = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
  const known = new Int32Array(cells.length);
  let count = 0;
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] !== cells[i]) continue;
    known[count++] = i;
    // As unsigned numbers these bits are in the order of the values.
    const high = words[2 * i + little]!;
    const flip = high >>> 31 === 1 ? 0xffffffff : 0;
    words[2 * i + little] = high ^ (flip | 0x80000000);
    words[2 * i + 1 - little] = words[2 * i + 1 - little]! ^ flip;
  }
  const order = known.slice(0, count);
  const upper = sortedBy(words, little, order);
  return settle(upper, words, little) ? upper : sortedBy(words, little, sortedBy(words, 1 - little, order));
}

/** The items of `order` by one of the two words of each, equal ones in their order. */
function sortedBy(words: Uint32Array, word: number, order: Int32Array): Int32Array {
  const count = order.length;
  const starts = new Int32Array(DIGITS + 1);
  let from = order;
  for (let shift = 0; shift < 2 * DIGIT; shift += DIGIT) {
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[((words[2 * from[i]! + word]! >>> shift) & (DIGITS - 1)) + 1]!++;
    if (count === 0 || starts[((words[2 * from[0]! + word]! >>> shift) & (DIGITS - 1)) + 1] === count) continue;
    for (let d = 0; d < DIGITS; d++) starts[d + 1] = starts[d + 1]! + starts[d]!;
    const to = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const item = from[i]!;
      to[starts[(words[2 * item + word]! >>> shift) & (DIGITS - 1)]!++] = item;
    }
    from = to;
  }
  return from === order ? order.slice() : from;
}

/** Moves a cell per cell is what an insertion may take. */
const MOVES = 1;

/** Brings items in order that only their lower words put out of it; false, and any order, when that takes too long. */
function settle(order: Int32Array, words: Uint32Array, little: number): boolean {
  let left = MOVES * order.length;
  for (let i = 1; i < order.length; i++) {
    const item = order[i]!;
    const high = words[2 * item + little]!;
    const low = words[2 * item + 1 - little]!;
    let at = i;
    for (; at > 0; at--) {
      const other = order[at - 1]!;
      if (words[2 * other + little] !== high || words[2 * other + 1 - little]! <= low) break;
      if (--left < 0) return false;
      order[at] = other;
    }
    order[at] = item;
  }
  return true;
}
