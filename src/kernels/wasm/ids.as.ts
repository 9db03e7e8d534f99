// Finds customers by their ids in the hash tables of src/transactions/number-table.ts and text-table.ts, whose hashes and
// slots it has to agree with, and adds those that are new.

/** Rows whose memory is fetched at once, before it is looked at: the processor then waits for many of them together. */
// @ts-ignore: decorator
@inline const AT_ONCE: usize = 256;

let touched: f64 = 0;

// @ts-ignore: decorator
@inline
function hashOfNumber(bits: u64): u32 {
  const mixed = <u32>bits * 0x9e3779b1 + <u32>(bits >>> 32);
  return (mixed ^ (mixed >>> 15)) * 0x85ebca6b;
}

/**
 * The places of `count` numbers, −1 for one that is not finite, and −0 made 0. A new one takes the place `next` and the
 * following ones below `most`, and is put down in `fresh`; beyond, it gets −2. Slots are pairs of a number and 1 + its
 * place; the high bits of a hash, less the low `shift` ones, tell where to begin. Returns the next place.
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
    let all: f64 = 0;
    let row = values;
    do {
      const value = load<f64>(row) + 0.0;
      store<f64>(row, value);
      const at = slots + (<usize>(hashOfNumber(reinterpret<u64>(value)) >>> shift) << 4);
      store<u32>(place, <u32>at);
      all += load<f64>(at);
      place += 4;
      row += 8;
    } while (row < stop);
    touched = all;
    do {
      const value = load<f64>(values);
      let at = <usize>load<u32>(into);
      let found: i32;
      if (load<f64>(at) != value && value - value != 0) found = -1;
      else {
        while (load<f64>(at) != value && load<f64>(at, 8) != 0) {
          at += 16;
          if (at == end) at = slots;
        }
        found = <i32>load<f64>(at, 8) - 1;
        if (found < 0) {
          if (next < most) {
            store<f64>(at, value);
            store<f64>(at, <f64>(next + 1), 8);
            store<f64>(fresh, value);
            fresh += 8;
            found = next++;
          } else found = -2;
        }
      }
      store<i32>(into, found);
      into += 4;
      values += 8;
    } while (values < stop);
  } while (values < beyond);
  return next;
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

/**
 * The places of `count` texts, row i of which has the bytes `offsets[i] … offsets[i + 1]` from `bytes` on, these offsets
 * being right. A new text of ASCII takes the place `next` and the following ones below `most`; its bytes are put down
 * behind those held, and where they end in `ends`, which holds the end of all so far before. Another new one gets −2. Slots
 * are four words: the hash of a text, 1 + its place, where its bytes start from `held` on and their number, −1 less that
 * many where they are no UTF-8. `hashes` takes 8 bytes for each row. Returns the next place.
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
    do {
      const hash = hashOfText(bytes + <usize>load<u32>(row), bytes + <usize>load<u32>(row, 4));
      store<u32>(own, hash);
      store<u32>(own, others & 0x80808080, 4);
      all += load<i32>(slots + (<usize>(hash >>> shift) << 4), 8);
      own += 8;
      row += 4;
    } while (row < stop);
    own = hashes;
    row = offsets;
    do {
      all += <i32>load<u8>(held + <usize>load<u32>(slots + (<usize>(load<u32>(own) >>> shift) << 4), 8));
      own += 8;
      row += 4;
    } while (row < stop);
    touched = <f64>all;
    own = hashes;
    do {
      const hash = load<u32>(own);
      const from = bytes + <usize>load<u32>(offsets);
      const length = load<u32>(offsets, 4) - load<u32>(offsets);
      let at = slots + (<usize>(hash >>> shift) << 4);
      let found = load<i32>(at, 4) - 1;
      while (
        found >= 0 &&
        !(
          load<u32>(at) == hash &&
          load<u32>(at, 12) == length &&
          same(from, held + <usize>load<u32>(at, 8), <usize>length)
        )
      ) {
        at += 16;
        if (at == end) at = slots;
        found = load<i32>(at, 4) - 1;
      }
      if (found < 0) {
        if (next < most && load<u32>(own, 4) == 0) {
          const start = load<u32>(ends);
          memory.copy(held + <usize>start, from, <usize>length);
          ends += 4;
          store<u32>(ends, start + length);
          store<u32>(at, hash);
          store<i32>(at, next + 1, 4);
          store<u32>(at, start, 8);
          store<u32>(at, length, 12);
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
