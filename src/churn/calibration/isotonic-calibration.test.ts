import { describe, expect, it } from 'vitest';
import { brier, logLoss, rocAuc } from '../metrics.ts';
import { label, overconfident, scored, small } from './calibration.test-support.ts';
import { isotonicCalibration } from './isotonic-calibration.ts';

describe('isotonicCalibration', () => {
  const data = { left: small.y, s: small.score };

  it('gives the golden blocks and probabilities of sklearn', () => {
    const model = isotonicCalibration({ label, score: 's' }).fit(data);
    const found = model.scores.map((s, i) => [s, model.probabilities[i]!]);
    expect(model.scores).toEqual(small.isotonic_ties_pooled_x);
    found.forEach(([, p], i) => {
      expect(p).toBeCloseTo(small.isotonic_ties_pooled_y[i]!, 12);
    });
    scored(model, small.score, 's').forEach((p, i) => {
      expect(p).toBeCloseTo(small.isotonic_predict_at_scores[i]!, 12);
    });
    scored(model, [0, 0.15, 0.4, 0.55, 0.7, 1], 's').forEach((p, i) => {
      expect(p).toBeCloseTo(small['isotonic_predict_at_[0,0.15,0.4,0.55,0.7,1]'][i]!, 12);
    });
  });

  it('has the least squared error of all never-falling steps: the min–max formula of isotonic regression', () => {
    const { left, churnProbability } = overconfident(60);
    const model = isotonicCalibration({ label }).fit({ left, churnProbability });
    const order = churnProbability.map((_, i) => i).sort((a, b) => churnProbability[a]! - churnProbability[b]!);
    const found = scored(model, churnProbability);
    order.forEach((row, k) => {
      let wanted = Number.NEGATIVE_INFINITY;
      for (let from = 0; from <= k; from++) {
        let least = Number.POSITIVE_INFINITY;
        for (let to = k; to < order.length; to++) {
          const rows = order.slice(from, to + 1);
          least = Math.min(least, rows.reduce((t, i) => t + left[i]!, 0) / rows.length);
        }
        wanted = Math.max(wanted, least);
      }
      expect(found[row]).toBeCloseTo(wanted, 12);
    });
  });

  it('strict keeps the ranking and so the AUC, stays within 0 and 1, and goes on beyond the ends', () => {
    const data = overconfident(500);
    const strict = isotonicCalibration({ label, strict: true }).fit(data);
    const plain = isotonicCalibration({ label }).fit(data);
    const p = scored(strict, data.churnProbability);
    const order = data.churnProbability
      .map((_, i) => i)
      .sort((a, b) => data.churnProbability[a]! - data.churnProbability[b]!);
    for (let k = 1; k < order.length; k++) expect(p[order[k]!]).toBeGreaterThan(p[order[k - 1]!]!);
    expect(rocAuc(data.left, p)).toBe(rocAuc(data.left, data.churnProbability));
    expect(rocAuc(data.left, scored(plain, data.churnProbability))).not.toBe(rocAuc(data.left, p));
    expect(logLoss(data.left, p)).not.toBeNull();
    const far = scored(strict, [-1, 0, 1e-9, 1 - 1e-9, 1, 2]);
    for (let i = 1; i < far.length; i++) expect(far[i]).toBeGreaterThan(far[i - 1]!);
    expect(far[0]).toBeGreaterThan(strict.probabilities[0]! / 2);
    expect(far[5]).toBeLessThan((1 + strict.probabilities.at(-1)!) / 2);
    expect(brier(data.left, p)).toBeLessThan(brier(data.left, data.churnProbability));
  });

  it('strict sets each block at its mean score; an end of one class only holds half a row of the other', () => {
    const model = isotonicCalibration({ label, strict: true }).fit({
      left: [0, 0, 1, 0, 1, 1],
      churnProbability: [0.1, 0.2, 0.3, 0.5, 0.7, 0.8],
    });
    // Blocks: {.1, .2} at 0, {.3, .5} at 1/2, {.7, .8} at 1, which become ½/3 and 1 − ½/3.
    [0.15, 0.4, 0.75].forEach((score, i) => {
      expect(model.scores[i]).toBeCloseTo(score, 14);
    });
    [1 / 6, 1 / 2, 5 / 6].forEach((p, i) => {
      expect(model.probabilities[i]).toBeCloseTo(p, 14);
    });
    expect(model.fit.blocks).toBe(3);
  });

  it('gives everyone the base rate when churn does not rise with the score', () => {
    for (const strict of [true, false]) {
      const model = isotonicCalibration({ label, strict }).fit({
        left: [1, 1, 0, 0],
        churnProbability: [0.1, 0.2, 0.3, 0.4],
      });
      expect(model.fit).toMatchObject({ status: 'not-identified', blocks: 1 });
      expect([...scored(model, [-3, 0.25, 9])]).toEqual([0.5, 0.5, 0.5]);
    }
  });

  it('counts weights as rows written out as often', () => {
    const plain = isotonicCalibration({ label }).fit({
      left: [0, 1, 1, 0, 1],
      churnProbability: [0.1, 0.2, 0.2, 0.3, 0.4],
    });
    const weighted = isotonicCalibration({ label, weight: 'w' }).fit({
      left: [0, 1, 0, 1],
      churnProbability: [0.1, 0.2, 0.3, 0.4],
      w: [1, 2, 1, 1],
    });
    expect(weighted.probabilities).toEqual(plain.probabilities);
    expect(weighted.scores).toEqual(plain.scores);
  });
});
