/*
 * exp, log, log1p, expm1 and pow with the same bits on every JavaScript engine: made of + − × ÷ and square root alone,
 * which IEEE 754 fixes, while Math.exp and its kin are each engine's own. Error below 0.52 ulp for exp and pow and below
 * 0.8 for the others and for subnormal results. Argument reduction by tables after Tang, ACM TOMS 15 (1989) 144–157,
 * 16 (1990) 378–400 and 18 (1992) 211–222. Special values are those of ECMAScript's Math.
 */

type Pair = readonly [high: number, low: number];

/** a·b − p without rounding error, for p = a·b as rounded (Dekker 1971). */
function productError(a: number, b: number, p: number): number {
  const aBig = 134217729 * a;
  const bBig = 134217729 * b;
  const aHigh = aBig - (aBig - a);
  const bHigh = bBig - (bBig - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (p - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

// Arithmetic on unevaluated sums high + low of about 104 bits; only the tables are computed with it.
function normal(a: number, b: number): Pair {
  const high = a + b;
  return [high, a - high + b];
}
function times(a: Pair, b: Pair): Pair {
  const p = a[0] * b[0];
  return normal(p, productError(a[0], b[0], p) + (a[0] * b[1] + a[1] * b[0]));
}
function plus(a: Pair, b: Pair): Pair {
  const s = a[0] + b[0];
  const part = s - a[0];
  return normal(s, a[0] - (s - part) + (b[0] - part) + (a[1] + b[1]));
}
function ratio(a: number, b: number): Pair {
  const q = a / b;
  const p = q * b;
  return normal(q, (a - p - productError(q, b, p)) / b);
}
function root(a: Pair): Pair {
  const s = Math.sqrt(a[0]);
  const p = s * s;
  return normal(s, (a[0] - p - productError(s, s, p) + a[1]) / (2 * s));
}

/** 2^e at [e + 1024], e = −1024 … 1023. */
const POWERS: Float64Array = powersOfTwo();
function powersOfTwo(): Float64Array {
  const out = new Float64Array(2048).fill(1);
  for (let i = 1025; i < 2048; i++) out[i] = 2 * out[i - 1]!;
  for (let i = 1023; i >= 0; i--) out[i] = out[i + 1]! / 2;
  return out;
}

/** 2^(j/128) as high [2j] and low [2j + 1]. */
export const ROOTS: Float64Array = rootsOfTwo();
function rootsOfTwo(): Float64Array {
  let step: Pair = [2, 0];
  for (let i = 0; i < 7; i++) step = root(step);
  const out = new Float64Array(256);
  let power: Pair = [1, 0];
  for (let j = 0; j < 128; j++) {
    out.set(power, 2 * j);
    power = times(power, step);
  }
  return out;
}

/**
 * For the j-th of 128 intervals of [0.6875, 1.375): a 17-bit number q near 1/middle at [4j], and −ln q as a multiple of
 * 2⁻⁴² [4j + 1] and the rest [4j + 2]. Both intervals that touch 1 have q = 1, so logarithms near 0 keep full precision.
 */
export const LOGS: Float64Array = logarithms();
function logarithms(): Float64Array {
  const out = new Float64Array(512);
  const start = (j: number): number => (j < 80 ? 0.6875 + j / 256 : 1 + (j - 80) / 128);
  const third = ratio(1, 3);
  for (const by of [-1, 1]) {
    let last = 65536;
    let logarithm: Pair = [0, 0];
    for (let j = by < 0 ? 79 : 80; j >= 0 && j < 128; j += by) {
      const q = j === 79 || j === 80 ? 65536 : Math.floor(131072 / (start(j) + start(j + 1)) + 0.5);
      // −ln q + ln last = 2 artanh z = 2 z (1 + z²/3 + z⁴/5 + …)
      const z = ratio(last - q, last + q);
      const square = times(z, z);
      const s = square[0];
      const series = plus(
        [1, 0],
        times(square, plus(third, [s * (1 / 5 + s * (1 / 7 + s * (1 / 9 + s * (1 / 11)))), 0])),
      );
      logarithm = plus(logarithm, times(series, [2 * z[0], 2 * z[1]]));
      const short = Math.floor(logarithm[0] * 4398046511104 + 0.5) / 4398046511104;
      out.set([q / 65536, short, logarithm[0] - short + logarithm[1]], 4 * j);
      last = q;
    }
  }
  return out;
}

const BITS: Float64Array<ArrayBuffer> = new Float64Array(1);
const WORDS: Int32Array = words(BITS);
function words(of: Float64Array<ArrayBuffer>): Int32Array {
  return new Int32Array(of.buffer);
}
/** Which word of a number holds sign and exponent. */
const TOP: number = topWord();
function topWord(): number {
  return new Uint8Array(new Uint16Array([1]).buffer)[0]!;
}

// ln 2 and ln 2 / 128 as multiples of 2⁻⁴², so that their products with exponents are exact, and the rest.
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;
const STEP_HIGH = 0.0054152123482253955;
const STEP_LOW = -1.0082281460997769e-13;
const STEPS_PER_UNIT = 184.6649652337873;
/** 1.5 · 2⁵²: adding and subtracting it rounds to a whole number. */
const TO_WHOLE = 6755399441055744;
/** 1.5 · 2²⁰: adding and subtracting it rounds to a multiple of 2⁻³². */
const TO_SHORT = 1572864;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const LARGEST = 1.7976931348623157e308;

/** e^x. */
export function exp(x: number): number {
  // x = steps·ln2/128 + r; e^x = 2^⌊steps/128⌋ · 2^(rest/128) · (1 + (e^r − 1))
  if (!(x > -708 && x < 709)) return expOfSum(x, 0);
  const steps = x * STEPS_PER_UNIT + TO_WHOLE - TO_WHOLE;
  const r = x - steps * STEP_HIGH - steps * STEP_LOW;
  const square = r * r;
  const more = r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120)));
  const n = steps | 0;
  const at = (n & 127) << 1;
  const base = ROOTS[at]!;
  return (base + (ROOTS[at + 1]! + base * more)) * POWERS[(n >> 7) + 1024]!;
}

/** {@link exp} of the first `rows` cells of `from` in `to`, another array: the same bits without a call per cell. */
export function expInto(rows: number, from: Float64Array, to: Float64Array): void {
  if (!expOfEach(rows, from, to, ROOTS, POWERS)) for (let i = 0; i < rows; i++) to[i] = exp(from[i]!);
}

/**
 * False, and `to` without meaning, when a result may be at the edge. No branch and no call, and the tables are arguments,
 * which V8 does not look up anew for every cell.
 */
function expOfEach(
  rows: number,
  from: Float64Array,
  to: Float64Array,
  roots: Float64Array,
  powers: Float64Array,
): boolean {
  let atEdge = 0;
  for (let i = 0; i < rows; i++) {
    const x = from[i]!;
    atEdge |= Number(Math.abs(x) >= 708);
    const steps = x * STEPS_PER_UNIT + TO_WHOLE - TO_WHOLE;
    const r = x - steps * STEP_HIGH - steps * STEP_LOW;
    const square = r * r;
    const more = r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120)));
    const n = steps | 0;
    const at = (n & 127) << 1;
    const base = roots[at]!;
    to[i] = (base + (roots[at + 1]! + base * more)) * powers[((n >> 7) + 1024) & 2047]!;
  }
  return atEdge === 0;
}

/** e^(x + c) for c far below x, whatever the size of the result. */
function expOfSum(x: number, c: number): number {
  if (x > 709.8) return Number.POSITIVE_INFINITY;
  if (x < -745.2) return 0;
  const steps = x * STEPS_PER_UNIT + TO_WHOLE - TO_WHOLE;
  const r = x - steps * STEP_HIGH - (steps * STEP_LOW - c);
  const square = r * r;
  const more = r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120)));
  const n = steps | 0;
  const at = (n & 127) << 1;
  const base = ROOTS[at]!;
  const y = base + (ROOTS[at + 1]! + base * more);
  const power = n >> 7;
  // two factors where one would not be a normal number, the rounding one last
  if (power > 1022) return y * POWERS[power + 1022]! * 4;
  if (power < -1022) return y * POWERS[power + 1124]! * POWERS[924]!;
  return y * POWERS[power + 1024]!;
}

/** Natural logarithm; −∞ at 0, NaN below. */
export function log(x: number): number {
  return x >= SMALLEST_NORMAL && x <= LARGEST ? logOfSum(x, 0, 0) : logAtEdge(x);
}

function logAtEdge(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x < 0) return Number.NaN;
  return x < 1 ? logOfSum(x * 18014398509481984, 0, -54) : x;
}

/** ln((x + c)·2^power) for normal x and c below its last bit. */
function logOfSum(x: number, c: number, power: number): number {
  // x = 2^k·m, m·q = 1 + r; ln x = k·ln2 − ln q + ln(1 + r), with r in two parts of which the first is exact
  BITS[0] = x;
  const bits = WORDS[TOP]! - 0x3fe60000;
  const k = bits >> 20;
  const at = (bits >> 11) & 508;
  const scale = POWERS[1024 - k]!;
  const q = LOGS[at]!;
  const m = x * scale;
  const short = m + TO_SHORT - TO_SHORT;
  const rHigh = short * q - 1;
  const rLow = (m - short + c * scale) * q;
  const r = rHigh + rLow;
  const square = r * r;
  const curve =
    square * (r * (1 / 3) - 0.5 + square * (r * (1 / 5) - 0.25 + square * (r * (1 / 7) - 1 / 6 - square * 0.125)));
  const base = (k + power) * LN2_HIGH + LOGS[at + 1]!;
  const high = base + rHigh;
  return high + (base - high + rHigh + ((k + power) * LN2_LOW + LOGS[at + 2]! + rLow + curve));
}

/** ln(1 + x), precise near 0; −∞ at −1, NaN below. */
export function log1p(x: number): number {
  if (!(x > -1 && x <= LARGEST)) return x === -1 ? Number.NEGATIVE_INFINITY : x < -1 ? Number.NaN : x;
  if (x === 0) return x;
  const u = 1 + x;
  return logOfSum(u, u > 2 ? 1 - (u - x) : x - (u - 1), 0);
}

/** e^x − 1, precise near 0. */
export function expm1(x: number): number {
  if (x > -0.125 && x < 0.125) {
    if (x === 0) return x;
    const square = x * x;
    const fourth = square * square;
    return (
      x +
      square *
        (0.5 +
          x * (1 / 6) +
          square * (1 / 24 + x * (1 / 120)) +
          fourth *
            (1 / 720 +
              x * (1 / 5040) +
              square * (1 / 40320 + x * (1 / 362880)) +
              fourth * (1 / 3628800 + x * (1 / 39916800))))
    );
  }
  if (!(x > -38)) return x !== x ? x : -1;
  if (x > 56) return exp(x);
  const steps = x * STEPS_PER_UNIT + TO_WHOLE - TO_WHOLE;
  const r = x - steps * STEP_HIGH - steps * STEP_LOW;
  const square = r * r;
  const more = r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120)));
  const n = steps | 0;
  const at = (n & 127) << 1;
  const scale = POWERS[(n >> 7) + 1024]!;
  const base = ROOTS[at]! * scale;
  const less = base - 1;
  const lost = base > 1 ? base - less - 1 : base - (less + 1);
  return less + (lost + (ROOTS[at + 1]! * scale + base * more));
}

/** x^y as ECMAScript has it: 1 for y = ±0, NaN for a negative x with broken y and for |x| = 1 with infinite y. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return Number.NaN;
  const size = Math.abs(x);
  const whole = Math.floor(y) === y;
  const odd = whole && Math.abs(y % 2) === 1;
  if (size === 1) {
    if (Math.abs(y) > LARGEST || (x < 0 && !whole)) return Number.NaN;
    return x < 0 && odd ? -1 : 1;
  }
  if (size === 0 || size > LARGEST) {
    const end = (size === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
    return odd && (x < 0 || 1 / x < 0) ? -end : end;
  }
  if (x < 0 && !(whole || Math.abs(y) > LARGEST)) return Number.NaN;
  const result = powOfNormal(size, y);
  return x < 0 && odd ? -result : result;
}

/** x^y for finite positive x other than 1: e^(y·ln x) with ln x to about 68 bits. */
function powOfNormal(x: number, y: number): number {
  const power = x < SMALLEST_NORMAL ? -54 : 0;
  if (power < 0) x *= 18014398509481984;
  BITS[0] = x;
  const bits = WORDS[TOP]! - 0x3fe60000;
  const k = bits >> 20;
  const at = (bits >> 11) & 508;
  const q = LOGS[at]!;
  const m = x * POWERS[1024 - k]!;
  const short = m + TO_SHORT - TO_SHORT;
  const rHigh = short * q - 1;
  const rLow = (m - short) * q;
  const r = rHigh + rLow;
  const part = r - rHigh;
  const rLost = rHigh - (r - part) + (rLow - part);
  const square = r * r;
  const halfLost = productError(r, r, square) / 2 + r * rLost;
  const curve =
    square *
    r *
    (1 / 3 -
      r * 0.25 +
      square * (1 / 5 - r * (1 / 6) + square * (1 / 7 - r * 0.125 + square * (1 / 9 - r * 0.1 + square * (1 / 11)))));
  const base = (k + power) * LN2_HIGH + LOGS[at + 1]!;
  const first = base + r;
  const second = first - square / 2;
  const rest =
    base -
    first +
    r +
    (first - second - square / 2) +
    ((k + power) * LN2_LOW + LOGS[at + 2]! + (rLost - halfLost) + curve);
  const high = second + rest;
  const low = second - high + rest;
  const product = y * high;
  if (product > 710) return Number.POSITIVE_INFINITY;
  if (product < -746) return 0;
  return expOfSum(product, productError(y, high, product) + y * low);
}
