import { expect } from 'vitest';
import { fixture } from '../../../fixtures/load.ts';
import { seededRandom } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { pipelineKind } from '../../scoring/pipeline-kind.ts';
import { logisticKind } from '../logistic-kind.ts';
import { betaCalibrationKind } from './beta-kind.ts';
import { isotonicKind } from './isotonic-kind.ts';
import { plattKind } from './platt-kind.ts';
import { priorCorrectionKind } from './prior-correction-kind.ts';

export const { compile, parseModel } = engine({
  plattKind,
  isotonicKind,
  betaCalibrationKind,
  priorCorrectionKind,
  logisticKind,
  pipelineKind,
});

interface Golden {
  readonly r: {
    readonly platt_small_mle_no_target_smoothing: readonly [number, number];
    readonly platt_small_smoothed_targets: readonly [number, number];
  };
  readonly trees_ensembles_calibration_metrics_shap: {
    readonly calibration_small: {
      readonly y: readonly number[];
      readonly score: readonly number[];
      readonly isotonic_ties_pooled_x: readonly number[];
      readonly isotonic_ties_pooled_y: readonly number[];
      readonly isotonic_predict_at_scores: readonly number[];
      readonly 'isotonic_predict_at_[0,0.15,0.4,0.55,0.7,1]': readonly number[];
      readonly platt_A: number;
      readonly platt_B: number;
    };
  };
}
export const golden = fixture<Golden>('churn-golden.json');
export const small = golden.trees_ensembles_calibration_metrics_shap.calibration_small;
export const label = { column: 'left', churned: 1, horizon: { every: 1, unit: 'month' } } as const;
export const code = (name: string): unknown => expect.objectContaining({ code: name });

export const scored = (
  model: Parameters<typeof compile>[0],
  scores: readonly (number | null)[],
  column = 'churnProbability',
) => Object.values(compile(model).score({ [column]: scores }).columns)[0] as Float64Array;

/**
 * Every score twice, once as leaver with the weight P and once as stayer with 1 − P: the likelihood is then largest exactly
 * at P, whatever the shape of P, as long as the calibrator can take it.
 */
export function expected(probability: (p: number) => number): {
  left: number[];
  churnProbability: number[];
  w: number[];
} {
  const p = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  return {
    left: [...p.map(() => 1), ...p.map(() => 0)],
    churnProbability: [...p, ...p],
    w: [...p.map(probability), ...p.map((x) => 1 - probability(x))],
  };
}
export const logit = (p: number): number => Math.log(p / (1 - p));
export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Overconfident probabilities: the log-odds are 1.8 times what they should be. */
export function overconfident(rows: number, seed = 5): { left: number[]; churnProbability: number[] } {
  const random = seededRandom(seed);
  const truth = Array.from({ length: rows }, () => 0.02 + 0.9 * random.uniform() ** 2);
  return {
    left: truth.map((p) => (random.uniform() < p ? 1 : 0)),
    churnProbability: truth.map((p) => sigmoid(1.8 * logit(p) + 0.3)),
  };
}
