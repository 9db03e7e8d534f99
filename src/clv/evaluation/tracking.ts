import { readNumbers } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { checked, positive, whole } from '../../model/checks.ts';
import type { InputsOf } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import type { HistoryEstimator } from '../family/estimator.ts';
import { boundRows } from '../family/history-kernel.ts';
import type { HistoryModel } from '../family/model.ts';

/** One period of the tracking of repeat purchases. */
export interface TrackingRow {
  /** End of the period, in time units from the start. */
  readonly time: number;
  readonly phase: 'calibration' | 'holdout';
  readonly expected: number;
  readonly expectedCumulative: number;
  /** Null where no actual is given. */
  readonly actual: number | null;
  readonly actualCumulative: number | null;
}

/** Options of {@link tracking}. */
export interface TrackingOptions {
  /** Time from the start to the end of the calibration, where every customer's T ends. */
  readonly calibration: number;
  /** Periods to track, each of `length`. */
  readonly periods: number;
  /** Length of a period in the model's time unit. Default 1. */
  readonly length?: number;
  /** Repeat purchases of all customers in each period; may end before the last one. */
  readonly actual?: ArrayLike<number>;
}

/**
 * Expected against actual repeat purchases of a base over time (Fader, Hardie & Lee 2005, figs. 4 and 5): a customer who
 * first bought at calibration − T adds E[X(t − (calibration − T))] by the time t. What is expected uses no history, only
 * when each one came, in the calibration and after it alike.
 * @param customers the columns T (and covariates) of the model
 * @throws ClienteleError `invalid-value` for a T longer than the calibration
 */
export function tracking<K extends string, P extends string, M extends HistoryModel<K, P>>(
  estimator: HistoryEstimator<K, P>,
  model: M,
  customers: Columns<InputsOf<M>>,
  options: TrackingOptions,
): readonly TrackingRow[] {
  const {
    calibration,
    periods,
    length = 1,
    actual = [],
  } = knownOptions(options, 'tracking', 'calibration periods length actual');
  checked('invalid-option', positive, calibration, 'calibration');
  checked('invalid-option', whole(1), periods, 'periods');
  checked('invalid-option', positive, length, 'length');
  const { family } = estimator;
  const T = readNumbers(customers as Columns, model.inputs[2]!.name);
  const z = model.inputs.slice(3).map(({ name }) => readNumbers(customers as Columns, name));
  const bound = boundRows(family, model, []);
  // Customers who came at one time with equal parameters are one term.
  const cohorts = new Map<unknown, Map<number, number>>();
  for (let i = 0; i < T.length; i++) {
    if (T[i] !== T[i] || z.some((column) => !Number.isFinite(column[i]!))) continue;
    if (T[i]! > calibration || T[i]! < 0)
      fail('invalid-value', `row ${i}: T ${T[i]} outside the calibration of ${calibration}`);
    const { parameters } = bound(z, i);
    const born = cohorts.get(parameters) ?? new Map<number, number>();
    cohorts.set(parameters, born);
    born.set(calibration - T[i]!, (born.get(calibration - T[i]!) ?? 0) + 1);
  }
  const cumulative = new Float64Array(periods);
  for (const [parameters, born] of cohorts) {
    const posterior = family.posterior(parameters as never, model.unit, false);
    for (let k = 0; k < periods; k++) {
      const time = length * (k + 1);
      for (const [birth, count] of born) {
        if (!(time > birth)) continue;
        const given = posterior.given({ quantity: 'expectedPurchases', periods: time - birth })!;
        cumulative[k]! += count * posterior.alive(0, 0, 0) * given(0, 0, 0);
      }
    }
  }
  let seen = 0;
  return Array.from(cumulative, (expectedCumulative, k) => {
    const now = k < actual.length ? actual[k]! : null;
    seen += now ?? 0;
    const time = length * (k + 1);
    return {
      ...{ time, phase: time <= calibration * (1 + 1e-12) ? 'calibration' : 'holdout' },
      ...{ expected: expectedCumulative - (k > 0 ? cumulative[k - 1]! : 0), expectedCumulative },
      ...{ actual: now, actualCumulative: now === null ? null : seen },
    } as const;
  });
}
