import { expPair } from './elementary.as';
import { log1pPair } from './logs.as';

// @ts-ignore: decorator
@inline const LARGE: f64 = 1e300;

// In what follows a logarithm and its power are loops of their own: a processor has more rows of a short loop under way at a
// time, and these chains of operations are long.

/** ln(1 + (T − t_x)/(scale + t_x)) of both rows; NaN where that is too large. */
// @ts-ignore: decorator
@inline
function log1pOfPause(recency: usize, T: usize, scale: f64): v128 {
  const last = v128.load(recency);
  const w = f64x2.div(f64x2.sub(v128.load(T), last), f64x2.add(f64x2.splat(scale), last));
  return v128.bitselect(log1pPair(w), f64x2.splat(NaN), f64x2.le(w, f64x2.splat(LARGE)));
}

/** out = (r + x)·ln(1 + (T − t_x)/(alpha + t_x)) for rows of `bytes` > 0 bytes, two at a time. */
function purchaseLogs(x: usize, recency: usize, T: usize, out: usize, bytes: usize, r: f64, alpha: f64): void {
  let at: usize = 0;
  do {
    const purchase = f64x2.add(f64x2.splat(r), v128.load(x + at));
    v128.store(out + at, f64x2.mul(purchase, log1pOfPause(recency + at, T + at, alpha)));
    at += 16;
  } while (at < bytes);
}

/**
 * P(alive) of `count` > 0 BG/NBD histories: 1/(1 + [n > 0]·a/(b + n − 1)·((α + T)/(α + t_x))^(r + x)), n = x + first.
 * Room for an even number of rows is read and written. NaN, and 0 returned, where a logarithm or the power is too large.
 */
export function betaGeometricAlive(
  x: usize,
  recency: usize,
  T: usize,
  out: usize,
  count: i32,
  r: f64,
  alpha: f64,
  a: f64,
  b: f64,
  first: f64,
): i32 {
  const bytes: usize = <usize>((count + 1) & ~1) << 3;
  const one = f64x2.splat(1);
  purchaseLogs(x, recency, T, out, bytes, r, alpha);
  let inside = i64x2.splat(-1);
  let at: usize = 0;
  do {
    const exponent = v128.load(out + at);
    const n = f64x2.add(v128.load(x + at), f64x2.splat(first));
    const odds = f64x2.div(f64x2.splat(a), f64x2.sub(f64x2.add(f64x2.splat(b), n), one));
    const p = f64x2.div(one, f64x2.add(one, f64x2.mul(odds, expPair(exponent))));
    const never = f64x2.eq(n, f64x2.splat(0));
    const known = v128.or(f64x2.lt(exponent, f64x2.splat(709)), never);
    inside = v128.and(inside, known);
    v128.store(out + at, v128.bitselect(v128.bitselect(one, p, never), f64x2.splat(NaN), known));
    at += 16;
  } while (at < bytes);
  return <i32>i64x2.all_true(inside);
}

/**
 * e^(R·ln(1 + w/(α + t_x)) + s·ln(1 + w/(β + t_x))) of `count` > 0 histories, w = T − t_x, R = r + x: one over the
 * probability of neither purchase nor dropout in w. NaN, and 0 returned, where a logarithm or the power is too large.
 */
export function quietOdds(
  x: usize,
  recency: usize,
  T: usize,
  out: usize,
  count: i32,
  r: f64,
  alpha: f64,
  s: f64,
  beta: f64,
): i32 {
  const bytes: usize = <usize>((count + 1) & ~1) << 3;
  purchaseLogs(x, recency, T, out, bytes, r, alpha);
  let at: usize = 0;
  do {
    const dropout = f64x2.mul(f64x2.splat(s), log1pOfPause(recency + at, T + at, beta));
    v128.store(out + at, f64x2.add(v128.load(out + at), dropout));
    at += 16;
  } while (at < bytes);
  let inside = i64x2.splat(-1);
  at = 0;
  do {
    const exponent = v128.load(out + at);
    const known = f64x2.lt(exponent, f64x2.splat(709));
    inside = v128.and(inside, known);
    v128.store(out + at, v128.bitselect(expPair(exponent), f64x2.splat(NaN), known));
    at += 16;
  } while (at < bytes);
  return <i32>i64x2.all_true(inside);
}

/** Whether `count` > 0 histories can be, as `isHistory` of src/clv/family/history.ts says. */
export function areHistories(x: usize, recency: usize, T: usize, count: i32): i32 {
  let can = i64x2.splat(-1);
  const pairs: usize = <usize>(count & ~1) << 3;
  let at: usize = 0;
  if (at < pairs) {
    do {
      can = v128.and(can, possible(v128.load(x + at), v128.load(recency + at), v128.load(T + at)));
      at += 16;
    } while (at < pairs);
  }
  if (count & 1)
    can = v128.and(
      can,
      possible(v128.load64_splat(x + at), v128.load64_splat(recency + at), v128.load64_splat(T + at)),
    );
  return <i32>i64x2.all_true(can);
}

// @ts-ignore: decorator
@inline
function possible(x: v128, recency: v128, T: v128): v128 {
  const zero = f64x2.splat(0);
  const bought = v128.and(f64x2.gt(x, zero), f64x2.gt(T, zero));
  const none = v128.and(f64x2.eq(x, zero), f64x2.eq(recency, zero));
  const whole = v128.and(f64x2.eq(f64x2.floor(x), x), f64x2.le(x, f64x2.splat(9007199254740991)));
  const times = v128.and(f64x2.ge(recency, zero), f64x2.le(recency, T));
  return v128.and(v128.and(v128.or(bought, none), f64x2.lt(T, f64x2.splat(Infinity))), v128.and(whole, times));
}

/** values = p·values where p > 0, p elsewhere, for `count` > 0 rows; room for an even number. */
export function timesAlive(p: usize, values: usize, count: i32): void {
  const bytes: usize = <usize>((count + 1) & ~1) << 3;
  let at: usize = 0;
  do {
    const alive = v128.load(p + at);
    const product = f64x2.mul(alive, v128.load(values + at));
    v128.store(values + at, v128.bitselect(product, alive, f64x2.gt(alive, f64x2.splat(0))));
    at += 16;
  } while (at < bytes);
}
