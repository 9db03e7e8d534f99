// Sums of trees. A split asks `code > limit` of 8-bit codes (tree-codes.ts), 128 rows at a time, or `x > threshold` of float64.
// V8 fetches all that a stretch without a store needs before it computes: a store every 16 rows keeps it in registers.

/** Rows per group of codes. */
// @ts-ignore: decorator
@inline const GROUP: i32 = 128;
// @ts-ignore: decorator
@inline const STATES: i32 = 64;

// In pairs, chains and fulls masks are counted: from the least leaf on, as many steps as the splits say.

// @ts-ignore: decorator
@inline
function pair(code: v128, limit: v128, least: v128): v128 {
  return i8x16.sub(least, i8x16.gt_s(code, limit));
}

// @ts-ignore: decorator
@inline
function chain(outer: v128, inner: v128, limit: v128, own: v128, least: v128): v128 {
  const below = i8x16.add(i8x16.gt_s(inner, own), i8x16.splat(-1));
  return i8x16.sub(least, v128.and(below, i8x16.gt_s(outer, limit)));
}

// @ts-ignore: decorator
@inline
function full(code: v128, low: v128, high: v128, limit: v128, lowest: v128, highest: v128, least: v128): v128 {
  const right = i8x16.add(i8x16.gt_s(high, highest), i8x16.splat(-2));
  const left = i8x16.gt_s(low, lowest);
  return i8x16.sub(least, i8x16.min_s(left, v128.and(right, i8x16.gt_s(code, limit))));
}

/** What lies right has the larger numbers. */
// @ts-ignore: decorator
@inline
function choose(code: v128, limit: v128, left: v128, right: v128): v128 {
  return i8x16.max_u(left, v128.and(right, i8x16.gt_s(code, limit)));
}

// @ts-ignore: decorator
@inline
function addTwo(sum: v128, leaves: usize, indices: usize): v128 {
  const low = v128.load64_zero(leaves + (<usize>load<u8>(indices) << 3));
  return f64x2.add(sum, v128.load64_lane(leaves + (<usize>load<u8>(indices, 1) << 3), low, 1));
}

/** A node is a word: left child (the right one follows), column, limit; a leaf is its own left child. */
// @ts-ignore: decorator
@inline
function next(nodes: usize, node: u32, codes: usize): u32 {
  const packed = load<u32>(nodes + (<usize>node << 2));
  return (packed >>> 16) + <u32>(<i32>load<i8>(codes + ((packed & 0xff00) >>> 1)) > <i32>(<i8>packed));
}

/** From the nodes that are the states of the rows on, so many levels down. */
function walkOn(depth: i32, nodes: usize, values: usize, codes: usize, ends: usize, sums: usize): void {
  let row: usize = 0;
  do {
    const at = codes + row;
    const end = ends + row;
    let a = <u32>load<u8>(end);
    let b = <u32>load<u8>(end, 1);
    let c = <u32>load<u8>(end, 2);
    let d = <u32>load<u8>(end, 3);
    let e = <u32>load<u8>(end, 4);
    let f = <u32>load<u8>(end, 5);
    let g = <u32>load<u8>(end, 6);
    let h = <u32>load<u8>(end, 7);
    let level = depth;
    while (level > 0) {
      a = next(nodes, a, at);
      b = next(nodes, b, at + 1);
      c = next(nodes, c, at + 2);
      d = next(nodes, d, at + 3);
      e = next(nodes, e, at + 4);
      f = next(nodes, f, at + 5);
      g = next(nodes, g, at + 6);
      h = next(nodes, h, at + 7);
      level--;
    }
    const out = sums + (row << 3);
    store<f64>(out, load<f64>(out) + load<f64>(values + (a << 3)));
    store<f64>(out, load<f64>(out, 8) + load<f64>(values + (b << 3)), 8);
    store<f64>(out, load<f64>(out, 16) + load<f64>(values + (c << 3)), 16);
    store<f64>(out, load<f64>(out, 24) + load<f64>(values + (d << 3)), 24);
    store<f64>(out, load<f64>(out, 32) + load<f64>(values + (e << 3)), 32);
    store<f64>(out, load<f64>(out, 40) + load<f64>(values + (f << 3)), 40);
    store<f64>(out, load<f64>(out, 48) + load<f64>(values + (g << 3)), 48);
    store<f64>(out, load<f64>(out, 56) + load<f64>(values + (h << 3)), 56);
    row += 8;
  } while (row < <usize>GROUP);
}

// @ts-ignore: decorator
@inline
function selectFour(p: usize, codes: usize, operands: usize): usize {
  const pairs = load<i32>(p, 48);
  const chains = load<i32>(p, 52);
  const fulls = load<i32>(p, 56);
  const others = load<i32>(p, 60);
  p += 64;
  for (let k = pairs; k > 0; k--) {
    const code = codes + load<u32>(p);
    const to = operands + load<u16>(p, 4);
    const limit = v128.load8_splat(p, 6);
    const least = v128.load8_splat(p, 7);
    v128.store(to, pair(v128.load(code), limit, least));
    v128.store(to, pair(v128.load(code, 16), limit, least), 16);
    v128.store(to, pair(v128.load(code, 32), limit, least), 32);
    v128.store(to, pair(v128.load(code, 48), limit, least), 48);
    v128.store(to, pair(v128.load(code, 64), limit, least), 64);
    v128.store(to, pair(v128.load(code, 80), limit, least), 80);
    v128.store(to, pair(v128.load(code, 96), limit, least), 96);
    v128.store(to, pair(v128.load(code, 112), limit, least), 112);
    p += 8;
  }
  for (let k = chains; k > 0; k--) {
    const outer = codes + load<u32>(p);
    const inner = codes + load<u32>(p, 4);
    const to = operands + load<u16>(p, 8);
    const limit = v128.load8_splat(p, 10);
    const own = v128.load8_splat(p, 11);
    const least = v128.load8_splat(p, 12);
    v128.store(to, chain(v128.load(outer), v128.load(inner), limit, own, least));
    v128.store(to, chain(v128.load(outer, 16), v128.load(inner, 16), limit, own, least), 16);
    v128.store(to, chain(v128.load(outer, 32), v128.load(inner, 32), limit, own, least), 32);
    v128.store(to, chain(v128.load(outer, 48), v128.load(inner, 48), limit, own, least), 48);
    v128.store(to, chain(v128.load(outer, 64), v128.load(inner, 64), limit, own, least), 64);
    v128.store(to, chain(v128.load(outer, 80), v128.load(inner, 80), limit, own, least), 80);
    v128.store(to, chain(v128.load(outer, 96), v128.load(inner, 96), limit, own, least), 96);
    v128.store(to, chain(v128.load(outer, 112), v128.load(inner, 112), limit, own, least), 112);
    p += 16;
  }
  for (let k = fulls; k > 0; k--) {
    const code = codes + load<u32>(p);
    const low = codes + load<u32>(p, 4);
    const high = codes + load<u32>(p, 8);
    const to = operands + load<u16>(p, 12);
    const limit = v128.load8_splat(p, 14);
    const lowest = v128.load8_splat(p, 15);
    const highest = v128.load8_splat(p, 16);
    const least = v128.load8_splat(p, 17);
    v128.store(to, full(v128.load(code), v128.load(low), v128.load(high), limit, lowest, highest, least));
    v128.store(to, full(v128.load(code, 16), v128.load(low, 16), v128.load(high, 16), limit, lowest, highest, least), 16);
    v128.store(to, full(v128.load(code, 32), v128.load(low, 32), v128.load(high, 32), limit, lowest, highest, least), 32);
    v128.store(to, full(v128.load(code, 48), v128.load(low, 48), v128.load(high, 48), limit, lowest, highest, least), 48);
    v128.store(to, full(v128.load(code, 64), v128.load(low, 64), v128.load(high, 64), limit, lowest, highest, least), 64);
    v128.store(to, full(v128.load(code, 80), v128.load(low, 80), v128.load(high, 80), limit, lowest, highest, least), 80);
    v128.store(to, full(v128.load(code, 96), v128.load(low, 96), v128.load(high, 96), limit, lowest, highest, least), 96);
    v128.store(to, full(v128.load(code, 112), v128.load(low, 112), v128.load(high, 112), limit, lowest, highest, least), 112);
    p += 20;
  }
  for (let k = others; k > 0; k--) {
    const code = codes + load<u32>(p);
    const left = operands + load<u16>(p, 4);
    const right = operands + load<u16>(p, 6);
    const to = operands + load<u16>(p, 8);
    const limit = v128.load8_splat(p, 10);
    v128.store(to, choose(v128.load(code), limit, v128.load(left), v128.load(right)));
    v128.store(to, choose(v128.load(code, 16), limit, v128.load(left, 16), v128.load(right, 16)), 16);
    v128.store(to, choose(v128.load(code, 32), limit, v128.load(left, 32), v128.load(right, 32)), 32);
    v128.store(to, choose(v128.load(code, 48), limit, v128.load(left, 48), v128.load(right, 48)), 48);
    v128.store(to, choose(v128.load(code, 64), limit, v128.load(left, 64), v128.load(right, 64)), 64);
    v128.store(to, choose(v128.load(code, 80), limit, v128.load(left, 80), v128.load(right, 80)), 80);
    v128.store(to, choose(v128.load(code, 96), limit, v128.load(left, 96), v128.load(right, 96)), 96);
    v128.store(to, choose(v128.load(code, 112), limit, v128.load(left, 112), v128.load(right, 112)), 112);
    p += 12;
  }
  return p;
}

/**
 * Adds each tree's leaf to `sums`, four trees at a time, so that sums are fetched once for four. A four is a head of 64 bytes –
 * four offsets of values by state or node, four depths left to walk (−1: none in these trees), four offsets of nodes, the
 * numbers of pairs, chains, fulls and others – and those operations, as tree-select.ts writes them. `operands` is room for
 * what they select from: the states as constants, the ends of four trees, results in between.
 */
export function selectTrees(
  program: usize,
  fours: i32,
  codes: usize,
  groups: i32,
  stride: usize,
  operands: usize,
  sums: usize,
): void {
  const ends = operands + STATES * GROUP;
  let state = 0;
  let constant = operands;
  do {
    const all = i8x16.splat(<i8>state);
    v128.store(constant, all);
    v128.store(constant, all, 16);
    v128.store(constant, all, 32);
    v128.store(constant, all, 48);
    v128.store(constant, all, 64);
    v128.store(constant, all, 80);
    v128.store(constant, all, 96);
    v128.store(constant, all, 112);
    constant += GROUP;
  } while (++state < STATES);
  do {
    let p = program;
    let four = fours;
    do {
      const head = p;
      p = (selectFour(p, codes, operands) + 7) & ~7;
      const first = program + load<u32>(head);
      const second = program + load<u32>(head, 4);
      const third = program + load<u32>(head, 8);
      const fourth = program + load<u32>(head, 12);
      if (load<i32>(head, 16) < 0) {
        let row: usize = 0;
        do {
          const to = sums + (row << 3);
          const from = ends + row;
          let sum = v128.load(to);
          sum = addTwo(sum, first, from);
          sum = addTwo(sum, second, from + GROUP);
          sum = addTwo(sum, third, from + 2 * GROUP);
          sum = addTwo(sum, fourth, from + 3 * GROUP);
          v128.store(to, sum);
          row += 2;
        } while (row < <usize>GROUP);
      } else {
        let k: usize = 0;
        do {
          const tree = head + (k << 2);
          const nodes = program + load<u32>(tree, 32);
          walkOn(load<i32>(tree, 16), nodes, program + load<u32>(tree), codes, ends + k * GROUP, sums);
        } while (++k < 4);
      }
    } while (--four);
    codes += stride;
    sums += GROUP << 3;
  } while (--groups);
}

// @ts-ignore: decorator
@inline
function descend(nodes: usize, node: usize, cells: usize): usize {
  const at = nodes + (node << 4);
  return <usize>load<u32>(at, 12) + <usize>(load<f64>(cells + load<u32>(at, 8)) > load<f64>(at));
}

/**
 * Adds each tree's leaf to `sums`, on float64 cells. A tree is a head – depth, nodes, offset of its values – and its nodes:
 * threshold, byte offset of the column, left child. `rows` by eight.
 */
export function walkCells(program: usize, trees: i32, cells: usize, rows: i32, sums: usize): void {
  let p = program;
  do {
    const depth = load<i32>(p);
    const count = load<u32>(p, 4);
    const values = program + load<u32>(p, 8);
    const nodes = p + 16;
    p = nodes + (count << 4);
    let left = rows;
    let at = cells;
    let out = sums;
    do {
      let a: usize = 0;
      let b: usize = 0;
      let c: usize = 0;
      let d: usize = 0;
      let e: usize = 0;
      let f: usize = 0;
      let g: usize = 0;
      let h: usize = 0;
      let level = depth;
      while (level > 0) {
        a = descend(nodes, a, at);
        b = descend(nodes, b, at + 8);
        c = descend(nodes, c, at + 16);
        d = descend(nodes, d, at + 24);
        e = descend(nodes, e, at + 32);
        f = descend(nodes, f, at + 40);
        g = descend(nodes, g, at + 48);
        h = descend(nodes, h, at + 56);
        level--;
      }
      store<f64>(out, load<f64>(out) + load<f64>(values + (a << 3)));
      store<f64>(out, load<f64>(out, 8) + load<f64>(values + (b << 3)), 8);
      store<f64>(out, load<f64>(out, 16) + load<f64>(values + (c << 3)), 16);
      store<f64>(out, load<f64>(out, 24) + load<f64>(values + (d << 3)), 24);
      store<f64>(out, load<f64>(out, 32) + load<f64>(values + (e << 3)), 32);
      store<f64>(out, load<f64>(out, 40) + load<f64>(values + (f << 3)), 40);
      store<f64>(out, load<f64>(out, 48) + load<f64>(values + (g << 3)), 48);
      store<f64>(out, load<f64>(out, 56) + load<f64>(values + (h << 3)), 56);
      at += 64;
      out += 64;
      left -= 8;
    } while (left > 0);
  } while (--trees);
}
