import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { bgNbd } from '../bg-nbd/bg-nbd.ts';
import { simulate } from '../bg-nbd/simulate.test-support.ts';
import { modelOf, relative } from '../clv.test-support.ts';
import { nbdKind } from '../nbd/model.ts';
import { nbd } from '../nbd/nbd.ts';

const random = seededRandom(3);
const customers = simulate({ r: 0.9, alpha: 7, a: 0.8, b: 2.4 }, 1500, random);
const z = Float64Array.from(customers.T, () => random.uniform() - 0.5);
const fitted = (column: Float64Array, options: object = {}) =>
  bgNbd({ unit: 'week', covariates: { purchase: ['z'], a: ['z'] }, ...options }).fit({ ...customers, z: column });

describe('the unit and the origin of a covariate change nothing but its coefficient and the parameters at 0', () => {
  const plain = fitted(z);
  const [purchase, drop] = plain.covariates!.map(({ coefficient }) => coefficient) as [number, number];

  it('in millionths or millions of its unit the fit is the same, by γ·z = (γ/c)·(cz)', () => {
    expect(plain.fit.status).toBe('converged');
    for (const c of [1e-6, 1e6]) {
      const { fit, covariates, ...model } = fitted(z.map((v) => c * v));
      expect([fit.status, fit.iterations]).toEqual(['converged', plain.fit.iterations]);
      for (const p of ['r', 'alpha', 'a', 'b'] as const) expect(relative(model[p], plain[p])).toBeLessThan(1e-8);
      expect(relative(covariates![0]!.coefficient * c, purchase)).toBeLessThan(1e-8);
      expect(
        relative(fit.standardErrors['purchase.z' as 'r']! * c, plain.fit.standardErrors['purchase.z' as 'r']!),
      ).toBeLessThan(1e-8);
    }
  });

  it('counted from −40 it gives α·e^(40γ), a·e^(−40γ), and standard errors by the delta method', () => {
    const { fit, covariates, ...model } = fitted(z.map((v) => v + 40));
    expect(fit.status).toBe('converged');
    expect(relative(fit.logLikelihood, plain.fit.logLikelihood)).toBeLessThan(1e-13);
    expect(relative(covariates![1]!.coefficient, drop)).toBeLessThan(1e-7);
    expect(relative(model.alpha, plain.alpha * Math.exp(40 * purchase))).toBeLessThan(1e-6);
    expect(relative(model.a, plain.a * Math.exp(-40 * drop))).toBeLessThan(1e-6);
    const names = Object.keys(plain.fit.standardErrors);
    const [k, j] = [names.indexOf('alpha'), names.indexOf('purchase.z')];
    const V = plain.fit.covariance!;
    // Var(ln α + 40γ), V(α)/α² being that of ln α.
    const variance = V[k]![k]! / plain.alpha ** 2 + (80 * V[k]![j]!) / plain.alpha + 1600 * V[j]![j]!;
    expect(relative(fit.standardErrors.alpha! / model.alpha, Math.sqrt(variance))).toBeLessThan(1e-6);
  });

  it('a ridge stays one on the coefficient of the column as it is: the mode of ln L − rows·λγ²', () => {
    const lambda = 0.02;
    const { covariates, ...model } = fitted(z, { ridge: { purchase: lambda, a: 0 } });
    const gamma = covariates![0]!.coefficient;
    const at = (by: number): number =>
      bgNbd
        .logLikelihood(
          { ...model, covariates: [{ ...covariates![0]!, coefficient: gamma + by }, covariates![1]!] } as never,
          { ...customers, z } as never,
        )
        .reduce((total, v) => total + v, 0) -
      z.length * lambda * (gamma + by) ** 2;
    expect(Math.abs(at(1e-3) - at(-1e-3)) / 2e-3).toBeLessThan(1e-5);
  });

  it('where the parameters at 0 would leave all bounds the error names the column and what to subtract', () => {
    expect(() => fitted(z.map((v) => v + 1e6))).toThrow(/where they are 0.*subtract a typical value from "z", such as/);
  });
});

describe('ends of a search', () => {
  it('a fit in the limit of one purchase rate is read back from its JSON though alpha is beyond 1e15', () => {
    const data = { frequency: [1, 1, 1], recency: [400, 400, 400], T: [90_000, 90_000, 90_000] };
    const model = nbd({ unit: 'day' }).fit(data);
    expect(model.fit.limit).toBe('one purchase rate');
    expect(model.alpha).toBeGreaterThan(1e15);
    expect(engine({ nbd: nbdKind }).parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  it('a dropout as narrow as one value p gives E[purchases | alive] = (1 − (1 + pq)^−R)/p and (1 + pq)^−R alive', () => {
    const model = modelOf({ r: 1, alpha: 5, a: 1e26, b: 3e26 });
    const history = { frequency: [3], recency: [10], T: [20] };
    const now = bgNbd.probabilityAlive(model, history)[0]!;
    const power = (1 + 0.25 * (10 / 25)) ** -4;
    const got = bgNbd.expectedPurchases(model, history, { periods: 10 })[0]!;
    expect(relative(got, (now * (1 - power)) / 0.25)).toBeLessThan(1e-10);
    expect(relative(bgNbd.probabilityAlive(model, history, { ahead: 10 })[0]!, now * power)).toBeLessThan(1e-10);
  });

  it('a covariate far beyond those of the fit gives figures, not NaN', () => {
    const model = fitted(z);
    const far = { frequency: [3, 3], recency: [10, 10], T: [20, 20], z: [1e6, -1e6] };
    for (const quantity of ['probabilityOfPurchase', 'expectedPurchases'] as const)
      for (const p of bgNbd.predict(model as never, far as never, { quantity, periods: 10 }))
        expect(p >= 0 && p < Infinity).toBe(true);
  });

  it('P(alive ahead) of a customer nearly sure to stay is not a rounding above 1', () => {
    const model = modelOf({
      r: 0.000513956004968492,
      alpha: 1.139565761714335,
      a: 0.000014216934681658305,
      b: 256.838752008425,
    });
    const history = { frequency: [0], recency: [0], T: [0.000046137394060495615] };
    expect(bgNbd.probabilityAlive(model, history, { ahead: 0.0000028361707803768894 })[0]).toBeLessThanOrEqual(1);
  });
});
