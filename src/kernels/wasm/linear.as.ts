import { allFinite } from './all-finite.as';

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

/** Five columns per pass: the block of z stays in the first cache, and no more streams run than are fetched ahead. */
// @ts-ignore: decorator
@inline
function addFive(z: usize, bytes: usize, columns: usize, weights: usize, k: i32, first: bool, intercept: f64): void {
  const a = column(columns, k);
  const b = column(columns, k + 1);
  const c = column(columns, k + 2);
  const d = column(columns, k + 3);
  const e = column(columns, k + 4);
  const va = f64x2.splat(weight(weights, k));
  const vb = f64x2.splat(weight(weights, k + 1));
  const vc = f64x2.splat(weight(weights, k + 2));
  const vd = f64x2.splat(weight(weights, k + 3));
  const ve = f64x2.splat(weight(weights, k + 4));
  const start = f64x2.splat(intercept);
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
    at += 32;
  } while (at < bytes);
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
 * `columns`. Returns 1 when all of z is finite.
 */
export function linear(z: usize, rows: i32, intercept: f64, columns: usize, weights: usize, count: i32): i32 {
  const bytes: usize = <usize>(rows & ~3) << 3;
  if (bytes > 0) {
    let k: i32 = 0;
    if (count >= 5) {
      addFive(z, bytes, columns, weights, 0, true, intercept);
      k = 5;
      while (k + 5 <= count) {
        addFive(z, bytes, columns, weights, k, false, 0);
        k += 5;
      }
    } else {
      addOne(z, bytes, column(columns, 0), weight(weights, 0), true, intercept);
      k = 1;
    }
    while (k < count) {
      addOne(z, bytes, column(columns, k), weight(weights, k), false, 0);
      k++;
    }
  }
  const end: usize = <usize>rows << 3;
  for (let at = bytes; at < end; at += 8) {
    let s = intercept;
    for (let k = 0; k < count; k++) s += weight(weights, k) * load<f64>(column(columns, k) + at);
    store<f64>(z + at, s);
  }
  return allFinite(z, rows);
}
