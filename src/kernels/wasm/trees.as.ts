// Sums of trees. A split asks `code > threshold` of 8-bit codes (tree-codes.ts), 64 rows at a time, or `x > threshold`
// of float64.

/** Rows per group of codes. */
// @ts-ignore: decorator
@inline const GROUP: i32 = 64;

// @ts-ignore: decorator
@inline
function place(cells: usize, low: v128, scale: v128, last: v128): v128 {
  const x = f64x2.mul(f64x2.sub(v128.load(cells), low), scale);
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.pmin(f64x2.pmax(x, f64x2.splat(0)), last));
}

// @ts-ignore: decorator
@inline
function above(thresholds: usize, code: usize, cells: usize): usize {
  return <usize>(load<f64>(thresholds + (code << 3)) < load<f64>(cells));
}

/**
 * code = #{thresholds < x}, less 128. `table`: low, scale, cells − 1 as float64, then how many comparisons a cell may need,
 * the offset of the thresholds, and the code each grid cell starts with. `stride` lies between groups of 64 rows.
 */
export function codeCells(cells: usize, count: i32, table: usize, codes: usize, stride: usize): void {
  const low = f64x2.splat(load<f64>(table));
  const scale = f64x2.splat(load<f64>(table, 8));
  const last = f64x2.splat(load<f64>(table, 16));
  const most = load<i32>(table, 24);
  const thresholds = table + load<u32>(table, 28);
  const starts = table + 32;
  const end = cells + (<usize>count << 3);
  if (cells >= end) return;
  do {
    let left = GROUP >> 2;
    let to = codes;
    do {
      const first = place(cells, low, scale, last);
      const second = place(cells + 16, low, scale, last);
      let a: usize = load<u8>(starts + i32x4.extract_lane(first, 0));
      let b: usize = load<u8>(starts + i32x4.extract_lane(first, 1));
      let c: usize = load<u8>(starts + i32x4.extract_lane(second, 0));
      let d: usize = load<u8>(starts + i32x4.extract_lane(second, 1));
      let k = most;
      while (k > 0) {
        a += above(thresholds, a, cells);
        b += above(thresholds, b, cells + 8);
        c += above(thresholds, c, cells + 16);
        d += above(thresholds, d, cells + 24);
        k--;
      }
      store<u32>(to, <u32>((a | (b << 8) | (c << 16) | (d << 24)) ^ 0x80808080));
      to += 4;
      cells += 32;
    } while (--left);
    codes += stride;
  } while (cells < end);
}

/** The codes of one column once more, for another. */
export function copyCodes(from: usize, to: usize, groups: i32, stride: usize): void {
  do {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    from += stride;
    to += stride;
  } while (--groups);
}

// @ts-ignore: decorator
@inline
function addLeaf(sums: usize, leaves: usize, indices: usize): void {
  store<f64>(sums, load<f64>(sums) + load<f64>(leaves + (<usize>load<u8>(indices) << 3)));
}

/**
 * Adds each tree's leaf to `sums`. A tree is a head – operations, offset of its result, offset of its leaves – and its splits,
 * children first: offset of the codes, of both children's results and of its own, and the threshold. `operands` holds 256
 * constant results, then room for those in between.
 */
export function selectTrees(
  program: usize,
  trees: i32,
  codes: usize,
  groups: i32,
  stride: usize,
  operands: usize,
  sums: usize,
): void {
  do {
    let p = program;
    let tree = trees;
    do {
      const ops = load<i32>(p);
      const result = operands + load<u32>(p, 4);
      const leaves = program + load<u32>(p, 8);
      p += 16;
      let op = ops;
      while (op > 0) {
        const first = load<u32>(p);
        const second = load<u32>(p, 4);
        const limit = v128.load8_splat(p, 8);
        const code = codes + (first & 0xffff);
        const left = operands + (first >>> 16);
        const right = operands + (second & 0xffff);
        const to = operands + (second >>> 16);
        v128.store(to, v128.bitselect(v128.load(right), v128.load(left), i8x16.gt_s(v128.load(code), limit)));
        v128.store(to, v128.bitselect(v128.load(right, 16), v128.load(left, 16), i8x16.gt_s(v128.load(code, 16), limit)), 16);
        v128.store(to, v128.bitselect(v128.load(right, 32), v128.load(left, 32), i8x16.gt_s(v128.load(code, 32), limit)), 32);
        v128.store(to, v128.bitselect(v128.load(right, 48), v128.load(left, 48), i8x16.gt_s(v128.load(code, 48), limit)), 48);
        p += 12;
        op--;
      }
      p = (p + 15) & ~15;
      let row: usize = 0;
      do {
        addLeaf(sums + (row << 3), leaves, result + row);
        addLeaf(sums + (row << 3) + 8, leaves, result + row + 1);
        addLeaf(sums + (row << 3) + 16, leaves, result + row + 2);
        addLeaf(sums + (row << 3) + 24, leaves, result + row + 3);
        row += 4;
      } while (row < <usize>GROUP);
    } while (--tree);
    codes += stride;
    sums += GROUP << 3;
  } while (--groups);
}

// @ts-ignore: decorator
@inline
function next(nodes: usize, node: u32, codes: usize): u32 {
  const packed = load<u32>(nodes + (<usize>node << 2));
  return (packed >>> 16) + <u32>(<i32>load<i8>(codes + ((packed & 0xff00) >>> 2)) > <i32>(<i8>packed));
}

/**
 * Adds each tree's leaf to `sums`. A tree is a head – depth, nodes, offset of its values – and its nodes: left child (the right
 * one follows), column and threshold in one word; a leaf is its own left child.
 */
export function walkCodes(program: usize, trees: i32, codes: usize, groups: i32, stride: usize, sums: usize): void {
  let p = program;
  do {
    const depth = load<i32>(p);
    const count = load<u32>(p, 4);
    const values = program + load<u32>(p, 8);
    const nodes = p + 16;
    p = nodes + (((count << 2) + 15) & ~15);
    let group = groups;
    let from = codes;
    let to = sums;
    do {
      let row: usize = 0;
      do {
        const at = from + row;
        let a: u32 = 0;
        let b: u32 = 0;
        let c: u32 = 0;
        let d: u32 = 0;
        let e: u32 = 0;
        let f: u32 = 0;
        let g: u32 = 0;
        let h: u32 = 0;
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
        const out = to + (row << 3);
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
      from += stride;
      to += GROUP << 3;
    } while (--group);
  } while (--trees);
}

// @ts-ignore: decorator
@inline
function descend(nodes: usize, node: usize, cells: usize): usize {
  const at = nodes + (node << 4);
  return <usize>load<u32>(at, 12) + <usize>(load<f64>(cells + load<u32>(at, 8)) > load<f64>(at));
}

/** As {@link walkCodes} on float64 cells; nodes hold threshold, byte offset of the column, left child. `rows` by eight. */
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
