import { fail } from '../errors.ts';

/** A seeded stream of random numbers. The only source of randomness in the library; always passed in or made from a seed. */
export interface Random {
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform whole number in [0, n). */
  below(n: number): number;
}

/**
 * sfc32 (Chris Doty-Humphrey's small fast counting generator, 128 bits of state), seeded by a whole number. Equal seeds
 * give equal streams on every engine, since only 32-bit integer arithmetic is used.
 */
export function seededRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) fail('invalid-option', `invalid seed: ${seed}; use a whole number`);
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  const uniform = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
  return { uniform, below: (n) => Math.floor(uniform() * n) };
}

/** The numbers 0 … n−1 in random order (Fisher–Yates). */
export function shuffled(n: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
