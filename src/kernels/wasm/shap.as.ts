/**
 * Looks up contributions: of each table the entry of every row, `start + Σ weight·(code > rank)`, then for each of its
 * features `sum = sum + table[entry]`. A table is a head – tests, features, address of its cells, bytes of a feature's cells,
 * start – then its tests: byte offset of the codes, rank, weight; then byte offsets of the sums. Codes are int16; `entries` is
 * room for one uint16 per row. Rows are taken by 32.
 */
export function addTables(program: usize, count: i32, codes: usize, entries: usize, rows: i32, sums: usize): void {
  let p = program;
  do {
    const tests = load<i32>(p);
    let features = load<i32>(p, 4);
    let table: usize = load<u32>(p, 8);
    const bytes: usize = load<u32>(p, 12);
    const start = v128.load16_splat(p, 16);
    p += 20;
    const firstTest = p;
    let at: usize = 0;
    const end = <usize>((rows + 31) & ~31) << 1;
    do {
      let a = start;
      let b = start;
      let c = start;
      let d = start;
      let left = tests;
      p = firstTest;
      while (left > 0) {
        const own = codes + load<u32>(p) + at;
        const rank = v128.load16_splat(p, 4);
        const weight = v128.load16_splat(p, 6);
        a = i16x8.add(a, v128.and(i16x8.gt_s(v128.load(own), rank), weight));
        b = i16x8.add(b, v128.and(i16x8.gt_s(v128.load(own, 16), rank), weight));
        c = i16x8.add(c, v128.and(i16x8.gt_s(v128.load(own, 32), rank), weight));
        d = i16x8.add(d, v128.and(i16x8.gt_s(v128.load(own, 48), rank), weight));
        p += 8;
        left--;
      }
      const to = entries + at;
      v128.store(to, a);
      v128.store(to, b, 16);
      v128.store(to, c, 32);
      v128.store(to, d, 48);
      at += 64;
    } while (at < end);
    const lastEntry = entries + end;
    while (features > 0) {
      let out = sums + load<u32>(p);
      let from = entries;
      do {
        const four = load<u64>(from);
        let x = v128.load64_zero(table + ((<usize>four & 0xffff) << 3));
        x = v128.load64_lane(table + (((<usize>four) >> 16) << 3), x, 1);
        let y = v128.load64_zero(table + ((<usize>(four >> 32) & 0xffff) << 3));
        y = v128.load64_lane(table + (<usize>(four >> 48) << 3), y, 1);
        v128.store(out, f64x2.add(v128.load(out), x));
        v128.store(out, f64x2.add(v128.load(out, 16), y), 16);
        from += 8;
        out += 32;
      } while (from < lastEntry);
      table += bytes;
      p += 4;
      features--;
    }
  } while (--count);
}
