// Sums of boosting: [gradient, hessian, weight] per row and per bin of a feature, whole numbers whose sums are exact, so that
// no order of additions matters. Where all weights are 1, a cell is packed into two whole numbers of 64 bits: the gradient, and
// the hessian above the number of rows.

import { exp, expPair } from './elementary.as';

// @ts-ignore: decorator
@inline const CELL: usize = 24;
/** As numerics/elementary.ts rounds: half to even. */
// @ts-ignore: decorator
@inline const TO_WHOLE: f64 = 6755399441055744;

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

/** A product that is less than this share of what it is to exceed does not exceed it when its factors are divided. */
// @ts-ignore: decorator
@inline const SURELY: f64 = 1.0 - 1e-12;

/** Whether the cut after the bin at `at`, `sums` at its left, beats `best`, into which it is then written. */
function beats(
  at: usize,
  bin: i32,
  sums: v128,
  bits: i64,
  unit: f64,
  gradient: f64,
  hessian: f64,
  weight: f64,
  least: f64,
  minHessian: f64,
  l2: f64,
  best: usize,
): bool {
  const mask: i64 = (1 << bits) - 1;
  // After an empty bin there is no cut.
  if ((load<i64>(at, 8) & mask) == 0) return false;
  const second = i64x2.extract_lane(sums, 1);
  const w = <f64>(second & mask);
  const h = <f64>(second >> bits) * unit;
  const rest = weight - w;
  const others = hessian - h;
  if (w < least || h < minHessian || rest < least || others < minHessian) return false;
  const g = <f64>i64x2.extract_lane(sums, 0);
  const other = gradient - g;
  const sum = (g * g) / (h + l2) + (other * other) / (others + l2);
  if (!(sum > load<f64>(best))) return false;
  store<f64>(best, sum);
  store<f64>(best, g, 8);
  store<f64>(best, h, 16);
  store<f64>(best, w, 24);
  store<f64>(best, <f64>bin, 32);
  return true;
}

/**
 * The best cut of a number's bins that beats `best` (score, gradient, hessian, weight, bin), into which it is written. Nulls are
 * in the bin after the last and are joined to the left side first, then to the right. 1: found with nulls at the right,
 * 2: at the left, 0: none is better.
 */
// @ts-ignore: decorator
@inline
function bestCut(
  histogram: usize,
  bins: i32,
  bits: i64,
  unit: f64,
  gradient: f64,
  hessian: f64,
  weight: f64,
  minLeaf: f64,
  minHessian: f64,
  l2: f64,
  best: usize,
): i32 {
  if (bins <= 0) return 0;
  const mask: i64 = (1 << bits) - 1;
  // Sides are of whole numbers of rows, and none is empty.
  const least = max(minLeaf, 1.0);
  const leasts = f64x2.splat(least);
  const minHessians = f64x2.splat(minHessian);
  const penalty = f64x2.splat(l2);
  const units = f64x2.splat(unit);
  const gradients = f64x2.splat(gradient);
  const hessians = f64x2.splat(hessian);
  const weights = f64x2.splat(weight);
  const counts = v128.splat<i64>(mask);
  const whole = f64x2.splat(TO_WHOLE);
  const wholeBits = v128.splat<i64>(reinterpret<i64>(TO_WHOLE));
  const end = histogram + (<usize>bins << 4);
  const lastPair = end - 16;
  let limit = f64x2.splat(load<f64>(best) * SURELY);
  let found = 0;
  for (let side = (load<i64>(end, 8) & mask) != 0 ? 2 : 1; side > 0; side--) {
    let sums = side == 2 ? v128.load(end) : i64x2.splat(0);
    let at = histogram;
    while (at < lastPair) {
      const first = i64x2.add(sums, v128.load(at));
      sums = i64x2.add(first, v128.load(at, 16));
      // Whole numbers below 2^51 are the last bits of 1.5 · 2^52 and them.
      const g = f64x2.sub(i64x2.add(v128.shuffle<i64>(first, sums, 0, 2), wholeBits), whole);
      const second = v128.shuffle<i64>(first, sums, 1, 3);
      const w = f64x2.sub(i64x2.add(v128.and(second, counts), wholeBits), whole);
      const h = f64x2.mul(f64x2.sub(i64x2.add(i64x2.shr_u(second, <i32>bits), wholeBits), whole), units);
      const others = f64x2.sub(hessians, h);
      const other = f64x2.sub(gradients, g);
      const p = f64x2.add(h, penalty);
      const q = f64x2.add(others, penalty);
      // Few cuts are worth two divisions.
      const worth = f64x2.add(f64x2.mul(f64x2.mul(g, g), q), f64x2.mul(f64x2.mul(other, other), p));
      const not = v128.or(
        f64x2.le(worth, f64x2.mul(limit, f64x2.mul(p, q))),
        v128.or(
          f64x2.lt(f64x2.pmin(w, f64x2.sub(weights, w)), leasts),
          f64x2.lt(f64x2.pmin(h, others), minHessians),
        ),
      );
      if (!v128.all_true<i64>(not)) {
        const bin = <i32>((at - histogram) >> 4);
        if (beats(at, bin, first, bits, unit, gradient, hessian, weight, least, minHessian, l2, best)) found = side;
        if (beats(at + 16, bin + 1, sums, bits, unit, gradient, hessian, weight, least, minHessian, l2, best))
          found = side;
        limit = f64x2.splat(load<f64>(best) * SURELY);
      }
      at += 32;
    }
    if (at < end) {
      sums = i64x2.add(sums, v128.load(at));
      if (beats(at, bins - 1, sums, bits, unit, gradient, hessian, weight, least, minHessian, l2, best)) found = side;
      limit = f64x2.splat(load<f64>(best) * SURELY);
    }
  }
  return found;
}

/**
 * The best cut of `count` > 0 numbers that beats `best`, as above; `places`: of each, the byte at which its bins begin, and how
 * many there are. 0: none is better, else 4·number + the side of nulls as above.
 */
export function bestCuts(
  places: usize,
  count: i32,
  histogram: usize,
  bits: i32,
  unit: f64,
  gradient: f64,
  hessian: f64,
  weight: f64,
  minLeaf: f64,
  minHessian: f64,
  l2: f64,
  best: usize,
): i32 {
  let found = 0;
  let number = 0;
  do {
    const side = bestCut(
      histogram + load<u32>(places),
      load<i32>(places, 4),
      bits,
      unit,
      gradient,
      hessian,
      weight,
      minLeaf,
      minHessian,
      l2,
      best,
    );
    if (side != 0) found = (number << 2) | side;
    places += 8;
    number++;
  } while (number < count);
  return found;
}

/**
 * Packed derivatives of the log loss of `count` rows of weight 1 in units of 1/scale and 1/hessianScale, and of their total loss: returns the sum of what
 * is linear in the scores; the product of 1 + e^−|z|, whose logarithm is the rest, is written to `product`. At most
 * 1024 rows at once. Even and odd places are summed apart.
 */
export function lossDerivatives(
  rows: usize,
  count: i32,
  scores: usize,
  y: usize,
  scale: f64,
  hessianScale: f64,
  bits: i32,
  cells: usize,
  product: usize,
): f64 {
  const unit = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const whole = f64x2.splat(TO_WHOLE);
  const wholeBits = v128.splat<i64>(reinterpret<i64>(TO_WHOLE));
  const scales = f64x2.splat(scale);
  const hessianScales = f64x2.splat(hessianScale);
  const row = v128.splat<i64>(1);
  const limit = f64x2.splat(-708);
  let products = unit;
  let linear = zero;
  const end = rows + (<usize>count << 2);
  while (rows < end) {
    const both = rows + 4 < end;
    const first = <usize>load<u32>(rows);
    // The last of an odd number of rows is taken twice, and once into account.
    const second = both ? <usize>load<u32>(rows, 4) : first;
    const z = v128.load64_lane(scores + (second << 3), v128.load64_zero(scores + (first << 3)), 1);
    const event = v128.load64_lane(y + (second << 3), v128.load64_zero(y + (first << 3)), 1);
    const sign = f64x2.sub(unit, f64x2.add(event, event));
    const t = f64x2.neg(f64x2.abs(z));
    let e: v128;
    if (v128.all_true<i64>(f64x2.gt(t, limit))) e = expPair(t);
    else
      e = f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(t, 0))), 1, exp(f64x2.extract_lane(t, 1)));
    const against = f64x2.mul(z, sign);
    const odds = f64x2.add(unit, e);
    const miss = f64x2.div(v128.bitselect(e, unit, f64x2.lt(against, zero)), odds);
    // The bits of 1.5 · 2^52 + a whole number count up with it.
    const g = i64x2.sub(f64x2.add(f64x2.mul(miss, f64x2.mul(sign, scales)), whole), wholeBits);
    const share = f64x2.div(e, f64x2.mul(odds, odds));
    const h = i64x2.add(i64x2.shl(i64x2.sub(f64x2.add(f64x2.mul(share, hessianScales), whole), wholeBits), bits), row);
    v128.store(cells + (first << 4), v128.shuffle<i64>(g, h, 0, 2));
    v128.store(cells + (second << 4), v128.shuffle<i64>(g, h, 1, 3));
    let loss = f64x2.pmax(zero, against);
    let factor = odds;
    if (!both) {
      loss = f64x2.replace_lane(loss, 1, 0);
      factor = f64x2.replace_lane(factor, 1, 1);
    }
    products = f64x2.mul(products, factor);
    linear = f64x2.add(linear, loss);
    rows += 8;
  }
  store<f64>(product, f64x2.extract_lane(products, 0) * f64x2.extract_lane(products, 1));
  return f64x2.extract_lane(linear, 0) + f64x2.extract_lane(linear, 1);
}
