// Score maps of composite indices and isotonic curves; the twins are in src/kernels/piecewise.ts and src/weighting. All add to
// what `to` holds, and what is not finite in `from` leaves something that is not finite either.

import { exp, expPair } from './elementary.as';

/** to += factor·(x − offset). */
export function addScores(from: usize, to: usize, rows: i32, factor: f64, offset: f64): void {
  const f = f64x2.splat(factor);
  const o = f64x2.splat(offset);
  const end = to + (<usize>(rows & ~1) << 3);
  if (to < end) {
    do {
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(f, f64x2.sub(v128.load(from), o))));
      from += 16;
      to += 16;
    } while (to < end);
  }
  if (rows & 1) store<f64>(to, load<f64>(to) + factor * (load<f64>(from) - offset));
}

/** to += factor·(height − offset), the height rising from `base` at `low` by `rise` to `high`; flat outside. */
export function addRamp(
  from: usize,
  to: usize,
  rows: i32,
  low: f64,
  high: f64,
  unit: f64,
  start: f64,
  whole: f64,
  span: f64,
  rise: f64,
  base: f64,
  factor: f64,
  offset: f64,
): void {
  const l = f64x2.splat(low);
  const h = f64x2.splat(high);
  const u = f64x2.splat(unit);
  const s = f64x2.splat(start);
  const w = f64x2.splat(whole);
  const v = f64x2.splat(span);
  const r = f64x2.splat(rise);
  const b = f64x2.splat(base);
  const f = f64x2.splat(factor);
  const o = f64x2.splat(offset);
  const pairs = rows & ~1;
  let i: i32 = 0;
  while (i < rows) {
    const x = i < pairs ? v128.load(from) : v128.load64_splat(from);
    const overLow = f64x2.gt(x, l);
    const overHigh = f64x2.gt(x, h);
    // Within the limits x·unit + start, above them x·0 + whole, below x·0 + 0.
    const slope = v128.andnot(v128.and(u, overLow), overHigh);
    const shift = v128.bitselect(w, v128.and(s, overLow), overHigh);
    const share = f64x2.div(f64x2.add(f64x2.mul(x, slope), shift), v);
    const y = f64x2.mul(f, f64x2.sub(f64x2.add(b, f64x2.mul(share, r)), o));
    if (i < pairs) v128.store(to, f64x2.add(v128.load(to), y));
    else v128.store64_lane(to, f64x2.add(v128.load64_splat(to), y), 0);
    from += 16;
    to += 16;
    i += 2;
  }
}

/** How many of the limits x is above: 2^k − 1 of them, of which the middle one is `half` − 1 from the first. */
// @ts-ignore: decorator
@inline
function above(x: f64, limits: usize, half: usize): usize {
  let passed: usize = 0;
  do {
    passed += half & -<usize>(x > load<f64>(limits + passed + half - 8));
    half = (half >> 1) & ~7;
  } while (half > 0);
  return passed;
}

/**
 * to += factor·(base + (x·slope + shift)/span·rise − offset) with the piece that x lies in, a record of 48 bytes: slope,
 * shift, span, rise, base, unused. `half` is 8 bytes times half the number of limits plus one.
 */
export function addPieces(
  from: usize,
  to: usize,
  rows: i32,
  limits: usize,
  half: usize,
  pieces: usize,
  factor: f64,
  offset: f64,
): void {
  const f = f64x2.splat(factor);
  const o = f64x2.splat(offset);
  const pairs = rows & ~1;
  let i: i32 = 0;
  while (i < rows) {
    const pair = i < pairs;
    const x = pair ? v128.load(from) : v128.load64_splat(from);
    const a = pieces + 6 * above(f64x2.extract_lane(x, 0), limits, half);
    const b = pieces + 6 * above(f64x2.extract_lane(x, 1), limits, half);
    const a0 = v128.load(a);
    const b0 = v128.load(b);
    const a1 = v128.load(a, 16);
    const b1 = v128.load(b, 16);
    const slope = v128.shuffle<f64>(a0, b0, 0, 2);
    const shift = v128.shuffle<f64>(a0, b0, 1, 3);
    const span = v128.shuffle<f64>(a1, b1, 0, 2);
    const rise = v128.shuffle<f64>(a1, b1, 1, 3);
    const base = v128.load64_lane(b, v128.load64_zero(a, 32), 1, 32);
    const share = f64x2.div(f64x2.add(f64x2.mul(x, slope), shift), span);
    const y = f64x2.mul(f, f64x2.sub(f64x2.add(base, f64x2.mul(share, rise)), o));
    if (pair) v128.store(to, f64x2.add(v128.load(to), y));
    else v128.store64_lane(to, f64x2.add(v128.load64_splat(to), y), 0);
    from += 16;
    to += 16;
    i += 2;
  }
}

/** to += parts[how many limits x is above] + x·0; limits and `half` as above. */
export function addSteps(from: usize, to: usize, rows: i32, limits: usize, half: usize, parts: usize): void {
  const end = to + (<usize>rows << 3);
  while (to < end) {
    const x = load<f64>(from);
    store<f64>(to, load<f64>(to) + (load<f64>(parts + above(x, limits, half)) + x * 0));
    from += 8;
    to += 8;
  }
}

/** to += factor·(100/(1 + e^(slope·(x − midpoint))) − offset) + x·0. */
export function addCurve(
  from: usize,
  to: usize,
  rows: i32,
  slope: f64,
  midpoint: f64,
  factor: f64,
  offset: f64,
): void {
  const s = f64x2.splat(slope);
  const m = f64x2.splat(midpoint);
  const f = f64x2.splat(factor);
  const o = f64x2.splat(offset);
  const pairs = rows & ~1;
  let i: i32 = 0;
  while (i < rows) {
    const x = i < pairs ? v128.load(from) : v128.load64_splat(from);
    const t = f64x2.mul(s, f64x2.sub(x, m));
    let e = expPair(t);
    if (!v128.all_true<i64>(f64x2.lt(f64x2.abs(t), f64x2.splat(708))))
      e = f64x2.replace_lane(f64x2.splat(exp(f64x2.extract_lane(t, 0))), 1, exp(f64x2.extract_lane(t, 1)));
    const height = f64x2.div(f64x2.splat(100), f64x2.add(f64x2.splat(1), e));
    const y = f64x2.add(f64x2.mul(f, f64x2.sub(height, o)), f64x2.mul(x, f64x2.splat(0)));
    if (i < pairs) v128.store(to, f64x2.add(v128.load(to), y));
    else v128.store64_lane(to, f64x2.add(v128.load64_splat(to), y), 0);
    from += 16;
    to += 16;
    i += 2;
  }
}
