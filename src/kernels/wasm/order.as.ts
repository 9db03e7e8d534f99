// Keys of texts and their order by key, for src/transactions/id-order.ts. Sixteen bytes are read of a text, whatever its
// length: so many have to lie behind the last one.

import { sortItems } from './ranks.as';

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
 * Items in the order of their keys, equal ones as they were: a place, above it a key, the sum, modulo 2³², of
 * `weights[256 k + byte]` over the bytes at places `start + k`, k < `most`, that a text has. `count` > 0. `others`: room for
 * as many items, `counts`: for 3 · 2048 words.
 */
export function sortTexts(
  bytes: usize,
  starts: usize,
  places: usize,
  count: i32,
  start: u32,
  most: u32,
  weights: usize,
  items: usize,
  others: usize,
  counts: usize,
): void {
  const beyond = places + (<usize>count << 2);
  let item = items;
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
    store<u32>(item, place);
    store<u32>(item, key, 4);
    item += 8;
    places += 4;
  } while (places < beyond);
  sortItems(items, others, count, 32, counts);
}
