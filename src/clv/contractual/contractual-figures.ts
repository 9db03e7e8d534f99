import type { Columns } from '../../model/batch.ts';
import { checked, whole } from '../../model/checks.ts';
import type { InputsOf } from '../../model/contract.ts';
import type { Rate, Timing } from '../../model/field.ts';
import { exp } from '../../numerics/elementary.ts';
import { seededRandom } from '../../numerics/random.ts';
import { continuousRate } from '../family/quantities.ts';
import { type CohortExpectation, type CohortOptions, cohortExpectation } from './cohort-expectation.ts';
import { type ContractualModel, eachTenure } from './contractual-model.ts';
import {
  type ContractualQuantity,
  contractualQuantity,
  lastOf,
  periodCount,
  type Renewals,
  renewals,
} from './contractual-quantities.ts';
import { lifetimeLaw } from './lifetime-law.ts';
import { logLikelihoodOf } from './renewal-likelihood.ts';
import { checkRenewalColumns, type RenewalColumns, readRenewals } from './renewal-table.ts';

/** Rate of discount, and how many of the model's periods count (default `infinite`). */
export interface Discounted {
  readonly rate: Rate;
  readonly periods?: Renewals;
}

/** Customers drawn from a model, as columns that can be fitted again. */
export interface SimulatedRenewals {
  readonly [name: string]: Float64Array;
  /** Renewals that came up. */
  readonly tenure: Float64Array;
  /** 1: the last of them was not made. */
  readonly churned: Float64Array;
}

/** The figures of a contractual model, as functions of a model and columns. */
export interface ContractualFigures<M extends ContractualModel> {
  /** S(0) = 1, S(1), … S(periods): the share of a new cohort that makes t renewals. */
  survivalCurve(model: M, options: { readonly periods: number }): Float64Array;

  /** r_1, … r_periods, r_t = S(t)/S(t−1): the share of those there that makes renewal t. */
  retentionCurve(model: M, options: { readonly periods: number }): Float64Array;

  /** Expected active customers of each cohort beside the actual ones, for a table as `counts` describes it. */
  cohortExpectation(model: M, data: Columns, options: CohortOptions): CohortExpectation;

  /** ln L of a table, such as a holdout, of the shape the estimator takes; −Infinity for what the model rules out. */
  logLikelihood(model: M, data: Columns, columns?: RenewalColumns): number;

  /**
   * Expected number of periods of a new customer, the first included: Σ_{t≥0} S(t), of the first `periods` when given.
   * Null when infinite, as it is unless α > 1 (sBG) or cα > 1 (BdW).
   */
  expectedLifetime(model: M, options?: { readonly periods?: Renewals }): number | null;

  /** DEL of a new customer, the payment of the first period included and undiscounted: Σ_{t≥0} S(t)/(1+d)^t. */
  discountedExpectedLifetime(model: M, options: Discounted): number;

  /** S(tenure + periods)/S(tenure), one per row; NaN where the tenure is null or no whole number ≥ 0. */
  survivalProbability(model: M, customers: Columns<InputsOf<M>>, options: { readonly periods: number }): Float64Array;

  /** P(next renewal | tenure), one per row. */
  retentionRate(model: M, customers: Columns<InputsOf<M>>): Float64Array;

  /** Σ_{k≥1} S(tenure + k)/S(tenure), one per row: renewals still to come; NaN where it is infinite. */
  expectedResidualLifetime(
    model: M,
    customers: Columns<InputsOf<M>>,
    options?: { readonly periods?: Renewals },
  ): Float64Array;

  /**
   * DERL, one per row: Σ_{k≥1} S(tenure + k)/S(tenure)/(1+d)^(k−1), standing immediately before the next renewal (`timing`
   * `begin`, default; Fader & Hardie 2010, eq. 6), or with exponent k a full period before it (`end`). Times the payment
   * per period it is the customer's residual value.
   */
  discountedExpectedResidualLifetime(
    model: M,
    customers: Columns<InputsOf<M>>,
    options: Discounted & { readonly timing?: Timing },
  ): Float64Array;

  /** New customers, each watched through `periods` renewals. */
  simulate(
    model: M,
    options: { readonly customers: number; readonly periods: number; readonly seed: number },
  ): SimulatedRenewals;
}

const MOST = 1e7;
const count = (value: number, path: string): number => checked('invalid-option', whole(1, MOST), value, path);

function score(model: ContractualModel, customers: Columns, asked: ContractualQuantity): Float64Array {
  return eachTenure(model, customers, checked('invalid-option', contractualQuantity, asked, 'options'));
}

/** Σ_{t=0}^{periods−1} S(t)e^(−δt). */
function lifetime(model: ContractualModel, periods: Renewals | undefined, delta: number): number | null {
  const last = lastOf(periods === undefined ? periods : checked('invalid-option', renewals, periods, 'periods'));
  const total = last === 1 ? 1 : 1 + exp(-delta) * lifetimeLaw(model).residual(0, last - 1, delta);
  return Number.isFinite(total) ? total : null;
}

function survivalCurve(model: ContractualModel, { periods }: { readonly periods: number }): Float64Array {
  const law = lifetimeLaw(model);
  return Float64Array.from({ length: count(periods, 'periods') + 1 }, (_, t) => law.survival(0, t));
}

/** The figures of both models: their law differs in c alone. */
export const contractualFigures: ContractualFigures<ContractualModel> = {
  survivalCurve,
  retentionCurve(model, { periods }) {
    const law = lifetimeLaw(model);
    return Float64Array.from({ length: count(periods, 'periods') }, (_, i) => law.survival(i, 1));
  },
  cohortExpectation,
  logLikelihood(model, data, columns = {}) {
    checkRenewalColumns(columns);
    return logLikelihoodOf(model, readRenewals(data, columns));
  },
  expectedLifetime: (model, { periods } = {}) => lifetime(model, periods, 0),
  discountedExpectedLifetime(model, { rate, periods }) {
    const quantity = 'discountedExpectedResidualLifetime';
    const asked = { quantity, rate, ...(periods === undefined ? {} : { periods }) } as const;
    checked('invalid-option', contractualQuantity, asked, 'options');
    return lifetime(model, periods, continuousRate(rate, model.unit))!;
  },
  survivalProbability: (model, customers, { periods }) =>
    score(model, customers, {
      quantity: 'survivalProbability',
      periods: checked('invalid-option', periodCount, periods, 'periods'),
    }),
  retentionRate: (model, customers) => score(model, customers, { quantity: 'retentionRate' }),
  expectedResidualLifetime: (model, customers, options = {}) =>
    score(model, customers, { quantity: 'expectedResidualLifetime', ...options }),
  discountedExpectedResidualLifetime: (model, customers, options) =>
    score(model, customers, { quantity: 'discountedExpectedResidualLifetime', ...options }),
  simulate(model, { customers, periods, seed }) {
    const random = seededRandom(seed);
    const survival = survivalCurve(model, { periods });
    const tenure = new Float64Array(count(customers, 'customers'));
    const churned = new Float64Array(tenure.length);
    for (let i = 0; i < tenure.length; i++) {
      const u = random.uniform();
      // The first t with S(t) ≤ u, if any.
      let low = 1;
      let high = periods + 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (survival[middle]! <= u) high = middle;
        else low = middle + 1;
      }
      churned[i] = low <= periods ? 1 : 0;
      tenure[i] = Math.min(low, periods);
    }
    return { tenure, churned };
  },
};
