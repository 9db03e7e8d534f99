/** So many characters are packed at most. */
const MOST = 16;
const DIGIT = 11;
const HALF: number = 2 ** (2 * DIGIT);

/** The places of ids in order, and whether an id stands twice. */
export interface IdOrder {
  readonly order: Uint32Array;
  readonly repeats: boolean;
}

/**
 * The places of `ids` in UTF-16 order, equal ids by place: what sorting the strings gives, in a fraction of the time. The
 * first characters in which ids differ are packed into 44 bits and sorted digit by digit; only ids that agree in these are
 * compared as text.
 */
export function idOrder(ids: readonly string[]): IdOrder {
  const count = ids.length;
  if (rising(ids)) return { order: Uint32Array.from({ length: count }, (_, place) => place), repeats: false };
  const { start, least, base } = alphabet(ids);
  let letters = 0;
  for (let size = base; letters < MOST && size <= HALF * HALF; size *= base) letters++;

  let keys: Keys = { low: new Uint32Array(count), high: new Uint32Array(count), places: new Uint32Array(count) };
  pack(ids, start, letters, least, base, keys);
  let other: Keys = { low: new Uint32Array(count), high: new Uint32Array(count), places: new Uint32Array(count) };
  for (const half of ['low', 'high'] as const)
    for (const shift of [0, DIGIT]) if (sortDigit(keys[half], shift, keys, other)) [keys, other] = [other, keys];

  const { low, high, places: order } = keys;
  const asText = (a: number, b: number): number => (ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : a - b);
  let repeats = false;
  for (let from = 0, to = 1; from < count; from = to++) {
    while (to < count && low[to] === low[from] && high[to] === high[from]) to++;
    if (to - from === 1) continue;
    order.subarray(from, to).sort(asText);
    for (let i = from + 1; i < to; i++) if (ids[order[i]!] === ids[order[i - 1]!]) repeats = true;
  }
  return { order, repeats };
}

interface Keys {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly places: Uint32Array;
}

function rising(ids: readonly string[]): boolean {
  for (let i = 1; i < ids.length; i++) if (!(ids[i]! > ids[i - 1]!)) return false;
  return true;
}

/** Where ids begin to differ, and the range of the character codes that follow. */
function alphabet(ids: readonly string[]): { readonly start: number; readonly least: number; readonly base: number } {
  const first = ids[0]!;
  let start = first.length;
  for (let i = 1; i < ids.length; i++) {
    const id = ids[i]!;
    let k = 0;
    while (k < start && id.charCodeAt(k) === first.charCodeAt(k)) k++;
    start = k;
  }
  let least = 0xffff;
  let most = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    const end = Math.min(id.length, start + MOST);
    for (let k = start; k < end; k++) {
      const code = id.charCodeAt(k);
      if (code < least) least = code;
      if (code > most) most = code;
    }
  }
  // Equal ids have no such character.
  return { start, least, base: Math.max(1, most - least + 2) };
}

function pack(
  ids: readonly string[],
  start: number,
  letters: number,
  least: number,
  base: number,
  { low, high, places }: Keys,
): void {
  for (let place = 0; place < ids.length; place++) {
    const id = ids[place]!;
    let key = 0;
    for (let k = start; k < start + letters; k++) key = key * base + (k < id.length ? id.charCodeAt(k) - least + 1 : 0);
    const above = Math.floor(key / HALF);
    high[place] = above;
    low[place] = key - above * HALF;
    places[place] = place;
  }
}

/** Sorts by one digit of `half`, keeping the order of equal ones; false where all have the same. */
function sortDigit(half: Uint32Array, shift: number, from: Keys, to: Keys): boolean {
  const mask = 2 ** DIGIT - 1;
  const next = new Uint32Array(2 ** DIGIT);
  for (let i = 0; i < half.length; i++) next[(half[i]! >>> shift) & mask]!++;
  if (next[(half[0]! >>> shift) & mask] === half.length) return false;
  for (let digit = 0, before = 0; digit <= mask; digit++) {
    const count = next[digit]!;
    next[digit] = before;
    before += count;
  }
  scatter(half, shift, next, from.low, from.high, from.places, to.low, to.high, to.places);
  return true;
}

function scatter(
  half: Uint32Array,
  shift: number,
  next: Uint32Array,
  low: Uint32Array,
  high: Uint32Array,
  places: Uint32Array,
  toLow: Uint32Array,
  toHigh: Uint32Array,
  toPlaces: Uint32Array,
): void {
  const mask = 2 ** DIGIT - 1;
  for (let i = 0; i < half.length; i++) {
    const at = next[(half[i]! >>> shift) & mask]!++;
    toLow[at] = low[i]!;
    toHigh[at] = high[i]!;
    toPlaces[at] = places[i]!;
  }
}
