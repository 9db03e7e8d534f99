import { exp, expPair } from './elementary.as';

// @ts-ignore: decorator
@inline
function one(z: f64): f64 {
  const e = exp(-Math.abs(z));
  return (e * <f64>(z < 0) + <f64>(z >= 0)) / (1 + e);
}

/** 1/(1 + e^−z) of `count` > 0 float64, in place. */
export function sigmoid(values: usize, count: i32): void {
  const end = values + (<usize>(count & ~1) << 3);
  const limit = f64x2.splat(-708);
  const unit = f64x2.splat(1);
  if (values < end) {
    do {
      const z = v128.load(values);
      const t = f64x2.neg(f64x2.abs(z));
      if (v128.all_true<i64>(f64x2.gt(t, limit))) {
        const e = expPair(t);
        const above = v128.bitselect(e, unit, f64x2.lt(z, f64x2.splat(0)));
        v128.store(values, f64x2.div(above, f64x2.add(unit, e)));
      } else {
        store<f64>(values, one(f64x2.extract_lane(z, 0)));
        store<f64>(values, one(f64x2.extract_lane(z, 1)), 8);
      }
      values += 16;
    } while (values < end);
  }
  if (count & 1) store<f64>(values, one(load<f64>(values)));
}
