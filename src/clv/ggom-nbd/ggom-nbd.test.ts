import { describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { lgamma } from '../../numerics/special.ts';
import { sum } from '../../numerics/sum.ts';
import { engine } from '../../scoring/engine.ts';
import { golden, relative, summaryOf } from '../clv.test-support.ts';
import { historyBattery } from '../family/battery.test-support.ts';
import { ggomNbd } from './ggom-nbd.ts';
import { type GgomNbdModel, ggomNbdKind } from './model.ts';
import type { GgomNbdParameters } from './posterior.ts';

historyBattery(ggomNbd, ggomNbdKind, {
  at: [
    // A hazard that rises fast enough for b to be found.
    { r: 2, alpha: 6, b: 0.25, s: 0.8, beta: 60 },
    { r: 0.9, alpha: 7, b: 0.02, s: 0.5, beta: 0.2 },
    { r: 1.5, alpha: 30, b: 0.1, s: 1, beta: 1 },
    { r: 0.55, alpha: 10.6, b: 1e-9, s: 0.61, beta: 1.17e-8 },
  ],
  recovery: { samples: 0, rows: 0 },
});

const week = ggomNbd({ unit: 'week' });
const modelOf = (parameters: GgomNbdParameters): GgomNbdModel<'frequency' | 'recency' | 'T', 'probabilityAlive'> => ({
  ...week.fit({ frequency: [0], recency: [0], T: [1] }),
  ...parameters,
});
const one = (x: number, recency: number, T: number) => ({ frequency: [x], recency: [recency], T: [T] });

interface GoldenRow {
  readonly x: number;
  readonly t_x: number;
  readonly T: number;
  readonly logLik: number;
  readonly pAlive: number;
  readonly cet: { readonly [t: string]: number };
}
interface Prediction {
  readonly colsums: { readonly CET: number };
  readonly first: readonly { readonly Id: string; readonly CET: number; readonly PAlive: number }[];
}
const reference = fixture<{
  functions: { models: { ggomnbd: readonly { params: GgomNbdParameters; rows: readonly GoldenRow[] }[] } };
  peer: {
    CLVTools: {
      [name: string]: { readonly coef: GgomNbdParameters; readonly logLik: number; readonly prediction: Prediction };
    };
  };
}>('clv-golden.json');

describe('functions at fixed parameters (clv-golden.json, layer functions: 30-digit mpmath)', () => {
  for (const { params, rows } of reference.functions.models.ggomnbd)
    it(`b ${params.b}, β ${params.beta}: ln L, P(alive) and expected purchases of every row`, () => {
      const model = modelOf(params);
      for (const { x, t_x, T, logLik, pAlive, cet } of rows) {
        const customer = one(x, t_x, T);
        expect(relative(ggomNbd.logLikelihood(model, customer)[0]!, logLik)).toBeLessThan(1e-10);
        expect(relative(ggomNbd.probabilityAlive(model, customer)[0]!, pAlive)).toBeLessThan(1e-9);
        for (const [t, wanted] of Object.entries(cet))
          expect(relative(ggomNbd.expectedPurchases(model, customer, { periods: Number(t) })[0]!, wanted)).toBeLessThan(
            1e-9,
          );
      }
    });
});

describe('hard histories', () => {
  // ln L and P(alive) by mpmath with 30 digits: the integral over the moment of dropout, split at 40 points.
  const hard = [
    [0.55, 10.6, 0.0002, 0.61, 0.0025, 2000, 38.9, 39, 5392.944296219809, 0.9838210189319798],
    [0.55, 10.6, 0.01, 1, 10.6, 300, 150, 160, -119.96674997458057, 7.3844167133188375e-6],
    [1.5, 30, 0.5, 0.4, 1000000, 3, 2, 60, -10.764089827152066, 0.00025289539262894384],
    [1.5, 30, 0.5, 0.4, 1000000, 3, 50, 60, -16.735088752249847, 0.09910893329009811],
    [0.2, 0.01, 2, 3, 0.5, 1, 0.01, 400, 0.7235481020569187, 0.0],
    [2, 6, 0.25, 50, 6000000, 4, 10, 100, -14.70700414338378, 8.099721354811643e-207],
    [1, 10, 1, 1, 10, 0, 0, 520, -0.21444230915042414, 3.4334019720975496e-227],
    [0.5, 3, 1e-12, 1, 3e-12, 40, 5, 500, 19.526111152194908, 9.576596228593987e-74],
    [1.5, 1000000, 0.1, 2, 1, 2, 1, 1000, -26.50928627568636, 1.6844276610239622e-87],
    [3, 20, 0.3, 10000, 10000000, 12, 30, 45, -33.39945828578472, 1.2398896402146886e-304],
  ] as const;
  it('2,000 purchases, long silences, a hazard that rises a millionfold, s = 1, α = β: as 30-digit integration has them', () => {
    for (const [r, alpha, b, s, beta, x, recency, T, logLikelihood, alive] of hard) {
      const model = modelOf({ r, alpha, b, s, beta });
      const customer = one(x, recency, T);
      expect(relative(ggomNbd.logLikelihood(model, customer)[0]!, logLikelihood)).toBeLessThan(1e-10);
      expect(Math.abs(ggomNbd.probabilityAlive(model, customer)[0]! - alive)).toBeLessThanOrEqual(
        Math.max(1e-9 * alive, 1e-300),
      );
    }
  });
});

describe('against the integral over λ, η and the moment of dropout of the model’s own story', () => {
  const LEGENDRE = gaussLegendre(32);
  const integrate = (f: (x: number) => number, ends: readonly number[]): number => {
    let total = 0;
    for (let k = 1; k < ends.length; k++) {
      const half = (ends[k]! - ends[k - 1]!) / 2;
      LEGENDRE.nodes.forEach((node, i) => {
        total += half * LEGENDRE.weights[i]! * f(ends[k - 1]! + half * (1 + node));
      });
    }
    return total;
  };
  const parameters = { r: 1.5, alpha: 9, b: 0.12, s: 2, beta: 3 };
  function told(x: number, recency: number, T: number, h: number, delta: number) {
    const { r, alpha, b, s, beta } = parameters;
    // λ = y² takes the root at 0 away.
    const over = (f: (lambda: number, eta: number) => number): number =>
      integrate(
        (y) => {
          const lambda = y * y;
          const purchase = Math.exp(
            r * Math.log(alpha) + (r - 1) * Math.log(lambda) - alpha * lambda - lgamma(r) + Math.log(2 * y),
          );
          return (
            purchase *
            integrate(
              (eta) => Math.exp(s * Math.log(beta) + (s - 1) * Math.log(eta) - beta * eta - lgamma(s)) * f(lambda, eta),
              [0, 0.05, 0.2, 0.6, 2, 5, 14],
            )
          );
        },
        [0, 0.1, 0.25, 0.5, 1, 2.2],
      );
    const survivor = (eta: number, t: number): number => Math.exp(-eta * Math.expm1(b * t));
    const alive = (lambda: number, eta: number): number => lambda ** x * Math.exp(-lambda * T) * survivor(eta, T);
    const dead = (lambda: number, eta: number): number =>
      T === recency
        ? 0
        : integrate(
            (t) => lambda ** x * Math.exp(-lambda * t) * eta * b * Math.exp(b * t) * survivor(eta, t),
            [recency, T],
          );
    const total = over((l, e) => alive(l, e) + dead(l, e));
    const mean = (f: (lambda: number, eta: number) => number): number => over((l, e) => alive(l, e) * f(l, e)) / total;
    const after = (eta: number, u: number): number => survivor(eta, T + u) / survivor(eta, T);
    return {
      logLikelihood: Math.log(total),
      alive: mean(() => 1),
      ahead: mean((_, e) => after(e, h)),
      bought: mean((l, e) => integrate((u) => l * Math.exp(-l * u) * after(e, u), [0, h])),
      expected: mean((l, e) => l * integrate((u) => after(e, u), [0, h])),
      discounted: mean((l, e) => l * integrate((u) => Math.exp(-delta * u) * after(e, u), [0, h])),
    };
  }
  for (const [x, recency, T] of [
    [0, 0, 12],
    [5, 9, 14],
    [2, 3, 3],
  ] as const)
    it(`x ${x}, t_x ${recency}, T ${T}: every quantity`, () => {
      const model = modelOf(parameters);
      const customer = one(x, recency, T);
      const [periods, delta] = [8, 0.05];
      const oracle = told(x, recency, T, periods, delta);
      const rate = { discount: Math.expm1(delta), per: 'week' } as const;
      for (const [got, wanted] of [
        [ggomNbd.logLikelihood(model, customer), oracle.logLikelihood],
        [ggomNbd.probabilityAlive(model, customer), oracle.alive],
        [ggomNbd.probabilityAlive(model, customer, { ahead: periods }), oracle.ahead],
        [ggomNbd.probabilityOfPurchase(model, customer, { periods }), oracle.bought],
        [ggomNbd.expectedPurchases(model, customer, { periods }), oracle.expected],
        [ggomNbd.discountedResidualTransactions(model, customer, { periods, rate }), oracle.discounted],
      ] as const)
        expect(relative(got[0]!, wanted)).toBeLessThan(1e-9);
    });
});

describe('CDNOW and apparel: the likelihood is highest in the Pareto/NBD', () => {
  for (const [file, name] of [
    ['cdnow-summary.csv', 'cdnow_fullprec.pnbd'],
    ['apparel-summary.csv', 'apparel.pnbd'],
  ] as const)
    it.skipIf(!hasShared(file))(
      `${name}: its log-likelihood to 1e-7, its parameters and errors; no errors for b and β, whose ratio is its β`,
      () => {
        const model = week.fit(summaryOf(file));
        const { params, se, logLik } = golden.fits[name]!;
        expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'Pareto/NBD']);
        expect(Math.abs(model.fit.logLikelihood - logLik)).toBeLessThan(1e-7);
        for (const p of ['r', 'alpha', 's'] as const) {
          expect(relative(model[p], params[p]!)).toBeLessThan(1e-6);
          expect(relative(model.fit.standardErrors[p]!, se[p]!)).toBeLessThan(1e-4);
        }
        expect(relative(model.beta / model.b, params.beta!)).toBeLessThan(1e-6);
        expect([model.fit.standardErrors.b, model.fit.standardErrors.beta, model.fit.covariance]).toEqual([
          null,
          null,
          null,
        ]);
        expect(() => engine({ ggomNbd: ggomNbdKind }).parseModel(JSON.parse(JSON.stringify(model)))).not.toThrow();
        const peer = reference.peer.CLVTools[file.startsWith('cdnow') ? 'cdnow.ggomnbd' : 'apparel.ggomnbd']!;
        expect(model.fit.logLikelihood).toBeGreaterThanOrEqual(peer.logLik);
        expect(relative(sum(ggomNbd.logLikelihood(modelOf(peer.coef), summaryOf(file))), peer.logLik)).toBeLessThan(
          1e-11,
        );
      },
    );

  it.skipIf(!hasShared('apparel-summary.csv'))(
    'with covariates too: log-likelihood and coefficients of the Pareto/NBD (golden apparel.pnbd.static)',
    () => {
      const columns = sharedColumns('apparel-summary.csv') as { [name: string]: Float64Array };
      const both = ['Gender', 'Channel'] as const;
      const model = ggomNbd({ unit: 'week', covariates: { purchase: both, dropout: both } }).fit({
        ...summaryOf('apparel-summary.csv'),
        Gender: columns.Gender!,
        Channel: columns.Channel!,
      });
      const { params, se, logLik } = golden.fits['apparel.pnbd.static']!;
      expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'Pareto/NBD']);
      expect(Math.abs(model.fit.logLikelihood - logLik)).toBeLessThan(1e-7);
      for (const { process, column, coefficient } of model.covariates!) {
        const wanted = `${process === 'purchase' ? 'trans' : 'life'}.${column}`;
        expect(relative(coefficient, params[wanted]!)).toBeLessThan(1e-6);
        const errors = model.fit.standardErrors as { readonly [name: string]: number | null };
        expect(relative(errors[`${process}.${column}`]!, se[wanted]!)).toBeLessThan(1e-4);
      }
      expect(model.fit.logLikelihood).toBeGreaterThanOrEqual(reference.peer.CLVTools['apparel.ggomnbd.static']!.logLik);
    },
  );

  it.skipIf(!hasShared('cdnow-summary.csv'))(
    'CLVTools prints the same P(alive) and expected purchases of ten customers at its parameters, and their sum',
    () => {
      const { coef, prediction } = reference.peer.CLVTools['cdnow.ggomnbd']!;
      const customers = summaryOf('cdnow-summary.csv');
      const { customer_id: id } = sharedColumns('cdnow-summary.csv') as { [name: string]: Float64Array };
      const alive = ggomNbd.probabilityAlive(modelOf(coef), customers);
      const expected = ggomNbd.expectedPurchases(modelOf(coef), customers, { periods: 39 });
      for (const { Id, CET, PAlive } of prediction.first) {
        const i = id!.indexOf(Number(Id));
        expect(relative(alive[i]!, PAlive)).toBeLessThan(1e-6);
        expect(relative(expected[i]!, CET)).toBeLessThan(1e-6);
      }
      expect(relative(sum(expected), prediction.colsums.CET)).toBeLessThan(1e-6);
    },
  );
});

describe('fits', () => {
  it('an interior maximum is found, with the truth within 3.5 standard errors, in three samples of 6,000', () => {
    const truth = { r: 2, alpha: 6, b: 0.25, s: 0.8, beta: 60 };
    for (let seed = 1; seed <= 3; seed++) {
      const T = Float64Array.from({ length: 6000 }, (_, i) => 20 + (i % 40));
      const model = week.fit({ ...ggomNbd.simulate(modelOf(truth), { T }, { seed }) });
      expect(model.fit.status).toBe('converged');
      for (const p of ['r', 'alpha', 'b', 's', 'beta'] as const)
        expect(Math.abs(Math.log(model[p] / truth[p])) / (model.fit.standardErrors[p]! / model[p])).toBeLessThan(3.5);
    }
  });

  it('nobody drops out: the limit is the NBD', () => {
    const T = Float64Array.from({ length: 400 }, (_, i) => 30 + (i % 7));
    const drawn = ggomNbd.simulate(modelOf({ r: 2, alpha: 4, b: 1, s: 0, beta: 1 }), { T }, { seed: 2 });
    const recency = drawn.T.map((end, i) => (drawn.frequency[i]! > 0 ? end : 0));
    const model = week.fit({ frequency: drawn.frequency, recency, T });
    expect([model.fit.status, model.fit.limit, model.s]).toEqual(['boundary', 'NBD', 0]);
    expect(model.fit.standardErrors.r).toBeGreaterThan(0);
    expect(ggomNbd.probabilityAlive(model, one(2, 1, 30))[0]).toBe(1);
  });
});
