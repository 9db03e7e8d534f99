// Logarithms of two float64 at a time: operation for operation those of src/numerics/elementary.ts.

import { LOGS } from './layout.as';

// @ts-ignore: decorator
@inline const TO_SHORT: f64 = 1572864;
// @ts-ignore: decorator
@inline const LN2_HIGH: f64 = 0.6931471805598903;
// @ts-ignore: decorator
@inline const LN2_LOW: f64 = 5.497923018708371e-14;

/** ln x of both lanes; each a positive normal number. */
// @ts-ignore: decorator
@inline
export function logPair(x: v128): v128 {
  return logOfSumPair(x, f64x2.splat(0));
}

/** ln(1 + x) of both lanes; each in (−1, 1e300]. */
// @ts-ignore: decorator
@inline
export function log1pPair(x: v128): v128 {
  const one = f64x2.splat(1);
  const u = f64x2.add(one, x);
  // What rounding took from u, whichever of the two is larger.
  const near = f64x2.sub(u, one);
  const c = f64x2.add(f64x2.sub(one, f64x2.sub(u, near)), f64x2.sub(x, near));
  return logOfSumPair(u, c);
}

/** ln(u + c) for normal u and c below its last bit. */
// @ts-ignore: decorator
@inline
function logOfSumPair(u: v128, c: v128): v128 {
  const one = f64x2.splat(1);
  const bits = i64x2.sub(u, i64x2.splat(0x3fe6000000000000));
  const k = i32x4.shr_s(i32x4.shuffle(bits, bits, 1, 3, 1, 3), 20);
  const power = f64x2.convert_low_i32x4_s(k);
  const scale = i64x2.shl(i64x2.sub(i64x2.splat(1023), i64x2.extend_low_i32x4_s(k)), 52);
  const at0 = LOGS + ((<usize>(i64x2.extract_lane(bits, 0) >>> 45) & 127) << 5);
  const at1 = LOGS + ((<usize>(i64x2.extract_lane(bits, 1) >>> 45) & 127) << 5);
  const first = v128.load(at0);
  const second = v128.load(at1);
  const q = v128.shuffle<f64>(first, second, 0, 2);
  const high0 = v128.shuffle<f64>(first, second, 1, 3);
  const low0 = v128.load64_lane(at1, v128.load64_zero(at0, 16), 1, 16);
  const m = f64x2.mul(u, scale);
  const toShort = f64x2.splat(TO_SHORT);
  const short = f64x2.sub(f64x2.add(m, toShort), toShort);
  const rHigh = f64x2.sub(f64x2.mul(short, q), one);
  const rLow = f64x2.mul(f64x2.add(f64x2.sub(m, short), f64x2.mul(c, scale)), q);
  const r = f64x2.add(rHigh, rLow);
  const square = f64x2.mul(r, r);
  const fifth = f64x2.sub(
    f64x2.sub(f64x2.mul(r, f64x2.splat(1.0 / 7.0)), f64x2.splat(1.0 / 6.0)),
    f64x2.mul(square, f64x2.splat(0.125)),
  );
  const third = f64x2.add(
    f64x2.sub(f64x2.mul(r, f64x2.splat(1.0 / 5.0)), f64x2.splat(0.25)),
    f64x2.mul(square, fifth),
  );
  const curve = f64x2.mul(
    square,
    f64x2.add(f64x2.sub(f64x2.mul(r, f64x2.splat(1.0 / 3.0)), f64x2.splat(0.5)), f64x2.mul(square, third)),
  );
  const base = f64x2.add(f64x2.mul(power, f64x2.splat(LN2_HIGH)), high0);
  const high = f64x2.add(base, rHigh);
  const rest = f64x2.add(
    f64x2.add(f64x2.add(f64x2.mul(power, f64x2.splat(LN2_LOW)), low0), rLow),
    curve,
  );
  return f64x2.add(high, f64x2.add(f64x2.add(f64x2.sub(base, high), rHigh), rest));
}
