// The best cut of bins, of packed cells as histogram.as.ts adds them up.

import { TO_WHOLE } from './elementary.as';

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
