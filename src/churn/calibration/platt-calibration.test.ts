import { describe, expect, it } from 'vitest';
import { logisticRegression } from '../logistic-regression.ts';
import { code, expected, golden, label, logit, scored, sigmoid, small } from './calibration.test-support.ts';
import { plattCalibration } from './platt-calibration.ts';

describe('plattCalibration', () => {
  const data = { left: small.y, s: small.score };

  it('gives the golden line with Platt’s targets: that of R glm; sklearn’s stops short of it', () => {
    const model = plattCalibration({ label, score: 's', scale: 'score' }).fit(data);
    const [intercept, slope] = golden.r.platt_small_smoothed_targets;
    expect(model.intercept).toBeCloseTo(intercept, 9);
    expect(model.slope).toBeCloseTo(slope, 9);
    // The golden file says that sklearn's is good to about 1e-6 only: its line is less likely than ours.
    const loss = (a: number, b: number): number =>
      small.score.reduce((t, s, i) => {
        const target = small.y[i] === 1 ? 8 / 9 : 1 / 7;
        return t - target * Math.log(sigmoid(a + b * s)) - (1 - target) * Math.log(1 - sigmoid(a + b * s));
      }, 0);
    expect(loss(model.intercept, model.slope)).toBeLessThan(loss(-small.platt_B, -small.platt_A));
    expect(model.slope).toBeCloseTo(-small.platt_A, 4);
    expect(model.intercept).toBeCloseTo(-small.platt_B, 4);
    expect(model.fit.status).toBe('converged');
    expect(scored(model, [0.35], 's')[0]).toBeCloseTo(sigmoid(intercept + 0.35 * slope), 9);
  });

  it('gives the golden maximum-likelihood line without smoothing (R glm)', () => {
    const model = plattCalibration({ label, score: 's', scale: 'score', smooth: false }).fit(data);
    const [intercept, slope] = golden.r.platt_small_mle_no_target_smoothing;
    expect(model.intercept).toBeCloseTo(intercept, 9);
    expect(model.slope).toBeCloseTo(slope, 9);
  });

  it('finds a line on the log-odds exactly, and leaves calibrated probabilities as they are', () => {
    const bent = plattCalibration({ label, weight: 'w', smooth: false }).fit(
      expected((p) => sigmoid(0.6 * logit(p) - 0.4)),
    );
    expect(bent.slope).toBeCloseTo(0.6, 10);
    expect(bent.intercept).toBeCloseTo(-0.4, 10);
    const same = plattCalibration({ label, weight: 'w', smooth: false }).fit(expected((p) => p));
    scored(same, [0.013, 0.5, 0.87]).forEach((p, i) => {
      expect(p).toBeCloseTo([0.013, 0.5, 0.87][i]!, 10);
    });
  });

  it('has the standard errors of a logistic regression on the score', () => {
    const model = plattCalibration({ label, score: 's', scale: 'score', smooth: false }).fit(data);
    const wanted = logisticRegression({ label, features: ['s'] }).fit(data).fit.coefficients;
    expect(model.fit.standardErrors.intercept).toBeCloseTo(wanted[0]!.standardError!, 7);
    expect(model.fit.standardErrors.slope).toBeCloseTo(wanted[1]!.standardError!, 7);
  });

  it('takes probabilities of 0 and 1 as half the smallest and half the distance of the largest', () => {
    const model = plattCalibration({ label }).fit({
      left: [0, 1, 0, 1, 0, 1],
      churnProbability: [0, 0.2, 0.4, 0.6, 0.8, 1],
    });
    const [zero, low, one, high, outside] = scored(model, [0, 0.1, 1, 0.9, 1.5]);
    expect(zero).toBeCloseTo(sigmoid(model.intercept + model.slope * (Math.log(0.1) - Math.log(1))), 12);
    expect(zero).toBeLessThan(low!);
    expect(one).toBeGreaterThan(high!);
    expect(outside).toBeNaN();
    expect(() => plattCalibration({ label }).fit({ left: [0, 1], churnProbability: [0, 1] })).toThrow(
      code('invalid-value'),
    );
  });

  it('says not-identified for one score, and for separated classes without smoothing; warns of a falling line', () => {
    const flat = plattCalibration({ label, smooth: false }).fit({
      left: [1, 0, 0, 0],
      churnProbability: [0.5, 0.5, 0.5, 0.5],
    });
    expect(flat).toMatchObject({ slope: 0, fit: { status: 'not-identified' } });
    expect(scored(flat, [0.9])[0]).toBeCloseTo(0.25, 12);
    const apart = { left: [0, 0, 1, 1], churnProbability: [0.1, 0.2, 0.7, 0.9] };
    expect(plattCalibration({ label, smooth: false }).fit(apart).fit.status).toBe('not-identified');
    expect(plattCalibration({ label }).fit(apart).fit.status).toBe('converged');
    const falling = plattCalibration({ label }).fit({ left: [1, 1, 0, 0], churnProbability: [0.1, 0.2, 0.7, 0.9] });
    expect(falling.fit.warnings).toContain('the slope is negative: a higher "churnProbability" goes with less churn');
  });
});
