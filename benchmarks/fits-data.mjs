import { bellColumns, bellWeights, seeded } from './data.mjs';

const COLUMNS = 20;

/** Seeded customers whose log-odds of leaving are linear in 20 bell-shaped columns, and fresh ones to judge fits by. */
export function churnData(rows, freshRows) {
  const weights = bellWeights(COLUMNS, 42);
  const features = weights.map((_, k) => `x${k}`);
  const chance = (of, own, intercept, i) => {
    const z = own.reduce((sum, w, k) => sum + w * of[features[k]][i], intercept);
    return 1 / (1 + Math.exp(-z));
  };
  const make = (count, seed) => {
    const columns = bellColumns(count, COLUMNS, seed);
    const uniform = seeded(seed + 2);
    const left = Float64Array.from({ length: count }, (_, i) => (uniform() < chance(columns, weights, -1, i) ? 1 : 0));
    return { columns, left };
  };
  const { columns, left } = make(rows, 41);
  const fresh = make(freshRows, 141);
  return {
    rows,
    freshRows,
    features,
    columns,
    left,
    fresh,
    chance,
    /** As a Python peer is given them. */
    cells: [...Object.values(columns), left, ...Object.values(fresh.columns), fresh.left],
  };
}

/** Mean log loss, and the area under the ROC curve, ties counted half. */
export function judged(y, p) {
  let loss = 0;
  for (let i = 0; i < y.length; i++) loss -= Math.log(Math.max(y[i] === 1 ? p[i] : 1 - p[i], 1e-6)) / y.length;
  const order = Array.from(y, (_, i) => i).sort((a, b) => p[a] - p[b]);
  let below = 0;
  let pairs = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    let events = 0;
    for (to = from; to < order.length && p[order[to]] === p[order[from]]; to++) events += y[order[to]];
    const others = to - from - events;
    pairs += events * (below + others / 2);
    below += others;
  }
  return { logLoss: loss, auc: pairs / (below * (y.length - below)) };
}

/** Stops unless both are judged alike to within .005 of log loss and of AUC; of fewer rows than 100,000 by as much more as samples differ. */
export function assertAlike(actual, expected, rows, what) {
  const margin = 0.005 * Math.sqrt(Math.max(1, 100_000 / rows));
  for (const key of ['logLoss', 'auc'])
    if (!(Math.abs(actual[key] - expected[key]) <= margin))
      throw new Error(`${what}: held-out ${key} ${actual[key]}, ours ${expected[key]}; more than ${margin} apart`);
}
