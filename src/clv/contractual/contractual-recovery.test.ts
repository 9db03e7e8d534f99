import { describe, expect, it } from 'vitest';
import type { Columns } from '../../model/batch.ts';
import { normalQuantile } from '../../numerics/normal.ts';
import { betaDiscreteWeibull, shiftedBetaGeometric } from './index.ts';

const counts = { period: 'period', active: 'active' } as const;
const table = (active: readonly number[]): Columns => ({ period: active.map((_, t) => t), active });
const sbg = (active: readonly number[]) => shiftedBetaGeometric({ unit: 'year', counts }).fit(table(active));
const bdw = (active: readonly number[]) => betaDiscreteWeibull({ unit: 'year', counts }).fit(table(active));

describe('recovery', () => {
  const z = normalQuantile(0.95);
  const covered = (estimate: number, error: number | null, truth: number): boolean =>
    error !== null && Math.abs(Math.log(estimate / truth)) <= (z * error) / estimate;

  // 200 sets: the rate of a true 90 % interval has a standard error of 2.1 points.
  it('90 % intervals (in ln) hold the sBG parameters they were simulated with in 84 to 96 % of 200 sets', () => {
    const truth = { ...sbg([1000, 869, 743, 653, 593, 551, 517, 491]), alpha: 0.9, beta: 2.5 };
    let hits = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const data = shiftedBetaGeometric.simulate(truth, { customers: 400, periods: 8, seed });
      const { alpha, fit } = shiftedBetaGeometric({ unit: 'year' }).fit(data);
      if (covered(alpha, fit.standardErrors.alpha, 0.9)) hits++;
    }
    expect(hits).toBeGreaterThanOrEqual(168);
    expect(hits).toBeLessThanOrEqual(192);
  });

  it('90 % intervals (in ln) hold the c of the BdW in 84 to 96 % of 200 sets, and c = 1 is refused at 5 % in 2 to 9 %', () => {
    const steep = { ...bdw([1000, 869, 743, 653, 593, 551, 517, 491]), alpha: 0.5, beta: 1.5, c: 1.4 };
    const flat = { ...steep, c: 1 };
    let hits = 0;
    let refused = 0;
    let tested = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const model = betaDiscreteWeibull({ unit: 'year' }).fit(
        betaDiscreteWeibull.simulate(steep, { customers: 1000, periods: 8, seed }),
      );
      if (covered(model.c, model.fit.standardErrors.c, 1.4)) hits++;
      const { pValue } = betaDiscreteWeibull({ unit: 'year' }).fit(
        betaDiscreteWeibull.simulate(flat, { customers: 1000, periods: 8, seed: 1000 + seed }),
      ).fit.likelihoodRatio;
      if (pValue !== null) tested++;
      if (pValue !== null && pValue < 0.05) refused++;
    }
    expect(hits).toBeGreaterThanOrEqual(168);
    expect(hits).toBeLessThanOrEqual(192);
    expect(tested).toBeGreaterThan(180);
    expect(refused / tested).toBeGreaterThan(0.02);
    expect(refused / tested).toBeLessThan(0.09);
  });
});
