import { rowCount } from '../../columns/batch.ts';
import { readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { LinearTerm } from '../../kernels/linear.ts';
import type { Estimator } from '../../model/contract.ts';
import { DAYS, type Field, type TimeUnit } from '../../model/field.ts';
import { knownOptions, names } from '../../model/options.ts';
import { exp } from '../../numerics/elementary.ts';
import { buildDesign, gather, usableRows } from '../../regression/design.ts';
import { type Feature, normaliseFeatures, readFeatures } from '../../regression/feature.ts';
import type { RegressionOptions } from '../../regression/fit-logistic.ts';
import { checkRegressionOptions } from '../../regression/options.ts';
import { refuseLabel } from '../logistic-regression.ts';
import { concordanceOf } from './concordance.ts';
import { type CoxBaseline, type CoxModel, coxKind } from './cox-kind.ts';
import { accumulate, coxLikelihood, type Ties } from './cox-likelihood.ts';
import { type CoxFieldOf, type CoxOutput, needsTime, readOutputs } from './cox-quantities.ts';
import { fitCox } from './cox-report.ts';
import { type TimeTransform, testProportionalHazards, transformTimes } from './proportional-hazards.ts';
import { type RiskSets, riskSets } from './risk-sets.ts';
import { checkSurvivalColumns, readGroups, readTimes, type SurvivalColumns } from './survival-times.ts';

export interface CoxOptions<
  F extends string,
  D extends string,
  E extends string,
  T extends string,
  S extends string,
  X extends string,
  W extends readonly CoxOutput[],
> extends RegressionOptions,
    SurvivalColumns {
  readonly duration: D;
  readonly entry?: E;
  /** The unit of `duration`, `entry` and `tenure`. */
  readonly period: TimeUnit;
  /** Columns that do not change over the time at risk of a row. */
  readonly features: readonly (F | Feature<F>)[];
  /**
   * Column of the tenure so far, when scored: what is ahead is conditional on it. Default: `entry`, the tenure when the
   * customer came under observation; without it `duration`.
   */
  readonly tenure?: T;
  /** How events at one time are taken. Default `'efron'`. */
  readonly ties?: Ties;
  /** Column of strata: each has a baseline hazard of its own, and customers are compared within it. */
  readonly strata?: S;
  /** Number column that is added to the linear predictor with weight 1, when scored as well. */
  readonly offset?: X;
  /** Column of clusters, such as the customer of several rows: robust errors are those of the sums over each. */
  readonly cluster?: string;
  /** g(t) of the test of proportional hazards, or false for none. Default `'km'`. */
  readonly proportionalHazards?: TimeTransform | false;
  /** What is scored. Default: the relative risk. */
  readonly outputs?: W;
}

type Timed<W> = W extends readonly (infer Q)[]
  ? Q extends { readonly quantity: 'linearPredictor' | 'relativeRisk' }
    ? never
    : Q
  : never;
type TenureOf<D extends string, E extends string, T extends string> = [T] extends [never]
  ? [E] extends [never]
    ? D
    : E
  : T;
type InputOf<
  F extends string,
  D extends string,
  E extends string,
  T extends string,
  S extends string,
  X extends string,
  W,
> = F | X | ([Timed<W>] extends [never] ? never : S | TenureOf<D, E, T>);

/**
 * Proportional hazards of leaving (Cox regression): h(t) = h₀(t)·e^(Σβx) with any h₀, by Newton's method on the partial
 * likelihood; ties by Efron (default) or Breslow, strata with baselines of their own, delayed entry, offsets, an optional
 * ridge penalty. Features, levels, standardisation and collinearity are those of `logisticRegression`. A monotone
 * likelihood (separation) gives `fit.status` 'not-identified'.
 *
 * Rows may be pieces of a customer's time, (entry, duration] each with features of its own: the likelihood is that of the
 * whole, and `cluster` keeps the robust errors right.
 *
 * `fit` holds estimates with standard and robust errors, the likelihood-ratio, Wald and score tests, Harrell's
 * concordance and the Schoenfeld test of proportional hazards. The model stores the cumulative baseline hazard of the
 * average customer, a step per event time, and extrapolates nothing: outputs that reach beyond the time watched are null
 * (`out-of-range`). `discreteTimeHazard` has a baseline that goes on. Cost: a sort of the event times, and two passes
 * over the features per Newton step; memory: the features and risk-set sums per event time.
 *
 * @throws one-class without an event; empty-input, all-null, unknown-column, label-as-feature, invalid-option;
 *   invalid-value for a time below 0.
 * Source: Cox (1972); Efron (1977); Breslow (1974); Therneau & Grambsch (2000), ch. 3 and 6.
 * @example
 * const model = coxRegression({
 *   duration: 'months',
 *   event: { column: 'left', churned: 'yes' },
 *   period: 'month',
 *   features: ['x'],
 * }).fit({ months: [1, 2, 3], left: ['yes', 'yes', 'yes'], x: [1, 0, 1] });
 * model.fit.coefficients[0].estimate; // −0.3465735902799726 = −½ ln 2
 */
export function coxRegression<
  const F extends string,
  const D extends string,
  const E extends string = never,
  const T extends string = never,
  const S extends string = never,
  const X extends string = never,
  const W extends readonly CoxOutput[] = readonly [{ readonly quantity: 'relativeRisk' }],
>(options: CoxOptions<F, D, E, T, S, X, W>): Estimator<CoxModel<InputOf<F, D, E, T, S, X, W>, CoxFieldOf<W[number]>>> {
  const {
    duration,
    event,
    entry,
    period,
    strata,
    offset,
    cluster,
    ties = 'efron',
  } = knownOptions(
    options,
    'coxRegression',
    'duration entry period features tenure ties strata offset cluster proportionalHazards outputs l2 standardise groupCollinear maxIterations event',
  );
  const { l2 = 0, standardise = true, groupCollinear = 0.9, maxIterations = 100, proportionalHazards = 'km' } = options;
  const features = normaliseFeatures(options.features);
  checkSurvivalColumns(options);
  checkRegressionOptions(options);
  if (!Object.hasOwn(DAYS, period)) fail('invalid-option', `invalid period: ${period}; use month, week, …`);
  if (ties !== 'efron' && ties !== 'breslow')
    fail('invalid-option', `invalid ties: ${String(ties)}; use "efron" or "breslow"`);
  if (proportionalHazards !== false && !['km', 'identity', 'log'].includes(proportionalHazards))
    fail(
      'invalid-option',
      `invalid proportionalHazards: ${String(proportionalHazards)}; use "km", "identity", "log" or false`,
    );
  const outputs = readOutputs(options.outputs ?? [{ quantity: 'relativeRisk' }], period);
  const timed = outputs.quantities.some(needsTime);
  const tenure: string = options.tenure ?? entry ?? duration;
  refuseLabel(features, event.column);
  names({ tenure });
  for (const [role, column] of Object.entries({ duration, entry, tenure, strata, offset, cluster })) {
    if (column === undefined) continue;
    names({ [role]: column });
    if (column === event.column || (column === duration && role !== 'duration' && role !== 'tenure'))
      fail('invalid-option', `${role}: "${column}" is the duration or the event already`);
    if (role !== 'cluster' && features.some((feature) => String(feature.column) === column))
      fail('invalid-option', `"${column}" is the ${role}: it cannot be a feature as well`);
  }
  if (
    new Set([strata, offset, tenure].filter((column) => column !== undefined)).size <
    (strata ? 2 : 1) + (offset ? 1 : 0)
  )
    fail('invalid-option', 'strata, offset and tenure need a column each');
  return {
    kind: coxKind,
    labels: [event.column, ...(tenure === duration ? [] : [duration])],
    targets: outputs.fields.map(({ name }) => ({
      output: name,
      // Few are watched through the time ahead: the hazard is fitted out of fold, and not judged row by row.
      actual: (data) => new Float64Array(rowCount(data)).fill(Number.NaN),
    })),
    fit(data) {
      const layers = readGroups(data, strata);
      const clusters = cluster === undefined ? undefined : readGroups(data, cluster);
      const offsets = offset === undefined ? undefined : readNumbers(data, offset);
      const all = readTimes(
        data,
        options,
        (i) =>
          layers.codes[i]! >= 0 &&
          (clusters === undefined || clusters.codes[i]! >= 0) &&
          (offsets === undefined || offsets[i] === offsets[i]),
      );
      const use = (row: number): boolean => all.exit[row] === all.exit[row];
      const read = readFeatures(data, features, use);
      const { rows, warnings } = usableRows(read, all.exit.length, use);
      const own = { entry: gather(all.entry, rows), exit: gather(all.exit, rows), event: gather(all.event, rows) };
      const take = (codes: Int32Array): Int32Array => Int32Array.from(rows, (row) => codes[row]!);
      const events = own.event.reduce((sum, y) => sum + y, 0);
      if (events === 0)
        fail('one-class', `event "${event.column}" is never ${JSON.stringify(event.churned)} in ${rows.length} rows`);
      const inFit = new Uint8Array(all.exit.length);
      for (const row of rows) inFit[row] = 1;
      // Strata again, now with the levels of the rows of the fit.
      const { codes: stratumOf, levels } = readGroups(data, strata, (row) => inFit[row] === 1);
      const codes = take(stratumOf);
      const sets = riskSets(own, { codes, count: levels.length });
      const design = buildDesign(read, rows);
      const likelihood = coxLikelihood({
        design,
        sets,
        event: own.event,
        offset: offsets && gather(offsets, rows),
        ties,
      });
      const penalty = new Float64Array(likelihood.size);
      design.columns.forEach(({ scale }, j) => {
        penalty[j + 1] = standardise ? l2 : l2 / scale ** 2;
      });
      const columns = features.map(({ column }) => column);
      const { fit, groups, summary } = fitCox(likelihood, {
        columns: design.columns,
        features: columns,
        rows: rows.length,
        warnings: [...all.warnings, ...warnings, ...withoutEvents(levels, sets, strata)],
        leftOut: { constant: design.constant, 'null in every row': design.empty },
        threshold: groupCollinear === false ? Number.POSITIVE_INFINITY : groupCollinear,
        penalty,
        maxIterations,
        clusters: clusters && { codes: take(clusters.codes), count: clusters.levels.length },
      });
      const { eta, increments } = likelihood.baseline(fit.beta);
      const average = eta.reduce((sum, x) => sum + x, 0) / rows.length;
      const terms: LinearTerm[] = [...design.terms(fit.beta.slice(1))];
      if (offsets !== undefined) {
        const centre = gather(offsets, rows).reduce((sum, x) => sum + x, 0) / rows.length + 0;
        terms.push({ column: offset!, weight: 1, missing: null, centre });
      }
      const numberField = (name: string): Field => ({ name, type: 'number' });
      const inputs: readonly Field[] = [
        ...read.map(({ field }) => field),
        ...(offset === undefined ? [] : [numberField(offset)]),
        ...(timed && strata !== undefined
          ? [{ name: strata, type: 'category' as const, levels: levels as readonly string[] }]
          : []),
        ...(timed ? [{ ...numberField(tenure), unit: period }] : []),
      ];
      return {
        kind: 'coxRegression',
        version: 1,
        inputs: inputs as readonly Field<InputOf<F, D, E, T, S, X, W>>[],
        outputs: outputs.fields as unknown as readonly CoxFieldOf<W[number]>[],
        period,
        ties,
        tenure: timed ? tenure : null,
        strata: timed ? (strata ?? null) : null,
        quantities: outputs.quantities,
        intercept: -terms.reduce((sum, { centre }) => sum + centre, 0) + 0,
        terms,
        groups,
        baseline: baselines(
          levels,
          sets,
          increments.map((h) => h * exp(average)),
          own.exit,
          codes,
        ),
        fit: {
          ...summary,
          events,
          concordance: concordanceOf(own, eta, codes),
          proportionalHazards:
            proportionalHazards === false || l2 > 0 || fit.status !== 'converged'
              ? null
              : testProportionalHazards(likelihood, fit.beta, transformTimes(proportionalHazards, sets, own), {
                  transform: proportionalHazards,
                  features: columns,
                  owner: design.columns.map((column) => column.feature),
                  dropped: fit.dropped,
                }),
        },
      };
    },
  };
}

function withoutEvents(levels: readonly (string | null)[], sets: RiskSets, strata: string | undefined): string[] {
  return levels.flatMap((level, s) =>
    sets.starts[s] === sets.starts[s + 1] ? [`stratum "${strata}" = "${level}" has no event: its hazard is 0`] : [],
  );
}

function baselines(
  levels: readonly (string | null)[],
  { times, starts }: RiskSets,
  increments: Float64Array,
  exit: Float64Array,
  codes: Int32Array,
): readonly CoxBaseline[] {
  const until = new Float64Array(levels.length);
  for (let i = 0; i < exit.length; i++) until[codes[i]!] = Math.max(until[codes[i]!]!, exit[i]!);
  accumulate(increments, increments, starts);
  return levels.flatMap((stratum, s): readonly CoxBaseline[] => [
    {
      stratum,
      time: [...times.subarray(starts[s]!, starts[s + 1]!)],
      cumulativeHazard: [...increments.subarray(starts[s]!, starts[s + 1]!)],
      until: until[s]!,
    },
  ]);
}
