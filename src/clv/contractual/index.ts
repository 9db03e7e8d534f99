export { type BetaDiscreteWeibull, betaDiscreteWeibull } from './beta-discrete-weibull.ts';
export type { CohortExpectation, CohortOptions } from './cohort-expectation.ts';
export type { ContractualFigures, Discounted, SimulatedRenewals } from './contractual-figures.ts';
export type { ContractualFit, ContractualLimit } from './contractual-fit.ts';
export {
  type BetaDiscreteWeibullFit,
  type BetaDiscreteWeibullModel,
  betaDiscreteWeibullKind,
  type ContractualModel,
  type ShiftedBetaGeometricModel,
  shiftedBetaGeometricKind,
} from './contractual-model.ts';
export type { ContractualOptions, DefaultContractualOutputs } from './contractual-options.ts';
export type { ContractualNameOf, ContractualOutput, ContractualQuantity, Renewals } from './contractual-quantities.ts';
export type { LikelihoodRatio } from './fit-beta-discrete-weibull.ts';
export type { LifetimeParameters } from './lifetime-law.ts';
export type { ChurnedColumn, CountColumns, RenewalColumns } from './renewal-table.ts';
export { type ShiftedBetaGeometric, shiftedBetaGeometric } from './shifted-beta-geometric.ts';
