/** The largest float64 below 2^−1000: a cell is above the floor from there on. */
// @ts-ignore: decorator
@inline const FLOOR: f64 = 9.332636185032188e-302;
/** Cells of 2^−1000 have high words from here on. */
// @ts-ignore: decorator
@inline const FLOOR_KEY: i32 = 0x01700000 - 1;
/** Infinity and NaN from here on. */
// @ts-ignore: decorator
@inline const ENDLESS: i32 = 0x7ff00000;

// @ts-ignore: decorator
@inline
function cells(columns: usize, at: usize, scaled: bool, weights: usize, second: usize): v128 {
  const x = v128.load(<usize>load<u32>(columns) + at + second);
  if (!scaled) return x;
  return f64x2.add(v128.load64_splat(weights, 8), f64x2.mul(v128.load64_splat(weights), x));
}

/** The three largest of one quad of rows by their values. */
// @ts-ignore: decorator
@inline
function topByValue(
  columns: usize,
  count: i32,
  at: usize,
  to: usize,
  first: usize,
  second: usize,
  third: usize,
  scaled: bool,
  weights: usize,
): void {
  const floor = f64x2.splat(FLOOR);
  const none = i32x4.splat(-1);
  let a = floor;
  let b = floor;
  let c = floor;
  let d = floor;
  let e = floor;
  let f = floor;
  let ia = none;
  let ib = none;
  let ic = none;
  let p = columns;
  let w = weights;
  let k = 0;
  do {
    let x = cells(p, at, scaled, w, 0);
    let y = cells(p, at, scaled, w, 16);
    let own = i32x4.splat(k);
    // pmax(a, x) is x where a < x; pmin(x, a) is a there, so that what is displaced goes on. A NaN displaces nothing.
    let over = v128.shuffle<i32>(f64x2.gt(x, a), f64x2.gt(y, d), 0, 2, 4, 6);
    let swap = v128.and(v128.xor(own, ia), over);
    ia = v128.xor(ia, swap);
    own = v128.xor(own, swap);
    const xa = f64x2.pmin(x, a);
    const ya = f64x2.pmin(y, d);
    a = f64x2.pmax(a, x);
    d = f64x2.pmax(d, y);
    // What is displaced stays before its equals.
    over = v128.or(over, v128.shuffle<i32>(f64x2.gt(xa, b), f64x2.gt(ya, e), 0, 2, 4, 6));
    swap = v128.and(v128.xor(own, ib), over);
    ib = v128.xor(ib, swap);
    own = v128.xor(own, swap);
    x = f64x2.pmin(xa, b);
    y = f64x2.pmin(ya, e);
    b = f64x2.pmax(b, xa);
    e = f64x2.pmax(e, ya);
    over = v128.or(over, v128.shuffle<i32>(f64x2.gt(x, c), f64x2.gt(y, f), 0, 2, 4, 6));
    ic = v128.xor(ic, v128.and(v128.xor(own, ic), over));
    c = f64x2.pmax(c, x);
    f = f64x2.pmax(f, y);
    p += 4;
    w += 16;
    k++;
  } while (k < count);
  v128.store(first + to, ia);
  v128.store(second + to, ib);
  v128.store(third + to, ic);
}

/** Column of a key; −1 for none. */
// @ts-ignore: decorator
@inline
function columnOf(key: v128): v128 {
  const own = i32x4.sub(i32x4.splat(31), v128.and(key, i32x4.splat(31)));
  return v128.or(own, i32x4.le_s(key, i32x4.splat(FLOOR_KEY)));
}

/** Where two keys in turn differ in their column only, so that values have to tell. */
// @ts-ignore: decorator
@inline
function alike(upper: v128, lower: v128): v128 {
  return v128.and(
    i32x4.lt_u(v128.xor(upper, lower), i32x4.splat(32)),
    i32x4.gt_s(lower, i32x4.splat(FLOOR_KEY)),
  );
}

/**
 * The three largest of one quad of rows. Up to 32 columns by keys of 32 bits: the upper half of a cell – of positive cells in
 * the order of their values – with the column, the earlier the larger, in place of the last five bits. Keys that are alike
 * but for their column, and cells that are not finite, send the quad to {@link topByValue}.
 */
// @ts-ignore: decorator
@inline
function topOfFour(
  columns: usize,
  count: i32,
  at: usize,
  to: usize,
  first: usize,
  second: usize,
  third: usize,
  scaled: bool,
  weights: usize,
): void {
  if (count > 32) {
    topByValue(columns, count, at, to, first, second, third, scaled, weights);
    return;
  }
  const upper = i32x4.splat(~31);
  const one = i32x4.splat(1);
  let own = i32x4.splat(31);
  let a = i32x4.splat(FLOOR_KEY);
  let b = a;
  let c = a;
  let d = a;
  let p = columns;
  let w = weights;
  const end = columns + (<usize>count << 2);
  do {
    const x = cells(p, at, scaled, w, 0);
    const y = cells(p, at, scaled, w, 16);
    let key = v128.or(v128.and(v128.shuffle<i32>(x, y, 1, 3, 5, 7), upper), own);
    own = i32x4.sub(own, one);
    let less = i32x4.min_s(a, key);
    a = i32x4.max_s(a, key);
    key = i32x4.min_s(b, less);
    b = i32x4.max_s(b, less);
    less = i32x4.min_s(c, key);
    c = i32x4.max_s(c, key);
    d = i32x4.max_s(d, less);
    p += 4;
    if (scaled) w += 16;
  } while (p < end);
  const doubt = v128.or(
    v128.or(alike(a, b), alike(b, c)),
    v128.or(alike(c, d), i32x4.ge_s(a, i32x4.splat(ENDLESS))),
  );
  if (v128.any_true(doubt)) topByValue(columns, count, at, to, first, second, third, scaled, weights);
  else {
    v128.store(first + to, columnOf(a));
    v128.store(second + to, columnOf(b));
    v128.store(third + to, columnOf(c));
  }
}

/**
 * The three largest cells of at least 2^−1000 of each row among `count` columns, whose addresses lie at `columns`: their numbers go to
 * `first`, `second`, `third` (int32; −1 for none). At a tie the earlier column. Four rows at a time, so rows are by four.
 */
export function topThree(columns: usize, count: i32, rows: i32, first: usize, second: usize, third: usize): void {
  let at: usize = 0;
  let to: usize = 0;
  let left = rows;
  do {
    topOfFour(columns, count, at, to, first, second, third, false, 0);
    at += 32;
    to += 16;
    left -= 4;
  } while (left > 0);
}

/** The same of −centre + weight·cell; `scales` holds weight and −centre of each column. */
export function topThreeScaled(
  columns: usize,
  count: i32,
  rows: i32,
  first: usize,
  second: usize,
  third: usize,
  scales: usize,
): void {
  let at: usize = 0;
  let to: usize = 0;
  let left = rows;
  do {
    topOfFour(columns, count, at, to, first, second, third, true, scales);
    at += 32;
    to += 16;
    left -= 4;
  } while (left > 0);
}
