// Rows of a summary from the totals of its customers: operation for operation `fill` of src/transactions/summary-columns.ts.
// With what lies where, see tally.as.ts.

// @ts-ignore: decorator
@inline const BITS: i32 = 12;
// @ts-ignore: decorator
@inline const CELLS: usize = 1024;
/** Customers whose memory is fetched at once: the processor then waits for many of them together. */
// @ts-ignore: decorator
@inline const AT_ONCE: usize = 128;

let touched: i32 = 0;

// @ts-ignore: decorator
@inline
function cellsOf(blocks: usize, row: usize): usize {
  const customer = load<i32>(row);
  return <usize>load<u32>(blocks + (<usize>(customer >>> BITS) << 2)) + (<usize>(customer & ((1 << BITS) - 1)) << 6);
}

/** The ten columns of `count` > 0 customers, 8,256 bytes from one to the next. All of their blocks lie here. */
export function summaryRows(
  blocks: usize,
  customers: usize,
  count: i32,
  out: usize,
  calibrationEnd: f64,
  perUnit: f64,
): void {
  const beyond = customers + (<usize>count << 2);
  do {
    const stop = min(beyond, customers + (AT_ONCE << 2));
    let all = 0;
    let row = customers;
    do {
      all += load<i32>(cellsOf(blocks, row), CELLS);
      row += 4;
    } while (row < stop);
    touched = all;
    do {
      const at = cellsOf(blocks, customers);
      const bought = load<f64>(at, CELLS);
      const first = <f64>load<i32>(at, CELLS + 8);
      const last = <f64>load<i32>(at, CELLS + 12);
      const sum = load<f64>(at, CELLS + 24);
      const lost = load<f64>(at, CELLS + 32);
      const spent = sum + lost;
      let repeats: f64 = NaN;
      if (bought > 1) {
        const some = load<f64>(at, CELLS + 40);
        const someLost = load<f64>(at, CELLS + 48);
        const b = some + someLost;
        const difference = spent - b;
        const part = difference - spent;
        const rounded = spent - (difference - part) - (b + part);
        repeats = difference + (rounded + (remainder(sum, lost, spent) - remainder(some, someLost, b)));
      }
      store<f64>(out, bought - 1);
      store<f64>(out, (last - first) / perUnit, 8256);
      store<f64>(out, (calibrationEnd - first) / perUnit, 16512);
      store<f64>(out, repeats / (bought - 1), 24768);
      store<f64>(out, bought, 33024);
      store<f64>(out, spent, 41280);
      store<f64>(out, spent / bought, 49536);
      store<f64>(out, calibrationEnd - last, 57792);
      store<f64>(out, first, 66048);
      store<f64>(out, last, 74304);
      out += 8;
      customers += 4;
    } while (customers < stop);
  } while (customers < beyond);
}

/** `remainderOf` of src/transactions/exact-sum.ts. */
// @ts-ignore: decorator
@inline
function remainder(before: f64, lost: f64, sum: f64): f64 {
  const part = sum - before;
  return before - (sum - part) + (lost - part);
}

/**
 * Puts those of the 4,096 customers from `first` on who bought down behind `present`, and the number of their purchases to
 * `purchases`; returns how many they are. Room for all is written.
 */
export function surveyBlock(block: usize, first: i32, present: usize, purchases: usize): i32 {
  let all = load<f64>(purchases);
  let found: i32 = 0;
  let own: usize = 0;
  do {
    const orders = load<f64>(block + (own << 6), CELLS);
    all += orders;
    store<i32>(present + (<usize>found << 2), first + <i32>own);
    found += i32(orders > 0);
    own++;
  } while (own < 4096);
  store<f64>(purchases, all);
  return found;
}

/** Sets the first and last days of a block of zeros: 2³⁰ and its negative. */
export function markNever(block: usize): void {
  const beyond = block + (<usize>64 << 12);
  const never = i32x4(0, 0, 0x40000000, -0x40000000);
  do {
    v128.store(block, never, CELLS);
    block += 64;
  } while (block < beyond);
}
