// Adds purchases to the totals of customers: row for row what `tally` of src/transactions/tally.ts does, with whose layout
// of a block it has to agree. Where the parts of a block lie is told in src/transactions/tally-memory.ts.

// @ts-ignore: decorator
@inline const BITS: i32 = 12;
// @ts-ignore: decorator
@inline const CELLS: usize = 1024;
// @ts-ignore: decorator
@inline const HOLDOUT: usize = 1024 + (64 << 12);
// @ts-ignore: decorator
@inline const PAGES: u32 = 256;
/** Rows whose memory is fetched at once, before it is looked at: the processor then waits for many of them together. */
// @ts-ignore: decorator
@inline const AT_ONCE: i32 = 256;

let touched: i32 = 0;

// @ts-ignore: decorator
@inline
function addTo(sums: usize, x: f64): void {
  const before = load<f64>(sums);
  const after = before + x;
  const part = after - before;
  store<f64>(sums, after);
  store<f64>(sums, load<f64>(sums, 8) + (before - (after - part) + (x - part)), 8);
}

// @ts-ignore: decorator
@inline
function fetch(
  merge: bool,
  blocks: usize,
  customers: usize,
  days: usize,
  row: i32,
  end: i32,
  lastPage: i32,
): void {
  let all = 0;
  do {
    const customer = load<i32>(customers + (<usize>row << 2));
    const block = <usize>load<u32>(blocks + (<usize>(max(customer, 0) >>> BITS) << 2));
    const own = <usize>(customer & ((1 << BITS) - 1));
    all += load<i32>(block + (own << 6) + CELLS);
    if (merge) {
      const ownDay = f64x2.splat(load<f64>(days + (<usize>row << 3)));
      // A day of a row that does not count may be any number.
      const day = i32x4.extract_lane(i32x4.trunc_sat_f64x2_s_zero(ownDay), 0);
      const p = <usize>((lastPage - (day >> 5)) & (PAGES - 1)) << 2;
      // What stands at such a place of no block is no address.
      all += load<i32>(select<usize>(<usize>load<u32>(block + p), 0, block != 0) + (own << 2));
    }
    row++;
  } while (row < end);
  touched = all;
}

// @ts-ignore: decorator
@inline
function tally(
  merge: bool,
  blocks: usize,
  customers: usize,
  days: usize,
  amounts: usize,
  from: i32,
  count: i32,
  lastPage: i32,
  calibrationEnd: i32,
): i32 {
  let row = from;
  while (row < count) {
    const end = min(count, row + AT_ONCE);
    fetch(merge, blocks, customers, days, row, end, lastPage);
    do {
      const customer = load<i32>(customers + (<usize>row << 2));
      if (customer < 0) continue;
      const block = <usize>load<u32>(blocks + (<usize>(customer >>> BITS) << 2));
      if (block == 0) return row;
      const own = <usize>(customer & ((1 << BITS) - 1));
      const day = <i32>load<f64>(days + (<usize>row << 3));
      const amount = load<f64>(amounts + (<usize>row << 3));
      let purchases: f64 = 1;
      if (merge) {
        const p = <u32>(lastPage - (day >> 5));
        if (p >= PAGES) return row;
        const page = <usize>load<u32>(block + (<usize>p << 2));
        if (page == 0) return row;
        const at = page + (own << 2);
        const known = load<i32>(at);
        const bit = 1 << (day & 31);
        store<i32>(at, known | bit);
        purchases = <f64>((known & bit) == 0);
      }
      if (day > calibrationEnd) {
        const at = block + HOLDOUT + own * 24;
        store<f64>(at, load<f64>(at) + purchases);
        addTo(at + 8, amount);
        continue;
      }
      const at = block + CELLS + (own << 6);
      store<f64>(at, load<f64>(at) + purchases);
      addTo(at + 24, amount);
      const first = load<i32>(at, 8);
      const sinceFirst = day - first;
      if (sinceFirst == 0) {
        if (merge) addTo(at + 40, amount);
        else if (amount < load<f64>(at, 40)) store<f64>(at, amount, 40);
      } else {
        const earlier = sinceFirst >> 31;
        store<i32>(at, first + (sinceFirst & earlier), 8);
        store<f64>(at + <usize>(56 + 16 * earlier), amount);
        store<f64>(at, load<f64>(at, 48) * <f64>(1 + earlier), 48);
      }
      store<i32>(at, max(day, load<i32>(at, 12)), 12);
    } while (++row < end);
  }
  return count;
}

/**
 * Whether all rows are of the usual kind, as `allCount` of src/transactions/customers.ts has it: 1 or 0. An odd row is
 * followed by one that is looked at too.
 */
export function allCount(customers: usize, days: usize, amounts: usize, count: i32, start: f64, end: f64): i32 {
  const beyond = customers + (<usize>count << 2);
  const zero = f64x2.splat(0);
  const most = f64x2.splat(f64.MAX_VALUE);
  const starts = f64x2.splat(start);
  const ends = f64x2.splat(end);
  let all = i64x2.splat(-1);
  let signs = i64x2.splat(0);
  do {
    const day = v128.load(days);
    const within = v128.and(f64x2.ge(day, starts), f64x2.le(day, ends));
    const whole = f64x2.eq(f64x2.floor(day), day);
    const amount = v128.load(amounts);
    const paid = v128.and(f64x2.gt(amount, zero), f64x2.le(amount, most));
    all = v128.and(all, v128.and(v128.and(within, whole), paid));
    signs = v128.or(signs, v128.load64_zero(customers));
    customers += 8;
    days += 16;
    amounts += 16;
  } while (customers < beyond);
  return i32(i64x2.all_true(all)) & i32((i64x2.extract_lane(signs, 0) & 0x8000000080000000) == 0);
}

/**
 * Adds rows `from … count`, and returns the first row that it cannot add: its block, or the page of its day, lies elsewhere.
 * Rows of a customer below 0 do not count. `blocks` holds the address of every block.
 */
export function tallyMerged(
  blocks: usize,
  customers: usize,
  days: usize,
  amounts: usize,
  from: i32,
  count: i32,
  lastPage: i32,
  calibrationEnd: i32,
): i32 {
  return tally(true, blocks, customers, days, amounts, from, count, lastPage, calibrationEnd);
}

/** The same where every row is a purchase. */
export function tallySeparate(
  blocks: usize,
  customers: usize,
  days: usize,
  amounts: usize,
  from: i32,
  count: i32,
  lastPage: i32,
  calibrationEnd: i32,
): i32 {
  return tally(false, blocks, customers, days, amounts, from, count, lastPage, calibrationEnd);
}
