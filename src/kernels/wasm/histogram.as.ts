// Sums of boosting: [gradient, hessian, weight] per row and per bin of a feature, whole numbers whose sums are exact, so that
// no order of additions matters. Where all weights are 1, a cell is packed into two whole numbers of 64 bits: the gradient, and
// the hessian above the number of rows.

// @ts-ignore: decorator
@inline const CELL: usize = 24;
/** Rows that are taken together: their cells and codes stay near a core while four features after four others add them up. */
// @ts-ignore: decorator
@inline const ROWS: i32 = 1024;

/** Adds the packed cells of `some` > 0 rows that lie one after the other, as do their codes, to four features' histograms. */
// @ts-ignore: decorator
@inline
function addToFour(own: usize, stride: usize, cell: usize, some: i32, a: usize, b: usize, c: usize, d: usize): void {
  const end = cell + (<usize>some << 4);
  do {
    const pair = v128.load(cell);
    const four = load<u32>(own);
    const one = a + ((four << 4) & 0xff0);
    const two = b + ((four >> 4) & 0xff0);
    const three = c + ((four >> 12) & 0xff0);
    const last = d + ((four >> 20) & 0xff0);
    const first = v128.load(one);
    const second = v128.load(two);
    const third = v128.load(three);
    const fourth = v128.load(last);
    v128.store(one, i64x2.add(first, pair));
    v128.store(two, i64x2.add(second, pair));
    v128.store(three, i64x2.add(third, pair));
    v128.store(last, i64x2.add(fourth, pair));
    own += stride;
    cell += 16;
  } while (cell < end);
}

/**
 * Brings cells of 16 or 24 bytes and codes of `some` > 0 rows together. Up to 15 bytes after the codes of a row are read and
 * written.
 */
// @ts-ignore: decorator
@inline
function gather(
  size: usize,
  codes: usize,
  stride: usize,
  rows: usize,
  some: i32,
  cells: usize,
  held: usize,
  heldCodes: usize,
): void {
  const end = rows + (<usize>some << 2);
  do {
    const row = <usize>load<u32>(rows);
    const cell = cells + row * size;
    v128.store(held, v128.load(cell));
    if (size == CELL) store<f64>(held, load<f64>(cell, 16), 16);
    let from = codes + row * stride;
    let to = heldCodes;
    heldCodes += stride;
    do {
      v128.store(to, v128.load(from));
      from += 16;
      to += 16;
    } while (to < heldCodes);
    held += size;
    rows += 4;
  } while (rows < end);
}

/**
 * Adds the packed cells of `count` > 0 ascending rows to the histograms of `fours` > 0 times four features. `codes`: `stride`
 * bytes per row; `places`: 32 bits per four, the byte at which their codes begin, then the bytes at which their histograms begin.
 * `held`: room for the cells of 24 bytes and the codes of 1024 rows.
 */
export function addToHistograms(
  codes: usize,
  stride: usize,
  places: usize,
  fours: i32,
  rows: usize,
  count: i32,
  cells: usize,
  histogram: usize,
  held: usize,
): void {
  do {
    const some = count < ROWS ? count : ROWS;
    const end = rows + (<usize>some << 2);
    const first = <usize>load<u32>(rows);
    let cell = cells + (first << 4);
    let own = codes + first * stride;
    if (load<u32>(end - 4) - <u32>first != <u32>(some - 1)) {
      cell = held;
      own = held + (ROWS << 4);
      gather(16, codes, stride, rows, some, cells, cell, own);
    }
    let place = places;
    let left = fours;
    do {
      addToFour(
        own + load<u32>(place),
        stride,
        cell,
        some,
        histogram + load<u32>(place, 4),
        histogram + load<u32>(place, 8),
        histogram + load<u32>(place, 12),
        histogram + load<u32>(place, 16),
      );
      place += 20;
      left--;
    } while (left > 0);
    rows = end;
    count -= some;
  } while (count > 0);
}

/** Adds a gradient and hessian, and a weight, to a bin that begins at byte 24·code. */
// @ts-ignore: decorator
@inline
function addWide(bins: usize, code: u32, pair: v128, weight: f64): void {
  const bin = bins + <usize>code * CELL;
  v128.store(bin, f64x2.add(v128.load(bin), pair));
  store<f64>(bin, load<f64>(bin, 16) + weight, 16);
}

/** As addToHistograms, for cells of three float64. */
export function addToWideHistograms(
  codes: usize,
  stride: usize,
  places: usize,
  fours: i32,
  rows: usize,
  count: i32,
  cells: usize,
  histogram: usize,
  held: usize,
): void {
  do {
    const some = count < ROWS ? count : ROWS;
    const end = rows + (<usize>some << 2);
    const first = <usize>load<u32>(rows);
    let from = cells + first * CELL;
    let fromCodes = codes + first * stride;
    if (load<u32>(end - 4) - <u32>first != <u32>(some - 1)) {
      from = held;
      fromCodes = held + ROWS * CELL;
      gather(CELL, codes, stride, rows, some, cells, from, fromCodes);
    }
    const last = from + <usize>some * CELL;
    let place = places;
    let left = fours;
    do {
      const a = histogram + load<u32>(place, 4);
      const b = histogram + load<u32>(place, 8);
      const c = histogram + load<u32>(place, 12);
      const d = histogram + load<u32>(place, 16);
      let own = fromCodes + load<u32>(place);
      let cell = from;
      do {
        const pair = v128.load(cell);
        const weight = load<f64>(cell, 16);
        const four = load<u32>(own);
        addWide(a, four & 255, pair, weight);
        addWide(b, (four >> 8) & 255, pair, weight);
        addWide(c, (four >> 16) & 255, pair, weight);
        addWide(d, four >> 24, pair, weight);
        own += stride;
        cell += CELL;
      } while (cell < last);
      place += 20;
      left--;
    } while (left > 0);
    rows = end;
    count -= some;
  } while (count > 0);
}

/** whole −= part, for `count` > 0 float64. */
export function subtractWide(whole: usize, part: usize, count: i32): void {
  const end = whole + (<usize>(count & ~1) << 3);
  while (whole < end) {
    v128.store(whole, f64x2.sub(v128.load(whole), v128.load(part)));
    whole += 16;
    part += 16;
  }
  if (count & 1) store<f64>(whole, load<f64>(whole) - load<f64>(part));
}

/** whole −= part, for `count` > 0 packed cells. */
export function subtractAll(whole: usize, part: usize, count: i32): void {
  const end = whole + (<usize>count << 4);
  do {
    v128.store(whole, i64x2.sub(v128.load(whole), v128.load(part)));
    whole += 16;
    part += 16;
  } while (whole < end);
}

/** Cells of `count` > 0 packed ones, whose lowest `bits` number rows; hessians are times `unit`. */
export function unpackCells(packed: usize, count: i32, bits: i32, unit: f64, cells: usize): void {
  const mask: i64 = (1 << <i64>bits) - 1;
  const end = packed + (<usize>count << 4);
  do {
    const second = load<i64>(packed, 8);
    store<f64>(cells, <f64>load<i64>(packed));
    store<f64>(cells, <f64>(second >> <i64>bits) * unit, 8);
    store<f64>(cells, <f64>(second & mask), 16);
    packed += 16;
    cells += CELL;
  } while (packed < end);
}

/** Adds `value` to the scores of `count` > 0 rows. */
export function addToScores(rows: usize, count: i32, scores: usize, value: f64): void {
  const end = rows + (<usize>count << 2);
  do {
    const at = scores + (<usize>load<u32>(rows) << 3);
    store<f64>(at, load<f64>(at) + value);
    rows += 4;
  } while (rows < end);
}

/** Brings the rows that go left before the others, each in their order; returns how many go left of `count` > 0. */
export function divideRows(rows: usize, count: i32, codes: usize, side: usize, others: usize): i32 {
  const end = rows + (<usize>count << 2);
  let from = rows;
  let left = rows;
  let right = others;
  do {
    const row = load<u32>(from);
    const goes = <usize>load<u8>(side + load<u8>(codes + row)) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += goes;
    right += 4 - goes;
    from += 4;
  } while (from < end);
  memory.copy(left, others, right - others);
  return <i32>((left - rows) >> 2);
}
