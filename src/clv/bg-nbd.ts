import type { Columns } from '../model/batch.ts';
import { checked, positive, whole } from '../model/checks.ts';
import type { Estimator, InputsOf } from '../model/contract.ts';
import type { Rate } from '../model/field.ts';
import { purchaseCounts } from './bg-nbd-counts.ts';
import { fitBgNbd } from './bg-nbd-fit.ts';
import { logLikelihoodOf } from './bg-nbd-likelihood.ts';
import { BG_NBD_VERSION, type BgNbdModel, bgNbdKind } from './bg-nbd-model.ts';
import { bgNbdPosterior, expectedGivenAlive } from './bg-nbd-posterior.ts';
import { readHistories } from './history.ts';
import { eachHistory } from './history-kernel.ts';
import { checkUnits, type DefaultOutputs, type HistoryOptions, historyHead } from './history-options.ts';
import { type NameOf, type Quantity, type QuantityOutput, quantity } from './quantities.ts';

/** Options of {@link bgNbd}. */
export type BgNbdOptions<
  F extends string = string,
  R extends string = string,
  T extends string = string,
  Q extends readonly QuantityOutput[] = readonly QuantityOutput[],
> = HistoryOptions<F, R, T, Q>;

/** {@link bgNbd}: the estimator, with the quantities of the family as functions of a model and columns. */
export interface BgNbd {
  <
    const F extends string = 'frequency',
    const R extends string = 'recency',
    const T extends string = 'T',
    const Q extends readonly QuantityOutput[] = DefaultOutputs,
  >(
    options: BgNbdOptions<F, R, T, Q>,
  ): Estimator<BgNbdModel<F | R | T, NameOf<Q[number]>>>;

  /**
   * P(alive at T | x, t_x, T) = 1/(1 + [x > 0]·a/(b+x−1)·((α+T)/(α+t_x))^(r+x)), one per row; NaN where a cell is null
   * or the history cannot be. It is 1 for every customer without a repeat purchase, so it does not rank who will buy:
   * use {@link purchaseProbability} for loyalty and alerts.
   * @example bgNbd.probabilityAlive(model, { frequency: [2], recency: [30.43], T: [38.86] }) // [0.7266] on CDNOW
   */
  probabilityAlive<M extends BgNbdModel>(model: M, customers: Columns<InputsOf<M>>): Float64Array;

  /** P(at least one purchase in the next `periods`) = P(alive)·(1 − ((α+T)/(α+T+h))^(r+x)), one per row. */
  purchaseProbability<M extends BgNbdModel>(model: M, customers: Columns<InputsOf<M>>, options: Ahead): Float64Array;

  /**
   * Expected purchases in the next `periods` (Fader, Hardie & Lee 2005, eq. 10), one per row; finite at a = 1.
   * @example bgNbd.expectedPurchases(model, { frequency: [2], recency: [30.43], T: [38.86] }, { periods: 39 }) // [1.226]
   */
  expectedPurchases<M extends BgNbdModel>(model: M, customers: Columns<InputsOf<M>>, options: Ahead): Float64Array;

  /**
   * Expected purchases of the next `periods` (or ever), each times e^(−δt), t its time after the end of the observation,
   * δ = ln(1 + discount) per `rate.per`, a year being 365.25 days. Times spend and margin this is lifetime value.
   */
  discountedTransactions<M extends BgNbdModel>(
    model: M,
    customers: Columns<InputsOf<M>>,
    options: DiscountedAhead,
  ): Float64Array;

  /** Expected repeat purchases of a new customer in the first `periods` (Fader, Hardie & Lee 2005, eq. 9). */
  expectedTransactions(model: BgNbdModel, options: Ahead): number;

  /** P(X = 0 … upTo) of the repeat purchases of a new customer in the first `periods` (eq. 8). */
  purchaseCounts(model: BgNbdModel, options: Ahead & { readonly upTo: number }): Float64Array;

  /** ln L(x, t_x, T), one per row; their sum over the data of the fit is `model.fit.logLikelihood`. */
  logLikelihood<M extends BgNbdModel>(model: M, customers: Columns<InputsOf<M>>): Float64Array;
}

/** How far to look ahead. */
export interface Ahead {
  /** Length in the model's time unit. */
  readonly periods: number;
}

/** How far to look ahead, and the rate of discount. */
export interface DiscountedAhead {
  readonly periods: number | 'infinite';
  readonly rate: Rate;
}

function estimate<
  const F extends string = 'frequency',
  const R extends string = 'recency',
  const T extends string = 'T',
  const Q extends readonly QuantityOutput[] = DefaultOutputs,
>(options: BgNbdOptions<F, R, T, Q>): Estimator<BgNbdModel<F | R | T, NameOf<Q[number]>>> {
  const head = historyHead(options);
  const [frequency, recency, end] = head.inputs;
  return {
    kind: bgNbdKind,
    fit(data, upstream) {
      checkUnits(head, upstream);
      const { parameters, fit } = fitBgNbd(readHistories(data, frequency.name, recency.name, end.name));
      const { inputs, outputs, unit, quantities } = head;
      return { kind: 'bgNbd', version: BG_NBD_VERSION, inputs, outputs, unit, ...parameters, quantities, fit };
    },
  };
}

function score(model: BgNbdModel, customers: Columns, asked: Quantity): Float64Array {
  const posterior = bgNbdPosterior(model, model.unit);
  const given = posterior.given(checked('invalid-option', quantity, asked, 'options'));
  return eachHistory(customers, model.inputs, (x, recency, T) => {
    const alive = posterior.alive(x, recency, T);
    return given === null || alive === 0 ? alive : alive * given(x, T);
  });
}

const length = (periods: number): number => checked('invalid-option', positive, periods, 'periods');

/**
 * The beta-geometric/NBD model of repeat buying (Fader, Hardie & Lee 2005, Marketing Science 24, 275–284): while alive a
 * customer buys at rate λ ~ Gamma(r, α), and after each purchase drops out with probability p ~ Beta(a, b).
 *
 * Fitted by maximum likelihood, Newton on exact derivatives over the distinct histories; one pass over the rows, memory
 * for the distinct ones. `fit` tells status, standard errors and covariance; a boundary or a ridge is a status, never an
 * exception.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` for a history that cannot be (with its row),
 * `empty-input` when no row is left, `unknown-column`
 * @example
 * const model = bgNbd({ unit: 'week', outputs: [{ quantity: 'purchaseProbability', periods: 39 }] }).fit(customers);
 * model.r; // 0.2426 on the CDNOW sample
 * bgNbd.expectedPurchases(model, customers, { periods: 39 }); // Float64Array, one per customer
 */
export const bgNbd: BgNbd = /* @__PURE__ */ Object.assign(estimate, {
  probabilityAlive: (model: BgNbdModel, customers: Columns) =>
    score(model, customers, { quantity: 'probabilityAlive' }),
  purchaseProbability: (model: BgNbdModel, customers: Columns, { periods }: Ahead) =>
    score(model, customers, { quantity: 'purchaseProbability', periods }),
  expectedPurchases: (model: BgNbdModel, customers: Columns, { periods }: Ahead) =>
    score(model, customers, { quantity: 'expectedPurchases', periods }),
  discountedTransactions: (model: BgNbdModel, customers: Columns, { periods, rate }: DiscountedAhead) =>
    score(model, customers, { quantity: 'discountedTransactions', periods, rate }),
  expectedTransactions: (model: BgNbdModel, { periods }: Ahead) => expectedGivenAlive(model)(0, 0, length(periods)),
  purchaseCounts: (model: BgNbdModel, { periods, upTo }: Ahead & { readonly upTo: number }) =>
    purchaseCounts(model, length(periods), checked('invalid-option', whole(), upTo, 'upTo')),
  logLikelihood: (model: BgNbdModel, customers: Columns) =>
    eachHistory(customers, model.inputs, (x, recency, T) => logLikelihoodOf(model, x, recency, T)),
});
