import { describe, expect, it } from 'vitest';
import { exp } from '../numerics/elementary.ts';
import { seededRandom } from '../numerics/random.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { BLOCK } from './block.ts';
import { buildDesign } from './design.ts';
import { readFeatures } from './feature.ts';
import { fitLogistic, prepareLogistic } from './fit-logistic.ts';
import { type LogisticLikelihood, logisticLikelihood } from './logistic-likelihood.ts';
import { type Likelihood, maximise, type NewtonFit } from './newton.ts';
import { Secants } from './secants.ts';

const what = 'y';

/** Columns of normal draws and outcomes of the given log-odds. */
function drawn(rows: number, seed: number, logOdds: (x: readonly number[]) => number, columns = 4) {
  const random = seededRandom(seed);
  const x = Array.from({ length: columns }, () => new Float64Array(rows));
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (const column of x) {
      let z = -6;
      for (let k = 0; k < 12; k++) z += random.uniform();
      column[i] = z;
    }
    y[i] = random.uniform() < sigmoid(logOdds(x.map((column) => column[i]!))) ? 1 : 0;
  }
  return { x, y };
}

function read(x: readonly Float64Array[]) {
  const data = Object.fromEntries(x.map((column, k) => [`x${k}`, column]));
  return readFeatures(
    data,
    x.map((_, k) => ({ column: `x${k}` })),
    () => true,
  );
}

/** The likelihood as it was to Newton before a slope of its own: every step has the information of its point. */
function withoutSlope({ size, total, start, evaluate }: LogisticLikelihood): Likelihood {
  return { size, total, start, evaluate };
}

/** The largest of |Σ w(y − p)x| over columns and intercept, per observation, by the sums themselves. */
function score(
  x: readonly Float64Array[],
  y: Float64Array,
  fit: ReturnType<typeof fitLogistic>,
  weight?: Float64Array,
) {
  const weights = fit.part.terms.map((term) => ('weights' in term ? 0 : term.weight));
  const sums = new Float64Array(x.length + 1);
  const sizes = new Float64Array(x.length + 1);
  for (let i = 0; i < y.length; i++) {
    let z = fit.part.intercept;
    x.forEach((column, k) => {
      z += weights[k]! * column[i]!;
    });
    const rest = (weight?.[i] ?? 1) * (y[i]! - sigmoid(z));
    [1, ...x.map((column) => column[i]!)].forEach((own, k) => {
      sums[k] = sums[k]! + rest * own;
      sizes[k] = sizes[k]! + Math.abs(own);
    });
  }
  return Math.max(...sums.map((s, k) => Math.abs(s) / sizes[k]!));
}

function expectSame(actual: NewtonFit, wanted: NewtonFit, digits = 10): void {
  expect(actual.status).toBe(wanted.status);
  expect(actual.dropped).toEqual(wanted.dropped);
  expect(actual.unbounded).toEqual(wanted.unbounded);
  expect(actual.logLikelihood).toBeCloseTo(wanted.logLikelihood, 7);
  wanted.beta.forEach((b, j) => {
    expect(actual.beta[j]! / (Math.abs(b) || 1)).toBeCloseTo(b / (Math.abs(b) || 1), digits);
  });
  wanted.covariance.forEach((v, at) => {
    expect(actual.covariance[at]! / (Math.abs(v) || 1)).toBeCloseTo(v / (Math.abs(v) || 1), digits - 2);
  });
}

describe('maximise, with the information of an earlier point', () => {
  const cases: readonly [string, ReturnType<typeof drawn>][] = [
    ['a plain set of rows that is no multiple of a block', drawn(5 * BLOCK + 37, 1, ([a, b]) => a! - 0.5 * b! - 1)],
    ['steep classes', drawn(3000, 2, ([a, b, c]) => 6 * a! + 5 * b! - 4 * c!)],
    ['events as rare as 1 in 1,000', drawn(20_000, 3, ([a]) => a! - 7.5)],
    ['fewer rows than a block', drawn(40, 4, ([a]) => 0.5 * a!)],
  ];
  for (const [name, { x, y }] of cases)
    it(`ends where Newton's method with its own information at every step does: ${name}`, () => {
      const problem = prepareLogistic(read(x), y, { what });
      const likelihood = logisticLikelihood(problem);
      const penalty = new Float64Array(likelihood.size);
      expectSame(maximise(likelihood, penalty, 100), maximise(withoutSlope(likelihood), penalty, 100));
      penalty.fill(3, 1);
      expectSame(maximise(likelihood, penalty, 100), maximise(withoutSlope(likelihood), penalty, 100));
    });

  it('has the covariance of the information at the maximum, H·V = 1', () => {
    const { x, y } = drawn(4000, 5, ([a, b, c]) => 2 * a! - b! + c! - 1);
    const likelihood = logisticLikelihood(prepareLogistic(read(x), y, { what }));
    const n = likelihood.size;
    const { beta, covariance } = maximise(likelihood, new Float64Array(n), 100);
    const information = new Float64Array(n * n);
    likelihood.evaluate(beta, new Float64Array(n), information);
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += information[Math.max(a, k) * n + Math.min(a, k)]! * covariance[k * n + b]!;
        expect(sum).toBeCloseTo(a === b ? 1 : 0, 10);
      }
  });

  it('tells separation, complete and of a part of the rows, as Newton’s method with its own information does', () => {
    for (const seed of [6, 7]) {
      const { x, y } = drawn(600, seed, ([a, b]) => a! + b!);
      const flag = y.map((own, i) => (own === 1 && i % 7 === 0 ? 1 : 0));
      const complete = y.map((own, i) => own + x[0]![i]! / 100);
      for (const column of [flag, complete]) {
        const problem = prepareLogistic(read([...x, column]), y, { what });
        const likelihood = logisticLikelihood(problem);
        const penalty = new Float64Array(likelihood.size);
        const fit = maximise(likelihood, penalty, 100);
        const newton = maximise(withoutSlope(likelihood), penalty, 100);
        expect(fit.status).toBe('not-identified');
        expect(newton.status).toBe('not-identified');
        expect(fit.unbounded[x.length + 1]).toBe(1);
        expect(fit.beta.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('solves the score equations with columns of scales 1e-8 and 1e8, and with two that are nearly the same', () => {
    const { x, y } = drawn(1000, 8, ([a, b, c]) => a! - b! + 0.5 * c! - 1);
    const scaled = [x[0]!.map((v) => 1e-8 * v), x[1]!.map((v) => 1e8 * v + 3e8), x[2]!];
    const near = fitLogistic(read(scaled), y, { what });
    expect(near.report.status).toBe('converged');
    expect(score(scaled, y, near)).toBeLessThan(1e-13);
    const twins = [x[0]!, x[0]!.map((v, i) => v + 1e-3 * x[3]![i]!), x[1]!];
    const fit = fitLogistic(read(twins), y, { what });
    expect(fit.report.status).toBe('converged');
    expect(score(twins, y, fit)).toBeLessThan(1e-12);
  });

  it('solves the score equations under weights that are 0 in a whole block and 1e6 in a row', () => {
    const { x, y } = drawn(4 * BLOCK, 9, ([a, b]) => a! - b!);
    const weight = y.map((_, i) => (i >= BLOCK && i < 2 * BLOCK ? 0 : i === 5 ? 1e6 : 1));
    const fit = fitLogistic(read(x), y, { what, weight });
    expect(fit.report.status).toBe('converged');
    expect(score(x, y, fit, weight) / 1e6).toBeLessThan(1e-12);
  });

  it('leaves out columns beyond the number of rows, and says what is not identified', () => {
    const { x, y } = drawn(12, 10, ([a]) => a!, 20);
    const { report } = fitLogistic(read(x), y, { what });
    expect(report.status).toBe('not-identified');
    expect(report.warnings.join()).toMatch(/combination of earlier columns/);
    const ridge = fitLogistic(read(x), y, { what, l2: 1 });
    expect(ridge.report.status).toBe('converged');
  });

  it('gives the same bits twice', () => {
    const { x, y } = drawn(1000, 11, ([a, b]) => 2 * a! - b!);
    const [one, two] = [fitLogistic(read(x), y, { what }), fitLogistic(read(x), y, { what })];
    expect(two.part).toEqual(one.part);
    expect(two.report).toEqual(one.report);
  });

  it('has the covariance of where it stopped when the limit of steps ended it', () => {
    const { x, y } = drawn(1000, 12, ([a, b]) => 2 * a! - b!);
    const likelihood = logisticLikelihood(prepareLogistic(read(x), y, { what }));
    const n = likelihood.size;
    const { status, beta, covariance, iterations } = maximise(likelihood, new Float64Array(n), 2);
    expect([status, iterations]).toEqual(['iteration-limit', 2]);
    const information = new Float64Array(n * n);
    likelihood.evaluate(beta, new Float64Array(n), information);
    let sum = 0;
    for (let k = 0; k < n; k++) sum += information[k * n]! * covariance[k * n]!;
    expect(sum).toBeCloseTo(1, 10);
  });
});

describe('Secants', () => {
  it('give the exact step after as many moves as a quadratic function has unknowns, whatever the first estimate', () => {
    // f = −½ xᵀAx with A = [[4, 1], [1, 3]]; the gradient is −Ax and the step from x is −x.
    const gradientAt = ([a, b]: readonly number[]): Float64Array => Float64Array.of(-(4 * a! + b!), -(a! + 3 * b!));
    const secants = new Secants();
    // Conjugate moves: (1, 0)ᵀA(1, −4) = 0.
    const points = [Float64Array.of(1, 2), Float64Array.of(2, 2), Float64Array.of(3, -2)];
    for (let k = 0; k < 2; k++)
      secants.add(points[k + 1]!, points[k]!, gradientAt([...points[k + 1]!]), gradientAt([...points[k]!]));
    const step = gradientAt([...points[2]!]);
    secants.solve(step, (v) => v.set(v.map((g) => 7 * g)));
    expect(step[0]).toBeCloseTo(-3, 12);
    expect(step[1]).toBeCloseTo(2, 12);
  });
});

describe('buildDesign', () => {
  it('writes the same rows whole blocks at a time and any others, numbers beside flags and categories, nulls included', () => {
    const rows = 3 * BLOCK + 11;
    const data = {
      a: Array.from({ length: rows }, (_, i) => (i % 9 === 0 ? null : exp(i / rows))),
      b: Array.from({ length: rows }, (_, i) => (i * 7919) % 101),
      kind: Array.from({ length: rows }, (_, i) => ['p', 'q', 'r'][(i * i) % 3]!),
      c: Array.from({ length: rows }, (_, i) => (i * 31) % 17),
    };
    const features = readFeatures(
      data,
      [{ column: 'a', missing: 'level' }, { column: 'b' }, { column: 'kind' }, { column: 'c' }],
      () => true,
    );
    const { width, columns, fill, fillBlock } = buildDesign(
      features,
      Int32Array.from({ length: rows }, (_, i) => i),
    );
    const whole = Array.from({ length: width }, () => new Float64Array(rows));
    fill(0, rows, whole);
    columns.forEach(({ name, mean: centre, scale }, j) => {
      const expectation = (i: number): number => {
        if (name === 'kind=q' || name === 'kind=p' || name === 'kind=r') return data.kind[i] === name.slice(5) ? 1 : 0;
        if (name === 'a=(missing)') return data.a[i] === null ? 1 : 0;
        const raw = data[name as 'a' | 'b' | 'c'][i]!;
        return raw === null ? 0 : (raw - centre) / scale;
      };
      for (let i = 0; i < rows; i++) expect(whole[j]![i]).toBeCloseTo(expectation(i), 12);
    });
    const part = Array.from({ length: width }, () => new Float64Array(200));
    fill(BLOCK - 5, 200, part);
    const cells = new Float64Array((width + 1) * BLOCK);
    for (let j = 0; j < width; j++) expect(part[j]).toEqual(whole[j]!.slice(BLOCK - 5, BLOCK + 195));
    for (let from = 0; from < rows; from += BLOCK) {
      const count = fillBlock(from, cells, BLOCK);
      expect(count).toBe(Math.min(BLOCK, rows - from));
      for (let j = 0; j < width; j++)
        expect(cells.slice((j + 1) * BLOCK, (j + 1) * BLOCK + count)).toEqual(whole[j]!.slice(from, from + count));
    }
  });
});
