import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { sum } from '../../numerics/sum.ts';
import { relative, summaryOf } from '../clv.test-support.ts';
import { historyBattery } from '../family/battery.test-support.ts';
import { nbdKind } from './model.ts';
import { nbd } from './nbd.ts';

const peer = fixture<{
  peer: {
    'BTYD+BTYDplus': {
      'BTYDplus.cdnow': { nbd: { params: { r: number; alpha: number }; logLik: number; cet: number[] } };
    };
  };
}>('clv-golden.json').peer['BTYD+BTYDplus']['BTYDplus.cdnow'].nbd;

describe.skipIf(!hasShared('cdnow-summary.csv'))('CDNOW, against BTYDplus 1.2.0 (clv-golden.json, layer peer)', () => {
  it('parameters, log-likelihood and expected purchases of the first ten customers', () => {
    const customers = summaryOf('cdnow-summary.csv');
    const model = nbd({ unit: 'week' }).fit(customers);
    expect(model.fit.status).toBe('converged');
    expect(relative(model.r, peer.params.r)).toBeLessThan(1e-4);
    expect(relative(model.alpha, peer.params.alpha)).toBeLessThan(1e-4);
    expect(relative(model.fit.logLikelihood, peer.logLik)).toBeLessThan(1e-9);
    const expected = nbd.expectedPurchases(model, customers, { periods: 39 });
    peer.cet.forEach((wanted, i) => {
      expect(relative(expected[i]!, wanted)).toBeLessThan(1e-4);
    });
  });
});

describe('what follows from the formulas', () => {
  it('the likelihood does not look at recency, and P(alive) is 1', () => {
    const model = nbd({ unit: 'week' }).fit({ frequency: [2, 0, 1], recency: [3, 0, 2], T: [9, 9, 8] });
    const [near, far] = [3, 8].map((recency) => ({ frequency: [2], recency: [recency], T: [9] }));
    expect(nbd.logLikelihood(model, near!)).toEqual(nbd.logLikelihood(model, far!));
    expect(nbd.probabilityAlive(model, near!)[0]).toBe(1);
  });

  it('customers of one purchase rate: a boundary with its name', () => {
    // Counts less spread than a Poisson distribution of their mean, 3.
    const frequency = [3, 3, 3, 3, 2, 4];
    const model = nbd({ unit: 'week' }).fit({ frequency, recency: frequency.map(() => 5), T: frequency.map(() => 6) });
    expect([model.fit.status, model.fit.limit]).toEqual(['boundary', 'one purchase rate']);
    expect(model.r / model.alpha).toBeCloseTo(0.5, 6);
    expect(model.fit.standardErrors).toEqual({ r: null, alpha: null });
  });

  it('the mean rate at the maximum is that of the data where T is the same for all', () => {
    // ∂ ln L/∂α = 0 gives r/α = Σx/ΣT.
    const frequency = [0, 7, 1, 0, 3, 12];
    const model = nbd({ unit: 'week' }).fit({
      frequency,
      recency: frequency.map((x) => (x > 0 ? 5 : 0)),
      T: frequency.map(() => 6),
    });
    expect(relative(model.r / model.alpha, sum(frequency) / 36)).toBeLessThan(1e-9);
  });
});

historyBattery(nbd, nbdKind, {
  at: [
    { r: 0.8, alpha: 6 },
    { r: 0.385, alpha: 12 },
    { r: 20, alpha: 30 },
  ],
});
