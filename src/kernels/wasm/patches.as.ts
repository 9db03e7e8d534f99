// The patches of src/numerics/patches.ts, two rows at a time; PER_OCTAVE, TERMS, OCTAVES and ROWS are those there.

// @ts-ignore: decorator
@inline const HALF: f64 = 0.03125;

/** Address of the patch of a cell; that of the one without values where there is none. */
// @ts-ignore: decorator
@inline
function patchOf(row: f64, bits: i64, octaves: usize, first: i32): usize {
  const k = <i32>row;
  const octave = <i32>(bits >> 52) - first;
  const known = i32(<u32>k < 256) & i32(<u32>octave < 32) & i32(row < 256);
  const base = known ? <usize>load<i32>(octaves + (<usize>(k * 32 + octave) << 2)) : 0;
  return octaves + 32768 + ((base + (<usize>((bits >> 48) & 15) * 9)) << 3);
}

// @ts-ignore: decorator
@inline
function pick(a: usize, b: usize, k: usize): v128 {
  return v128.load64_lane(b + k, v128.load64_zero(a + k), 1);
}

/**
 * y = f(row, start + after) of `count` > 0 cells by patches; without `rows` (0) of row 0. Room for an even number of cells is read and
 * written. A cell without a patch is not finite then, and 0 returned.
 */
export function patchCells(
  rows: usize,
  start: f64,
  after: usize,
  out: usize,
  count: i32,
  octaves: usize,
  first: i32,
): i32 {
  const bytes: usize = <usize>((count + 1) & ~1) << 3;
  let inside = i64x2.splat(-1);
  let at: usize = 0;
  do {
    const cells = f64x2.add(f64x2.splat(start), v128.load(after + at));
    const row = rows === 0 ? f64x2.splat(0) : v128.load(rows + at);
    const a = patchOf(f64x2.extract_lane(row, 0), i64x2.extract_lane(cells, 0), octaves, first);
    const b = patchOf(f64x2.extract_lane(row, 1), i64x2.extract_lane(cells, 1), octaves, first);
    const fraction = v128.and(cells, i64x2.splat(0x000fffffffffffff));
    const m = v128.or(fraction, f64x2.splat(1));
    const low = v128.or(v128.and(cells, i64x2.splat(0x000f000000000000)), f64x2.splat(1));
    const u = f64x2.sub(m, f64x2.add(low, f64x2.splat(HALF)));
    let y = pick(a, b, 64);
    y = f64x2.add(pick(a, b, 56), f64x2.mul(u, y));
    const c5 = v128.load(a, 40);
    const d5 = v128.load(b, 40);
    y = f64x2.add(v128.shuffle<f64>(c5, d5, 1, 3), f64x2.mul(u, y));
    y = f64x2.add(v128.shuffle<f64>(c5, d5, 0, 2), f64x2.mul(u, y));
    const c3 = v128.load(a, 24);
    const d3 = v128.load(b, 24);
    y = f64x2.add(v128.shuffle<f64>(c3, d3, 1, 3), f64x2.mul(u, y));
    y = f64x2.add(v128.shuffle<f64>(c3, d3, 0, 2), f64x2.mul(u, y));
    const c1 = v128.load(a, 8);
    const d1 = v128.load(b, 8);
    y = f64x2.add(v128.shuffle<f64>(c1, d1, 1, 3), f64x2.mul(u, y));
    y = f64x2.add(v128.shuffle<f64>(c1, d1, 0, 2), f64x2.mul(u, y));
    y = f64x2.add(pick(a, b, 0), f64x2.mul(u, y));
    v128.store(out + at, y);
    inside = v128.and(inside, f64x2.eq(f64x2.sub(y, y), f64x2.splat(0)));
    at += 16;
  } while (at < bytes);
  return <i32>i64x2.all_true(inside);
}
