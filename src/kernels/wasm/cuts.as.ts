// Numbers cut into levels, four rows at a time; the twins are in src/segments/grid-kind.ts and src/rfm/rfm-kind.ts.

/** How many of `count` > 0 cuts each lane is above, as −count … 0. */
// @ts-ignore: decorator
@inline
function below(x: v128, cuts: usize, end: usize): v128 {
  let n = i64x2.splat(0);
  let at = cuts;
  do {
    n = i64x2.add(n, f64x2.gt(x, v128.load64_splat(at)));
    at += 8;
  } while (at < end);
  return n;
}

/** codes += stride·(how many cuts each value is above), from 0 if `first`; 1 when all values are finite. */
export function addLevels(
  values: usize,
  codes: usize,
  rows: i32,
  cuts: usize,
  count: i32,
  stride: i32,
  first: i32,
): i32 {
  const end = cuts + (<usize>count << 3);
  const step = i32x4.splat(-stride);
  const fours = rows & ~3;
  const zero = f64x2.splat(0);
  const keep = i32x4.splat(first ? 0 : -1);
  let sum = zero;
  let other = zero;
  let i: i32 = 0;
  let at = values;
  let to = codes;
  while (i < fours) {
    const x = v128.load(at);
    const y = v128.load(at, 16);
    sum = f64x2.add(sum, f64x2.mul(x, zero));
    other = f64x2.add(other, f64x2.mul(y, zero));
    const n = i32x4.shuffle(below(x, cuts, end), below(y, cuts, end), 0, 2, 4, 6);
    v128.store(to, i32x4.add(v128.and(v128.load(to), keep), i32x4.mul(n, step)));
    at += 32;
    to += 16;
    i += 4;
  }
  while (i < rows) {
    const x = v128.load64_splat(at);
    sum = f64x2.add(sum, f64x2.mul(x, zero));
    const n = i32x4.extract_lane(below(x, cuts, end), 0);
    store<i32>(to, (first ? 0 : load<i32>(to)) - stride * n);
    at += 8;
    to += 4;
    i++;
  }
  sum = f64x2.add(sum, other);
  return <i32>(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) == 0);
}

/** codes = table[codes] of `rows` > 0 codes. */
export function lookUp(codes: usize, rows: i32, table: usize): void {
  const end = codes + (<usize>rows << 2);
  do {
    store<i32>(codes, load<i32>(table + (<usize>load<u32>(codes) << 2)));
    codes += 4;
  } while (codes < end);
}

/** out = start + step·(how many cuts each value is above), step whole; 1 when all values are finite. */
export function scores(values: usize, out: usize, rows: i32, cuts: usize, count: i32, start: f64, step: f64): i32 {
  const end = cuts + (<usize>count << 3);
  const from = f64x2.splat(start);
  const by = f64x2.splat(step);
  const zero = f64x2.splat(0);
  const pairs = rows & ~1;
  let sum = zero;
  let i: i32 = 0;
  while (i < rows) {
    const pair = i < pairs;
    const x = pair ? v128.load(values) : v128.load64_splat(values);
    sum = f64x2.add(sum, f64x2.mul(x, zero));
    let y = from;
    let at = cuts;
    do {
      y = f64x2.add(y, v128.and(by, f64x2.gt(x, v128.load64_splat(at))));
      at += 8;
    } while (at < end);
    if (pair) v128.store(out, y);
    else v128.store64_lane(out, y, 0);
    values += 16;
    out += 16;
    i += 2;
  }
  return <i32>(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) == 0);
}

/** Codes ((r − 1)·f + f' − 1)·m + m' − 1 of three scores, and their weighted mean. */
export function rfmTotals(
  r: usize,
  f: usize,
  m: usize,
  codes: usize,
  out: usize,
  rows: i32,
  sizeF: f64,
  sizeM: f64,
  wr: f64,
  wf: f64,
  wm: f64,
  total: f64,
): void {
  const one = f64x2.splat(1);
  const vf = f64x2.splat(sizeF);
  const vm = f64x2.splat(sizeM);
  const a = f64x2.splat(wr);
  const b = f64x2.splat(wf);
  const c = f64x2.splat(wm);
  const all = f64x2.splat(total);
  const pairs = rows & ~1;
  let i: i32 = 0;
  let at: usize = 0;
  while (i < rows) {
    const pair = i < pairs;
    const x = pair ? v128.load(r + at) : v128.load64_splat(r + at);
    const y = pair ? v128.load(f + at) : v128.load64_splat(f + at);
    const z = pair ? v128.load(m + at) : v128.load64_splat(m + at);
    const first = f64x2.sub(f64x2.add(f64x2.mul(f64x2.sub(x, one), vf), y), one);
    const code = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(f64x2.add(f64x2.mul(first, vm), z), one));
    const mean = f64x2.div(f64x2.add(f64x2.add(f64x2.mul(a, x), f64x2.mul(b, y)), f64x2.mul(c, z)), all);
    if (pair) {
      v128.store64_lane(codes + (at >> 1), code, 0);
      v128.store(out + at, mean);
    } else {
      v128.store32_lane(codes + (at >> 1), code, 0);
      v128.store64_lane(out + at, mean, 0);
    }
    at += 16;
    i += 2;
  }
}
