/**
 * The three largest cells above 0 of each row among `count` columns, whose addresses lie at `columns`: their numbers go to
 * `first`, `second`, `third` (int32; −1 for none). At a tie the earlier column. Four rows at a time, so rows are by four.
 */
export function topThree(columns: usize, count: i32, rows: i32, first: usize, second: usize, third: usize): void {
  const zero = f64x2.splat(0);
  const none = i32x4.splat(-1);
  let at: usize = 0;
  let to: usize = 0;
  let left = rows;
  do {
    let a = zero;
    let b = zero;
    let c = zero;
    let d = zero;
    let e = zero;
    let f = zero;
    let ia = none;
    let ib = none;
    let ic = none;
    let p = columns;
    let k = 0;
    do {
      const from = <usize>load<u32>(p) + at;
      let x = v128.load(from);
      let y = v128.load(from, 16);
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
      k++;
    } while (k < count);
    v128.store(first + to, ia);
    v128.store(second + to, ib);
    v128.store(third + to, ic);
    at += 32;
    to += 16;
    left -= 4;
  } while (left > 0);
}
