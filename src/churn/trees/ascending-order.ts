const DIGIT = 16;
const DIGITS = 1 << DIGIT;

/**
 * The indices of the cells that are not NaN, by ascending value, equal values by index: a radix sort over the bits of
 * float64, four passes of 16. −0 comes before 0.
 */
export function ascendingOrder(cells: Float64Array): Int32Array {
  const words = new Uint32Array(cells.slice().buffer);
  const little = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
  let order = new Int32Array(cells.length);
  let count = 0;
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] !== cells[i]) continue;
    order[count++] = i;
    // As unsigned numbers these bits are in the order of the values.
    const high = words[2 * i + little]!;
    const flip = high >>> 31 === 1 ? 0xffffffff : 0;
    words[2 * i + little] = high ^ (flip | 0x80000000);
    words[2 * i + 1 - little] = words[2 * i + 1 - little]! ^ flip;
  }
  order = order.slice(0, count);
  let other = new Int32Array(count);
  const starts = new Int32Array(DIGITS + 1);
  for (let pass = 0; pass < 4; pass++) {
    const word = pass < 2 ? 1 - little : little;
    const shift = (pass & 1) * DIGIT;
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[((words[2 * order[i]! + word]! >>> shift) & (DIGITS - 1)) + 1]!++;
    if (count === 0 || starts[((words[2 * order[0]! + word]! >>> shift) & (DIGITS - 1)) + 1] === count) continue;
    for (let d = 0; d < DIGITS; d++) starts[d + 1] = starts[d + 1]! + starts[d]!;
    for (let i = 0; i < count; i++) {
      const item = order[i]!;
      other[starts[(words[2 * item + word]! >>> shift) & (DIGITS - 1)]!++] = item;
    }
    [order, other] = [other, order];
  }
  return order;
}
