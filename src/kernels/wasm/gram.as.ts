// A block of rows of a design, 128 cells per column: what regression/block.ts does, in the order in which it does it. `places`
// holds the address of each column, in 4 bytes.

import { exp, expPair } from './elementary.as';

/** Bytes of a column. */
// @ts-ignore: decorator
@inline const COLUMN: usize = 1024;

/** out = Σ weight·column, three columns at a time, for `rows` > 0 and up to three more; `columns` is a multiple of 3. */
export function combineColumns(places: usize, columns: i32, rows: i32, weights: usize, out: usize): void {
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
export function columnProducts(places: usize, columns: i32, rows: i32, factor: usize, sums: usize): void {
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
export function addGram(places: usize, columns: i32, rows: i32, root: usize, weighted: usize, sums: usize): void {
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
export function logisticTerms(
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
    let e: v128;
    if (v128.all_true<i64>(f64x2.gt(t, limit))) e = expPair(t);
    else e = f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(t, 0))), 1, exp(f64x2.extract_lane(t, 1)));
    const odds = f64x2.add(unit, e);
    products = f64x2.mul(products, both ? odds : f64x2.replace_lane(odds, 1, 1));
    linear = f64x2.add(linear, f64x2.sub(f64x2.mul(hit, z), f64x2.pmax(zero, z)));
    const p = f64x2.div(v128.bitselect(e, unit, f64x2.lt(z, zero)), odds);
    const rest = f64x2.sub(hit, p);
    if (both) {
      v128.store(residual, rest);
      v128.store(decay, e);
    } else {
      store<f64>(residual, f64x2.extract_lane(rest, 0));
      store<f64>(decay, f64x2.extract_lane(e, 0));
    }
    eta += 16;
    y += 16;
    residual += 16;
    decay += 16;
    left -= 2;
  }
  store<f64>(product, across0(products));
  return across(linear);
}

// @ts-ignore: decorator
@inline
function across0(product: v128): f64 {
  return f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1);
}

/** √e/(1 + e) in place, for `rows` > 0 and one more. */
export function logisticRoots(decay: usize, rows: i32): void {
  const end = decay + (<usize>rows << 3);
  const unit = f64x2.splat(1);
  do {
    const e = v128.load(decay);
    v128.store(decay, f64x2.div(f64x2.sqrt(e), f64x2.add(unit, e)));
    decay += 16;
  } while (decay < end);
}
