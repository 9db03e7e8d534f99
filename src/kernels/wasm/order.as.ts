// Keys of texts and their order by key, for src/transactions/id-order.ts. Sixteen bytes are read of a text, whatever its
// length: so many have to lie behind the last one.

// @ts-ignore: decorator
@inline
function places16(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/**
 * Of the bytes at place `start` and the fifteen behind it the least ones and, 16 bytes further, the largest ones, of those
 * of `count` > 0 texts that have one there: to `ranges`. Returns how many bytes from `start` on the shortest text has, at
 * most 16; none is shorter than `start`. Text p has the bytes `starts[p] … starts[p + 1]` from `bytes` on.
 */
export function textRanges(
  bytes: usize,
  starts: usize,
  places: usize,
  count: i32,
  start: u32,
  ranges: usize,
): u32 {
  const beyond = places + (<usize>count << 2);
  const all = places16();
  let least = i8x16.splat(-1);
  let most = i8x16.splat(0);
  let shortest: u32 = 16;
  do {
    const text = starts + (<usize>load<u32>(places) << 2);
    const from = load<u32>(text) + start;
    const length = min(<u32>16, load<u32>(text, 4) - from);
    const cells = v128.load(bytes + <usize>from);
    const has = i8x16.lt_u(all, i8x16.splat(<i8>length));
    least = i8x16.min_u(least, v128.or(cells, v128.not(has)));
    most = i8x16.max_u(most, v128.and(cells, has));
    shortest = min(shortest, length);
    places += 4;
  } while (places < beyond);
  v128.store(ranges, least);
  v128.store(ranges, most, 16);
  return shortest;
}

/**
 * Marks the bytes found at place `start + k`, k < 16, with 1 in `seen[256 k + byte]`. `count` > 0.
 */
export function seeTexts(bytes: usize, starts: usize, places: usize, count: i32, start: u32, seen: usize): void {
  const beyond = places + (<usize>count << 2);
  do {
    const text = starts + (<usize>load<u32>(places) << 2);
    const from = load<u32>(text) + start;
    const end = bytes + <usize>min(from + 16, load<u32>(text, 4));
    let at = bytes + <usize>from;
    let table = seen;
    while (at < end) {
      store<u8>(table + <usize>load<u8>(at), 1);
      table += 256;
      at++;
    }
    places += 4;
  } while (places < beyond);
}

/**
 * Pairs of a key and a place: a key is the sum, modulo 2³², of `weights[256 k + byte]` over the bytes at places `start + k`,
 * k < `most`, that a text has. `counts` are three tables of 2,048 zeros: how many keys have each digit, 11 bits at a time.
 */
export function packTexts(
  bytes: usize,
  starts: usize,
  places: usize,
  count: i32,
  start: u32,
  most: u32,
  weights: usize,
  pairs: usize,
  counts: usize,
): void {
  const beyond = places + (<usize>count << 2);
  do {
    const place = load<u32>(places);
    const text = starts + (<usize>place << 2);
    const from = load<u32>(text) + start;
    const end = bytes + <usize>min(from + most, load<u32>(text, 4));
    let at = bytes + <usize>from;
    let table = weights;
    let key: u32 = 0;
    while (at < end) {
      key += load<u32>(table + (<usize>load<u8>(at) << 2));
      table += 1024;
      at++;
    }
    store<u32>(pairs, key);
    store<u32>(pairs, place, 4);
    const a = counts + (<usize>(key & 2047) << 2);
    store<u32>(a, load<u32>(a) + 1);
    const b = counts + (<usize>((key >>> 11) & 2047) << 2);
    store<u32>(b, load<u32>(b, 8192) + 1, 8192);
    const c = counts + (<usize>(key >>> 22) << 2);
    store<u32>(c, load<u32>(c, 16384) + 1, 16384);
    pairs += 8;
    places += 4;
  } while (places < beyond);
}

/**
 * Puts `count` > 0 pairs in the order of 11 bits of their keys, those behind the low `shift` ones, equal ones as they were.
 * `counts` has 2,048 words and is overwritten. Returns 0, and does nothing, where all have the same.
 */
export function sortPairs(from: usize, to: usize, count: i32, shift: u32, counts: usize): i32 {
  const end = counts + 8192;
  if (load<i32>(counts + (<usize>((load<u32>(from) >>> shift) & 2047) << 2)) == count) return 0;
  let before = <u32>to;
  let at = counts;
  do {
    const own = load<u32>(at);
    store<u32>(at, before);
    before += own << 3;
    at += 4;
  } while (at < end);
  const beyond = from + (<usize>count << 3);
  do {
    const pair = load<u64>(from);
    const cell = counts + (<usize>((<u32>pair >>> shift) & 2047) << 2);
    const place = load<u32>(cell);
    store<u32>(cell, place + 8);
    store<u64>(<usize>place, pair);
    from += 8;
  } while (from < beyond);
  return 1;
}
