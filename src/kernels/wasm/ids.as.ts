// Finds customers by their ids in the hash tables of src/transactions/number-table.ts and text-table.ts, whose hashes and
// slots it has to agree with, and adds those that are new.

/**
 * Rows whose memory is fetched at once, before it is looked at: the processor then waits for many of them together. A loop
 * that does nothing else looks furthest ahead.
 */
// @ts-ignore: decorator
@inline const AT_ONCE: usize = 256;

let touched: i32 = 0;

// @ts-ignore: decorator
@inline
function hashOfNumber(bits: u64): u32 {
  const mixed = <u32>bits * 0x9e3779b1 + <u32>(bits >>> 32);
  return (mixed ^ (mixed >>> 15)) * 0x85ebca6b;
}

/**
 * The places of `count` numbers, −1 for one that is not finite, and −0 made 0. A new one takes the place `next` and the
 * following ones below `most`, and is put down in `fresh`; beyond, it gets −2. A bucket has four numbers and 1 + the place of
 * each, 0 where there is none: one line of a processor's cache. The high bits of a hash, less the low `shift` ones, tell in
 * which to begin. Returns the next place.
 */
export function takeNumbers(
  slots: usize,
  end: usize,
  shift: u32,
  values: usize,
  count: i32,
  into: usize,
  next: i32,
  most: i32,
  fresh: usize,
): i32 {
  const beyond = values + (<usize>count << 3);
  do {
    const stop = min(beyond, values + (AT_ONCE << 3));
    let place = into;
    let all: i32 = 0;
    let row = values;
    do {
      const value = load<f64>(row) + 0.0;
      store<f64>(row, value);
      const at = slots + (<usize>(hashOfNumber(reinterpret<u64>(value)) >>> shift) << 6);
      store<u32>(place, <u32>at);
      place += 4;
      row += 8;
    } while (row < stop);
    const last = place;
    place = into;
    do {
      all += load<i32>(<usize>load<u32>(place));
      place += 4;
    } while (place < last);
    touched = all;
    do {
      const value = load<f64>(values);
      const both = f64x2.splat(value);
      const at = <usize>load<u32>(into);
      const which =
        i64x2.bitmask(f64x2.eq(v128.load(at), both)) | (i64x2.bitmask(f64x2.eq(v128.load(at, 16), both)) << 2);
      // What is not there is found at a place without a number, if it is 0, or at none.
      let found = load<i32>(at + (<usize>(ctz(which) & 3) << 2), 32) - 1;
      if (which == 0 || found < 0) {
        const cell = value - value == 0 ? search(slots, end, at, value) : 0;
        if (cell == 0) found = -1;
        else {
          const number = cell & ~63;
          const k = (cell & 63) - 32;
          found = load<i32>(cell) - 1;
          if (found < 0) {
            if (next < most) {
              store<f64>(number + (k << 1), value);
              store<f64>(fresh, value);
              fresh += 8;
              store<i32>(cell, next + 1);
              found = next++;
            } else found = -2;
          }
        }
      }
      store<i32>(into, found);
      into += 4;
      values += 8;
    } while (values < stop);
  } while (values < beyond);
  return next;
}

/** Where the place of a number stands, or is to stand, from the bucket `at` on. Buckets begin at multiples of 64 bytes. */
function search(slots: usize, end: usize, at: usize, value: f64): usize {
  while (true) {
    for (let k: usize = 0; k < 4; k++)
      if (load<i32>(at + (k << 2), 32) == 0 || load<f64>(at + (k << 3)) == value) return at + 32 + (k << 2);
    at += 64;
    if (at == end) at = slots;
  }
}

/**
 * Writes `count` > 0 numbers as texts one behind the other, up to one that is no whole number of 0 to 2⁵³ − 1; where they end
 * to `ends`, whose first word tells where they begin. Returns how many it wrote.
 */
export function writeNumbers(values: usize, count: i32, bytes: usize, ends: usize): i32 {
  let done: i32 = 0;
  do {
    const value = load<f64>(values + (<usize>done << 3));
    if (!(value >= 0 && value < 9007199254740992 && floor(value) == value)) break;
    const begin = load<u32>(ends);
    const above = floor(value / 1e8);
    let high = <u32>above;
    let low = <u32>(value - above * 1e8);
    let length: u32 = 1;
    let rest = high == 0 ? low : high;
    while (rest >= 10) {
      rest /= 10;
      length++;
    }
    if (high != 0) length += 8;
    let at = bytes + <usize>(begin + length);
    if (high != 0) {
      const middle = at - 8;
      do {
        const tenth = low / 10;
        store<u8>(--at, 48 + low - 10 * tenth);
        low = tenth;
      } while (at > middle);
      low = high;
    }
    const first = bytes + <usize>begin;
    do {
      const tenth = low / 10;
      store<u8>(--at, 48 + low - 10 * tenth);
      low = tenth;
    } while (at > first);
    ends += 4;
    store<u32>(ends, begin + length);
  } while (++done < count);
  return done;
}

// @ts-ignore: decorator
@inline
function mix(hash: u32, word: u32): u32 {
  const mixed = (hash ^ word) * 0x9e3779b1;
  return mixed ^ (mixed >>> 15);
}

let others: u32 = 0;

/** The hash of a text; `others` has the bits that its bytes have. */
// @ts-ignore: decorator
@inline
function hashOfText(from: usize, to: usize): u32 {
  let hash = <u32>(to - from);
  let all: u32 = 0;
  if (to - from >= 4) {
    const last = to - 4;
    while (from < last) {
      const word = load<u32>(from);
      hash = mix(hash, word);
      all |= word;
      from += 4;
    }
    const word = load<u32>(last);
    hash = mix(hash, word);
    all |= word;
  } else {
    while (from < to) {
      const byte = <u32>load<u8>(from);
      hash = mix(hash, byte);
      all |= byte;
      from++;
    }
  }
  others = all;
  return hash;
}

// @ts-ignore: decorator
@inline
function same(a: usize, b: usize, length: usize): bool {
  if (length >= 8) {
    const last = length - 8;
    if (load<u64>(a + last) != load<u64>(b + last)) return false;
    for (let k: usize = 0; k < last; k += 8) if (load<u64>(a + k) != load<u64>(b + k)) return false;
    return true;
  }
  for (let k: usize = 0; k < length; k++) if (load<u8>(a + k) != load<u8>(b + k)) return false;
  return true;
}

/** The first 16 bytes of a text of so many, zeros behind its end; 16 are read of any. */
// @ts-ignore: decorator
@inline
function beginningOf(from: usize, length: u32): v128 {
  const has = i8x16.lt_u(
    i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    i8x16.splat(<i8>min(length, 16)),
  );
  return v128.and(v128.load(from), has);
}

/**
 * The places of `count` texts, row i of which has the bytes `offsets[i] … offsets[i + 1]` from `bytes` on, these offsets
 * being right. A new text of ASCII takes the place `next` and the following ones below `most`; its bytes are put down
 * behind those held, and where they end in `ends`, which holds the end of all so far before. Another new one gets −2. Slots
 * are eight words: the hash of a text, 1 + its place, where its bytes start from `held` on and their number, −1 less that
 * many where they are no UTF-8, and the first 16 of them. `hashes` takes 8 bytes for each row. Sixteen bytes are read behind
 * the texts and written behind those held. Returns the next place.
 */
export function takeTexts(
  slots: usize,
  end: usize,
  shift: u32,
  bytes: usize,
  offsets: usize,
  count: i32,
  hashes: usize,
  into: usize,
  held: usize,
  next: i32,
  most: i32,
  ends: usize,
): i32 {
  const beyond = offsets + (<usize>count << 2);
  do {
    const stop = min(beyond, offsets + (AT_ONCE << 2));
    let all: i32 = 0;
    let row = offsets;
    let own = hashes;
    let longest: u32 = 0;
    do {
      const from = load<u32>(row);
      const to = load<u32>(row, 4);
      const hash = hashOfText(bytes + <usize>from, bytes + <usize>to);
      store<u32>(own, hash);
      store<u32>(own, others & 0x80808080, 4);
      longest = max(longest, to - from);
      own += 8;
      row += 4;
    } while (row < stop);
    const last = own;
    own = hashes;
    do {
      all += load<i32>(slots + (<usize>(load<u32>(own) >>> shift) << 5), 8);
      own += 8;
    } while (own < last);
    if (longest > 16) {
      own = hashes;
      row = offsets;
      do {
        all += <i32>load<u8>(held + <usize>load<u32>(slots + (<usize>(load<u32>(own) >>> shift) << 5), 8));
        own += 8;
        row += 4;
      } while (row < stop);
    }
    touched = all;
    own = hashes;
    do {
      const hash = load<u32>(own);
      const from = bytes + <usize>load<u32>(offsets);
      const length = load<u32>(offsets, 4) - load<u32>(offsets);
      const beginning = beginningOf(from, length);
      let at = slots + (<usize>(hash >>> shift) << 5);
      let found = load<i32>(at, 4) - 1;
      while (
        found >= 0 &&
        !(
          load<u32>(at, 12) == length &&
          !v128.any_true(v128.xor(v128.load(at, 16), beginning)) &&
          (length <= 16 ||
            (load<u32>(at) == hash && same(from, held + <usize>load<u32>(at, 8), <usize>length)))
        )
      ) {
        at += 32;
        if (at == end) at = slots;
        found = load<i32>(at, 4) - 1;
      }
      if (found < 0) {
        if (next < most && load<u32>(own, 4) == 0) {
          const start = load<u32>(ends);
          if (length <= 16) v128.store(held + <usize>start, beginning);
          else memory.copy(held + <usize>start, from, <usize>length);
          ends += 4;
          store<u32>(ends, start + length);
          store<u32>(at, hash);
          store<i32>(at, next + 1, 4);
          store<u32>(at, start, 8);
          store<u32>(at, length, 12);
          v128.store(at, beginning, 16);
          found = next++;
        } else found = -2;
      }
      store<i32>(into, found);
      into += 4;
      own += 8;
      offsets += 4;
    } while (offsets < stop);
  } while (offsets < beyond);
  return next;
}
