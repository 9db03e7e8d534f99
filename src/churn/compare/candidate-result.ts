import type { FitStatus } from '../../model/contract.ts';
import type { Evaluation } from '../judgement/evaluate.ts';
import type { BinaryMetrics } from '../metrics.ts';

/** How a candidate did on the test rows of one split. */
export type FoldMetrics = Pick<BinaryMetrics, 'rows' | 'events' | 'rocAuc' | 'logLoss' | 'brier'>;

export interface CandidateResult {
  readonly name: string;
  readonly kind: string;
  /** On the out-of-fold scores of all splits together; `calibrationSlope` is the pooled one. */
  readonly evaluation: Evaluation;
  /** Per split; null where its test rows are of one class. */
  readonly folds: readonly (FoldMetrics | null)[];
  /** Test rows with an outcome that it gave no score. */
  readonly unscored: number;
  /** Of its fits, the one farthest from `converged`. */
  readonly status: FitStatus;
  /** Of its fits, each once. */
  readonly warnings: readonly string[];
}
