import { fields, finite, fitReport, listOf, modelHead, oneOf, record, text } from '../../model/checks.ts';
import type { ModelBase } from '../../model/contract.ts';
import { DAYS, type TimeUnit } from '../../model/field.ts';
import type { Covariate } from '../family/covariates.ts';
import type { HistoryFit } from '../family/model.ts';
import { paretoNbdScoring } from '../pareto-nbd/model.ts';
import type { ParetoNbdParameters } from '../pareto-nbd/posterior.ts';

/**
 * A fitted Pareto/NBD with covariates that change with time. It reads walks, not rows of a batch, so it has no input or
 * output columns and is no step of a pipeline.
 */
export interface ParetoNbdDynamicModel extends ModelBase<'paretoNbdDynamic'>, ParetoNbdParameters {
  /** Unit of time of the parameters and of every horizon. */
  readonly unit: TimeUnit;
  /** γ by process, `purchase` or `dropout`, and column: the rate is multiplied by e^(γ′z). */
  readonly covariates: readonly Covariate[];
  readonly fit: HistoryFit<'r' | 'alpha' | 's' | 'beta'>;
}

const shape = record({
  ...modelHead('paretoNbdDynamic', 1),
  inputs: (json: unknown, path: string) => fields(json, path),
  outputs: (json: unknown, path: string) => fields(json, path),
  unit: oneOf(...(Object.keys(DAYS) as TimeUnit[])),
  ...paretoNbdScoring.checks,
  covariates: listOf(record({ process: oneOf('purchase', 'dropout'), column: text, coefficient: finite })),
  fit: (json: unknown, path: string) => fitReport<ParetoNbdDynamicModel['fit']>(json, path),
});

/**
 * Reads a stored model: what `JSON.parse` gave, checked.
 * @throws ClienteleError `invalid-model` with the path of the fault
 */
export function parseParetoNbdDynamic(json: unknown): ParetoNbdDynamicModel {
  return shape(json, 'model');
}
