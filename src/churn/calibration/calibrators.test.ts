import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../numerics/random.ts';
import { pipeline } from '../../scoring/pipeline.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { betaCalibration } from './beta-calibration.ts';
import { code, compile, label, overconfident, parseModel, sigmoid } from './calibration.test-support.ts';
import { isotonicCalibration } from './isotonic-calibration.ts';
import { plattCalibration } from './platt-calibration.ts';
import { priorCorrection } from './prior-correction.ts';

describe('calibrators as models', () => {
  const data = overconfident(200);
  const all = [
    plattCalibration({ label }),
    plattCalibration({ label, scale: 'score' }),
    isotonicCalibration({ label }),
    isotonicCalibration({ label, strict: true }),
    betaCalibration({ label }),
    priorCorrection({ populationRate: 0.1, sampleRate: 0.3 }),
  ].map((estimator) => estimator.fit(data));

  it('are plain JSON data that score bit for bit alike when read back', () => {
    for (const model of all) {
      const back = parseModel(JSON.parse(JSON.stringify(model)));
      expect(back).toEqual(model);
      const batch = { churnProbability: [...data.churnProbability, 0, 1, Number.NaN] };
      expect(compile(back as typeof model).score(batch).columns).toEqual(compile(model).score(batch).columns);
    }
  });

  it('carry nulls with their reasons', () => {
    for (const model of all) {
      const { report } = compile(model).score({ churnProbability: [null, Number.NaN, 0.5] });
      expect(Object.values(report.nulls)[0]).toEqual({ missing: 1, 'not-finite': 1 });
    }
  });

  it('are refused when damaged, naming the place', () => {
    const damaged = (model: object, change: object): unknown => JSON.parse(JSON.stringify({ ...model, ...change }));
    const [platt, onScore, isotonic, strict, beta, prior] = all as [object, object, object, object, object, object];
    expect(() => parseModel(damaged(platt, { range: null }))).toThrow(/model\.range/);
    expect(() => parseModel(damaged(onScore, { range: { low: -1, rest: -1 } }))).toThrow(/model\.range/);
    expect(() => parseModel(damaged(isotonic, { scores: [1] }))).toThrow(/model\.probabilities/);
    expect(() => parseModel(damaged(isotonic, { scores: [1, 1], probabilities: [0, 1] }))).toThrow(
      /model\.scores\[1\]/,
    );
    expect(() => parseModel(damaged(isotonic, { scores: [1, 2], probabilities: [1, 0] }))).toThrow(/must not fall/);
    expect(() => parseModel(damaged(strict, { scores: [1, 2], probabilities: [0.5, 0.5] }))).toThrow(/must rise/);
    expect(() => parseModel(damaged(strict, { scores: [1, 2], probabilities: [0, 0.5] }))).toThrow(/within 0 and 1/);
    expect(() => parseModel(damaged(beta, { a: -1 }))).toThrow(/model\.a/);
    expect(() => parseModel(damaged(prior, { sampleRate: 1 }))).toThrow(/model\.sampleRate/);
    for (const model of all) {
      expect(() => parseModel(damaged(model, { inputs: [] }))).toThrow(/model\.inputs/);
      expect(() => parseModel(damaged(model, { outputs: [{ name: 'p', type: 'number' }] }))).toThrow(/model\.outputs/);
    }
  });

  it('leave out and count rows that cannot be used', () => {
    const { fit } = plattCalibration({ label }).fit({
      left: [1, 0, null, 1, 0, 1, 0],
      churnProbability: [0.4, 0.3, 0.5, Number.NaN, 1.5, 0.2, 0.1],
    });
    expect(fit.rows).toBe(4);
    expect(fit.warnings).toEqual([
      '1 rows without a label are left out of the fit',
      '1 rows where "churnProbability" is null are left out of the fit',
      '1 rows where "churnProbability" is no probability are left out of the fit',
    ]);
  });

  it('refuse bad options and data', () => {
    expect(() => plattCalibration({ label, score: 'left' })).toThrow(code('label-as-feature'));
    expect(() => plattCalibration({ label, weight: 'left' })).toThrow(code('invalid-option'));
    expect(() => plattCalibration({ label, scale: 'odds' as 'score' })).toThrow(code('invalid-option'));
    expect(() => isotonicCalibration({ label, as: '' as 'p' })).toThrow(code('invalid-option'));
    expect(() => betaCalibration({} as never)).toThrow(code('invalid-option'));
    expect(() => betaCalibration({ label }).fit({ left: [1, 1], churnProbability: [0.2, 0.3] })).toThrow(
      code('one-class'),
    );
    expect(() => betaCalibration({ label }).fit({ left: [1, 0], churnProbability: [0.2, null] })).toThrow(
      code('one-class'),
    );
    expect(() => isotonicCalibration({ label }).fit({ left: [1, 0] })).toThrow(code('unknown-column'));
    expect(() =>
      isotonicCalibration({ label, weight: 'w' }).fit({ left: [1, 0], churnProbability: [0.2, 0.3], w: [1, -1] }),
    ).toThrow(code('invalid-value'));
  });
});

describe('in a pipeline', () => {
  it('a calibrator is fitted on the out-of-fold probabilities of the classifier, and is refused on another horizon', () => {
    const random = seededRandom(12);
    const rows = 240;
    // Twelve features of noise: in sample the classifier is overconfident, out of fold its slope is below 1.
    const noise = Object.fromEntries(
      Array.from({ length: 12 }, (_, j) => [`x${j}`, Array.from({ length: rows }, () => random.uniform())]),
    );
    const left = noise.x0!.map((x) => (random.uniform() < sigmoid(3 * x - 2) ? 1 : 0));
    const data = { ...noise, left };
    const features = Object.keys(noise);
    const classifier = logisticRegression({ label, features });
    const folds = { count: 5, rule: 'row-modulo' } as const;
    const model = pipeline([classifier, plattCalibration({ label })], { folds }).fit(data);
    const outOfFold = pipeline([classifier], { folds }).crossFit(data).heldOut.churnProbability as Float64Array;
    const wanted = plattCalibration({ label }).fit({ left, churnProbability: outOfFold });
    const { slope, intercept } = model.steps[1] as unknown as { slope: number; intercept: number };
    expect([slope, intercept]).toEqual([wanted.slope, wanted.intercept]);
    expect(slope).toBeLessThan(0.9);
    expect(model.fit.heldOut.map(({ output }) => output)).toEqual(['churnProbability', 'calibratedProbability']);
    expect(parseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
    const yearly = { ...label, horizon: { every: 1, unit: 'year' } } as const;
    expect(() => pipeline([classifier, plattCalibration({ label: yearly })], { folds }).fit(data)).toThrow(
      code('horizon-mismatch'),
    );
  });
});
