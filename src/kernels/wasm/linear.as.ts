import { allFinite } from './all-finite.as';
import { probability, probabilityPair, sigmoid, withinPair } from './sigmoid.as';

// @ts-ignore: decorator
@inline
function column(columns: usize, k: i32): usize {
  return <usize>load<u32>(columns + ((<usize>k) << 2));
}

// @ts-ignore: decorator
@inline
function weight(weights: usize, k: i32): f64 {
  return load<f64>(weights + ((<usize>k) << 3));
}

/** Rows that all columns are added up for before the next ones: their sums stay in the first cache. */
// @ts-ignore: decorator
@inline const PIECE: i32 = 512;

/**
 * Five columns per pass, so that no more streams run than are fetched ahead; `bytes` of z, a multiple of 32. With `link` half
 * as many sums, at `due`, become probabilities: their arithmetic is done while the cells are on their way. Returns whether
 * those sums were finite, 1 without `link`.
 */
// @ts-ignore: decorator
@inline
function addFive(
  z: usize,
  bytes: usize,
  columns: usize,
  past: usize,
  weights: usize,
  k: i32,
  first: bool,
  intercept: f64,
  link: bool,
  due: usize,
): i32 {
  const a = column(columns, k) + past;
  const b = column(columns, k + 1) + past;
  const c = column(columns, k + 2) + past;
  const d = column(columns, k + 3) + past;
  const e = column(columns, k + 4) + past;
  const va = f64x2.splat(weight(weights, k));
  const vb = f64x2.splat(weight(weights, k + 1));
  const vc = f64x2.splat(weight(weights, k + 2));
  const vd = f64x2.splat(weight(weights, k + 3));
  const ve = f64x2.splat(weight(weights, k + 4));
  const start = f64x2.splat(intercept);
  let finite: i32 = 1;
  let at: usize = 0;
  do {
    let s = first ? start : v128.load(z + at);
    let t = first ? start : v128.load(z + at, 16);
    s = f64x2.add(s, f64x2.mul(va, v128.load(a + at)));
    t = f64x2.add(t, f64x2.mul(va, v128.load(a + at, 16)));
    s = f64x2.add(s, f64x2.mul(vb, v128.load(b + at)));
    t = f64x2.add(t, f64x2.mul(vb, v128.load(b + at, 16)));
    s = f64x2.add(s, f64x2.mul(vc, v128.load(c + at)));
    t = f64x2.add(t, f64x2.mul(vc, v128.load(c + at, 16)));
    s = f64x2.add(s, f64x2.mul(vd, v128.load(d + at)));
    t = f64x2.add(t, f64x2.mul(vd, v128.load(d + at, 16)));
    s = f64x2.add(s, f64x2.mul(ve, v128.load(e + at)));
    t = f64x2.add(t, f64x2.mul(ve, v128.load(e + at, 16)));
    v128.store(z + at, s);
    v128.store(z + at, t, 16);
    if (link) {
      const y = v128.load(due);
      v128.store(due, probabilityPair(y));
      if (!withinPair(y, y)) {
        finite &= storeOne(due, f64x2.extract_lane(y, 0));
        finite &= storeOne(due + 8, f64x2.extract_lane(y, 1));
      }
      due += 16;
    }
    at += 32;
  } while (at < bytes);
  return finite;
}

function storeOne(to: usize, z: f64): i32 {
  store<f64>(to, probability(z));
  return <i32>(z - z == 0);
}

// @ts-ignore: decorator
@inline
function addOne(z: usize, bytes: usize, a: usize, weight: f64, first: bool, intercept: f64): void {
  const w = f64x2.splat(weight);
  const start = f64x2.splat(intercept);
  let at: usize = 0;
  do {
    const s = first ? start : v128.load(z + at);
    const t = first ? start : v128.load(z + at, 16);
    v128.store(z + at, f64x2.add(s, f64x2.mul(w, v128.load(a + at))));
    v128.store(z + at, f64x2.add(t, f64x2.mul(w, v128.load(a + at, 16))), 16);
    at += 32;
  } while (at < bytes);
}

/**
 * z = intercept + Σ weight·column of `rows` > 0 rows, in the order of the `count` > 0 columns, whose addresses are at
 * `columns`; without `begin` the sums go on from z. Returns 1 when all of z is finite. With `link` z becomes 1/(1 + e^−z) –
 * or, when 0 is returned, nothing that holds.
 */
export function linear(
  z: usize,
  rows: i32,
  intercept: f64,
  columns: usize,
  weights: usize,
  count: i32,
  begin: i32,
  link: i32,
): i32 {
  const whole: usize = <usize>(rows & ~3) << 3;
  const end: usize = <usize>rows << 3;
  for (let at = whole; at < end; at += 8) {
    let s = begin ? intercept : load<f64>(z + at);
    for (let k = 0; k < count; k++) s += weight(weights, k) * load<f64>(column(columns, k) + at);
    store<f64>(z + at, s);
  }
  let finite: i32 = 1;
  // What of z is probabilities.
  let linked: usize = 0;
  for (let past: usize = 0; past < whole; past += <usize>PIECE << 3) {
    const bytes = min(whole - past, <usize>PIECE << 3);
    const to = z + past;
    let k: i32 = 0;
    if (begin) {
      if (count >= 5) {
        addFive(to, bytes, columns, past, weights, 0, true, intercept, false, 0);
        k = 5;
      } else {
        addOne(to, bytes, column(columns, 0) + past, weight(weights, 0), true, intercept);
        k = 1;
      }
    }
    while (k + 5 <= count) {
      if (link && linked + (bytes >> 1) <= past) {
        finite &= addFive(to, bytes, columns, past, weights, k, false, 0, true, z + linked);
        linked += bytes >> 1;
      } else addFive(to, bytes, columns, past, weights, k, false, 0, false, 0);
      k += 5;
    }
    while (k < count) {
      addOne(to, bytes, column(columns, k) + past, weight(weights, k), false, 0);
      k++;
    }
  }
  const left = rows - <i32>(linked >> 3);
  finite &= allFinite(z + linked, left);
  if (link) sigmoid(z + linked, left);
  return finite;
}
