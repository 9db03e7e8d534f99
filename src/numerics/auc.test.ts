import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { auc } from './auc.ts';

interface Vectors {
  readonly trees_ensembles_calibration_metrics_shap: {
    readonly metric_vectors: {
      readonly [name: string]: {
        readonly y: number[];
        readonly score: number[];
        readonly values: { readonly roc_auc: number };
      };
    };
  };
}

describe('auc', () => {
  it('equals the golden metric vectors, ties and one constant score among them', () => {
    const { metric_vectors } = fixture<Vectors>('churn-golden.json').trees_ensembles_calibration_metrics_shap;
    for (const { y, score, values } of Object.values(metric_vectors))
      expect(auc(y, score)).toBeCloseTo(values.roc_auc, 12);
  });

  it('leaves out rows that are not judged or not scored, and is NaN with one class', () => {
    expect(auc([1, 0, Number.NaN, 0], [0.9, 0.1, 0.95, Number.NaN])).toBe(1);
    expect(auc([1, 1], [0.2, 0.4])).toBeNaN();
  });
});
