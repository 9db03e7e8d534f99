import { formatDay } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { DAYS } from '../../model/field.ts';
import { exp } from '../../numerics/elementary.ts';
import type { ParetoNbdDynamicModel } from './model.ts';
import type { Stretch } from './run-moments.ts';
import { type CovariateWalks, idOf } from './walks.ts';

/** The paths of walks as a model sees them. */
export interface Paths {
  /** Covariate-weighted times A and B of customer i, from the first purchase to t. */
  timeAt(i: number, t: number): { readonly purchase: number; readonly dropout: number };
  /** Visits the stretches of customer i from `start` to `end` in turn. The stretch is valid during the visit. */
  each(i: number, start: number, end: number, visit: (stretch: Stretch) => void): void;
}

/**
 * @throws ClienteleError `unknown-column` when the walks lack a covariate of the model, `horizon-mismatch` when their
 * units differ; visiting beyond the end of a path is an `invalid-value`
 */
export function pathsOf(
  { covariates, unit }: Pick<ParetoNbdDynamicModel, 'covariates' | 'unit'>,
  walks: CovariateWalks,
): Paths {
  if (unit !== walks.unit)
    fail('horizon-mismatch', `the walks are in ${walks.unit}s, the model in ${unit}s: state one unit`);
  const { columns, from, until, values } = walks;
  const rates = (process: string): Float64Array => {
    const used = covariates
      .filter((covariate) => covariate.process === process)
      .map(({ column, coefficient }) => ({ at: columnAt(columns, column), coefficient }));
    return until.map((_, k) =>
      exp(used.reduce((lin, { at, coefficient }) => lin + coefficient * values[columns.length * k + at]!, 0)),
    );
  };
  const purchaseRate = rates('purchase');
  const dropoutRate = rates('dropout');
  const each: Paths['each'] = (i, start, end, visit) => {
    const last = until[from[i + 1]! - 1]!;
    // Days over days of a unit: equal times may differ by their rounding.
    if (end > last * (1 + 1e-12)) beyond(walks, i, end);
    end = Math.min(end, last);
    const stretch = { length: 0, purchase: 0, dropout: 0, purchaseRate: 1, dropoutRate: 1 };
    let now = 0;
    for (let k = from[i]!; now < end; k++) {
      stretch.purchaseRate = purchaseRate[k]!;
      stretch.dropoutRate = dropoutRate[k]!;
      const stop = Math.min(until[k]!, end);
      for (const to of now < start && start < stop ? [start, stop] : [stop]) {
        stretch.length = to - now;
        if (now >= start) visit(stretch);
        stretch.purchase += stretch.purchaseRate * stretch.length;
        stretch.dropout += stretch.dropoutRate * stretch.length;
        now = to;
      }
    }
  };
  return {
    each,
    timeAt(i, t) {
      let [purchase, dropout] = [0, 0];
      each(i, 0, t, (stretch) => {
        purchase = stretch.purchase + stretch.purchaseRate * stretch.length;
        dropout = stretch.dropout + stretch.dropoutRate * stretch.length;
      });
      return { purchase, dropout };
    },
  };
}

/** Where a covariate stands among the columns of walks. */
export function columnAt(columns: readonly string[], column: string): number {
  const at = columns.indexOf(column);
  return at >= 0
    ? at
    : fail('unknown-column', `unknown covariate "${column}": the walks have ${columns.join(', ') || 'none'}`);
}

function beyond(walks: CovariateWalks, i: number, end: number): never {
  const { asOf, customers, from, unit, until } = walks;
  const birth = asOf - customers.T[i]! * DAYS[unit];
  const day = (t: number): string => formatDay(Math.round(birth + t * DAYS[unit]) - 1);
  return fail(
    'invalid-value',
    `customer "${idOf(walks, i)}": the covariates end on ${day(until[from[i + 1]! - 1]!)}, the horizon on ${day(end)}; add the future periods, or look less far`,
  );
}
