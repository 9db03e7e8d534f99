// Cells in ascending order, by a radix sort of items that hold the upper bits of a cell above the cell's place.

/** The lowest bits of an item tell the place. */
// @ts-ignore: decorator
@inline const PLACE_BITS: u64 = 31;
// @ts-ignore: decorator
@inline const PLACE: u64 = (1 << 31) - 1;
/** Three digits of so many bits are the others. */
// @ts-ignore: decorator
@inline const DIGIT_BITS: u64 = 11;
// @ts-ignore: decorator
@inline const DIGITS: usize = 2048;
/** Moves an item per item is what an insertion may take. */
// @ts-ignore: decorator
@inline const MOVES: i32 = 1;

/** The bits of a float64 such that, as unsigned numbers, they are in the order of the values, −0 before 0. */
// @ts-ignore: decorator
@inline
function keyOf(cell: usize): u64 {
  const bits = load<i64>(cell);
  return <u64>(bits ^ ((bits >> 63) | i64.MIN_VALUE));
}

// @ts-ignore: decorator
@inline
function digitOf(item: u64, shift: u64): usize {
  return (<usize>(item >> shift) & (DIGITS - 1)) << 2;
}

/** Sorts `count` > 0 items by their three digits from bit `shift` on, equal ones as they are. `counts`: room for 3 · 2048 words. */
export function sortItems(items: usize, others: usize, count: i32, shift: u64, counts: usize): void {
  memory.fill(counts, 0, 3 * 4 * DIGITS);
  const bytes = <usize>count << 3;
  let at = items;
  let end = items + bytes;
  do {
    const item = load<u64>(at);
    let slot = counts + digitOf(item, shift);
    store<u32>(slot, load<u32>(slot) + 8);
    slot = counts + digitOf(item, shift + DIGIT_BITS);
    store<u32>(slot, load<u32>(slot, 4 * DIGITS) + 8, 4 * DIGITS);
    slot = counts + digitOf(item, shift + 2 * DIGIT_BITS);
    store<u32>(slot, load<u32>(slot, 8 * DIGITS) + 8, 8 * DIGITS);
    at += 8;
  } while (at < end);
  let from = items;
  let to = others;
  let pass = 0;
  do {
    // A digit that all have says nothing.
    if (<usize>load<u32>(counts + digitOf(load<u64>(from), shift)) != bytes) {
      let start: u32 = 0;
      let slot = counts;
      const last = counts + 4 * DIGITS;
      do {
        const own = load<u32>(slot);
        store<u32>(slot, start);
        start += own;
        slot += 4;
      } while (slot < last);
      at = from;
      end = from + bytes;
      do {
        const item = load<u64>(at);
        slot = counts + digitOf(item, shift);
        const place = load<u32>(slot);
        store<u32>(slot, place + 8);
        store<u64>(to + place, item);
        at += 8;
      } while (at < end);
      const held = from;
      from = to;
      to = held;
    }
    counts += 4 * DIGITS;
    shift += DIGIT_BITS;
    pass++;
  } while (pass < 3);
  if (from != items) memory.copy(items, from, bytes);
}

/** Brings items in order that only the lower bits of their cells put out of it; false, and any order, when that takes too long. */
function settle(items: usize, count: i32, cells: usize): bool {
  let left = <i64>MOVES * count;
  const end = items + (<usize>count << 3);
  for (let next = items + 8; next < end; next += 8) {
    const item = load<u64>(next);
    const upper = item >> PLACE_BITS;
    if (load<u64>(next - 8) >> PLACE_BITS != upper) continue;
    const key = keyOf(cells + (<usize>(item & PLACE) << 3));
    let at = next;
    while (at > items) {
      const other = load<u64>(at - 8);
      if (other >> PLACE_BITS != upper || keyOf(cells + (<usize>(other & PLACE) << 3)) <= key) break;
      left--;
      if (left < 0) return false;
      store<u64>(at, other);
      at -= 8;
    }
    store<u64>(at, item);
  }
  return true;
}

/**
 * Fills `items` with those of the cells that are not NaN, by ascending value, equal values by place: returns how many. Their
 * places are the lowest 31 bits. `others`: room for as many items, `counts`: for 3 · 2048 words.
 */
export function sortCells(cells: usize, rows: i32, items: usize, others: usize, counts: usize): i32 {
  let to = items;
  for (let i = 0; i < rows; i++) {
    const cell = cells + (<usize>i << 3);
    const x = load<f64>(cell);
    store<u64>(to, (keyOf(cell) & ~PLACE) | <u64>i);
    to += <usize>(x == x) << 3;
  }
  const count = <i32>((to - items) >> 3);
  if (count == 0) return 0;
  sortItems(items, others, count, PLACE_BITS, counts);
  if (settle(items, count, cells)) return count;
  // By the lower bits first, and again by the upper ones.
  to = items;
  for (let i = 0; i < rows; i++) {
    const cell = cells + (<usize>i << 3);
    const x = load<f64>(cell);
    store<u64>(to, (keyOf(cell) << (64 - PLACE_BITS)) | <u64>i);
    to += <usize>(x == x) << 3;
  }
  sortItems(items, others, count, 64 - PLACE_BITS, counts);
  for (let at = items; at < to; at += 8) {
    const place = load<u64>(at) & PLACE;
    store<u64>(at, (keyOf(cells + (<usize>place << 3)) & ~PLACE) | place);
  }
  sortItems(items, others, count, PLACE_BITS, counts);
  return count;
}

/** The places of `count` > 0 items. */
export function placesOf(items: usize, count: i32, places: usize): void {
  const end = items + (<usize>count << 3);
  do {
    store<u32>(places, <u32>(load<u64>(items) & PLACE));
    items += 8;
    places += 4;
  } while (items < end);
}

/** As placesOf; fills the distinct `values` and, of each place, the rank among them. Returns how many there are. */
export function ranksOf(items: usize, count: i32, cells: usize, places: usize, ranks: usize, values: usize): i32 {
  const end = items + (<usize>count << 3);
  let rank = -1;
  let last: f64 = NaN;
  do {
    const place = <usize>(load<u64>(items) & PLACE);
    const x = load<f64>(cells + (place << 3));
    rank += <i32>(x != last);
    last = x;
    store<f64>(values + (<usize>rank << 3), x);
    store<u32>(ranks + (place << 2), rank);
    store<u32>(places, <u32>place);
    items += 8;
    places += 4;
  } while (items < end);
  return rank + 1;
}
