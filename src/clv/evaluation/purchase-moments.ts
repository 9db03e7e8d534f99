import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { log } from '../../numerics/elementary.ts';
import type { HistoryFamily } from '../family/family.ts';
import { eachHistory } from '../family/history-kernel.ts';
import type { HistoryModel } from '../family/model.ts';

/** What is left of a distribution beyond its last counted value. */
const TAIL = 1e-12;
const MOST = 2 ** 20;

/** What a model says of the purchases of each customer in a horizon. */
export interface PurchaseMoments {
  /** −ln P(actual | history), NaN where there is no actual or no history. */
  readonly surprise: Float64Array;
  /** The first four cumulants of the sum over the customers with an actual. */
  readonly cumulants: readonly [mean: number, variance: number, third: number, fourth: number];
}

/** The distribution of every customer's purchases in the next `periods`, summed up beside what came. */
export function purchaseMoments<K extends string, P extends string>(
  family: HistoryFamily<K, P>,
  model: HistoryModel<K, P>,
  customers: Columns,
  periods: number,
  actual: ArrayLike<number>,
): PurchaseMoments {
  const cumulants: [number, number, number, number] = [0, 0, 0, 0];
  const surprise = eachHistory(family, model, customers, [], ({ parameters, posterior }, x, recency, T, row) => {
    const seen = actual[row]!;
    if (seen !== seen) return Number.NaN;
    if (!(seen >= 0 && Number.isSafeInteger(seen)))
      fail('invalid-value', `row ${row}: ${seen} is not a number of purchases`);
    const alive = posterior.alive(x, recency, T);
    const history = { x, recency, T };
    let upTo = Math.max(15, 2 * seen);
    let given = family.distributionGivenAlive(parameters, history, periods, upTo);
    while (upTo < MOST && alive * (1 - given.reduce((total, p) => total + p, 0)) > TAIL) {
      upTo *= 2;
      given = family.distributionGivenAlive(parameters, history, periods, upTo);
    }
    const at = (k: number): number => alive * given[k]! + (k === 0 ? 1 - alive : 0);
    let mean = 0;
    for (let k = 1; k <= upTo; k++) mean += k * at(k);
    let [m2, m3, m4] = [0, 0, 0];
    for (let k = 0; k <= upTo; k++) {
      const off = k - mean;
      const p = at(k) * off * off;
      m2 += p;
      m3 += p * off;
      m4 += p * off * off;
    }
    cumulants[0] += mean;
    cumulants[1] += m2;
    cumulants[2] += m3;
    cumulants[3] += m4 - 3 * m2 * m2;
    return -log(at(seen));
  });
  return { surprise, cumulants };
}
