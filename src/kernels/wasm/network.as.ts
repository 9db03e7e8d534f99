// Layers of a neural network; the twins are in src/churn/neural.

import { expPair } from './elementary.as';

// @ts-ignore: decorator
@inline
function column(columns: usize, k: i32): usize {
  return <usize>load<u32>(columns + (<usize>k << 2));
}

/** Two units on four rows: the sums stay in registers. */
// @ts-ignore: decorator
@inline
function twoUnits(columns: usize, count: i32, v: usize, w: usize, at: usize, y: usize, z: usize): void {
  let a = v128.load64_splat(v);
  let b = a;
  let c = v128.load64_splat(w);
  let d = c;
  const end = columns + (<usize>count << 2);
  while (columns < end) {
    v += 8;
    w += 8;
    const from = <usize>load<u32>(columns) + at;
    const p = v128.load(from);
    const q = v128.load(from, 16);
    const m = v128.load64_splat(v);
    const n = v128.load64_splat(w);
    a = f64x2.add(a, f64x2.mul(m, p));
    b = f64x2.add(b, f64x2.mul(m, q));
    c = f64x2.add(c, f64x2.mul(n, p));
    d = f64x2.add(d, f64x2.mul(n, q));
    columns += 4;
  }
  v128.store(y + at, a);
  v128.store(y + at, b, 16);
  v128.store(z + at, c);
  v128.store(z + at, d, 16);
}

/** Four units on four rows. */
// @ts-ignore: decorator
@inline
function fourUnits(columns: usize, count: i32, weights: usize, size: usize, at: usize, outs: usize): void {
  let v = weights;
  const second = size;
  const third = size << 1;
  const fourth = third + size;
  let a = v128.load64_splat(v);
  let b = a;
  let c = v128.load64_splat(v + second);
  let d = c;
  let e = v128.load64_splat(v + third);
  let f = e;
  let g = v128.load64_splat(v + fourth);
  let h = g;
  const end = columns + (<usize>count << 2);
  while (columns < end) {
    v += 8;
    const from = <usize>load<u32>(columns) + at;
    const p = v128.load(from);
    const q = v128.load(from, 16);
    const k = v128.load64_splat(v);
    a = f64x2.add(a, f64x2.mul(k, p));
    b = f64x2.add(b, f64x2.mul(k, q));
    const l = v128.load64_splat(v + second);
    c = f64x2.add(c, f64x2.mul(l, p));
    d = f64x2.add(d, f64x2.mul(l, q));
    const m = v128.load64_splat(v + third);
    e = f64x2.add(e, f64x2.mul(m, p));
    f = f64x2.add(f, f64x2.mul(m, q));
    const n = v128.load64_splat(v + fourth);
    g = f64x2.add(g, f64x2.mul(n, p));
    h = f64x2.add(h, f64x2.mul(n, q));
    columns += 4;
  }
  let to = column(outs, 0) + at;
  v128.store(to, a);
  v128.store(to, b, 16);
  to = column(outs, 1) + at;
  v128.store(to, c);
  v128.store(to, d, 16);
  to = column(outs, 2) + at;
  v128.store(to, e);
  v128.store(to, f, 16);
  to = column(outs, 3) + at;
  v128.store(to, g);
  v128.store(to, h, 16);
}

/**
 * out_j = bias_j + Σ weight_jk·column_k, in the order of columns. The `units` rows of `weights` hold a bias and `count`
 * weights; `columns` and `outs` hold addresses of 4 bytes.
 */
export function denseLayer(columns: usize, count: i32, weights: usize, units: i32, outs: usize, rows: i32): void {
  const size: usize = <usize>(count + 1) << 3;
  const bytes: usize = <usize>(rows & ~3) << 3;
  const fours = units & ~3;
  for (let at: usize = 0; at < bytes; at += 32) {
    let j: i32 = 0;
    while (j < fours) {
      fourUnits(columns, count, weights + <usize>j * size, size, at, outs + (<usize>j << 2));
      j += 4;
    }
    while (j < units) {
      // An odd unit is done twice.
      const k = j + 1 < units ? j + 1 : j;
      twoUnits(columns, count, weights + <usize>j * size, weights + <usize>k * size, at, column(outs, j), column(outs, k));
      j += 2;
    }
  }
  const end: usize = <usize>rows << 3;
  for (let at = bytes; at < end; at += 8)
    for (let j = 0; j < units; j++) {
      let w = weights + <usize>j * size;
      let sum = load<f64>(w);
      for (let k = 0; k < count; k++) {
        w += 8;
        sum += load<f64>(w) * load<f64>(column(columns, k) + at);
      }
      store<f64>(column(outs, j) + at, sum);
    }
}

/** values += table[codes] of `rows` > 0 rows. */
export function addByCode(values: usize, codes: usize, table: usize, rows: i32): void {
  const end = values + (<usize>rows << 3);
  do {
    store<f64>(values, load<f64>(values) + load<f64>(table + (<usize>load<u32>(codes) << 3)));
    values += 8;
    codes += 4;
  } while (values < end);
}

/** tanh in place. From |z| = 350 on it is ±1 in float64. */
export function tanh(values: usize, rows: i32): void {
  const one = f64x2.splat(1);
  const pairs = rows & ~1;
  let i: i32 = 0;
  while (i < rows) {
    const z = i < pairs ? v128.load(values) : v128.load64_splat(values);
    const e = expPair(f64x2.max(f64x2.mul(f64x2.splat(-2), f64x2.abs(z)), f64x2.splat(-700)));
    const t = f64x2.div(f64x2.sub(one, e), f64x2.add(one, e));
    // A product with −1 turns the sign, and so does this.
    const y = v128.xor(t, v128.and(f64x2.lt(z, f64x2.splat(0)), f64x2.splat(-0.0)));
    if (i < pairs) v128.store(values, y);
    else v128.store64_lane(values, y, 0);
    values += 16;
    i += 2;
  }
}
