import { rowCount } from '../columns/batch.ts';
import { fail } from '../errors.ts';
import { checked, positive, whole } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import { type AnnuityTerms, DAYS, type Field, type Rate, type TimeUnit, type Timing } from '../model/field.ts';
import { knownOptions, list, names, object } from '../model/options.ts';
import { BASELINES, type Baseline } from '../regression/baseline.ts';
import { buildDesign, type DesignColumn, gather, usableRows } from '../regression/design.ts';
import { type Feature, normaliseFeatures, readFeatures } from '../regression/feature.ts';
import type { RegressionOptions } from '../regression/fit-logistic.ts';
import { hazardLikelihood } from '../regression/hazard-likelihood.ts';
import { maximise } from '../regression/newton.ts';
import { checkRegressionOptions } from '../regression/options.ts';
import { twoClasses } from '../regression/outcome.ts';
import { summarise } from '../regression/report.ts';
import { annuityTerms } from '../value/annuity.ts';
import {
  discreteTimeHazardKind,
  type HazardModel,
  type SurvivalAnnuityField,
  type SurvivalField,
} from './discrete-time-hazard-kind.ts';
import { refuseLabel } from './logistic-regression.ts';
import { type DurationOptions, MAX_DURATION, readPeriods } from './person-periods.ts';

/** What a hazard model emits; at least one. */
export interface HazardOutputs {
  /** S(n), the probability of staying through the next `periods` periods. */
  readonly survivalProbability?: { readonly periods: number };
  /** Σ S(t)/(1+d)^t over the next `periods`, t = 1 … n at the end of periods (default) or 0 … n − 1 at their begin. */
  readonly survivalAnnuity?: { readonly periods: number; readonly rate: Rate; readonly timing?: Timing };
}

export interface HazardOptions<
  F extends string,
  D extends string,
  W extends HazardOutputs,
  S extends string,
  A extends string,
> extends RegressionOptions,
    DurationOptions {
  readonly duration: D;
  /** The unit of one period of `duration` and `observed`. */
  readonly period: TimeUnit;
  /** Columns that do not change over a customer's periods, or as they stand on the as-of date with `observed`. */
  readonly features: readonly (F | Feature<F>)[];
  /** Functions of the period t. Default `['log', 'first', 'linear']`: ln t, [t = 1] and t/12. */
  readonly baseline?: readonly Baseline[];
  readonly outputs: W;
  /** Names of the outputs. Default: those of the quantities. */
  readonly as?: { readonly survivalProbability?: S; readonly survivalAnnuity?: A };
}

type OutputField<W, S extends string, A extends string> =
  | (W extends { readonly survivalProbability: object } ? SurvivalField<S> : never)
  | (W extends { readonly survivalAnnuity: object } ? SurvivalAnnuityField<A> : never);

/**
 * Discrete-time hazard of leaving, by logistic regression of person-periods: logit h_i(t) = β₀ + γ·z_i + Σ β_k b_k(t), fitted
 * on t = 1 … duration with y = 1 in the last period of those who left. Customers with duration 0 give no person-period
 * and are scored all the same.
 *
 * That takes data with everybody who ever joined. Data of those who were there on an as-of date hold nobody who left
 * before it: with `observed` a customer counts from that date on, t = duration + 1 … duration + observed, so that
 *   L = Π_i Π_t h_i(t)^y_it · (1 − h_i(t))^(1 − y_it)
 * is conditional on being there (delayed entry). Rows of one customer at several as-of dates are different person-periods
 * as long as no period is watched twice.
 *
 * Scored for customers who are there: S(t) = Π_{k=1..t} (1 − h(duration + k)), given the duration completed so far. The
 * only churn model here whose probabilities may discount money: its horizon is known. Scaled and penalised as in
 * `logisticRegression`; memory: the feature columns and one table over t.
 *
 * @throws one-class, all-null, unknown-column, label-as-feature, invalid-option; invalid-value for a duration that is not
 *   a whole number of periods.
 * Source: Allison (1982), Discrete-time methods for the analysis of event histories; Singer & Willett (1993), It's about
 * time; delayed entry: Guo (1993), Event-history analysis for left-truncated data.
 * @example
 * const model = discreteTimeHazard({
 *   duration: 'months',
 *   event: { column: 'left', churned: 'yes' },
 *   period: 'month',
 *   features: [],
 *   baseline: [],
 *   outputs: { survivalProbability: { periods: 2 } },
 * }).fit({ months: [1, 2, 3, 4], left: ['yes', 'no', 'yes', 'no'] });
 * model.fit.baseRate; // 0.2: two events in ten customer-months, so that S(2) = 0.64
 */
export function discreteTimeHazard<
  const F extends string,
  const D extends string,
  const W extends HazardOutputs,
  const S extends string = 'survivalProbability',
  const A extends string = 'survivalAnnuity',
>(options: HazardOptions<F, D, W, S, A>): Estimator<HazardModel<F | D, OutputField<W, S, A>>> {
  const {
    duration,
    event,
    observed,
    period,
    l2 = 0,
    standardise = true,
    groupCollinear = 0.9,
    maxIterations = 100,
  } = knownOptions(
    options,
    'discreteTimeHazard',
    'duration period features baseline outputs as l2 standardise groupCollinear maxIterations event observed',
  );
  const baseline = list<Baseline>(options.baseline ?? ['log', 'first', 'linear'], 'baseline');
  const features = normaliseFeatures(options.features);
  checkRegressionOptions(options);
  object(event, 'event');
  names({ duration, 'event.column': event.column, ...(observed === undefined ? {} : { observed }) });
  refuseLabel(features, event.column);
  if (features.some(({ column }) => String(column) === duration))
    fail('invalid-option', `"${duration}" changes from period to period: it enters by the baseline, not as a feature`);
  if (event.column === duration) fail('invalid-option', `"${duration}" cannot be both the duration and the event`);
  if (observed !== undefined) {
    refuseLabel(features, observed);
    if (observed === duration || observed === event.column)
      fail('invalid-option', `"${observed}" cannot be both the time observed and the duration or the event`);
  }
  if (!Object.hasOwn(DAYS, period)) fail('invalid-option', `invalid period: ${period}; use month, week, …`);
  if (new Set(baseline).size !== baseline.length || baseline.some((name) => !Object.hasOwn(BASELINES, name)))
    fail('invalid-option', `invalid baseline: ${baseline.join(', ')}; use each of log, first, linear at most once`);
  const outputs = outputFields(options);
  return {
    kind: discreteTimeHazardKind,
    labels: [event.column, ...(observed === undefined ? [] : [observed])],
    targets: outputs.map(({ name }) => ({
      output: name,
      // Few are watched through the periods ahead: survival is fitted out of fold, and not judged row by row.
      actual: (data) => new Float64Array(rowCount(data)).fill(Number.NaN),
    })),
    fit(data) {
      twoClasses(data, event.column, event.churned);
      const { after, last, events } = readPeriods(data, options);
      const use = (row: number): boolean => last[row]! > after[row]!;
      const read = readFeatures(data, features, use);
      const { rows, warnings } = usableRows(read, last.length, use);
      if (rows.length === 0)
        fail('empty-input', `no customer has a "${observed ?? duration}" of at least 1: there is no person-period`);
      const design = buildDesign(read, rows);
      const own = { after: gather(after, rows), last: gather(last, rows), event: gather(events, rows) };
      const likelihood = hazardLikelihood({ design, baseline, ...own });
      const happened = own.event.reduce((sum, y) => sum + y, 0);
      if (happened === 0 || happened === likelihood.total)
        fail('one-class', `event "${event.column}": ${happened} events in ${likelihood.total} person-periods`);
      const penalty = new Float64Array(likelihood.size);
      design.columns.forEach(({ scale }, j) => {
        penalty[1 + baseline.length + j] = standardise ? l2 : l2 / scale ** 2;
      });
      const fit = maximise(likelihood, penalty, maxIterations);
      const { intercept, groups, report } = summarise(fit, {
        columns: [...baseline.map(baselineColumn), ...design.columns],
        features: features.map(({ column }) => column),
        rows: rows.length,
        baseRate: happened / likelihood.total,
        warnings,
        leftOut: { constant: design.constant, 'null in every row': design.empty },
        threshold: groupCollinear === false ? Number.POSITIVE_INFINITY : groupCollinear,
      });
      return {
        kind: 'discreteTimeHazard',
        version: 1,
        inputs: [
          ...read.map(({ field }) => field as Field<F>),
          { name: duration, type: 'number' as const, unit: period },
        ],
        outputs: outputs as readonly OutputField<W, S, A>[],
        period,
        duration,
        baseline: baseline.map((term, k) => ({ term, weight: fit.beta[k + 1]! + 0 })),
        intercept,
        terms: design.terms(fit.beta.slice(1 + baseline.length)),
        groups,
        fit: { ...report, personPeriods: likelihood.total, events: happened },
      };
    },
  };
}

function baselineColumn(name: Baseline): DesignColumn {
  return { name: BASELINES[name].column, feature: -1, mean: 0, scale: 1 };
}

function outputFields({
  outputs,
  as,
  period,
}: Pick<HazardOptions<string, string, HazardOutputs, string, string>, 'outputs' | 'as' | 'period'>): readonly (
  | SurvivalField
  | SurvivalAnnuityField
)[] {
  const { survivalProbability, survivalAnnuity } = object(outputs, 'outputs');
  const fields: (SurvivalField | SurvivalAnnuityField)[] = [];
  if (survivalProbability !== undefined) {
    const every = checked(
      'invalid-option',
      whole(1, MAX_DURATION),
      object(survivalProbability, 'outputs.survivalProbability').periods,
      'survivalProbability.periods',
    );
    fields.push({
      name: as?.survivalProbability ?? 'survivalProbability',
      type: 'number',
      horizon: { every, unit: period },
    });
  }
  if (survivalAnnuity !== undefined) {
    object(survivalAnnuity, 'outputs.survivalAnnuity');
    checked('invalid-option', positive, survivalAnnuity.periods, 'survivalAnnuity.periods');
    const annuity: AnnuityTerms = annuityTerms({ ...survivalAnnuity, unit: period });
    fields.push({ name: as?.survivalAnnuity ?? 'survivalAnnuity', type: 'number', annuity });
  }
  if (fields.length === 0) fail('invalid-option', 'outputs: ask for survivalProbability, survivalAnnuity or both');
  return fields;
}
