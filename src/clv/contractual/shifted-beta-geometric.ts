import type { Estimator } from '../../model/contract.ts';
import { type ContractualFigures, contractualFigures } from './contractual-figures.ts';
import { contractualFit } from './contractual-fit.ts';
import {
  SHIFTED_BETA_GEOMETRIC_VERSION,
  type ShiftedBetaGeometricModel,
  shiftedBetaGeometricKind,
} from './contractual-model.ts';
import { type ContractualOptions, contractualHead, type DefaultContractualOutputs } from './contractual-options.ts';
import type { ContractualNameOf, ContractualOutput } from './contractual-quantities.ts';
import { churnShare, fitShiftedBetaGeometric } from './fit-shifted-beta-geometric.ts';
import { readRenewals } from './renewal-table.ts';

/** {@link shiftedBetaGeometric}: the estimator, with the figures of the model as functions of a model and columns. */
export interface ShiftedBetaGeometric extends ContractualFigures<ShiftedBetaGeometricModel> {
  <const T extends string = 'tenure', const Q extends readonly ContractualOutput[] = DefaultContractualOutputs>(
    options: ContractualOptions<T, Q>,
  ): Estimator<ShiftedBetaGeometricModel<T, ContractualNameOf<Q[number]>>>;
}

function estimate<
  const T extends string = 'tenure',
  const Q extends readonly ContractualOutput[] = DefaultContractualOutputs,
>(options: ContractualOptions<T, Q>): Estimator<ShiftedBetaGeometricModel<T, ContractualNameOf<Q[number]>>> {
  const head = contractualHead<T, Q>('shiftedBetaGeometric', options);
  return {
    kind: shiftedBetaGeometricKind,
    labels: head.labels,
    fit(data) {
      const table = readRenewals(data, head.columns);
      const found = fitShiftedBetaGeometric(table, churnShare(table));
      const [alpha, beta] = found.parameters as [number, number];
      return {
        ...{ kind: 'shiftedBetaGeometric', version: SHIFTED_BETA_GEOMETRIC_VERSION, ...head.model, alpha, beta },
        fit: contractualFit(['alpha', 'beta'], table, found),
      };
    },
  };
}

/**
 * The shifted-beta-geometric model of contractual lifetimes (Fader & Hardie 2007, Journal of Interactive Marketing 21(1),
 * 76–90): at every renewal a customer leaves with a probability θ of their own, θ ~ Beta(α, β) over customers, so that
 * S(t) = B(α, β + t)/B(α, β) and the retention rate r_t = (β + t − 1)/(α + β + t − 1) rises as those likely to leave have
 * left.
 *
 * Fitted by maximum likelihood (Newton, exact derivatives) to one row per customer or to counts by cohort and period;
 * cohorts of any age together, also such as were first seen later than at acquisition. `fit` tells status, standard
 * errors, covariance, AIC and BIC; a boundary is a status that names its limit, never an exception.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a cell that cannot be (with its row),
 * `empty-input` when there is no renewal to learn from, `unknown-column`
 * @example
 * const model = shiftedBetaGeometric({ unit: 'year', counts: { period: 'year', active: 'customers' } }).fit({
 *   year: [0, 1, 2, 3, 4, 5, 6, 7],
 *   customers: [1000, 869, 743, 653, 593, 551, 517, 491],
 * });
 * model.alpha; // 0.668, beta 3.806 (Fader & Hardie 2007, High End)
 * shiftedBetaGeometric.survivalCurve(model, { periods: 12 })[12]; // 0.378; 39.4 % were still there
 * shiftedBetaGeometric.discountedExpectedResidualLifetime(model, { tenure: [4] }, { rate: { discount: 0.1, per: 'year' } }); // [6.90]
 */
export const shiftedBetaGeometric: ShiftedBetaGeometric = Object.assign(estimate, contractualFigures);
