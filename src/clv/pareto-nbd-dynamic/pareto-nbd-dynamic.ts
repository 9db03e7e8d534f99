import { fail } from '../../errors.ts';
import { checked, finite, positive, rate as rateCheck } from '../../model/checks.ts';
import type { Rate } from '../../model/field.ts';
import { knownOptions } from '../../model/options.ts';
import { log, log1p } from '../../numerics/elementary.ts';
import { lgammaRise } from '../../numerics/special.ts';
import type { Ahead } from '../family/estimator.ts';
import { type DefaultOutputs, type HistoryOptions, historyHead } from '../family/history-options.ts';
import { continuousRate } from '../family/quantities.ts';
import { paretoNbdScoring } from '../pareto-nbd/model.ts';
import { fitWalks } from './fit-walks.ts';
import type { ParetoNbdDynamicModel } from './model.ts';
import { type Paths, pathsOf } from './paths.ts';
import { buys, purchasesAhead, silenceOf, stays, type Walker } from './posterior.ts';
import type { CovariateWalks } from './walks.ts';

/** Options of {@link paretoNbdDynamic}; the unit of time is that of the walks. */
export interface ParetoNbdDynamicOptions
  extends Pick<
    HistoryOptions<string, string, string, DefaultOutputs, 'r' | 'alpha' | 's' | 'beta', string>,
    'equal' | 'ridge' | 'priors'
  > {
  /** Columns of the walks by the process they act on. Default: none, the plain Pareto/NBD. */
  readonly covariates?: { readonly purchase?: readonly string[]; readonly dropout?: readonly string[] };
}

/** The estimator with its quantities: one figure per customer, in the order of `walks.customers`. */
export interface ParetoNbdDynamic {
  (options?: ParetoNbdDynamicOptions): { fit(walks: CovariateWalks): ParetoNbdDynamicModel };
  /** ln of the density of the purchase times after the first; their sum over the walks of the fit is its logLikelihood. */
  logLikelihood(model: ParetoNbdDynamicModel, walks: CovariateWalks): Float64Array;
  /** P(alive at T + `ahead`), `ahead` in the model's unit, default 0. */
  probabilityAlive(
    model: ParetoNbdDynamicModel,
    walks: CovariateWalks,
    options?: { readonly ahead?: number },
  ): Float64Array;
  /** P(at least one purchase in the next `periods`): the figure for loyalty and alerts. */
  probabilityOfPurchase(model: ParetoNbdDynamicModel, walks: CovariateWalks, options: Ahead): Float64Array;
  /** Expected purchases in the next `periods`, along the covariates stated for them. */
  expectedPurchases(model: ParetoNbdDynamicModel, walks: CovariateWalks, options: Ahead): Float64Array;
  /**
   * The same, each purchase times e^(−δt), t its time after T, δ = ln(1 + discount) per `rate.per`. Never for ever: no
   * covariates are known beyond the end of a path.
   */
  discountedResidualTransactions(
    model: ParetoNbdDynamicModel,
    walks: CovariateWalks,
    options: Ahead & { readonly rate: Rate },
  ): Float64Array;
  /**
   * Expected repeat purchases in the first `periods` after the first purchase of a customer of whom nothing else is known
   * than the path. For a customer yet to come, make walks of a log with one purchase on `asOf`.
   */
  expectedTransactions(model: ParetoNbdDynamicModel, walks: CovariateWalks, options: Ahead): Float64Array;
}

function estimate(options: ParetoNbdDynamicOptions = {}): { fit(walks: CovariateWalks): ParetoNbdDynamicModel } {
  const {
    covariates = {},
    equal = [],
    ridge = {},
    priors = {},
  } = knownOptions(options, 'paretoNbdDynamic', 'equal ridge priors covariates');
  // What the static models check; their input columns and outputs have no part in it.
  const { terms, ...settings } = historyHead<'frequency', 'recency', 'T', DefaultOutputs, string, string>(
    paretoNbdScoring,
    { unit: 'day', covariates: covariates as { readonly [process: string]: readonly string[] }, equal, ridge, priors },
  );
  return { fit: (walks) => fitWalks(walks, { terms, ridge: settings.ridge, priors: settings.priors }) };
}

function perCustomer(
  model: ParetoNbdDynamicModel,
  walks: CovariateWalks,
  figure: (paths: Paths, walker: Walker) => number,
): Float64Array {
  const { frequency, recency, T } = walks.customers;
  const paths = pathsOf(model, walks);
  return T.map((end, i) => figure(paths, { i, x: frequency[i]!, recency: recency[i]!, T: end }));
}

const length = (periods: number): number => checked('invalid-option', positive, periods, 'periods');

/**
 * The Pareto/NBD with covariates that change with time (Bachmann, Meierer & Näf 2021, "The Role of Time-Varying
 * Contextual Factors in Latent Attrition Models for Customer Base Analysis", Marketing Science 40(4), 783–809). While
 * alive, a customer buys at rate λ·e^(γ′z(t)) and drops out at hazard μ·e^(γ′z(t)), λ ~ Gamma(r, α), μ ~ Gamma(s, β), each
 * process with its own γ and columns, z constant within a period.
 *
 * - With A and B the integrals of e^(γ′z) from the first purchase on, of purchase and dropout: ln L = Σ γ′z(t_j) +
 *   ln[Γ(r+x)α^r β^s/Γ(r)] + ln[(α+A(T))^−(r+x) (β+B(T))^−s + s∫ e^(γ′z) (α+A)^−(r+x) (β+B)^−(s+1) dτ], τ from t_x to T.
 *   Between changes of z that is the static integral with its own slopes; it is summed run by run.
 * - P(alive) is the first term's share. Expected purchases ahead: P(alive)·(r+x)/(α+A(T))·∫ e^(γ′z) ((β+B(T))/(β+B))^s dt.
 * - Covariates that never change give the static model, γ = 0 the plain one, up to rounding.
 *
 * The clock is that of {@link covariateWalks}: rates change on the day on which a period begins, a purchase has the
 * covariates of its day, the first purchase is not part. On weekly data that starts with the period this is the
 * likelihood of CLVTools 0.12.1, to its last digits.
 *
 * Fitted by Newton on exact derivatives. `fit.status` is `boundary` when a coefficient has no finite best value, as when
 * nobody is seen to drop out while a covariate holds. The model is no kind of the scoring engine: a batch has a row per
 * customer, a walk has many. Store it with `JSON.stringify`, read it with `parseParetoNbdDynamic`; its figures stand in
 * the order of `walks.customers`, as columns for whatever comes next.
 *
 * @throws ClienteleError `invalid-option`; `unknown-column` for a covariate that the walks lack; `horizon-mismatch` for
 * walks in another unit than the model; `invalid-value` when a path ends before the horizon
 * @example
 * const walks = covariateWalks(log, weeks, {
 *   customer: 'Id', date: 'Date', start: 'Cov.Date', columns: ['High.Season', 'Gender'], unit: 'week', asOf: '2006-12-31',
 * });
 * const model = paretoNbdDynamic({ covariates: { purchase: ['High.Season', 'Gender'], dropout: ['Gender'] } }).fit(walks);
 * paretoNbdDynamic.expectedPurchases(model, walks, { periods: 52 }); // one figure per customer
 */
export const paretoNbdDynamic: ParetoNbdDynamic = Object.assign(estimate, {
  logLikelihood: (model: ParetoNbdDynamicModel, walks: CovariateWalks): Float64Array => {
    const { r, alpha, s, beta, covariates } = model;
    const { columns, from, purchases, values } = walks;
    const used = covariates
      .filter(({ process }) => process === 'purchase')
      .map(({ column, coefficient }) => ({ at: columns.indexOf(column), coefficient }));
    return perCustomer(model, walks, (paths, walker) => {
      const { i, x, recency } = walker;
      let lin = 0;
      for (let k = from[i]!; k < from[i + 1]!; k++)
        for (const { at, coefficient } of used) lin += purchases[k]! * coefficient * values[columns.length * k + at]!;
      const { purchase, dropout } = paths.timeAt(i, recency);
      return (
        (x === 0 ? 0 : lin + lgammaRise(r, x) - x * log(alpha)) -
        (r + x) * log1p(purchase / alpha) -
        s * log1p(dropout / beta) +
        log(silenceOf(model, paths, walker).quiet)
      );
    });
  },
  probabilityAlive: (
    model: ParetoNbdDynamicModel,
    walks: CovariateWalks,
    { ahead = 0 }: { readonly ahead?: number } = {},
  ): Float64Array => {
    if (!(checked('invalid-option', finite, ahead, 'ahead') >= 0))
      fail('invalid-option', `invalid ahead: ${ahead}; it must not be negative`);
    return perCustomer(
      model,
      walks,
      (paths, walker) => silenceOf(model, paths, walker).alive * (ahead === 0 ? 1 : stays(model, paths, walker, ahead)),
    );
  },
  probabilityOfPurchase: (model: ParetoNbdDynamicModel, walks: CovariateWalks, { periods }: Ahead): Float64Array => {
    length(periods);
    return perCustomer(
      model,
      walks,
      (paths, walker) => silenceOf(model, paths, walker).alive * buys(model, paths, walker, periods),
    );
  },
  expectedPurchases: (model: ParetoNbdDynamicModel, walks: CovariateWalks, { periods }: Ahead): Float64Array =>
    ahead(model, walks, periods, 0),
  discountedResidualTransactions: (
    model: ParetoNbdDynamicModel,
    walks: CovariateWalks,
    { periods, rate }: Ahead & { readonly rate: Rate },
  ): Float64Array => {
    checked('invalid-option', rateCheck, rate, 'rate');
    if (!(rate.discount >= 0)) fail('invalid-option', `rate: discount ${rate.discount} is negative`);
    return ahead(model, walks, periods, continuousRate(rate, model.unit));
  },
  expectedTransactions: (model: ParetoNbdDynamicModel, walks: CovariateWalks, { periods }: Ahead): Float64Array => {
    length(periods);
    return perCustomer(model, walks, (paths, { i }) => purchasesAhead(model, paths, { i, x: 0 }, 0, periods, 0));
  },
});

function ahead(model: ParetoNbdDynamicModel, walks: CovariateWalks, periods: number, delta: number): Float64Array {
  length(periods);
  return perCustomer(
    model,
    walks,
    (paths, walker) =>
      silenceOf(model, paths, walker).alive * purchasesAhead(model, paths, walker, walker.T, periods, delta),
  );
}
