// Blocks of 128 rows of a design: what regression/block.ts and logistic-likelihood.ts do, in the order in which they do it.
// `places` holds the address of each column's cells of a block, in 4 bytes.

import { exp, expPair } from './elementary.as';
import { log1pPair } from './logs.as';

/** Rows of a block. */
// @ts-ignore: decorator
@inline const BLOCK: i32 = 128;

/** Bytes of a column. */
// @ts-ignore: decorator
@inline const COLUMN: usize = 1024;

/** out = Σ weight·column, three columns at a time, for `rows` > 0 and up to three more; `columns` is a multiple of 3. */
function combineColumns(places: usize, columns: i32, rows: i32, weights: usize, out: usize): void {
  const end = (<usize>(rows + 3) & ~3) << 3;
  memory.fill(out, 0, end);
  do {
    const first = <usize>load<u32>(places);
    const second = <usize>load<u32>(places, 4);
    const third = <usize>load<u32>(places, 8);
    const a = v128.load64_splat(weights);
    const b = v128.load64_splat(weights, 8);
    const c = v128.load64_splat(weights, 16);
    let at: usize = 0;
    do {
      const p = f64x2.add(
        f64x2.add(f64x2.mul(a, v128.load(first + at)), f64x2.mul(b, v128.load(second + at))),
        f64x2.mul(c, v128.load(third + at)),
      );
      const q = f64x2.add(
        f64x2.add(f64x2.mul(a, v128.load(first + at, 16)), f64x2.mul(b, v128.load(second + at, 16))),
        f64x2.mul(c, v128.load(third + at, 16)),
      );
      v128.store(out + at, f64x2.add(v128.load(out + at), p));
      v128.store(out + at, f64x2.add(v128.load(out + at, 16), q), 16);
      at += 32;
    } while (at < end);
    places += 12;
    weights += 24;
    columns -= 3;
  } while (columns > 0);
}

// @ts-ignore: decorator
@inline
function across(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

// @ts-ignore: decorator
@inline
function addAcross(at: usize, sum: v128): void {
  store<f64>(at, load<f64>(at) + across(sum));
}

/** sums = Σ factor·column, even and odd rows apart, for `rows` > 0; `columns` is a multiple of 3. */
function columnProducts(places: usize, columns: i32, rows: i32, factor: usize, sums: usize): void {
  const bytes = <usize>(rows & ~1) << 3;
  do {
    const first = <usize>load<u32>(places);
    const second = <usize>load<u32>(places, 4);
    const third = <usize>load<u32>(places, 8);
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let at: usize = 0;
    while (at < bytes) {
      const f = v128.load(factor + at);
      a = f64x2.add(a, f64x2.mul(f, v128.load(first + at)));
      b = f64x2.add(b, f64x2.mul(f, v128.load(second + at)));
      c = f64x2.add(c, f64x2.mul(f, v128.load(third + at)));
      at += 16;
    }
    if (rows & 1) {
      const f = v128.load64_zero(factor + at);
      a = f64x2.add(a, f64x2.mul(f, v128.load64_zero(first + at)));
      b = f64x2.add(b, f64x2.mul(f, v128.load64_zero(second + at)));
      c = f64x2.add(c, f64x2.mul(f, v128.load64_zero(third + at)));
    }
    store<f64>(sums, across(a));
    store<f64>(sums, across(b), 8);
    store<f64>(sums, across(c), 16);
    sums += 24;
    places += 12;
    columns -= 3;
  } while (columns > 0);
}

/**
 * Adds the products of all pairs of columns, each times `root`, to the lower triangle of `sums`, by tiles of 3 × 3, for
 * `rows` > 0; `columns` is a multiple of 3. `weighted`: room for as many columns.
 */
function addGram(places: usize, columns: i32, rows: i32, root: usize, weighted: usize, sums: usize): void {
  const even = <usize>(rows & ~1) << 3;
  const bytes = <usize>((rows + 1) & ~1) << 3;
  const end = weighted + <usize>columns * COLUMN;
  let to = weighted;
  do {
    const cells = <usize>load<u32>(places);
    let at: usize = 0;
    do {
      v128.store(to + at, f64x2.mul(v128.load(root + at), v128.load(cells + at)));
      at += 16;
    } while (at < bytes);
    places += 4;
    to += COLUMN;
  } while (to < end);

  const line = <usize>columns << 3;
  let left = weighted;
  let row = sums;
  do {
    let right = weighted;
    let sum = row;
    do {
      let s00 = f64x2.splat(0);
      let s01 = s00;
      let s02 = s00;
      let s10 = s00;
      let s11 = s00;
      let s12 = s00;
      let s20 = s00;
      let s21 = s00;
      let s22 = s00;
      let x = left;
      let y = right;
      const last = left + even;
      while (x < last) {
        const a = v128.load(y);
        const b = v128.load(y, 1024);
        const c = v128.load(y, 2048);
        const p = v128.load(x);
        s00 = f64x2.add(s00, f64x2.mul(p, a));
        s01 = f64x2.add(s01, f64x2.mul(p, b));
        s02 = f64x2.add(s02, f64x2.mul(p, c));
        const q = v128.load(x, 1024);
        s10 = f64x2.add(s10, f64x2.mul(q, a));
        s11 = f64x2.add(s11, f64x2.mul(q, b));
        s12 = f64x2.add(s12, f64x2.mul(q, c));
        const r = v128.load(x, 2048);
        s20 = f64x2.add(s20, f64x2.mul(r, a));
        s21 = f64x2.add(s21, f64x2.mul(r, b));
        s22 = f64x2.add(s22, f64x2.mul(r, c));
        x += 16;
        y += 16;
      }
      if (rows & 1) {
        const a = v128.load64_zero(y);
        const b = v128.load64_zero(y, 1024);
        const c = v128.load64_zero(y, 2048);
        const p = v128.load64_zero(x);
        const q = v128.load64_zero(x, 1024);
        const r = v128.load64_zero(x, 2048);
        s00 = f64x2.add(s00, f64x2.mul(p, a));
        s01 = f64x2.add(s01, f64x2.mul(p, b));
        s02 = f64x2.add(s02, f64x2.mul(p, c));
        s10 = f64x2.add(s10, f64x2.mul(q, a));
        s11 = f64x2.add(s11, f64x2.mul(q, b));
        s12 = f64x2.add(s12, f64x2.mul(q, c));
        s20 = f64x2.add(s20, f64x2.mul(r, a));
        s21 = f64x2.add(s21, f64x2.mul(r, b));
        s22 = f64x2.add(s22, f64x2.mul(r, c));
      }
      addAcross(sum, s00);
      addAcross(sum + 8, s01);
      addAcross(sum + 16, s02);
      const second = sum + line;
      addAcross(second, s10);
      addAcross(second + 8, s11);
      addAcross(second + 16, s12);
      const third = second + line;
      addAcross(third, s20);
      addAcross(third + 8, s21);
      addAcross(third + 16, s22);
      sum += 24;
      right += 3 * COLUMN;
    } while (right <= left);
    row += 3 * line;
    left += 3 * COLUMN;
  } while (left < end);
}

/**
 * Of `rows` log-odds: the residuals y − p, e^−|η| in `decay`, Π(1 + e^−|η|) in `product`; returns what of the
 * log-likelihood is linear in η. Even and odd rows are summed apart.
 */
function logisticTerms(
  eta: usize,
  rows: i32,
  y: usize,
  residual: usize,
  decay: usize,
  product: usize,
): f64 {
  const zero = f64x2.splat(0);
  const unit = f64x2.splat(1);
  const limit = f64x2.splat(-708);
  let products = unit;
  let linear = zero;
  let left = rows;
  while (left > 0) {
    const both = left > 1;
    const z = both ? v128.load(eta) : v128.load64_zero(eta);
    const hit = both ? v128.load(y) : v128.load64_zero(y);
    const t = f64x2.neg(f64x2.abs(z));
    let e = expPair(t);
    if (!v128.all_true<i64>(f64x2.gt(t, limit)))
      e = f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(t, 0))), 1, exp(f64x2.extract_lane(t, 1)));
    const odds = f64x2.add(unit, e);
    products = f64x2.mul(products, both ? odds : f64x2.replace_lane(odds, 1, 1));
    linear = f64x2.add(linear, f64x2.sub(f64x2.mul(hit, z), f64x2.pmax(zero, z)));
    const p = f64x2.div(v128.bitselect(e, unit, f64x2.lt(z, zero)), odds);
    const rest = f64x2.sub(hit, p);
    v128.store(residual, rest);
    v128.store(decay, e);
    eta += 16;
    y += 16;
    residual += 16;
    decay += 16;
    left -= 2;
  }
  store<f64>(product, f64x2.extract_lane(products, 0) * f64x2.extract_lane(products, 1));
  return across(linear);
}

/** Of `rows` log-odds with weights: the residuals w(y − p), e^−|η| in `decay`; returns the log-likelihood. */
function weightedTerms(
  eta: usize,
  rows: i32,
  y: usize,
  weight: usize,
  residual: usize,
  decay: usize,
): f64 {
  const zero = f64x2.splat(0);
  const unit = f64x2.splat(1);
  const limit = f64x2.splat(-708);
  let sum = zero;
  let left = rows;
  while (left > 0) {
    const both = left > 1;
    const z = both ? v128.load(eta) : v128.load64_zero(eta);
    const hit = both ? v128.load(y) : v128.load64_zero(y);
    const own = both ? v128.load(weight) : v128.load64_zero(weight);
    const t = f64x2.neg(f64x2.abs(z));
    let e = expPair(t);
    if (!v128.all_true<i64>(f64x2.gt(t, limit)))
      e = f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(t, 0))), 1, exp(f64x2.extract_lane(t, 1)));
    const linear = f64x2.sub(f64x2.mul(hit, z), f64x2.pmax(zero, z));
    sum = f64x2.add(sum, f64x2.mul(own, f64x2.sub(linear, log1pPair(e))));
    const p = f64x2.div(v128.bitselect(e, unit, f64x2.lt(z, zero)), f64x2.add(unit, e));
    v128.store(residual, f64x2.mul(own, f64x2.sub(hit, p)));
    v128.store(decay, e);
    eta += 16;
    y += 16;
    weight += 16;
    residual += 16;
    decay += 16;
    left -= 2;
  }
  return across(sum);
}

/** √e/(1 + e) in place, for `rows` > 0 and one more. */
function logisticRoots(decay: usize, rows: i32): void {
  const end = decay + (<usize>rows << 3);
  const unit = f64x2.splat(1);
  do {
    const e = v128.load(decay);
    v128.store(decay, f64x2.div(f64x2.sqrt(e), f64x2.add(unit, e)));
    decay += 16;
  } while (decay < end);
}

/** √(w·e)/(1 + e) in place, for `rows` > 0 and one more. */
function weightedRoots(decay: usize, rows: i32, weight: usize): void {
  const end = decay + (<usize>rows << 3);
  const unit = f64x2.splat(1);
  do {
    const e = v128.load(decay);
    v128.store(decay, f64x2.div(f64x2.sqrt(f64x2.mul(v128.load(weight), e)), f64x2.add(unit, e)));
    decay += 16;
    weight += 16;
  } while (decay < end);
}

/** Flags of a byte each as float64, for `rows` > 0 and up to three more. */
function widen(flags: usize, rows: i32, cells: usize): void {
  const end = cells + (<usize>rows << 3);
  do {
    const four = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(flags)));
    v128.store(cells, f64x2.convert_low_i32x4_u(four));
    v128.store(cells, f64x2.convert_low_i32x4_u(i32x4.shuffle(four, four, 2, 3, 2, 3)), 16);
    flags += 4;
    cells += 32;
  } while (cells < end);
}

/** to += from, for `count` > 0 numbers and one more. */
function addAll(to: usize, from: usize, count: i32): void {
  const end = to + (<usize>count << 3);
  do {
    v128.store(to, f64x2.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  } while (to < end);
}

/**
 * Adds the terms of `rows` > 0 rows from row `from`, a multiple of 128, to a log-likelihood and its derivatives; see
 * regression/logistic-blocks.ts for `plan`. `sums`: 1 adds to the gradient, 3 to the information as well, 4 to the
 * squares of the scores. Of each block the log-likelihood is left in `lines`: what is linear, and the product to take the
 * logarithm of.
 */
export function logisticBlocks(plan: usize, from: i32, rows: i32, sums: i32): void {
  const columns = <i32>load<u32>(plan);
  const places = <usize>load<u32>(plan, 8);
  const weights = <usize>load<u32>(plan, 12);
  const products = <usize>load<u32>(plan, 16);
  const eta = <usize>load<u32>(plan, 20);
  const residual = <usize>load<u32>(plan, 24);
  const decay = <usize>load<u32>(plan, 28);
  const weighted = <usize>load<u32>(plan, 32);
  const gradient = <usize>load<u32>(plan, 36);
  const gram = <usize>load<u32>(plan, 40);
  let y = <usize>load<u32>(plan, 44);
  let lines = <usize>load<u32>(plan, 48);
  let weight = <usize>load<u32>(plan, 52);
  let offset = <usize>load<u32>(plan, 56);
  do {
    const some = rows < BLOCK ? rows : BLOCK;
    let source = <usize>load<u32>(plan, 4);
    let place = places;
    const last = places + (<usize>columns << 2);
    do {
      // Where the column lies, bytes per row (0: the same cells for all blocks), and room for the cells of one block.
      const at = <usize>load<u32>(source);
      const size = load<u32>(source, 4);
      const cells = <usize>load<u32>(source, 8);
      if (size == 1) {
        widen(at + from, some, cells);
        store<u32>(place, <u32>cells);
      } else store<u32>(place, <u32>(at + <usize>from * size));
      source += 12;
      place += 4;
    } while (place < last);
    combineColumns(places, columns, some, weights, eta);
    if (offset != 0) {
      addAll(eta, offset, some);
      offset += COLUMN;
    }
    if (weight == 0) store<f64>(lines, logisticTerms(eta, some, y, residual, decay, lines + 8));
    else {
      store<f64>(lines, weightedTerms(eta, some, y, weight, residual, decay));
      store<f64>(lines, 1, 8);
    }
    if (sums & 1) {
      columnProducts(places, columns, some, residual, products);
      addAll(gradient, products, columns);
    }
    if (sums & 2) {
      if (weight == 0) logisticRoots(decay, some);
      else weightedRoots(decay, some, weight);
      addGram(places, columns, some, decay, weighted, gram);
    }
    if (sums & 4) addGram(places, columns, some, residual, weighted, gram);
    y += COLUMN;
    lines += 16;
    if (weight != 0) weight += COLUMN;
    from += some;
    rows -= some;
  } while (rows > 0);
}

/** Numbers that are summed up by themselves first. */
// @ts-ignore: decorator
@inline const RUN: i32 = 256;

/**
 * Of `rows` > 0 more numbers of a column: how many are not NaN, their sum, the least, the largest, and how many are neither 0 nor
 * 1, added to what `found` holds. Zeros follow an odd number.
 */
export function columnFacts(values: usize, rows: i32, found: usize): void {
  const zero = f64x2.splat(0);
  const unit = f64x2.splat(1);
  let known = v128.splat<i64>(0);
  let others = known;
  let least = f64x2.splat(load<f64>(found, 16));
  let most = f64x2.splat(load<f64>(found, 24));
  let total = load<f64>(found, 8);
  while (rows > 0) {
    const some = rows < RUN ? rows : RUN;
    const end = values + (<usize>(some & ~1) << 3);
    let sum = zero;
    while (values < end) {
      const x = v128.load(values);
      const own = f64x2.eq(x, x);
      known = i64x2.sub(known, own);
      sum = f64x2.add(sum, v128.and(x, own));
      least = f64x2.pmin(least, x);
      most = f64x2.pmax(most, x);
      others = i64x2.sub(others, v128.andnot(own, v128.or(f64x2.eq(x, zero), f64x2.eq(x, unit))));
      values += 16;
    }
    if (some & 1) {
      const x = load<f64>(values);
      if (x == x) {
        known = i64x2.replace_lane(known, 0, i64x2.extract_lane(known, 0) + 1);
        sum = f64x2.replace_lane(sum, 0, f64x2.extract_lane(sum, 0) + x);
        least = f64x2.pmin(least, f64x2.splat(x));
        most = f64x2.pmax(most, f64x2.splat(x));
        if (x != 0 && x != 1) others = i64x2.replace_lane(others, 0, i64x2.extract_lane(others, 0) + 1);
      }
    }
    total += across(sum);
    rows -= some;
  }
  store<f64>(found, load<f64>(found) + <f64>(i64x2.extract_lane(known, 0) + i64x2.extract_lane(known, 1)));
  store<f64>(found, total, 8);
  store<f64>(found, min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)), 16);
  store<f64>(found, max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1)), 24);
  store<f64>(
    found,
    load<f64>(found, 32) + <f64>(i64x2.extract_lane(others, 0) + i64x2.extract_lane(others, 1)),
    32,
  );
}

/** Adds (x − mean)² of `rows` > 0 more numbers that are not NaN to the sums of even and odd rows in `found`. */
export function columnSquares(values: usize, rows: i32, mean: f64, found: usize): void {
  const centre = f64x2.splat(mean);
  let sums = v128.load(found);
  const end = values + (<usize>(rows & ~1) << 3);
  while (values < end) {
    const d = f64x2.sub(v128.load(values), centre);
    sums = f64x2.add(sums, v128.and(f64x2.mul(d, d), f64x2.eq(d, d)));
    values += 16;
  }
  if (rows & 1) {
    const d = load<f64>(values) - mean;
    if (d == d) sums = f64x2.replace_lane(sums, 0, f64x2.extract_lane(sums, 0) + d * d);
  }
  v128.store(found, sums);
}

/** (x − mean)·factor in place, and `ifNull` for NaN, for `rows` > 0 numbers and one more. */
export function standardise(values: usize, rows: i32, mean: f64, factor: f64, ifNull: f64): void {
  const end = values + (<usize>rows << 3);
  const centre = f64x2.splat(mean);
  const factors = f64x2.splat(factor);
  const absent = f64x2.splat(ifNull);
  do {
    const d = f64x2.mul(f64x2.sub(v128.load(values), centre), factors);
    v128.store(values, v128.bitselect(d, absent, f64x2.eq(d, d)));
    values += 16;
  } while (values < end);
}
