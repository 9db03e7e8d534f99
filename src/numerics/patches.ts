import { scratchAt } from '../kernels/wasm/registry.ts';
import { cosPi } from './quadrature.ts';

// One octave of the argument is cut into 16 patches, each a polynomial of degree 8 about its middle.
const PER_OCTAVE = 16;
const TERMS = 9;
const HALF = 1 / (2 * PER_OCTAVE);
const OCTAVE = PER_OCTAVE * TERMS;
const OCTAVES = 32;
const ROWS = 256;
/**
 * The last Chebyshev coefficient, and 1/32 of the one before, must be below this part of the value: the first one left out
 * is then far below it.
 */
const NEGLIGIBLE = 1e-13;
const ROOM = 32 * OCTAVE;
/** So many cells may miss the patches of the copy before it is made anew. */
const STALE = 2048;

interface Interpolation {
  readonly nodes: Float64Array;
  /** Values at the zeros of T_9 → Chebyshev coefficients. */
  readonly cosines: Float64Array;
  /** Coefficient of wⁿ in T_k at [k][n], w = u/{@link HALF}. */
  readonly chebyshev: readonly (readonly number[])[];
}
let all: Interpolation | undefined;
function interpolation(): Interpolation {
  all ??= {
    nodes: Float64Array.from({ length: TERMS }, (_, j) => HALF * cosine(j, 1)),
    cosines: Float64Array.from(
      { length: TERMS * TERMS },
      (_, at) => cosine(at % TERMS, Math.floor(at / TERMS)) * (at < TERMS ? 1 / TERMS : 2 / TERMS),
    ),
    chebyshev: chebyshev(),
  };
  return all;
}

/** T_k at the j-th zero of T_9. */
function cosine(j: number, k: number): number {
  return cosPi(((2 * j + 1) * k) % (4 * TERMS), 2 * TERMS);
}
function chebyshev(): number[][] {
  const T = [[1], [0, 1]];
  for (let k = 2; k < TERMS; k++)
    T.push(Array.from({ length: k + 1 }, (_, n) => 2 * (T[k - 1]![n - 1] ?? 0) - (T[k - 2]![n] ?? 0)));
  return T;
}

const NUMBER: Float64Array<ArrayBuffer> = new Float64Array(1);
const WORDS: Int32Array = new Int32Array(NUMBER.buffer);
/** Which word of a number holds sign and exponent. */
const TOP: number = topWord();
function topWord(): number {
  return new Uint8Array(new Uint16Array([1]).buffer)[0]!;
}

/** A function of a whole number and of a positive one, tabulated. */
export interface Patches {
  at(row: number, A: number): number;
  /**
   * {@link at} for each of `count` cells, A = start + after, with the same bits; without `rows`, of row 0. `out` is not an
   * input.
   */
  each(count: number, rows: Float64Array | null, start: number, after: Float64Array, out: Float64Array): void;
}

/**
 * f(row, A) for A ≥ `lowest` > 0 (f is asked from 15/16 of it on) by piecewise polynomials in A, made where they are asked for: 16 patches an octave, told
 * by the exponent and the first bits of A, so that no logarithm is needed. For a function that is analytic and no larger
 * than its size on the axis in the half-plane Re A > 0, degree 8 leaves 66^(−9), less than rounding; a patch whose last
 * term says otherwise is not used. There, from 32 octaves on and for rows from 256 on the value is f's own. Which one it
 * is, and its bits, depend on row and A alone.
 */
export function patched(lowest: number, f: (row: number, A: number) => number): Patches {
  const { nodes, cosines, chebyshev } = interpolation();
  NUMBER[0] = lowest;
  const first = WORDS[TOP]! >> 20;
  WORDS[TOP] = first << 20;
  WORDS[1 - TOP] = 0;
  /** 2^−exponent of each octave. */
  const scales = new Float64Array(OCTAVES).fill(1 / NUMBER[0]);
  for (let k = 1; k < OCTAVES; k++) scales[k] = scales[k - 1]! / 2;
  /** Where in the pool the patches of a row's octave begin; at 0 there is an octave without any. */
  const octaves = new Int32Array(ROWS * OCTAVES);
  let pool = new Float64Array(ROOM).fill(Number.NaN, 0, OCTAVE);
  let used = OCTAVE;
  let made = 0;

  const build = (row: number, octave: number, patch: number): void => {
    let base = octaves[row * OCTAVES + octave]!;
    if (base === 0) {
      if (used === pool.length) {
        const larger = new Float64Array(2 * used);
        larger.set(pool);
        pool = larger;
      }
      base = used;
      used += OCTAVE;
      pool.fill(Number.NaN, base, used);
      octaves[row * OCTAVES + octave] = base;
    }
    const at = base + patch * TERMS;
    if (pool[at] === pool[at]) return;
    made++;
    const middle = 1 + HALF + patch / PER_OCTAVE;
    const values = nodes.map((u) => f(row, (middle + u) / scales[octave]!));
    // By way of the Chebyshev coefficients, whose decay keeps the powers free of cancellation.
    const terms = Float64Array.from(nodes, (_, k) => {
      let sum = 0;
      for (let j = 0; j < TERMS; j++) sum += cosines[k * TERMS + j]! * values[j]!;
      return sum;
    });
    const most = NEGLIGIBLE * Math.abs(terms[0]!);
    const good = Math.abs(terms[TERMS - 1]!) <= most && Math.abs(terms[TERMS - 2]!) * HALF <= most;
    for (let n = 0, scale = 1; n < TERMS; n++, scale /= HALF) {
      let sum = 0;
      for (let k = TERMS - 1; k >= n; k--) sum += (chebyshev[k]![n] ?? 0) * terms[k]!;
      pool[at + n] = good ? sum * scale : Infinity;
    }
  };
  const at = (row: number, A: number): number => {
    NUMBER[0] = A;
    const top = WORDS[TOP]!;
    const octave = (top >> 20) - first;
    if (row < ROWS && octave >= 0 && octave < OCTAVES) {
      const patch = (top >> 16) & (PER_OCTAVE - 1);
      build(row, octave, patch);
      const k = octaves[row * OCTAVES + octave]! + patch * TERMS;
      const y = polynomial(pool, k, A * scales[octave]! - (1 + HALF + patch / PER_OCTAVE));
      if (y - y === 0) return y;
    }
    return f(row, A);
  };
  const plain = (
    count: number,
    rows: Float64Array | null,
    start: number,
    after: Float64Array,
    out: Float64Array,
  ): void => {
    for (let i = 0; i < count; i++) {
      const A = start + after[i]!;
      NUMBER[0] = A;
      const top = WORDS[TOP]!;
      const row = rows === null ? 0 : rows[i]!;
      const octave = (top >> 20) - first;
      const known = row < ROWS && octave >>> 0 < OCTAVES;
      const base = known ? octaves[row * OCTAVES + octave]! : 0;
      const patch = (top >> 16) & (PER_OCTAVE - 1);
      const scale = known ? scales[octave]! : 0;
      out[i] = polynomial(pool, base + patch * TERMS, A * scale - (1 + HALF + patch / PER_OCTAVE));
    }
  };
  let copy: Uint8Array | null = null;
  let copiedOf = 0;
  let missed = 0;
  /** What WASM reads: a copy, made anew when enough cells have missed patches made since. */
  const copied = (): Uint8Array => {
    if (copy !== null && missed <= STALE) return copy;
    copy = new Uint8Array(octaves.byteLength + 8 * used);
    copy.set(new Uint8Array(octaves.buffer));
    copy.set(new Uint8Array(pool.buffer, 0, 8 * used), octaves.byteLength);
    copiedOf = made;
    missed = 0;
    return copy;
  };
  return {
    at,
    each(count, rows, start, after, out) {
      const { buffer } = out;
      const scratch = after.buffer === buffer && (rows ?? after).buffer === buffer ? scratchAt(buffer) : undefined;
      const program = scratch?.program(copied()) ?? -1;
      if (scratch === undefined || program < 0) plain(count, rows, start, after, out);
      else {
        const { kernels } = scratch;
        const rowsAt = rows?.byteOffset ?? 0;
        if (kernels.patchCells(rowsAt, start, after.byteOffset, out.byteOffset, count, program, first) === 1) return;
      }
      for (let i = 0; i < count; i++) {
        if (out[i]! - out[i]! === 0) continue;
        const row = rows === null ? 0 : rows[i]!;
        out[i] = at(row, start + after[i]!);
        if (made !== copiedOf) missed++;
      }
    },
  };
}

function polynomial(c: Float64Array, k: number, u: number): number {
  return (
    c[k]! +
    u *
      (c[k + 1]! +
        u *
          (c[k + 2]! +
            u * (c[k + 3]! + u * (c[k + 4]! + u * (c[k + 5]! + u * (c[k + 6]! + u * (c[k + 7]! + u * c[k + 8]!)))))))
  );
}
