import { exp, expm1, log, log1p, pow } from './elementary.ts';
import { seededRandom } from './random.ts';

/** A number that depends on every bit of some hundred thousand results, to compare engines with. */
export function elementaryDigest(): number {
  const random = seededRandom(20);
  const bits = new Float64Array(1);
  const words = new Uint32Array(bits.buffer);
  let digest = 0;
  const take = (value: number): void => {
    bits[0] = value === value ? value : 0.5; // the bits of NaN are each engine's own
    digest = (Math.imul(digest ^ words[0]!, 0x9e3779b1) + words[1]!) | 0;
  };
  for (let i = 0; i < 40_000; i++) {
    words[0] = random.below(2 ** 32);
    words[1] = random.below(2 ** 32);
    const any = bits[0]!;
    for (const x of [any, random.uniform() * 20 - 10, 1 + (random.uniform() - 0.5) / 64]) {
      for (const f of [exp, log, log1p, expm1]) take(f(x));
      take(pow(x, random.uniform() * 10 - 5));
    }
  }
  return digest;
}
