import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { checked, finite, positive, whole } from '../../model/checks.ts';
import { knownOptions } from '../../model/options.ts';
import type { HistoryEstimator } from '../family/estimator.ts';
import type { HistoryModel } from '../family/model.ts';

/** P(alive) of one customer at one time. */
export interface AliveRow {
  /** Time since the first purchase. */
  readonly time: number;
  readonly probabilityAlive: number;
  /** A repeat purchase was made at this very time. */
  readonly purchase: boolean;
}

/**
 * P(alive) of one customer as it stood over time, from the purchases made so far: it falls with silence and jumps with a
 * purchase. At a purchase two rows stand, just before and at it.
 * @param purchases times of the repeat purchases since the first one, ascending, in the model's unit
 * @param options.until end of the observation; `points` even steps to it, default 200; `covariates` of a model that has some
 * @throws ClienteleError `invalid-value` for a time out of order or after `until`
 */
export function aliveHistory<K extends string, P extends string>(
  estimator: HistoryEstimator<K, P>,
  model: HistoryModel<K, P>,
  purchases: ArrayLike<number>,
  options: {
    readonly until: number;
    readonly points?: number;
    readonly covariates?: { readonly [column: string]: number };
  },
): readonly AliveRow[] {
  const { until, points = 200, covariates = {} } = knownOptions(options, 'aliveHistory', 'until points covariates');
  checked('invalid-option', positive, until, 'until');
  checked('invalid-option', whole(1), points, 'points');
  for (let k = 0; k < purchases.length; k++)
    if (!(purchases[k]! > (k > 0 ? purchases[k - 1]! : 0) && purchases[k]! <= until))
      fail('invalid-value', `purchase ${k} at ${purchases[k]}: times ascend from above 0 to at most ${until}`);
  const rows: { time: number; x: number; recency: number; purchase: boolean }[] = [];
  let x = 0;
  const recency = (): number => (x > 0 ? purchases[x - 1]! : 0);
  for (let step = 1; step <= points; step++) {
    const time = (until * step) / points;
    while (x < purchases.length && purchases[x]! <= time) {
      const at = purchases[x]!;
      rows.push({ time: at, x, recency: recency(), purchase: false });
      x++;
      rows.push({ time: at, x, recency: at, purchase: true });
    }
    if (!(rows.at(-1)?.time === time)) rows.push({ time, x, recency: recency(), purchase: false });
  }
  const [f, r, T, ...z] = model.inputs.map(({ name }) => name) as [string, string, string, ...string[]];
  const table = {
    [f]: rows.map((row) => row.x),
    [r]: rows.map((row) => row.recency),
    [T]: rows.map(({ time }) => time),
    ...Object.fromEntries(
      z.map((name) => {
        const value = checked('invalid-option', finite, covariates[name], `covariates.${name}`);
        return [name, rows.map(() => value)];
      }),
    ),
  };
  const alive = estimator.probabilityAlive(model, table as Columns as never);
  return rows.map(({ time, purchase }, i) => ({ time, probabilityAlive: alive[i]!, purchase }));
}
