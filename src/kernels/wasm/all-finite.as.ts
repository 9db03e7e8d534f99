/** Whether `count` float64 are all finite. */
export function allFinite(values: usize, count: i32): i32 {
  // x·0 is 0 for finite x and NaN for the rest.
  const zero = f64x2.splat(0);
  let a = zero;
  let b = zero;
  const end = values + (<usize>(count & ~3) << 3);
  if (values < end) {
    do {
      a = f64x2.add(a, f64x2.mul(v128.load(values), zero));
      b = f64x2.add(b, f64x2.mul(v128.load(values, 16), zero));
      values += 32;
    } while (values < end);
  }
  a = f64x2.add(a, b);
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (let i = 0; i < (count & 3); i++) sum += load<f64>(values + (<usize>i << 3)) * 0;
  return <i32>(sum == 0);
}
