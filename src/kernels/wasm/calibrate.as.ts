// Calibrations of scores, two rows at a time; their twins are in src/churn/calibration and src/churn/trees. A row that is
// not usual – null, no probability, at the edge of a logarithm – becomes NaN, and 0 is returned: it is then asked for alone.

import { log1pPair, logPair } from './logs.as';

// @ts-ignore: decorator
@inline const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;

/**
 * intercept + a·max(ln p, low) − b·max(ln(1 − p), rest), or intercept + a·(the difference of both) if `same`; 1 when all p are
 * within (0, 1).
 */
export function logOdds(
  p: usize,
  out: usize,
  rows: i32,
  intercept: f64,
  a: f64,
  b: f64,
  low: f64,
  rest: f64,
  same: i32,
): i32 {
  const start = f64x2.splat(intercept);
  const va = f64x2.splat(a);
  const vb = f64x2.splat(b);
  const least = f64x2.splat(low);
  const leastRest = f64x2.splat(rest);
  const pairs = rows & ~1;
  let all = i64x2.splat(-1);
  let i: i32 = 0;
  while (i < rows) {
    // An odd row at the end is done as a pair of twins.
    const x = i < pairs ? v128.load(p) : v128.load64_splat(p);
    const usual = v128.and(f64x2.ge(x, f64x2.splat(SMALLEST_NORMAL)), f64x2.lt(x, f64x2.splat(1)));
    all = v128.and(all, usual);
    const log = f64x2.max(logPair(x), least);
    const logRest = f64x2.max(log1pPair(f64x2.neg(x)), leastRest);
    const z = same
      ? f64x2.add(start, f64x2.mul(va, f64x2.sub(log, logRest)))
      : f64x2.sub(f64x2.add(start, f64x2.mul(va, log)), f64x2.mul(vb, logRest));
    const y = v128.bitselect(z, f64x2.splat(NaN), usual);
    if (i < pairs) v128.store(out, y);
    else v128.store64_lane(out, y, 0);
    p += 16;
    out += 16;
    i += 2;
  }
  return <i32>i64x2.all_true(all);
}

/** intercept + slope·ln(m/(1 − m)) in place, m kept 1e−12 away from 0 and 1. */
export function meanOdds(values: usize, rows: i32, intercept: f64, slope: f64): void {
  const start = f64x2.splat(intercept);
  const factor = f64x2.splat(slope);
  const one = f64x2.splat(1);
  const pairs = rows & ~1;
  let i: i32 = 0;
  while (i < rows) {
    const x = i < pairs ? v128.load(values) : v128.load64_splat(values);
    const m = f64x2.min(f64x2.splat(1.0 - 1e-12), f64x2.max(f64x2.splat(1e-12), x));
    const z = f64x2.add(start, f64x2.mul(factor, logPair(f64x2.div(m, f64x2.sub(one, m)))));
    const y = v128.bitselect(z, x, f64x2.eq(x, x));
    if (i < pairs) v128.store(values, y);
    else v128.store64_lane(values, y, 0);
    values += 16;
    i += 2;
  }
}

// @ts-ignore: decorator
@inline
function priorPair(p: v128, up: v128, down: v128): v128 {
  const left = f64x2.mul(up, p);
  return f64x2.div(left, f64x2.add(left, f64x2.mul(down, f64x2.sub(f64x2.splat(1), p))));
}

// @ts-ignore: decorator
@inline
function isShare(x: v128): v128 {
  return v128.and(f64x2.ge(x, f64x2.splat(0)), f64x2.le(x, f64x2.splat(1)));
}

/** up·p/(up·p + down·(1 − p)); 1 when all p are in [0, 1]. */
export function priorOdds(p: usize, out: usize, rows: i32, up: f64, down: f64): i32 {
  const vu = f64x2.splat(up);
  const vd = f64x2.splat(down);
  const bytes: usize = <usize>(rows & ~1) << 3;
  let all = i64x2.splat(-1);
  let at: usize = 0;
  if (bytes > 0) {
    do {
      const x = v128.load(p + at);
      all = v128.and(all, isShare(x));
      v128.store(out + at, priorPair(x, vu, vd));
      at += 16;
    } while (at < bytes);
  }
  if (rows & 1) {
    const x = v128.load64_splat(p + at);
    all = v128.and(all, isShare(x));
    v128.store64_lane(out + at, priorPair(x, vu, vd), 0);
  }
  return <i32>i64x2.all_true(all);
}

/** 1 − p; 1 when all p are in [0, 1]. */
export function complements(p: usize, out: usize, rows: i32): i32 {
  const one = f64x2.splat(1);
  const bytes: usize = <usize>(rows & ~1) << 3;
  let all = i64x2.splat(-1);
  let at: usize = 0;
  if (bytes > 0) {
    do {
      const x = v128.load(p + at);
      all = v128.and(all, isShare(x));
      v128.store(out + at, f64x2.sub(one, x));
      at += 16;
    } while (at < bytes);
  }
  if (rows & 1) {
    const x = v128.load64_splat(p + at);
    all = v128.and(all, isShare(x));
    v128.store64_lane(out + at, f64x2.sub(one, x), 0);
  }
  return <i32>i64x2.all_true(all);
}
