import { describe, expect, it } from 'vitest';
import { logLoss } from '../metrics.ts';
import { betaCalibration } from './beta-calibration.ts';
import { expected, label, overconfident, scored, sigmoid } from './calibration.test-support.ts';
import { isotonicCalibration } from './isotonic-calibration.ts';
import { plattCalibration } from './platt-calibration.ts';

describe('betaCalibration', () => {
  it('finds its own three parameters exactly, and the identity as a = b = 1', () => {
    const curve = (p: number): number => sigmoid(0.5 + 1.4 * Math.log(p) - 0.7 * Math.log1p(-p));
    const model = betaCalibration({ label, weight: 'w' }).fit(expected(curve));
    expect([model.intercept, model.a, model.b].map((x) => Math.round(1e9 * x) / 1e9)).toEqual([0.5, 1.4, 0.7]);
    expect(scored(model, [0.31])[0]).toBeCloseTo(curve(0.31), 10);
    const same = betaCalibration({ label, weight: 'w' }).fit(expected((p) => p));
    expect([same.a, same.b].map((x) => Math.round(1e9 * x) / 1e9)).toEqual([1, 1]);
  });

  it('holds a coefficient at 0 rather than let P fall, at the best point of that edge', () => {
    const curve = (p: number): number => sigmoid(-0.2 - 0.5 * Math.log(p) - 0.9 * Math.log1p(-p));
    const data = expected(curve);
    const model = betaCalibration({ label, weight: 'w' }).fit(data);
    expect(model).toMatchObject({ a: 0, fit: { status: 'boundary', standardErrors: { a: null } } });
    const loss = (intercept: number, a: number, b: number): number =>
      data.left.reduce((t, y, i) => {
        const p = data.churnProbability[i]!;
        const q = sigmoid(intercept + a * Math.log(p) - b * Math.log1p(-p));
        return t - data.w[i]! * Math.log(y === 1 ? q : 1 - q);
      }, 0);
    const best = loss(model.intercept, model.a, model.b);
    for (const da of [0, 1e-3])
      for (const db of [-1e-3, 0, 1e-3])
        for (const di of [-1e-3, 0, 1e-3])
          expect(loss(model.intercept + di, model.a + da, model.b + db)).toBeGreaterThanOrEqual(best - 1e-12);
  });

  it('gives everyone the base rate when churn falls with the score', () => {
    const model = betaCalibration({ label }).fit({
      left: [1, 1, 0, 0, 1, 0],
      churnProbability: [0.1, 0.2, 0.7, 0.9, 0.3, 0.8],
    });
    expect(model).toMatchObject({ a: 0, b: 0, fit: { status: 'boundary' } });
    expect(scored(model, [0.5])[0]).toBeCloseTo(0.5, 12);
  });

  it('improves overconfident probabilities on fresh rows', () => {
    const fresh = overconfident(3000, 6);
    for (const estimator of [
      betaCalibration({ label }),
      plattCalibration({ label }),
      isotonicCalibration({ label, strict: true }),
    ]) {
      const p = scored(estimator.fit(overconfident(3000)), fresh.churnProbability);
      expect(logLoss(fresh.left, p)!).toBeLessThan(logLoss(fresh.left, fresh.churnProbability)! - 0.02);
    }
  });
});
