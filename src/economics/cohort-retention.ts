import { readCategories } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { numbersOf, ratio } from './group-by.ts';

/** One row per customer and period with activity; repeated rows count once. */
export interface ActivityColumns {
  readonly customer: PlainColumn;
  /** Number of the period, whole: month 0, 1, … */
  readonly period: PlainColumn;
}

export interface RetentionCohort {
  /** The period its customers were first active in. */
  readonly cohort: number;
  readonly size: number;
  /** Customers active at age 0, 1, …; null after the last observed period. */
  readonly active: readonly (number | null)[];
  /** active / size. */
  readonly retention: readonly (number | null)[];
}

export interface RetentionAge {
  readonly age: number;
  /** Customers of the cohorts observed at this age. */
  readonly eligible: number;
  /** Σ active / Σ size. */
  readonly weightedMean: number | null;
  /** Mean of the cohorts' retentions. */
  readonly simpleMean: number | null;
}

export interface CohortRetention {
  readonly lastPeriod: number;
  readonly cohorts: readonly RetentionCohort[];
  readonly means: readonly RetentionAge[];
  /** Rows left out because a cell is null. */
  readonly nulls: number;
}

/** Beyond it the table would be too large to look at. */
const MOST_PERIODS = 10_000;

/**
 * Retention by cohort: customers by the period they were first active in, and how many of them are active so many periods
 * later. A cell after the last observed period is null and takes no part in the means; nobody active in an observed one
 * is 0 and does.
 *
 * @param options.lastPeriod the last period that is complete. Default: the largest in the data.
 * @throws ClienteleError `invalid-value` for a period that is not whole or after the last one, or for more than
 *   10,000 periods; `all-null`.
 * @example
 * cohortRetention({ customer: ['a', 'a', 'b'], period: [0, 1, 0] }).cohorts[0].retention // [1, 0.5]
 */
export function cohortRetention(
  { customer, period }: ActivityColumns,
  options: { readonly lastPeriod?: number } = {},
): CohortRetention {
  knownOptions(options, 'cohortRetention', 'lastPeriod');
  const ids = readCategories({ customer }, 'customer');
  const periods = numbersOf(period, 'period', ids.codes.length);
  let nulls = 0;
  let earliest = Number.POSITIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  periods.forEach((at, row) => {
    if (ids.codes[row]! < 0) periods[row] = Number.NaN;
    if (periods[row] !== periods[row]) {
      nulls++;
      return;
    }
    if (!Number.isSafeInteger(at)) fail('invalid-value', `period, row ${row}: ${at} is not a whole number`);
    earliest = Math.min(earliest, at);
    latest = Math.max(latest, at);
  });
  if (nulls === periods.length) fail('all-null', 'no row has both a customer and a period');
  const { lastPeriod = latest } = options;
  if (!(Number.isSafeInteger(lastPeriod) && lastPeriod >= latest))
    fail('invalid-value', `invalid lastPeriod: ${lastPeriod}; the data go to period ${latest}`);
  const span = lastPeriod - earliest + 1;
  if (span > MOST_PERIODS)
    fail(
      'invalid-value',
      `${span} periods from ${earliest} to ${lastPeriod}: number whole months or weeks, not moments`,
    );

  // One number per customer and period: sorted, a customer's periods stand together, the first one in front.
  const keys = periods.map((at, row) => ids.codes[row]! * span + (at - earliest)).sort();
  const byCohort = new Map<number, number[]>();
  let customerBefore = -1;
  let first = 0;
  keys.forEach((key, i) => {
    if (key !== key || key === keys[i - 1]) return;
    const customerNow = Math.floor(key / span);
    const at = earliest + (key - customerNow * span);
    if (customerNow !== customerBefore) first = at;
    customerBefore = customerNow;
    const counts = byCohort.get(first) ?? [];
    byCohort.set(first, counts);
    counts[at - first] = (counts[at - first] ?? 0) + 1;
  });
  const ages = Array.from({ length: span }, (_, age) => age);
  const cohorts = [...byCohort]
    .sort(([a], [b]) => a - b)
    .map(([cohort, counts]): RetentionCohort => {
      const size = counts[0]!;
      const active = ages.map((age) => (cohort + age > lastPeriod ? null : (counts[age] ?? 0)));
      return { cohort, size, active, retention: active.map((count) => (count === null ? null : count / size)) };
    });
  const means = ages.map((age): RetentionAge => {
    const observed = cohorts.filter(({ active }) => active[age] !== null);
    const total = (of: (cohort: RetentionCohort) => number) => observed.reduce((n, cohort) => n + of(cohort), 0);
    const eligible = total(({ size }) => size);
    return {
      age,
      eligible,
      weightedMean: ratio(
        total(({ active }) => active[age]!),
        eligible,
      ),
      simpleMean: ratio(
        total(({ retention }) => retention[age]!),
        observed.length,
      ),
    };
  });
  return { lastPeriod, cohorts, means, nulls };
}
