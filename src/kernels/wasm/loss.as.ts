import { exp, expPair, TO_WHOLE } from './elementary.as';

/**
 * Packed derivatives of the log loss of `count` rows of weight 1 in units of 1/scale and 1/hessianScale, and of their total
 * loss: returns the sum of what is linear in the scores; the product of 1 + e^−|z|, whose logarithm is the rest, is written to
 * `product`. At most 1024 rows at once. Even and odd places are summed apart.
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
