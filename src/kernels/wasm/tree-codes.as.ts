// Cells as the 8-bit codes that trees.as.ts compares: how many thresholds of a column lie below.

/** Rows per group of codes. */
// @ts-ignore: decorator
@inline const GROUP: i32 = 128;

// @ts-ignore: decorator
@inline
function place(cells: v128, scale: v128, shift: v128, first: v128, last: v128): v128 {
  return f64x2.pmin(last, f64x2.pmax(first, f64x2.add(f64x2.mul(cells, scale), shift)));
}

// @ts-ignore: decorator
@inline
function start(starts: usize, placed: v128): u32 {
  return (
    <u32>load<u8>(starts + i32x4.extract_lane(placed, 0)) | (<u32>load<u8>(starts + i32x4.extract_lane(placed, 2)) << 8)
  );
}

// @ts-ignore: decorator
@inline
function above(thresholds: usize, code: usize, cells: v128): v128 {
  const low = v128.load64_zero(thresholds + (<usize>load<u8>(code) << 3));
  return f64x2.lt(v128.load64_lane(thresholds + (<usize>load<u8>(code, 1) << 3), low, 1), cells);
}

// @ts-ignore: decorator
@inline
function evens(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

/**
 * code = #{thresholds < x}. `table`: scale, shift, last cell as float64, then how many comparisons a cell may need, the offset of
 * the thresholds, and the code each cell of a grid starts with: cell 2^52 + k holds the x for which x·scale + shift, rounded to a
 * whole number by its size, is that. `stride` lies between groups of 128 rows.
 */
export function codeCells(cells: usize, count: i32, table: usize, codes: usize, stride: usize): void {
  const scale = f64x2.splat(load<f64>(table));
  const shift = f64x2.splat(load<f64>(table, 8));
  const first = f64x2.splat(4503599627370496.0);
  const last = f64x2.splat(load<f64>(table, 16));
  const most = load<i32>(table, 24);
  const thresholds = table + load<u32>(table, 28);
  const starts = table + 32;
  const end = cells + (<usize>count << 3);
  if (cells >= end) return;
  do {
    let row: usize = 0;
    do {
      const from = cells + (row << 3);
      const a = start(starts, place(v128.load(from), scale, shift, first, last));
      const b = start(starts, place(v128.load(from, 16), scale, shift, first, last));
      store<u32>(codes + row, a | (b << 16));
      row += 4;
    } while (row < <usize>GROUP);
    let k = most;
    while (k > 0) {
      row = 0;
      do {
        const from = cells + (row << 3);
        const code = codes + row;
        const a = evens(above(thresholds, code, v128.load(from)), above(thresholds, code + 2, v128.load(from, 16)));
        const b = evens(above(thresholds, code + 4, v128.load(from, 32)), above(thresholds, code + 6, v128.load(from, 48)));
        const c = evens(above(thresholds, code + 8, v128.load(from, 64)), above(thresholds, code + 10, v128.load(from, 80)));
        const d = evens(above(thresholds, code + 12, v128.load(from, 96)), above(thresholds, code + 14, v128.load(from, 112)));
        const right = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
        v128.store(code, i8x16.sub(v128.load(code), right));
        row += 16;
      } while (row < <usize>GROUP);
      k--;
    }
    cells += GROUP << 3;
    codes += stride;
  } while (cells < end);
}

/**
 * code = table[place]. Up to 16 entries are looked up 16 rows at a time, and then in whole groups, whatever lies behind `count`
 * places.
 */
export function codeLevels(places: usize, count: i32, table: usize, size: i32, codes: usize, stride: usize): void {
  const end = places + (<usize>count << 2);
  if (places >= end) return;
  const entries = v128.load(table);
  do {
    let row: usize = 0;
    if (size <= 16) {
      do {
        const from = places + (row << 2);
        const low = i16x8.narrow_i32x4_s(v128.load(from), v128.load(from, 16));
        const high = i16x8.narrow_i32x4_s(v128.load(from, 32), v128.load(from, 48));
        v128.store(codes + row, i8x16.swizzle(entries, i8x16.narrow_i16x8_s(low, high)));
        row += 16;
      } while (row < <usize>GROUP);
    } else {
      const rows = min(<usize>GROUP, (end - places) >> 2);
      do {
        store<u8>(codes + row, load<u8>(table + <usize>load<u32>(places + (row << 2))));
        row++;
      } while (row < rows);
    }
    places += GROUP << 2;
    codes += stride;
  } while (places < end);
}

/** The codes of one column once more, for another. */
export function copyCodes(from: usize, to: usize, groups: i32, stride: usize): void {
  do {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    v128.store(to, v128.load(from, 64), 64);
    v128.store(to, v128.load(from, 80), 80);
    v128.store(to, v128.load(from, 96), 96);
    v128.store(to, v128.load(from, 112), 112);
    from += stride;
    to += stride;
  } while (--groups);
}

/** Codes as signed numbers, less 128, and their complements behind those of each group. */
export function mirrorCodes(codes: usize, groups: i32, half: usize): void {
  do {
    let left = half;
    do {
      const code = v128.xor(v128.load(codes), i8x16.splat(-128));
      v128.store(codes, code);
      v128.store(codes + half, v128.not(code));
      codes += 16;
      left -= 16;
    } while (left > 0);
    codes += half;
  } while (--groups);
}
