import { readNumbers, rowCount } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { checked, finite, positive, whole } from '../../model/checks.ts';
import type { Estimator, InputsOf, Kind } from '../../model/contract.ts';
import type { Rate } from '../../model/field.ts';
import { knownOptions, object } from '../../model/options.ts';
import { seededRandom } from '../../numerics/random.ts';
import { covariateColumns, parametersAt } from './covariates.ts';
import type { HistoryFamily, Parameters } from './family.ts';
import { fitHistories } from './fit-histories.ts';
import { isHistory, readHistories } from './history.ts';
import { boundRows, eachHistory } from './history-kernel.ts';
import {
  checkUnits,
  type DefaultOutputs,
  HISTORY_KEYS,
  type HistoryHead,
  type HistoryOptions,
  historyHead,
} from './history-options.ts';
import type { HistoryModel } from './model.ts';
import { MOST_OPPORTUNITIES, type NameOf, type Quantity, type QuantityOutput, quantityOf } from './quantities.ts';

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

/** A new customer: how long to look, and the covariates of a model that has some. */
export interface NewCustomer extends Ahead {
  readonly covariates?: { readonly [column: string]: number };
}

/** Simulated customers, one per row. */
export type SimulatedCustomers = {
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly T: Float64Array;
  /** Purchases in the `ahead` after T. */
  readonly later: Float64Array;
};

/**
 * A buy-till-you-die estimator, with the quantities of its family as functions of a model and columns. Every figure per
 * customer is NaN where a cell is null or the history cannot be.
 */
export interface HistoryEstimator<K extends string, P extends string> {
  <
    const F extends string = 'frequency',
    const R extends string = 'recency',
    const T extends string = 'T',
    const Q extends readonly QuantityOutput[] = DefaultOutputs,
    const Z extends string = never,
  >(
    options: HistoryOptions<F, R, T, Q, P, Z>,
  ): Estimator<HistoryModel<K, P, F | R | T | Z, NameOf<Q[number]>>>;

  /** The family itself, for functions that take any of them. */
  readonly family: HistoryFamily<K, P>;

  /** ln L(x, t_x, T), one per row; their sum over the data of the fit is `model.fit.logLikelihood`. */
  logLikelihood<M extends HistoryModel<K, P>>(model: M, customers: Columns<InputsOf<M>>): Float64Array;

  /** P(alive at T + `ahead` | x, t_x, T), one per row; `ahead` in the model's time unit, default 0. */
  probabilityAlive<M extends HistoryModel<K, P>>(
    model: M,
    customers: Columns<InputsOf<M>>,
    options?: { readonly ahead?: number },
  ): Float64Array;

  /** P(at least one purchase in the next `periods`), one per row: the figure for loyalty and alerts. */
  probabilityOfPurchase<M extends HistoryModel<K, P>>(
    model: M,
    customers: Columns<InputsOf<M>>,
    options: Ahead,
  ): Float64Array;

  /** Expected purchases in the next `periods`, one per row. */
  expectedPurchases<M extends HistoryModel<K, P>>(
    model: M,
    customers: Columns<InputsOf<M>>,
    options: Ahead,
  ): Float64Array;

  /**
   * Expected purchases of the next `periods` (or ever), each times e^(−δt), t its time after the end of the observation,
   * δ = ln(1 + discount) per `rate.per`, a year being 365.25 days. Times spend and margin this is lifetime value.
   */
  discountedResidualTransactions<M extends HistoryModel<K, P>>(
    model: M,
    customers: Columns<InputsOf<M>>,
    options: DiscountedAhead,
  ): Float64Array;

  /** Any quantity, one per row. */
  predict<M extends HistoryModel<K, P>>(model: M, customers: Columns<InputsOf<M>>, quantity: Quantity): Float64Array;

  /** Expected repeat purchases of a new customer in the first `periods`. */
  expectedTransactions(model: HistoryModel<K, P>, options: NewCustomer): number;

  /** P(X = 0 … upTo) of the repeat purchases of a new customer in the first `periods`. */
  purchaseDistribution(model: HistoryModel<K, P>, options: NewCustomer & { readonly upTo: number }): Float64Array;

  /**
   * P(0 … upTo purchases in the next `periods` | history): row i has its upTo + 1 figures from i·(upTo + 1) on.
   */
  futurePurchaseDistribution<M extends HistoryModel<K, P>>(
    model: M,
    customers: Columns<InputsOf<M>>,
    options: Ahead & { readonly upTo: number },
  ): Float64Array;

  /**
   * Draws customers who are observed for the column T (and have the covariates) of `customers`, one per row, and counts
   * their purchases in the `ahead` after it. Equal seeds give equal customers.
   */
  simulate<M extends HistoryModel<K, P>>(
    model: M,
    customers: Columns,
    options: { readonly seed: number; readonly ahead?: number },
  ): SimulatedCustomers;
}

/** The estimator of a family. */
export function historyEstimator<K extends string, P extends string>(
  family: HistoryFamily<K, P>,
  kind: Kind<HistoryModel<K, P>>,
): HistoryEstimator<K, P> {
  type Any = HistoryModel<K, P>;
  const asQuantity = quantityOf(family);
  const length = (periods: number): number =>
    checked('invalid-option', family.discrete ? whole(1, MOST_OPPORTUNITIES) : positive, periods, 'periods');
  const estimate = <
    const F extends string = 'frequency',
    const R extends string = 'recency',
    const T extends string = 'T',
    const Q extends readonly QuantityOutput[] = DefaultOutputs,
    const Z extends string = never,
  >(
    options: HistoryOptions<F, R, T, Q, P, Z>,
  ): Estimator<HistoryModel<K, P, F | R | T | Z, NameOf<Q[number]>>> => {
    const head = historyHead(family, knownOptions(options, family.kind, HISTORY_KEYS));
    return {
      kind,
      fit(data, upstream) {
        checkUnits(head, upstream);
        const groups = readHistories(
          data,
          head.inputs.map(({ name }) => name),
          { weight: head.weight, discrete: family.discrete },
        );
        return modelFrom(family, head, fitHistories(family, groups, head));
      },
    };
  };
  const predict = (model: Any, customers: Columns, asked: Quantity): Float64Array => {
    const q = checked('invalid-option', asQuantity, asked, 'options');
    return eachHistory(family, model, customers, [q], ({ posterior, given: [given] }, x, recency, T) => {
      const alive = posterior.alive(x, recency, T);
      return !given || alive === 0 ? alive : alive * given(x, T, recency);
    });
  };
  return Object.assign(estimate, {
    family,
    predict,
    probabilityAlive: (model: Any, customers: Columns, options: { readonly ahead?: number } = {}) => {
      const { ahead = 0 } = knownOptions(options, 'probabilityAlive', 'ahead');
      return predict(model, customers, { quantity: 'probabilityAlive', ...(ahead === 0 ? {} : { ahead }) });
    },
    probabilityOfPurchase: (model: Any, customers: Columns, { periods }: Ahead) =>
      predict(model, customers, { quantity: 'probabilityOfPurchase', periods }),
    expectedPurchases: (model: Any, customers: Columns, { periods }: Ahead) =>
      predict(model, customers, { quantity: 'expectedPurchases', periods }),
    discountedResidualTransactions: (model: Any, customers: Columns, { periods, rate }: DiscountedAhead) =>
      predict(model, customers, { quantity: 'discountedResidualTransactions', periods, rate }),
    logLikelihood: (model: Any, customers: Columns) =>
      eachHistory(family, model, customers, [], ({ parameters }, x, recency, T) =>
        family.logLikelihood(parameters, x, recency, T),
      ),
    expectedTransactions: (model: Any, { periods, covariates }: NewCustomer) => {
      const { given, alive } = newCustomer(model, covariates, {
        quantity: 'expectedPurchases',
        periods: length(periods),
      });
      return alive * given(0, 0, 0);
    },
    purchaseDistribution: (model: Any, { periods, upTo, covariates }: NewCustomer & { readonly upTo: number }) =>
      family.distribution(parametersOf(model, covariates), length(periods), count(upTo)),
    futurePurchaseDistribution: (
      model: Any,
      customers: Columns,
      { periods, upTo }: Ahead & { readonly upTo: number },
    ) => {
      const [t, width] = [length(periods), count(upTo) + 1];
      const table = new Float64Array(width * rowCount(customers)).fill(Number.NaN);
      eachHistory(family, model, customers, [], ({ parameters, posterior }, x, recency, T, row) => {
        const alive = posterior.alive(x, recency, T);
        const ahead = family.distributionGivenAlive(parameters, { x, recency, T }, t, upTo);
        for (let k = 0; k < width; k++) table[width * row + k] = alive * ahead[k]! + (k === 0 ? 1 - alive : 0);
        return alive;
      });
      return table;
    },
    simulate: (model: Any, customers: Columns, options: { readonly seed: number; readonly ahead?: number }) => {
      const { seed, ahead = 0 } = knownOptions(options, 'simulate', 'seed ahead');
      const random = seededRandom(seed);
      const n = rowCount(customers);
      const later = new Float64Array(n);
      const frequency = new Float64Array(n);
      const recency = new Float64Array(n);
      const T = readNumbers(customers, model.inputs[2]!.name);
      const z = model.inputs.slice(3).map(({ name }) => readNumbers(customers, name));
      const boundOf = boundRows(family, model, []);
      for (let i = 0; i < n; i++) {
        if (!(isHistory(0, 0, T[i]!, family.discrete) && z.every((column) => Number.isFinite(column[i]!))))
          fail('invalid-value', `row ${i}: a simulated customer needs a length T of observation and its covariates`);
        const story = family.story(boundOf(z, i).parameters, random);
        for (let t = story.next(); t <= T[i]! + ahead; t = story.next())
          if (t <= T[i]!) {
            frequency[i]!++;
            recency[i] = t;
          } else later[i]!++;
      }
      return { frequency, recency, T: T.slice(), later };
    },
  }) as HistoryEstimator<K, P>;

  function parametersOf(model: Any, given: NewCustomer['covariates']): Parameters<P> {
    const columns = covariateColumns(model.covariates ?? []);
    if (columns.length === 0) return model;
    const z = columns.map((column) =>
      checked('invalid-option', finite, object(given ?? {}, 'covariates')[column], `covariates.${column}`),
    );
    return parametersAt(family, model, model.covariates!, z);
  }

  function newCustomer(model: Any, covariates: NewCustomer['covariates'], q: Quantity) {
    const posterior = family.posterior(parametersOf(model, covariates), model.unit, false);
    return { alive: posterior.alive(0, 0, 0), given: posterior.given(q)! };
  }
}

/** A model of what the options say and the fit found. */
export function modelFrom<K extends string, P extends string, In extends string, Out extends string>(
  { kind, version }: HistoryFamily<K, P>,
  { inputs, outputs, unit, quantities }: HistoryHead<In, Out>,
  { parameters, covariates, fit }: ReturnType<typeof fitHistories<K, P>>,
  settings: Parameters = {},
): HistoryModel<K, P, In, Out> {
  return {
    ...{ kind, version, inputs, outputs, unit, ...parameters, ...settings, quantities },
    ...(covariates.length > 0 ? { covariates } : {}),
    fit,
  } as HistoryModel<K, P, In, Out>;
}

const count = (upTo: number): number => checked('invalid-option', whole(), upTo, 'upTo');
