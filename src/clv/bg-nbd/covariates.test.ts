import { describe, expect, it } from 'vitest';
import { hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import { golden, modelOf, relative } from '../clv.test-support.ts';
import { bgNbd } from './bg-nbd.ts';

const noApparel = !hasShared('apparel-summary.csv');
const apparel = () => {
  const { x, t_x, T, Gender, Channel } = sharedColumns('apparel-summary.csv') as { [name: string]: Float64Array };
  return { frequency: x!, recency: t_x!, T: T!, Gender: Gender!, Channel: Channel! };
};

describe('time-invariant covariates (conventions of CLVTools)', () => {
  it.skipIf(noApparel)(
    'apparel has no finite optimum: not identified, no errors, and the likelihood of the reference',
    () => {
      const model = bgNbd({
        unit: 'week',
        covariates: { purchase: ['Gender', 'Channel'], dropout: ['Gender', 'Channel'] },
      }).fit(apparel());
      expect(model.fit.status).toBe('not-identified');
      expect(Object.values(model.fit.standardErrors).every((error) => error === null)).toBe(true);
      expect(model.fit.covariance).toBeNull();
      expect(model.fit.logLikelihood).toBeGreaterThan(golden.fits['apparel.bgnbd.static']!.logLik - 1e-4);
    },
  );

  it.skipIf(noApparel)(
    'with the coefficients set to the reference values the likelihood is the reference likelihood',
    () => {
      const { params, logLik } = golden.fits['apparel.bgnbd.static']!;
      const { r, alpha, a, b } = params as { r: number; alpha: number; a: number; b: number };
      const model = {
        ...modelOf({ r, alpha, a, b }),
        inputs: ['frequency', 'recency', 'T', 'Gender', 'Channel'].map((name) => ({ name, type: 'number' as const })),
        covariates: ['dropout', 'purchase'].flatMap((process) =>
          ['Gender', 'Channel'].map((column) => ({
            ...{ process, column },
            coefficient: params[`${process === 'dropout' ? 'life' : 'trans'}.${column}`]!,
          })),
        ),
      };
      expect(relative(sum(bgNbd.logLikelihood(model as never, apparel() as never)), logLik)).toBeLessThan(1e-10);
    },
  );

  it('a vector each for a and b is recovered too, and a shared coefficient is one number with one error', () => {
    const rows = 6000;
    const random = seededRandom(3);
    const z = Float64Array.from({ length: rows }, () => random.below(3) - 1);
    const base = modelOf({ r: 0.9, alpha: 7, a: 0.8, b: 2.4 });
    const truth = [
      { process: 'purchase', column: 'z', coefficient: 0.5 },
      { process: 'a', column: 'z', coefficient: 0.5 },
      { process: 'b', column: 'z', coefficient: -0.3 },
    ];
    const known = { ...base, inputs: [...base.inputs, { name: 'z', type: 'number' as const }], covariates: truth };
    const T = new Float64Array(rows).fill(50);
    const sample = { ...bgNbd.simulate(known as never, { T, z }, { seed: 8 }), z };
    const model = bgNbd({
      unit: 'week',
      covariates: { purchase: ['z'], a: ['z'], b: ['z'] },
    }).fit(sample);
    const errors = model.fit.standardErrors as { readonly [name: string]: number | null };
    model.covariates!.forEach(({ process, coefficient }, k) => {
      expect(Math.abs(coefficient - truth[k]!.coefficient)).toBeLessThan(3.5 * errors[`${process}.z`]!);
    });
    const shared = bgNbd({ unit: 'week', covariates: { purchase: ['z'], a: ['z'] }, equal: ['z'] }).fit(sample);
    expect(shared.covariates![0]!.coefficient).toBe(shared.covariates![1]!.coefficient);
    expect(shared.fit.logLikelihood).toBeLessThan(model.fit.logLikelihood);
  });

  it('a continuous covariate: every customer a group of their own', () => {
    const rows = 3000;
    const random = seededRandom(5);
    const z = Float64Array.from({ length: rows }, () => 2 * random.uniform() - 1);
    const base = modelOf({ r: 0.9, alpha: 7, a: 0.8, b: 2.4 });
    const known = {
      ...base,
      inputs: [...base.inputs, { name: 'z', type: 'number' as const }],
      covariates: [{ process: 'purchase', column: 'z', coefficient: 0.7 }],
    };
    const sample = {
      ...bgNbd.simulate(known as never, { T: new Float64Array(rows).fill(50), z }, { seed: 8 }),
      z,
    };
    const model = bgNbd({ unit: 'week', covariates: { purchase: ['z'] } }).fit(sample);
    const error = (model.fit.standardErrors as { readonly [name: string]: number | null })['purchase.z']!;
    expect(Math.abs(model.covariates![0]!.coefficient - 0.7)).toBeLessThan(3.5 * error);
  });

  it('what is wrong is named: process, a column twice on one parameter, shared by one process, ridge without covariates', () => {
    const at = (options: object) => () => bgNbd({ unit: 'week', ...options } as never);
    expect(at({ covariates: { life: ['z'] } })).toThrow(/no process "life" in bgNbd; it has purchase, dropout, a, b/);
    expect(at({ covariates: { dropout: ['z'], a: ['z'] } })).toThrow(/"z" acts twice/);
    expect(at({ covariates: { purchase: ['z'] }, equal: ['z'] })).toThrow(/two processes/);
    expect(at({ ridge: { purchase: 1 } })).toThrow(/no covariates/);
    expect(at({ covariates: { purchase: ['T'] } })).toThrow(/"T" is a column/);
    expect(at({ priors: { s: { median: 1, sd: 1 } } })).toThrow(/no parameter "s" in bgNbd/);
  });
});
