import type { Estimator } from '../../model/contract.ts';
import { type ContractualFigures, contractualFigures } from './contractual-figures.ts';
import { contractualFit } from './contractual-fit.ts';
import {
  BETA_DISCRETE_WEIBULL_VERSION,
  type BetaDiscreteWeibullModel,
  betaDiscreteWeibullKind,
} from './contractual-model.ts';
import { type ContractualOptions, contractualHead, type DefaultContractualOutputs } from './contractual-options.ts';
import type { ContractualNameOf, ContractualOutput } from './contractual-quantities.ts';
import { fitBetaDiscreteWeibull } from './fit-beta-discrete-weibull.ts';
import { churnShare } from './fit-shifted-beta-geometric.ts';
import { readRenewals } from './renewal-table.ts';

/** {@link betaDiscreteWeibull}: the estimator, with the figures of the model as functions of a model and columns. */
export interface BetaDiscreteWeibull extends ContractualFigures<BetaDiscreteWeibullModel> {
  <const T extends string = 'tenure', const Q extends readonly ContractualOutput[] = DefaultContractualOutputs>(
    options: ContractualOptions<T, Q>,
  ): Estimator<BetaDiscreteWeibullModel<T, ContractualNameOf<Q[number]>>>;
}

function estimate<
  const T extends string = 'tenure',
  const Q extends readonly ContractualOutput[] = DefaultContractualOutputs,
>(options: ContractualOptions<T, Q>): Estimator<BetaDiscreteWeibullModel<T, ContractualNameOf<Q[number]>>> {
  const head = contractualHead<T, Q>('betaDiscreteWeibull', options);
  return {
    kind: betaDiscreteWeibullKind,
    labels: head.labels,
    fit(data) {
      const table = readRenewals(data, head.columns);
      const { found, ratio } = fitBetaDiscreteWeibull(table, churnShare(table));
      const [alpha, beta, c] = found.parameters as [number, number, number];
      return {
        ...{ kind: 'betaDiscreteWeibull', version: BETA_DISCRETE_WEIBULL_VERSION, ...head.model, alpha, beta, c },
        fit: { ...contractualFit(['alpha', 'beta', 'c'], table, found), likelihoodRatio: ratio },
      };
    },
  };
}

/**
 * The beta-discrete-Weibull model of contractual lifetimes (Fader, Hardie, Liu, Davin & Steenburgh 2018, Journal of
 * Interactive Marketing 43, 1–16): P(T > t | θ) = (1 − θ)^(t^c), θ ~ Beta(α, β) over customers, so that
 * S(t) = B(α, β + t^c)/B(α, β). With c < 1 each customer's own retention rises with tenure, with c > 1 it falls; c = 1 is
 * the shifted-beta-geometric, and `fit.likelihoodRatio` tests it.
 *
 * Fitted, scored and reported as `shiftedBetaGeometric` is.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a cell that cannot be (with its row),
 * `empty-input` when there is no renewal to learn from, `unknown-column`
 * @example
 * const model = betaDiscreteWeibull({ unit: 'year', counts: { period: 'year', active: 'customers' } }).fit({
 *   year: [0, 1, 2, 3, 4, 5, 6, 7],
 *   customers: [1000, 869, 743, 653, 593, 551, 517, 491],
 * });
 * model.c; // 1.72, alpha 0.214, beta 1.427
 * model.fit.likelihoodRatio.pValue; // 0.0006: better than the shifted-beta-geometric
 */
export const betaDiscreteWeibull: BetaDiscreteWeibull = Object.assign(estimate, contractualFigures);
