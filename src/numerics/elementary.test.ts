import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log1p, pow } from './elementary.ts';
import { elementaryDigest } from './elementary-digest.test-support.ts';
import { seededRandom } from './random.ts';

/*
 * The oracle: integers of any size. A value is n·2^s; exponentials and logarithms are summed as series with 420
 * binary places.
 */
interface Exact {
  readonly n: bigint;
  readonly s: number;
}
const PLACES = 420;
const ONE = 1n << BigInt(PLACES);
const abs = (n: bigint): bigint => (n < 0n ? -n : n);
const bitLength = (n: bigint): number => abs(n).toString(2).length;
const shift = (n: bigint, by: number): bigint => (by >= 0 ? n << BigInt(by) : n >> BigInt(-by));

function exactly(x: number): Exact {
  let s = 0;
  while (!Number.isInteger(x) || Math.abs(x) > 2 ** 53) {
    const by = Number.isInteger(x) ? -1 : Math.abs(x) < 2 ** -900 ? 60 : 1;
    x *= 2 ** by;
    s -= by;
  }
  return { n: BigInt(x), s };
}
const fixed = ({ n, s }: Exact): bigint => shift(n, s + PLACES);
const add = (a: Exact, b: Exact): Exact => {
  const s = Math.min(a.s, b.s);
  return { n: shift(a.n, a.s - s) + shift(b.n, b.s - s), s };
};

/** ln of a mantissa in [0.5, 1] or [1, 2] with PLACES places, by 2 artanh((m − 1)/(m + 1)). */
function lnFixed(m: bigint): bigint {
  const z = ((m - ONE) * ONE) / (m + ONE);
  const square = (z * z) / ONE;
  let power = z;
  let sum = 0n;
  for (let i = 1n; power !== 0n; i += 2n) {
    sum += power / i;
    power = (power * square) / ONE;
  }
  return 2n * sum;
}
const LN2 = lnFixed(2n * ONE);

function exactLn(x: Exact): Exact {
  const length = bitLength(x.n);
  let m = shift(x.n, PLACES - length);
  let k = length + x.s;
  if (10n * m < 7n * ONE) {
    m *= 2n;
    k--;
  }
  return { n: lnFixed(m) + BigInt(k) * LN2, s: -PLACES };
}
function exactExp(x: Exact): Exact {
  const all = fixed(x);
  let k = all / LN2;
  if (all < 0n) k -= 1n;
  const r = all - k * LN2;
  let term = ONE;
  let sum = 0n;
  for (let i = 1n; term !== 0n; i++) {
    sum += term;
    term = (term * r) / (ONE * i);
  }
  return { n: sum, s: Number(k) - PLACES };
}
const exactPow = (x: number, y: number): Exact => {
  const ln = exactLn(exactly(x));
  const by = exactly(y);
  return exactExp({ n: ln.n * by.n, s: ln.s + by.s });
};
const minusOne: Exact = { n: -1n, s: 0 };

/** |got − exact| in units of the last place of a double of that size. */
function ulps(got: number, exact: Exact): number {
  const mine = exactly(got);
  const difference = add(mine, { n: -exact.n, s: exact.s });
  const unit = Math.max(bitLength(exact.n) + exact.s - 53, -1074);
  return Number(shift(abs(difference.n), difference.s - unit + 24)) / 2 ** 24;
}

const random = seededRandom(7);
const between = (low: number, high: number): number => low + (high - low) * random.uniform();
const sample = <T>(n: number, draw: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => draw(i));

function worst(points: readonly number[], f: (x: number) => number, oracle: (x: Exact) => Exact): number {
  let most = 0;
  for (const x of points) most = Math.max(most, ulps(f(x), oracle(exactly(x))));
  return most;
}

describe('elementary functions against integer arithmetic of 420 places', () => {
  it('measures ulps: the double next to 1 is one unit away from 1', () => {
    expect(ulps(1 + 2 ** -52, { n: 1n, s: 0 })).toBe(1);
    expect(ulps(Math.LN2, { n: LN2, s: -PLACES })).toBeLessThan(0.5);
    expect(ulps(Math.E, exactExp({ n: 1n, s: 0 }))).toBeLessThan(0.5);
  });

  it('exp is within 0.52 ulp of the truth where the result is normal, within 0.8 where it is subnormal', () => {
    const normal = [
      ...sample(2000, (i) => between(-1, 1) * [700, 10, 1, 0.01][i & 3]!),
      ...sample(400, () => between(709, 709.78)),
      // rounding boundaries of the argument reduction
      ...sample(400, (i) => ((i - 200 + 0.5) * Math.LN2) / 128),
    ];
    expect(worst(normal, exp, exactExp)).toBeLessThan(0.52);
    expect(
      worst(
        sample(800, () => between(-745.1, -708.4)),
        exp,
        exactExp,
      ),
    ).toBeLessThan(0.8);
  });

  it('log is within 0.8 ulp of the truth, near 1 and for subnormals too', () => {
    const points = [
      ...sample(1000, () => 2 ** between(-1022, 1024)),
      ...sample(2000, (i) => 1 + between(-1, 1) * [0.3, 0.01, 1e-4, 1e-9][i & 3]!),
      ...sample(600, () => between(0.6, 1.5)),
      ...sample(300, () => 5e-324 * Math.ceil(2 ** between(0, 52))),
      // the ends of the table's intervals
      ...sample(128, (j) => (j < 80 ? 0.6875 + j / 256 : 1 + (j - 80) / 128)).filter((x) => x !== 1),
      1 - 2 ** -53,
      1 + 2 ** -52,
    ];
    expect(worst(points, log, exactLn)).toBeLessThan(0.8);
  });

  it('log1p is within 0.8 ulp of the truth', () => {
    const points = [
      ...sample(1500, (i) => between(-1, 1) * [1, 0.02, 1e-5, 1e-9, 1e-14][i % 5]!),
      ...sample(600, () => 2 ** between(-60, 1023)),
      ...sample(600, () => 2 ** between(-1, 6)),
      ...sample(300, () => -1 + 2 ** between(-53, -1)),
    ];
    expect(worst(points, log1p, (x) => exactLn(add({ n: 1n, s: 0 }, x)))).toBeLessThan(0.8);
  });

  it('expm1 is within 0.8 ulp of the truth', () => {
    const points = [
      ...sample(2000, (i) => between(-1, 1) * [37, 2, 0.3, 0.13, 1e-3][i % 5]!),
      ...sample(300, (i) => (i & 1 ? 0.125 : -0.125) * between(0.99, 1.05)),
      ...sample(200, () => between(37, 709)),
      ...sample(200, () => 2 ** between(-100, -10)),
    ];
    expect(worst(points, expm1, (x) => add(exactExp(x), minusOne))).toBeLessThan(0.8);
  });

  it('pow is within 0.52 ulp of the truth where the result is normal, within 0.8 where it is subnormal', () => {
    const most = (pairs: readonly (readonly [number, number])[]): number =>
      Math.max(...pairs.map(([x, y]) => ulps(pow(x, y), exactPow(x, y))));
    const wide = sample(1200, (i): [number, number] => {
      const x = 2 ** (between(-1, 1) * [1000, 2, 0.1, 1e-3, 1e-9][i % 5]!);
      return [x, between(-708, 708) / Math.log(x)];
    });
    const plain = sample(800, (): [number, number] => [between(0, 100), between(-20, 20)]);
    const tiny = sample(200, (): [number, number] => [5e-324 * Math.ceil(2 ** between(0, 52)), between(-0.9, 0.9)]);
    expect(most([...wide, ...plain, ...tiny])).toBeLessThan(0.52);
    expect(
      most(
        sample(300, () => {
          const x = 2 ** between(0.1, 5);
          return [x, between(-745, -709) / Math.log(x)];
        }),
      ),
    ).toBeLessThan(0.8);
  });
});

/** How many doubles lie between two of one sign. */
const doubles = new Float64Array(2);
const ranks = new BigInt64Array(doubles.buffer);
const apart = (a: number, b: number): number => {
  if (Object.is(a, b)) return 0;
  doubles[0] = a;
  doubles[1] = b;
  return Number(abs(ranks[0]! - ranks[1]!));
};

describe('elementary functions beside the engine', () => {
  it('agree with Math.* within 2 ulp on a million seeded points', () => {
    const draws = seededRandom(11);
    let most = 0;
    for (let i = 0; i < 200_000; i++) {
      const u = draws.uniform();
      const x = (u - 0.5) * 1400;
      const positive = Math.exp(x);
      const y = draws.uniform() * 4 - 2;
      most = Math.max(
        most,
        apart(exp(x), positive),
        apart(log(positive), Math.log(positive)),
        apart(log1p(positive - 0.5), Math.log1p(positive - 0.5)),
        apart(expm1(y), Math.expm1(y)),
        apart(pow(u, y), u ** y),
      );
    }
    expect(most).toBeLessThanOrEqual(2);
  });

  it('give the same bits in JavaScriptCore (Bun) as here in V8', () => {
    const file = new URL('./elementary-digest.test-support.ts', import.meta.url).pathname;
    const bun = new URL('../../node_modules/.bin/bun', import.meta.url).pathname;
    const code = `import { elementaryDigest } from ${JSON.stringify(file)}; console.log(elementaryDigest())`;
    expect(Number(execFileSync(bun, ['-e', code], { encoding: 'utf8' }))).toBe(elementaryDigest());
  });
});

describe('special values of elementary functions, as ECMAScript defines them for Math', () => {
  const odd = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 5e-324, -5e-324, 1e308, -1e308];

  it('exp, log, log1p and expm1 equal the engine at every special value, signs of zero included', () => {
    for (const x of [NaN, Infinity, -Infinity, 0, -0, 5e-324, -5e-324, 1e-310, 1e308, -1e308]) {
      expect(exp(x), `exp ${x}`).toBe(Math.exp(x));
      expect(log1p(x), `log1p ${x}`).toBe(Math.log1p(x));
      expect(expm1(x), `expm1 ${x}`).toBe(Math.expm1(x));
    }
    for (const x of [NaN, Infinity, -Infinity, 0, -0, 1, -1, -5e-324]) expect(log(x), `log ${x}`).toBe(Math.log(x));
    expect(log1p(-1)).toBe(-Infinity);
    expect(log1p(-1 - 2 ** -52)).toBeNaN();
    expect(expm1(-40)).toBe(-1);
  });

  it('exp turns to Infinity above 1024 ln 2 and to 0 below −1075 ln 2', () => {
    expect(ulps(exp(709.782712893384), exactExp(exactly(709.782712893384)))).toBeLessThan(0.52);
    expect(exp(709.7827128933841)).toBe(Infinity);
    expect(exp(-745.1332191019411)).toBe(5e-324);
    expect(exp(-745.1332191019412)).toBe(0);
    expect(expm1(709.7827128933841)).toBe(Infinity);
  });

  it('pow equals the engine for every pair of special values', () => {
    const large = [2 ** 53, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 60, 1e300, 1e-300];
    for (const x of [...odd, 1 + 2 ** -52, 1 - 2 ** -53])
      for (const y of [...odd, ...large]) {
        const [own, engine] = [pow(x, y), x ** y];
        // Node 20 gives 0.5 ** -0.5 one unit below the square root of 2
        if (engine > 0 && engine < Infinity) expect(apart(own, engine), `${x} ^ ${y}`).toBeLessThanOrEqual(1);
        else expect(own, `${x} ^ ${y}`).toBe(engine);
      }
  });

  it('pow is exact where the truth is a double: small whole powers and square roots', () => {
    for (let base = 2; base <= 12; base++)
      for (let n = 1, power = base; power <= 2 ** 53; n++, power *= base) {
        expect(pow(base, n)).toBe(power);
        expect(pow(-base, n)).toBe(n % 2 ? -power : power);
      }
    for (let i = 0; i < 1000; i++) expect(pow(i * i, 0.5)).toBe(i);
    for (let e = -1074; e < 1024; e++) expect(pow(2, e)).toBe(2 ** e);
  });
});
