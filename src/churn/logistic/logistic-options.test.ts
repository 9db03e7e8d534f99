import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Columns } from '../../model/batch.ts';
import type { InputsOf } from '../../model/contract.ts';
import { seededRandom } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { logisticKind } from '../logistic-kind.ts';
import { type LogisticOptions, logisticRegression } from '../logistic-regression.ts';

const { compile, parseModel } = engine({ logisticRegression: logisticKind });
const label = { column: 'left', churned: 1, horizon: null } as const;
const random = seededRandom(5);
const n = 600;
const x = Float64Array.from({ length: n }, () => 4 * random.uniform());
const z = Float64Array.from({ length: n }, () => random.uniform() - random.uniform());
const exposure = Float64Array.from({ length: n }, () => Math.log(1 + 9 * random.uniform()));
const left = x.map((v, i) => (random.uniform() < 1 / (1 + Math.exp(4 - v - z[i]! - 0.5 * exposure[i]!)) ? 1 : 0));
const customer = x.map((_, i) => Math.floor(i / 4));
const data = { left, x, z, exposure, customer };
const mean = (v: ArrayLike<number>): number => Array.from(v).reduce((a, b) => a + b, 0) / v.length;
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'no error';
};
const fit = (options: Partial<LogisticOptions<string, string>>, rows: Columns = data) =>
  logisticRegression({ label, features: ['x', 'z'], ...options }).fit(rows);
const errorsOf = (options: Partial<LogisticOptions<string, string>>, rows: Columns = data) =>
  fit(options, rows).fit.coefficients.map((c) => c.standardError!);
const close = (ours: readonly number[], theirs: readonly number[], relative = 1e-9): void =>
  ours.forEach((value, j) => {
    expect(Math.abs(value / theirs[j]! - 1)).toBeLessThan(relative);
  });

describe('logisticRegression with class weights', () => {
  const plain = fit({});
  const balanced = fit({ classWeight: 'balanced' });
  const share = mean(left);

  it('is the fit with these weights per row, its intercept moved by ln(π/(1−π)) − ln(ρ/(1−ρ)), ρ = ½ when balanced', () => {
    const w = left.map((v) => (v === 1 ? 0.5 / share : 0.5 / (1 - share)));
    const weighted = fit({ weight: 'w' }, { ...data, w });
    const shift = Math.log(share / (1 - share));
    expect(balanced.intercept).toBeCloseTo(weighted.intercept + shift, 11);
    balanced.fit.coefficients.slice(1).forEach((c, j) => {
      expect(c.estimate).toBeCloseTo(weighted.fit.coefficients[j + 1]!.estimate, 11);
    });
    expect(balanced.fit.coefficients[0]!.estimate).toBe(balanced.intercept);
    expect(balanced.fit.classWeight!.interceptShift).toBeCloseTo(shift, 13);
    expect(balanced.fit.classWeight!.event).toBeCloseTo(0.5 / share, 13);
    expect(balanced.fit.baseRate).toBeCloseTo(share, 14);
  });

  it('brings the mean probability back to the base rate', () => {
    const p = compile(balanced).score(data).columns.churnProbability!;
    expect(Math.abs(mean(p) - share)).toBeLessThan(0.01);
  });

  it('has sandwich errors, which do not change when both weights are multiplied by one number', () => {
    expect(balanced.fit.errors).toEqual({ method: 'HC0', factor: 1 });
    close(
      errorsOf({ classWeight: { event: 6, nonEvent: 2 } }),
      errorsOf({ classWeight: { event: 0.3, nonEvent: 0.1 } }),
    );
    expect(code(() => fit({ classWeight: 'balanced', errors: 'model' }))).toBe('invalid-option');
  });

  it('with equal weights is the plain fit', () => {
    const same = fit({ classWeight: { event: 3, nonEvent: 3 } });
    close([same.intercept], [plain.intercept]);
    expect(same.fit.classWeight!.interceptShift).toBe(0);
  });

  it('balances observation weights, not rows', () => {
    const w = left.map((v) => (v === 1 ? 3 : 1));
    const total = mean(w.map((v, i) => v * left[i]!)) / mean(w);
    expect(fit({ classWeight: 'balanced', weight: 'w' }, { ...data, w }).fit.baseRate).toBeCloseTo(total, 13);
  });
});

describe('logisticRegression with an offset', () => {
  it('has it as an input of weight 1: the fitted log-odds of a feature as offset give the other weights again', () => {
    const both = fit({});
    const slope = both.fit.coefficients.find((c) => c.name === 'z')!.estimate;
    const known = z.map((v) => slope * v);
    const estimator = logisticRegression({ label, features: ['x'], offset: 'known' });
    const model = estimator.fit({ ...data, known });
    expectTypeOf<InputsOf<typeof model>>().toEqualTypeOf<'x' | 'known'>();
    expect(model.inputs.map(({ name }) => name)).toEqual(['x', 'known']);
    expect(model.intercept).toBeCloseTo(both.intercept, 9);
    const ours = compile(model).score({ x, known }).columns.churnProbability;
    const theirs = compile(both).score({ x, z }).columns.churnProbability!;
    ours.forEach((p, i) => {
      expect(p).toBeCloseTo(theirs[i]!, 11);
    });
    expect(model.fit.offset).toEqual({ column: 'known', scored: true });
    const { base, contributions } = compile(model).explain({ x, known }, 'churnProbability');
    const logOdds = base + contributions[0]![7]! + contributions[1]![7]!;
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(ours[7]!, 13);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it('is compared with the intercept and the offset alone, whose score Σ (y − p) is 0', () => {
    const { nullLogLikelihood } = fit({ offset: 'exposure' }).fit;
    let low = -20;
    let high = 20;
    for (let step = 0; step < 200; step++) {
      const at = (low + high) / 2;
      const rest = left.reduce((sum, y, i) => sum + y - 1 / (1 + Math.exp(-at - exposure[i]!)), 0);
      if (rest > 0) low = at;
      else high = at;
    }
    const ll = left.reduce((sum, y, i) => {
      const eta = low + exposure[i]!;
      return sum + y * eta - Math.log(1 + Math.exp(eta));
    }, 0);
    expect(nullLogLikelihood).toBeCloseTo(ll, 9);
    const constant = fit({ offset: 'five' }, { ...data, five: x.map(() => 5) });
    expect(constant.intercept).toBeCloseTo(fit({}).intercept - 5, 9);
  });

  it('gives null where it is null, leaves such rows out of the fit and says so', () => {
    const some = exposure.map((v, i) => (i < 10 ? Number.NaN : v));
    const model = fit({ offset: 'exposure' }, { ...data, exposure: some });
    expect(model.fit.rows).toBe(n - 10);
    expect(model.fit.warnings).toEqual(['10 rows without an offset are left out of the fit']);
    const p = compile(model).score({ x, z, exposure: some }).columns.churnProbability!;
    expect([p[9], p[10]! > 0]).toEqual([Number.NaN, true]);
  });

  it('fitted only is 0 when scoring: log sampling odds of 5:1 by design give the population’s intercept back', () => {
    const repeated = { left: [] as number[], x: [] as number[], odds: [] as number[] };
    left.forEach((y, i) => {
      for (let k = 0; k < (y === 1 ? 5 : 1); k++) {
        repeated.left.push(y);
        repeated.x.push(x[i]!);
        repeated.odds.push(Math.log(5));
      }
    });
    const options = { label, features: ['x'] as const };
    const model = logisticRegression({ ...options, offset: { column: 'odds', fitOnly: true } }).fit(repeated);
    expectTypeOf<InputsOf<typeof model>>().toEqualTypeOf<'x'>();
    expect(model.inputs.map(({ name }) => name)).toEqual(['x']);
    const corrected = logisticRegression({ ...options, classWeight: { event: 5, nonEvent: 1 } }).fit(data);
    expect(model.intercept).toBeCloseTo(corrected.intercept, 10);
  });
});

describe('standard errors of logisticRegression', () => {
  it('by the model and by the sandwich are alike in a saturated 2×2 table: √(1/a + 1/b + 1/c + 1/d)', () => {
    const rows = { left: [1, 1, 0, 0, 0, 1, 1, 1, 0, 0], plan: [...'aaaaabbbbb'] };
    const want = Math.sqrt(1 / 2 + 1 / 3 + 1 / 3 + 1 / 2);
    for (const errors of ['model', 'HC0'] as const)
      expect(errorsOf({ features: ['plan'], errors }, rows)[1]).toBeCloseTo(want, 11);
    const hc1 = fit({ features: ['plan'], errors: 'HC1' }, rows);
    expect(hc1.fit.coefficients[1]!.standardError).toBeCloseTo(want * Math.sqrt(10 / 8), 11);
    expect(hc1.fit.coefficients[1]!.robustError).toBe(hc1.fit.coefficients[1]!.standardError);
    expect(hc1.fit.errors).toEqual({ method: 'HC1', factor: 10 / 8 });
  });

  it('by clusters of one row are HC0 times √(G/(G − 1))', () => {
    const single = errorsOf({ errors: { cluster: 'id' } }, { ...data, id: x.map((_, i) => i) });
    close(
      single,
      errorsOf({ errors: 'HC0' }).map((e) => e * Math.sqrt(n / (n - 1))),
    );
  });

  it('by clusters of an intercept alone are √(G/(G − 1)·Σ_g (Σ_g (y − p))²)/(n·p(1 − p))', () => {
    const p = mean(left);
    let squares = 0;
    for (let g = 0; g < n / 4; g++) {
      let sum = 0;
      for (let i = 4 * g; i < 4 * g + 4; i++) sum += left[i]! - p;
      squares += sum * sum;
    }
    const groups = n / 4;
    const want = Math.sqrt((groups / (groups - 1)) * squares) / (n * p * (1 - p));
    const model = fit({ features: [], errors: { cluster: 'customer' } });
    expect(model.fit.coefficients[0]!.standardError).toBeCloseTo(want, 12);
    expect(model.fit.errors).toEqual({
      method: 'cluster',
      factor: groups / (groups - 1),
      cluster: { column: 'customer', clusters: groups },
    });
  });

  it('are the same for k equal rows and for one of weight k: by the model, and by clusters that hold the copies', () => {
    const times = x.map((_, i) => 1 + (i % 3));
    const rows = Array.from(times).flatMap((k, i) => Array.from({ length: k }, () => i));
    const take = (v: Float64Array): Float64Array => Float64Array.from(rows, (i) => v[i]!);
    const repeated = { left: take(left), x: take(x), z: take(z), id: Float64Array.from(rows) };
    const weighted = { ...data, times, id: x.map((_, i) => i) };
    for (const errors of ['model', { cluster: 'id' }] as const)
      close(errorsOf({ errors, weight: 'times' }, weighted), errorsOf({ errors }, repeated));
    expect(fit({ weight: 'times' }, weighted).fit.totalWeight).toBe(rows.length);
  });

  it('by clusters do not depend on how these are written or ordered, and rows without one are left out', () => {
    const text = Array.from(customer, (c) => `k${c}`);
    close(
      errorsOf({ errors: { cluster: 'c' } }, { ...data, c: text }),
      errorsOf({ errors: { cluster: 'customer' } }),
      1e-12,
    );
    const some = fit({ errors: { cluster: 'c' } }, { ...data, c: text.map((c, i) => (i < 4 ? null : c)) });
    expect(some.fit.rows).toBe(n - 4);
    expect(some.fit.warnings).toEqual(['4 rows without a cluster are left out of the fit']);
  });

  it('from few clusters come with a warning, from one with an error', () => {
    const few = fit({ errors: { cluster: 'c' } }, { ...data, c: x.map((_, i) => i % 5) });
    expect(few.fit.warnings[0]).toMatch(/^5 clusters are few/);
    expect(code(() => fit({ errors: { cluster: 'c' } }, { ...data, c: x.map(() => 1) }))).toBe('invalid-value');
  });

  it('are null under an L1 penalty, with the reason, and those of the ridge at mix 0', () => {
    const lasso = fit({ penalty: { lambda: 0.01 } });
    expect(lasso.fit.coefficients.every((c) => c.standardError === null && c.pValue === null)).toBe(true);
    expect(lasso.fit.errors!.method).toBe('none');
    expect(lasso.fit.errors!.reason).toMatch(/^an L1 penalty chooses columns/);
    const ridge = fit({ penalty: { lambda: 0.01, mix: 0 } });
    expect(ridge.fit.coefficients).toEqual(fit({ l2: 0.01 * n }).fit.coefficients);
    expect(ridge.fit.penalty).toEqual({ l1: 0, l2: 0.01 * n, lambda: 0.01, mix: 0, standardised: true, df: 2 });
    expect(code(() => fit({ penalty: { lambda: 0.01 }, errors: 'HC0' }))).toBe('invalid-option');
  });
});

describe('options of logisticRegression', () => {
  it('are refused when they cannot be used', () => {
    const bad: readonly object[] = [
      { penalty: { lambda: 0 } },
      { penalty: { lambda: 1, mix: 2 } },
      { penalty: 1 },
      { penalty: { lambda: 0.1 }, l2: 1 },
      { penalty: { crossValidate: { folds: 1 } } },
      { penalty: { crossValidate: { seed: 0.5 } } },
      { penalty: { crossValidate: { mix: -1 } } },
      { penalty: { crossValidate: { rule: 'best' } } },
      { penalty: { crossValidate: { lambdas: [] } } },
      { penalty: { crossValidate: { lambdas: [1, 0] } } },
      { penalty: { crossValidate: { group: 'left' } } },
      { penalty: { crossValidate: 3 } },
      { classWeight: 'even' },
      { classWeight: { event: 0, nonEvent: 1 } },
      { classWeight: { event: 1 } },
      { classWeight: 2 },
      { offset: 'x' },
      { offset: 'left' },
      { offset: '' },
      { offset: 'w', weight: 'w' },
      { offset: { column: 'exposure' } },
      { errors: 'HC9' },
      { errors: { cluster: 'left' } },
      { errors: {} },
      { offset: null },
      { offset: { column: null, fitOnly: true } },
      { errors: null },
      { errors: { cluster: null } },
      { weight: null },
    ];
    for (const options of bad)
      expect([options, code(() => logisticRegression({ label, features: ['x'], ...options } as never))]).toEqual([
        options,
        'invalid-option',
      ]);
  });

  it('that name columns stop at one that is not there', () => {
    for (const options of [
      { offset: 'no' },
      { errors: { cluster: 'no' } },
      { penalty: { crossValidate: { group: 'no' } } },
    ])
      expect(code(() => fit(options))).toBe('unknown-column');
  });
});
