/** Whether `count` float64 are all finite. */
export function allFinite(values: usize, count: i32): i32 {
  // x·0 is 0 for finite x and NaN for the rest.
  const zero = f64x2.splat(0);
  let a = zero;
  let b = zero;
  let c = zero;
  let d = zero;
  const end = values + (<usize>(count & ~15) << 3);
  if (values < end) {
    do {
      a = f64x2.add(a, f64x2.mul(v128.load(values), zero));
      b = f64x2.add(b, f64x2.mul(v128.load(values, 16), zero));
      c = f64x2.add(c, f64x2.mul(v128.load(values, 32), zero));
      d = f64x2.add(d, f64x2.mul(v128.load(values, 48), zero));
      a = f64x2.add(a, f64x2.mul(v128.load(values, 64), zero));
      b = f64x2.add(b, f64x2.mul(v128.load(values, 80), zero));
      c = f64x2.add(c, f64x2.mul(v128.load(values, 96), zero));
      d = f64x2.add(d, f64x2.mul(v128.load(values, 112), zero));
      values += 128;
    } while (values < end);
  }
  a = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (let i = 0; i < (count & 15); i++) sum += load<f64>(values + (<usize>i << 3)) * 0;
  return <i32>(sum == 0);
}
