/** Whether none of `count` int32 is negative. */
export function allCoded(codes: usize, count: i32): i32 {
  let a = i32x4.splat(0);
  let b = a;
  const end = codes + (<usize>(count & ~7) << 2);
  if (codes < end) {
    do {
      a = v128.or(a, v128.load(codes));
      b = v128.or(b, v128.load(codes, 16));
      codes += 32;
    } while (codes < end);
  }
  let any: i32 = i32x4.bitmask(v128.or(a, b)) ? -1 : 0;
  for (let i = 0; i < (count & 7); i++) any |= load<i32>(codes + (<usize>i << 2));
  return <i32>(any >= 0);
}
