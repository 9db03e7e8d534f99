import { exp, expPair } from './elementary.as';

// @ts-ignore: decorator
@inline
export function probability(z: f64): f64 {
  const e = exp(-Math.abs(z));
  return (e * <f64>(z < 0) + <f64>(z >= 0)) / (1 + e);
}

/** Whether {@link probabilityPair} holds for both. */
// @ts-ignore: decorator
@inline
export function withinPair(y: v128, z: v128): bool {
  const most = f64x2.splat(708);
  return v128.all_true<i64>(v128.and(f64x2.lt(f64x2.abs(y), most), f64x2.lt(f64x2.abs(z), most)));
}

// @ts-ignore: decorator
@inline
export function probabilityPair(z: v128): v128 {
  const unit = f64x2.splat(1);
  const e = expPair(v128.or(z, f64x2.splat(-0.0)));
  return f64x2.div(v128.bitselect(e, unit, f64x2.lt(z, f64x2.splat(0))), f64x2.add(unit, e));
}

/** 1/(1 + e^−z) of `count` > 0 float64, in place. */
export function sigmoid(values: usize, count: i32): void {
  const four = values + (<usize>(count & ~3) << 3);
  const end = values + (<usize>count << 3);
  if (values < four) {
    do {
      const y = v128.load(values);
      const z = v128.load(values, 16);
      v128.store(values, probabilityPair(y));
      v128.store(values, probabilityPair(z), 16);
      if (!withinPair(y, z)) {
        store<f64>(values, probability(f64x2.extract_lane(y, 0)));
        store<f64>(values, probability(f64x2.extract_lane(y, 1)), 8);
        store<f64>(values, probability(f64x2.extract_lane(z, 0)), 16);
        store<f64>(values, probability(f64x2.extract_lane(z, 1)), 24);
      }
      values += 32;
    } while (values < four);
  }
  while (values < end) {
    store<f64>(values, probability(load<f64>(values)));
    values += 8;
  }
}
