// Customer values, two rows at a time; their twins are in src/value.

import { TO_WHOLE } from './elementary.as';
import { ROOTS } from './layout.as';
import { log1pPair } from './logs.as';

/** Whether both lanes are finite, as a mask. */
// @ts-ignore: decorator
@inline
function finite(x: v128): v128 {
  return f64x2.eq(f64x2.sub(x, x), f64x2.splat(0));
}

/** a + b; 1 when all are finite. */
export function addColumns(a: usize, b: usize, out: usize, rows: i32): i32 {
  const bytes: usize = <usize>(rows & ~1) << 3;
  let all = i64x2.splat(-1);
  let at: usize = 0;
  if (bytes > 0) {
    do {
      const y = f64x2.add(v128.load(a + at), v128.load(b + at));
      all = v128.and(all, finite(y));
      v128.store(out + at, y);
      at += 16;
    } while (at < bytes);
  }
  if (rows & 1) {
    const y = f64x2.add(v128.load64_splat(a + at), v128.load64_splat(b + at));
    all = v128.and(all, finite(y));
    v128.store64_lane(out + at, y, 0);
  }
  return <i32>i64x2.all_true(all);
}

/** a·s + b·t; 1 when all are finite. */
export function addProducts(a: usize, s: usize, b: usize, t: usize, out: usize, rows: i32): i32 {
  const bytes: usize = <usize>(rows & ~1) << 3;
  let all = i64x2.splat(-1);
  let at: usize = 0;
  if (bytes > 0) {
    do {
      const y = f64x2.add(
        f64x2.mul(v128.load(a + at), v128.load(s + at)),
        f64x2.mul(v128.load(b + at), v128.load(t + at)),
      );
      all = v128.and(all, finite(y));
      v128.store(out + at, y);
      at += 16;
    } while (at < bytes);
  }
  if (rows & 1) {
    const y = f64x2.add(
      f64x2.mul(v128.load64_splat(a + at), v128.load64_splat(s + at)),
      f64x2.mul(v128.load64_splat(b + at), v128.load64_splat(t + at)),
    );
    all = v128.and(all, finite(y));
    v128.store64_lane(out + at, y, 0);
  }
  return <i32>i64x2.all_true(all);
}

/** e^x − 1 of both lanes; each below 0. */
// @ts-ignore: decorator
@inline
function expm1Pair(argument: v128): v128 {
  // From −38 on it is −1, and so it is at −100, as sums below come out.
  const x = f64x2.max(argument, f64x2.splat(-100));
  const whole = f64x2.splat(TO_WHOLE);
  const n = f64x2.add(f64x2.mul(x, f64x2.splat(184.6649652337873)), whole);
  const steps = f64x2.sub(n, whole);
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(steps, f64x2.splat(0.0054152123482253955))),
    f64x2.mul(steps, f64x2.splat(-1.0082281460997769e-13)),
  );
  const square = f64x2.mul(r, r);
  const inner = f64x2.add(
    f64x2.add(f64x2.splat(0.5), f64x2.mul(r, f64x2.splat(1.0 / 6.0))),
    f64x2.mul(square, f64x2.add(f64x2.splat(1.0 / 24.0), f64x2.mul(r, f64x2.splat(1.0 / 120.0)))),
  );
  const more = f64x2.add(r, f64x2.mul(square, inner));
  const first = v128.load(ROOTS + ((i32x4.extract_lane(n, 0) & 127) << 4));
  const second = v128.load(ROOTS + ((i32x4.extract_lane(n, 2) & 127) << 4));
  const scale = i64x2.shl(i64x2.add(i32x4.shr_s(n, 7), i64x2.splat(1023)), 52);
  const base = f64x2.mul(v128.shuffle<f64>(first, second, 0, 2), scale);
  const low = f64x2.mul(v128.shuffle<f64>(first, second, 1, 3), scale);
  const one = f64x2.splat(1);
  const less = f64x2.sub(base, one);
  const lost = v128.bitselect(
    f64x2.sub(f64x2.sub(base, less), one),
    f64x2.sub(base, f64x2.add(less, one)),
    f64x2.gt(base, one),
  );
  const y = f64x2.add(less, f64x2.add(lost, f64x2.add(low, f64x2.mul(base, more))));
  const near = f64x2.gt(x, f64x2.splat(-0.125));
  return v128.any_true(near) ? v128.bitselect(seriesPair(x), y, near) : y;
}

/** e^x − 1 for −0.125 < x < 0. */
// @ts-ignore: decorator
@inline
function seriesPair(x: v128): v128 {
  const square = f64x2.mul(x, x);
  const fourth = f64x2.mul(square, square);
  const third = f64x2.add(
    f64x2.splat(1.0 / 3628800.0),
    f64x2.mul(x, f64x2.splat(1.0 / 39916800.0)),
  );
  const second = f64x2.add(
    f64x2.splat(1.0 / 40320.0),
    f64x2.mul(x, f64x2.splat(1.0 / 362880.0)),
  );
  const first = f64x2.add(
    f64x2.add(
      f64x2.add(f64x2.splat(1.0 / 720.0), f64x2.mul(x, f64x2.splat(1.0 / 5040.0))),
      f64x2.mul(square, second),
    ),
    f64x2.mul(fourth, third),
  );
  const sum = f64x2.add(
    f64x2.add(
      f64x2.add(f64x2.splat(0.5), f64x2.mul(x, f64x2.splat(1.0 / 6.0))),
      f64x2.mul(square, f64x2.add(f64x2.splat(1.0 / 24.0), f64x2.mul(x, f64x2.splat(1.0 / 120.0)))),
    ),
    f64x2.mul(fourth, first),
  );
  return f64x2.add(x, f64x2.mul(square, sum));
}

/**
 * The annuity of a retention r over n > 0 periods at a discount d, times `perUnit`. NaN, and 0 returned, where r is no
 * probability or the rate that r and d make is not in (0, 1e300].
 */
export function retainedShares(
  r: usize,
  out: usize,
  rows: i32,
  n: f64,
  d: f64,
  scale: f64,
  begin: i32,
  perUnit: f64,
): i32 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const periods = f64x2.splat(-n);
  const discount = f64x2.splat(d);
  const whole = f64x2.splat(scale);
  const unit = f64x2.splat(perUnit);
  const survivors = i64x2.splat(-<i64>begin);
  const pairs = rows & ~1;
  let all = i64x2.splat(-1);
  let i: i32 = 0;
  while (i < rows) {
    // An odd row at the end is done as a pair of twins.
    const x = i < pairs ? v128.load(r) : v128.load64_splat(r);
    const e = f64x2.div(f64x2.add(discount, f64x2.sub(one, x)), x);
    const usual = v128.and(
      v128.and(f64x2.gt(x, zero), f64x2.le(x, one)),
      v128.and(f64x2.gt(e, zero), f64x2.le(e, f64x2.splat(1e300))),
    );
    all = v128.and(all, usual);
    const sum = f64x2.div(f64x2.neg(expm1Pair(f64x2.mul(periods, log1pPair(e)))), e);
    const annuity = f64x2.div(f64x2.mul(whole, sum), v128.bitselect(x, one, survivors));
    const y = v128.bitselect(f64x2.mul(annuity, unit), f64x2.splat(NaN), usual);
    if (i < pairs) v128.store(out, y);
    else v128.store64_lane(out, y, 0);
    r += 16;
    out += 16;
    i += 2;
  }
  return <i32>i64x2.all_true(all);
}

/** x·factor; 1 when all x are in [0, most]. */
export function scaledShares(x: usize, out: usize, rows: i32, factor: f64, most: f64): i32 {
  const vf = f64x2.splat(factor);
  const vm = f64x2.splat(most);
  const zero = f64x2.splat(0);
  const bytes: usize = <usize>(rows & ~1) << 3;
  let all = i64x2.splat(-1);
  let at: usize = 0;
  if (bytes > 0) {
    do {
      const v = v128.load(x + at);
      all = v128.and(all, v128.and(f64x2.ge(v, zero), f64x2.le(v, vm)));
      v128.store(out + at, f64x2.mul(v, vf));
      at += 16;
    } while (at < bytes);
  }
  if (rows & 1) {
    const v = v128.load64_splat(x + at);
    all = v128.and(all, v128.and(f64x2.ge(v, zero), f64x2.le(v, vm)));
    v128.store64_lane(out + at, f64x2.mul(v, vf), 0);
  }
  return <i32>i64x2.all_true(all);
}

// @ts-ignore: decorator
@inline
function usualOffer(q: v128, term: v128): v128 {
  return v128.and(
    v128.and(f64x2.ge(q, f64x2.splat(0)), f64x2.le(q, f64x2.splat(1))),
    finite(term),
  );
}

/**
 * Adds q·value to the sum where an offer is open: its state 0, 255 where it is closed; without states (0) it is open to all.
 * The value is money·fixed, without money (0) `fixed`. Returns 1 when every open row has a state of 0, q in [0, 1] and a
 * finite product.
 */
export function addOffer(sum: usize, q: usize, money: usize, states: usize, rows: i32, fixed: f64): i32 {
  const vf = f64x2.splat(fixed);
  const none = i64x2.splat(0);
  let all = i64x2.splat(-1);
  let at: usize = 0;
  let i: i32 = 0;
  while (i < rows) {
    // Tails are done one row at a time, as a pair of which the second is the first again.
    const pair = i + 1 < rows;
    const chance = pair ? v128.load(q + at) : v128.load64_splat(q + at);
    const value =
      money === 0 ? vf : f64x2.mul(pair ? v128.load(money + at) : v128.load64_splat(money + at), vf);
    const old = pair ? v128.load(sum + at) : v128.load64_splat(sum + at);
    const term = f64x2.mul(chance, value);
    let usual = usualOffer(chance, term);
    let y = f64x2.add(old, term);
    if (states !== 0) {
      const a = <i64>load<i32>(states + (at >> 1));
      const b = pair ? <i64>load<i32>(states + (at >> 1), 4) : a;
      const state = i64x2.replace_lane(i64x2.splat(a), 1, b);
      const closed = i64x2.eq(state, i64x2.splat(255));
      y = v128.bitselect(old, y, closed);
      usual = v128.or(closed, v128.and(usual, i64x2.eq(state, i64x2.splat(0))));
    }
    all = v128.and(all, usual);
    if (pair) v128.store(sum + at, y);
    else v128.store64_lane(sum + at, y, 0);
    at += 16;
    i += 2;
  }
  return <i32>i64x2.all_true(all);
}
