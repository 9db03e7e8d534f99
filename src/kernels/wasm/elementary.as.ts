// exp, log and their kin, two float64 at a time: operation for operation those of src/numerics/elementary.ts, so that the
// bits are the same. The tables are laid into memory by scratch.ts.

import { LOGS, ROOTS } from './layout.as';

/** Added and taken away, rounds half to even. */
// @ts-ignore: decorator
@inline
export const TO_WHOLE: f64 = 6755399441055744;
// @ts-ignore: decorator
@inline const TO_SHORT: f64 = 1572864;
// @ts-ignore: decorator
@inline const STEPS_PER_UNIT: f64 = 184.6649652337873;
// @ts-ignore: decorator
@inline const STEP_HIGH: f64 = 0.0054152123482253955;
// @ts-ignore: decorator
@inline const STEP_LOW: f64 = -1.0082281460997769e-13;
// @ts-ignore: decorator
@inline const LN2_HIGH: f64 = 0.6931471805598903;
// @ts-ignore: decorator
@inline const LN2_LOW: f64 = 5.497923018708371e-14;

// @ts-ignore: decorator
@inline
function power(exponent: i32): f64 {
  return reinterpret<f64>(<i64>(exponent + 1023) << 52);
}

/** e^x for x in (−708, 709). */
// @ts-ignore: decorator
@inline
export function expInside(x: f64): f64 {
  const steps = x * STEPS_PER_UNIT + TO_WHOLE - TO_WHOLE;
  const r = x - steps * STEP_HIGH - steps * STEP_LOW;
  const square = r * r;
  const more = r + square * (0.5 + r * (1.0 / 6.0) + square * (1.0 / 24.0 + r * (1.0 / 120.0)));
  const n = <i32>steps;
  const at = ROOTS + ((n & 127) << 4);
  const base = load<f64>(at);
  return (base + (load<f64>(at, 8) + base * more)) * power(n >> 7);
}

/** e^x for any x. */
export function exp(x: f64): f64 {
  if (x > -708.0 && x < 709.0) return expInside(x);
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  if (x != x) return x;
  const steps = x * STEPS_PER_UNIT + TO_WHOLE - TO_WHOLE;
  const r = x - steps * STEP_HIGH - (steps * STEP_LOW - 0.0);
  const square = r * r;
  const more = r + square * (0.5 + r * (1.0 / 6.0) + square * (1.0 / 24.0 + r * (1.0 / 120.0)));
  const n = <i32>steps;
  const at = ROOTS + ((n & 127) << 4);
  const base = load<f64>(at);
  const y = base + (load<f64>(at, 8) + base * more);
  const p = n >> 7;
  if (p > 1022) return y * power(p - 2) * 4;
  if (p < -1022) return y * power(p + 100) * power(-100);
  return y * power(p);
}

/**
 * e^x of both lanes; each in (−708, 709), else something without meaning. V8 keeps its constants out of a loop only where
 * every row asks for it: ask, and mend the rare row.
 */
// @ts-ignore: decorator
@inline
export function expPair(x: v128): v128 {
  const whole = f64x2.splat(TO_WHOLE);
  // The low bits of this sum are the number of steps as a whole number.
  const n = f64x2.add(f64x2.mul(x, f64x2.splat(STEPS_PER_UNIT)), whole);
  const steps = f64x2.sub(n, whole);
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(steps, f64x2.splat(STEP_HIGH))),
    f64x2.mul(steps, f64x2.splat(STEP_LOW)),
  );
  const square = f64x2.mul(r, r);
  const inner = f64x2.add(
    f64x2.add(f64x2.splat(0.5), f64x2.mul(r, f64x2.splat(1.0 / 6.0))),
    f64x2.mul(square, f64x2.add(f64x2.splat(1.0 / 24.0), f64x2.mul(r, f64x2.splat(1.0 / 120.0)))),
  );
  const more = f64x2.add(r, f64x2.mul(square, inner));
  const n0 = i32x4.extract_lane(n, 0);
  const n1 = i32x4.extract_lane(n, 2);
  const first = v128.load(ROOTS + ((n0 & 127) << 4));
  const second = v128.load(ROOTS + ((n1 & 127) << 4));
  const base = v128.shuffle<f64>(first, second, 0, 2);
  const low = v128.shuffle<f64>(first, second, 1, 3);
  const y = f64x2.add(base, f64x2.add(low, f64x2.mul(base, more)));
  // Only 12 bits of each remain, so that what lies above the low word does not matter.
  const scale = i64x2.shl(i64x2.add(i32x4.shr_s(n, 7), i64x2.splat(1023)), 52);
  return f64x2.mul(y, scale);
}
