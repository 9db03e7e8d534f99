import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import { relative } from '../clv.test-support.ts';
import { parameterIntervals } from '../inference/estimates.ts';
import { paretoNbd } from '../pareto-nbd/pareto-nbd.ts';
import { type ParetoNbdDynamicModel, parseParetoNbdDynamic } from './model.ts';
import { paretoNbdDynamic } from './pareto-nbd-dynamic.ts';
import { dynamicModel, simulateWalks, walksOf } from './walks.test-support.ts';

const COLUMNS = ['season', 'price', 'gender'];
const TRUTH = dynamicModel(
  { r: 1.2, alpha: 8, s: 0.8, beta: 12 },
  { purchase: { season: 0.7, price: -0.3, gender: 0.4 }, dropout: { season: -0.8, gender: 0.5 } },
);
const FULL = { covariates: { purchase: ['season', 'price', 'gender'], dropout: ['season', 'gender'] } };
/** Quarters of a year with a season in every second one and a price of their own, for T between 30 and 60 weeks. */
const sample = (rows: number, seed: number, model: ParetoNbdDynamicModel = TRUTH) => {
  const random = seededRandom(1000 + seed);
  return simulateWalks(model, COLUMNS, rows, seed, (i) => {
    const phase = 1 + random.below(12);
    const until = Array.from({ length: 8 }, (_, k) => phase + 13 * k);
    const z = until.map((_, k) => [k % 2, random.uniform() * 2 - 1, i % 2]);
    return { T: 30 + 30 * random.uniform(), until, z };
  });
};
const NAMES = ['r', 'alpha', 's', 'beta'] as const;

describe('fits', () => {
  const { walks } = sample(1500, 1);
  const model = paretoNbdDynamic(FULL).fit(walks);

  it('find the parameters and coefficients of a simulation within four standard errors', () => {
    expect(model.fit.status).toBe('converged');
    const errors = model.fit.standardErrors as { readonly [name: string]: number };
    for (const name of NAMES)
      expect(Math.abs(Math.log(model[name] / TRUTH[name]))).toBeLessThan((4 * errors[name]!) / model[name]);
    expect(model.covariates).toHaveLength(5);
    for (const { process, column, coefficient } of model.covariates) {
      const truth = TRUTH.covariates.find((c) => c.process === process && c.column === column)!.coefficient;
      expect(Math.abs(coefficient - truth)).toBeLessThan(4 * errors[`${process}.${column}`]!);
    }
  });

  it('true values lie in their 95 % intervals at the nominal rate over 20 samples', () => {
    const small = { covariates: { purchase: ['season'], dropout: ['season'] } };
    const truth = dynamicModel(TRUTH, { purchase: { season: 0.7 }, dropout: { season: -0.8 } });
    let [inside, of] = [0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const fitted = paretoNbdDynamic(small).fit(sample(400, 50 + seed, truth).walks);
      if (fitted.fit.status !== 'converged') continue;
      const intervals = parameterIntervals(fitted) as { readonly [name: string]: { low: number; high: number } };
      for (const [name, wanted] of [
        ...NAMES.map((n) => [n, truth[n]] as const),
        ['purchase.season', 0.7],
        ['dropout.season', -0.8],
      ] as const) {
        of++;
        if (wanted >= intervals[name]!.low && wanted <= intervals[name]!.high) inside++;
      }
    }
    expect(of).toBeGreaterThanOrEqual(17 * 6);
    // Estimates of one sample go together: the bound is that of one figure a sample.
    expect(Math.abs(inside / of - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / 20));
  });

  it('foretell the purchases of the simulation after T, one by one and in sum', () => {
    const random = seededRandom(77);
    const rows = 4000;
    // Paths end 31 weeks after T: all that is drawn after T lies in them.
    const { walks: of, later } = simulateWalks(TRUTH, COLUMNS, rows, 7, (i) => {
      const T = 20 + 20 * random.uniform();
      const until = [7, 13, T - 2, T + 9, T + 20, T + 31];
      return { T, until, z: until.map((_, k) => [k % 2, random.uniform() * 2 - 1, i % 2]) };
    });
    const expected = paretoNbdDynamic.expectedPurchases(TRUTH, of, { periods: 31 });
    const chance = paretoNbdDynamic.probabilityOfPurchase(TRUTH, of, { periods: 31 });
    const error = (off: (i: number) => number): number => {
      let [mean, square] = [0, 0];
      for (let i = 0; i < rows; i++) {
        mean += off(i) / rows;
        square += off(i) ** 2 / rows;
      }
      return Math.abs(mean) / Math.sqrt(square / rows);
    };
    expect(error((i) => later[i]! - expected[i]!)).toBeLessThan(4);
    expect(error((i) => (later[i]! > 0 ? 1 : 0) - chance[i]!)).toBeLessThan(4);
  });

  it('stand on a summit: the sum of the rows is the logLikelihood, and no step climbs', () => {
    const top = sum(paretoNbdDynamic.logLikelihood(model, walks));
    expect(relative(top, model.fit.logLikelihood)).toBeLessThan(1e-12);
    expect(model.fit.gradientNorm).toBeLessThan(1e-6);
    const at = (moved: ParetoNbdDynamicModel): number => sum(paretoNbdDynamic.logLikelihood(moved, walks));
    for (const step of [-1e-3, 1e-3]) {
      for (const name of NAMES) expect(at({ ...model, [name]: model[name] * (1 + step) })).toBeLessThan(top);
      model.covariates.forEach((_, k) => {
        const covariates = model.covariates.map((c, j) => (j === k ? { ...c, coefficient: c.coefficient + step } : c));
        expect(at({ ...model, covariates })).toBeLessThan(top);
      });
    }
  });

  it('with covariates that never change are fits of the static model: parameters, errors, covariance and criteria', () => {
    const random = seededRandom(3);
    const truth = dynamicModel(TRUTH, { purchase: { gender: 0.4 }, dropout: { gender: 0.5 } });
    const { walks: still } = simulateWalks(truth, ['gender'], 800, 5, () => {
      const z = random.below(2);
      return { T: 20 + 20 * random.uniform(), until: [5, 17, 60], z: [[z], [z], [z]] };
    });
    const gender = Float64Array.from(still.customers.T, (_, i) => still.values[3 * i]!);
    const covariates = { purchase: ['gender'], dropout: ['gender'] } as const;
    for (const extra of [{}, { equal: ['gender'] as const }, { priors: { s: { median: 1, sd: 0.3 } } }] as const) {
      const dynamic = paretoNbdDynamic({ covariates, ...extra }).fit(still);
      const plain = paretoNbd({ unit: 'week', covariates, ...extra }).fit({ ...still.customers, gender });
      expect(dynamic.fit.status).toBe(plain.fit.status);
      for (const name of NAMES) expect(relative(dynamic[name], plain[name])).toBeLessThan(1e-8);
      expect(relative(dynamic.fit.logLikelihood, plain.fit.logLikelihood)).toBeLessThan(1e-12);
      expect(relative(dynamic.fit.bic, plain.fit.bic)).toBeLessThan(1e-12);
      dynamic.covariates.forEach((c, k) => {
        expect(c).toMatchObject({ process: plain.covariates![k]!.process, column: 'gender' });
        expect(relative(c.coefficient, plain.covariates![k]!.coefficient)).toBeLessThan(1e-7);
      });
      for (const [name, error] of Object.entries(plain.fit.standardErrors))
        expect(relative((dynamic.fit.standardErrors as { readonly [n: string]: number })[name]!, error!)).toBeLessThan(
          1e-7,
        );
      for (const [i, row] of plain.fit.covariance!.entries())
        for (const [j, cell] of row.entries())
          expect(relative(dynamic.fit.covariance![i]![j]!, cell)).toBeLessThan(1e-6);
    }
    // Penalties go by the mean log-likelihood in both.
    const ridge = { purchase: 0.02, dropout: 0.05 };
    const dynamic = paretoNbdDynamic({ covariates, ridge }).fit(still);
    const plain = paretoNbd({ unit: 'week', covariates, ridge }).fit({ ...still.customers, gender });
    expect(relative(dynamic.fit.logPosterior!, plain.fit.logPosterior!)).toBeLessThan(1e-12);
    expect(relative(dynamic.covariates[0]!.coefficient, plain.covariates![0]!.coefficient)).toBeLessThan(1e-7);
  });

  it('without covariates are fits of the plain model', () => {
    const dynamic = paretoNbdDynamic().fit(walks);
    const plain = paretoNbd({ unit: 'week' }).fit(walks.customers);
    for (const name of NAMES) expect(relative(dynamic[name], plain[name])).toBeLessThan(1e-8);
    expect(relative(dynamic.fit.logLikelihood, plain.fit.logLikelihood)).toBeLessThan(1e-12);
  });

  it('do not depend on the scale of a column', () => {
    const scaled = { ...walks, values: walks.values.map((z, at) => (at % 3 === 1 ? 1e4 * z : z)) };
    const other = paretoNbdDynamic(FULL).fit(scaled);
    expect(relative(other.fit.logLikelihood, model.fit.logLikelihood)).toBeLessThan(1e-12);
    expect(relative(1e4 * other.covariates[1]!.coefficient, model.covariates[1]!.coefficient)).toBeLessThan(1e-7);
  });

  it('are plain JSON that is read back as it was, and refused with the path of a fault', () => {
    const stored = JSON.parse(JSON.stringify(model)) as { [key: string]: unknown };
    const back = parseParetoNbdDynamic(stored);
    expect(back).toEqual(model);
    expect(paretoNbdDynamic.probabilityAlive(back, walks)).toEqual(paretoNbdDynamic.probabilityAlive(model, walks));
    expect(() => parseParetoNbdDynamic({ ...stored, alpha: -1 })).toThrow(/model\.alpha/);
    expect(() => parseParetoNbdDynamic({ ...stored, version: 2 })).toThrow(/version 2/);
    expect(() =>
      parseParetoNbdDynamic({ ...stored, covariates: [{ process: 'spend', column: 'z', coefficient: 1 }] }),
    ).toThrow(/model\.covariates\[0\]\.process/);
  });
});

describe('fits without an interior maximum end with a status', () => {
  it('boundary where nobody can be seen to drop out while a covariate holds, the other errors stated', () => {
    // Two purchases a week show when somebody leaves; with z = 1 nobody does.
    const truth = dynamicModel({ r: 3, alpha: 1.5, s: 1.2, beta: 20 }, { dropout: { z: -40 } });
    const { walks } = simulateWalks(truth, ['z'], 300, 2, (i) => {
      return { T: 30 + (i % 10), until: [5, 15, 40], z: [[0], [1], [0]] };
    });
    const model = paretoNbdDynamic({ covariates: { dropout: ['z'] } }).fit(walks);
    expect(model.fit.status).toBe('boundary');
    expect(model.fit.limit).toBe('dropout.z → −∞');
    expect(model.fit.covariance).toBeNull();
    const { r, s, 'dropout.z': z } = model.fit.standardErrors as { readonly [name: string]: number | null };
    expect([typeof r, typeof s, z]).toEqual(['number', 'number', null]);
    expect(model.fit.warnings).toHaveLength(1);
  });

  it('boundary where nobody drops out at all, not-identified for a constant column or no second purchase', () => {
    const loyal = Array.from({ length: 60 }, (_, i) => ({
      ...{
        T: 20,
        until: [10, 40],
        z: [
          [0, 1],
          [1, 1],
        ],
      },
      bought: Array.from({ length: 10 + (i % 9) }, (_, j) => (20 * (j + 1)) / (10 + (i % 9))),
    }));
    const walks = walksOf(loyal, ['z', 'one']);
    const immortal = paretoNbdDynamic({ covariates: { purchase: ['z'], dropout: ['z'] } }).fit(walks);
    expect([immortal.fit.status, immortal.fit.limit, immortal.s]).toEqual(['boundary', 'NBD', 0]);
    expect([...paretoNbdDynamic.probabilityAlive(immortal, walks)]).toEqual(loyal.map(() => 1));
    expect(() => parseParetoNbdDynamic(JSON.parse(JSON.stringify(immortal)))).not.toThrow();
    const { walks: some } = sample(300, 9);
    const constant = { ...some, values: some.values.map((z, at) => (at % 3 === 2 ? 1 : z)) };
    const ridge = paretoNbdDynamic({ covariates: { purchase: ['gender'] } }).fit(constant);
    expect(ridge.fit.status).toBe('not-identified');
    const single = walksOf([{ bought: [], T: 9, until: [3, 20], z: [[0], [1]] }], ['z']);
    const none = paretoNbdDynamic({ covariates: { purchase: ['z'] } }).fit(single);
    expect([none.fit.status, none.fit.limit]).toEqual(['not-identified', 'no repeat purchase']);
    for (const figures of [
      paretoNbdDynamic.probabilityAlive(none, single),
      paretoNbdDynamic.expectedPurchases(none, single, { periods: 4 }),
      paretoNbdDynamic.probabilityOfPurchase(none, single, { periods: 4 }),
    ])
      expect(figures.every(Number.isFinite)).toBe(true);
  });
});

describe('bad input', () => {
  const walks = walksOf([{ bought: [1], T: 9, until: [3, 20], z: [[0], [1]] }], ['z']);
  const model = dynamicModel(TRUTH, { purchase: { z: 0.5 } });
  it('is refused with what is wrong and what to do', () => {
    const rate = { discount: 0.1, per: 'year' } as const;
    for (const [attempt, said] of [
      [() => paretoNbdDynamic({ covariates: { spend: ['z'] } as never }), /no process "spend".*purchase, dropout/],
      [() => paretoNbdDynamic({ covariates: { purchase: ['z'] }, equal: ['z'] }), /equal: "z"/],
      [() => paretoNbdDynamic({ ridge: { purchase: 1 } }), /ridge: process "purchase" has no covariates/],
      [() => paretoNbdDynamic({ priors: { q: { median: 1, sd: 1 } } as never }), /no parameter "q"/],
      [
        () => paretoNbdDynamic({ covariates: { purchase: ['price'] } }).fit(walks),
        /unknown covariate "price": the walks have z/,
      ],
      [
        () => paretoNbdDynamic.probabilityAlive(dynamicModel(TRUTH, { dropout: { q: 1 } }), walks),
        /unknown covariate "q"/,
      ],
      [
        () => paretoNbdDynamic.probabilityAlive({ ...model, unit: 'day' }, walks),
        /the walks are in weeks, the model in days/,
      ],
      [
        () => paretoNbdDynamic.expectedPurchases(model, walks, { periods: 12 }),
        /customer "0": the covariates end on 1970-03-18, the horizon on 1970-03-25; add the future periods/,
      ],
      [() => paretoNbdDynamic.expectedPurchases(model, walks, { periods: 0 }), /periods/],
      [() => paretoNbdDynamic.probabilityOfPurchase(model, walks, { periods: -1 }), /periods/],
      [() => paretoNbdDynamic.probabilityAlive(model, walks, { ahead: -1 }), /ahead/],
      [
        () => paretoNbdDynamic.discountedResidualTransactions(model, walks, { periods: 'infinite' as never, rate }),
        /periods/,
      ],
      [
        () =>
          paretoNbdDynamic.discountedResidualTransactions(model, walks, {
            periods: 3,
            rate: { ...rate, discount: -0.5 },
          }),
        /discount -0.5/,
      ],
    ] as const)
      expect(attempt).toThrow(said);
  });
});
