/** z = z + wa·a + wb·b + wc·c + wd·d + we·e for `count` rows, added in this order. */
export function addFive(
  z: usize,
  count: i32,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  e: usize,
  wa: f64,
  wb: f64,
  wc: f64,
  wd: f64,
  we: f64,
): void {
  const va = f64x2.splat(wa);
  const vb = f64x2.splat(wb);
  const vc = f64x2.splat(wc);
  const vd = f64x2.splat(wd);
  const ve = f64x2.splat(we);
  const bytes: usize = <usize>(count & ~3) << 3;
  let at: usize = 0;
  if (at < bytes) {
    do {
      let s = v128.load(z + at);
      let t = v128.load(z + at, 16);
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
  const end: usize = <usize>count << 3;
  while (at < end) {
    store<f64>(
      z + at,
      load<f64>(z + at) +
        wa * load<f64>(a + at) +
        wb * load<f64>(b + at) +
        wc * load<f64>(c + at) +
        wd * load<f64>(d + at) +
        we * load<f64>(e + at),
    );
    at += 8;
  }
}
