// Quality of the classifiers by their defaults: 5 folds × 10 seeds, the same folds for all, beside the logistic regression.
import { existsSync, readFileSync } from 'node:fs';
import { newReport } from './report.mjs';

const FOLDS = 5;
/** Every default stays within it, pooled over the folds of a seed. */
const SLOPE = [0.95, 1.05];

/** `behind`: how far below the logistic a mean AUC may be; `auc`: the least mean AUC. */
const SETS = {
  telco: {
    file: 'telco-churn.csv',
    label: { column: 'Churn', churned: 'Yes', horizon: null },
    without: ['customerID'],
    behind: { boosting: 0.002, forest: 0.005, network: 0.008 },
    slopes: true,
  },
  Iranian: {
    file: 'iranian-churn.csv',
    label: { column: 'Churn', churned: 1, horizon: null },
    without: [],
    auc: { boosting: 0.985 },
  },
  'Iranian without Status': {
    file: 'iranian-churn.csv',
    label: { column: 'Churn', churned: 1, horizon: null },
    without: ['Status'],
    auc: { boosting: 0.982 },
  },
};

/**
 * Prints and returns per data set and classifier the means over seeds of pooled out-of-fold AUC, log loss, Brier score and
 * calibration line, and the difference of AUC to the logistic: its mean over all folds with the 95 % interval of the
 * corrected resampled t-test (Nadeau & Bengio 2003, eq. 9), and its standard deviation over the seeds.
 * @param library the front door
 * @param churn the churn folder's exports
 */
export function quality(
  library,
  churn,
  { seeds = 10, sets = Object.keys(SETS), candidates: names = null, report = newReport() } = {},
) {
  return sets.flatMap((set) => {
    const { file, label, without, ...wanted } = SETS[set];
    const data = table(file);
    if (data === null) {
      report.say(`${set} is skipped: ../shared/data/${file} is not there.`);
      return [];
    }
    const features = Object.keys(data).filter((name) => ![label.column, 'profile', ...without].includes(name));
    const own = { label, features };
    const candidates = {
      logistic: library.logisticRegression(own),
      tree: churn.decisionTree(own),
      forest: churn.randomForest(own),
      boosting: churn.gradientBoosting(own),
      network: churn.neuralNetwork(own),
    };
    for (const name of Object.keys(candidates))
      if (names !== null && name !== 'logistic' && !names.includes(name)) delete candidates[name];
    const runs = Array.from({ length: seeds }, (_, k) => {
      const validation = { count: FOLDS, seed: k + 1, by: 'profile' };
      const result = churn.compareClassifiers(data, candidates, { validation });
      return Object.fromEntries(result.candidates.map((candidate) => [candidate.name, candidate]));
    });
    const rows = Object.keys(candidates).map((name) => summary(set, name, runs, wanted));
    const title = `${set}: ${data[label.column].length} rows, ${FOLDS} folds × ${seeds} seeds, exact duplicates in one fold`;
    report.table(title, HEADS, rows.map(cells));
    return rows;
  });
}

function summary(set, name, runs, { behind = {}, auc = {}, slopes = false }) {
  const over = (pick) => runs.map((run) => pick(run[name].evaluation));
  const differences = runs.flatMap((run) =>
    run[name].folds.map((fold, k) => fold.rocAuc - run.logistic.folds[k].rocAuc),
  );
  const pooled = runs.map((run) => run[name].evaluation.rocAuc - run.logistic.evaluation.rocAuc);
  const count = differences.length;
  // Test rows are 1/FOLDS of all, rows to learn from the others.
  const half = tQuantile(count - 1) * deviation(differences) * Math.sqrt(1 / count + 1 / (FOLDS - 1));
  const row = {
    set,
    name,
    auc: mean(over(({ rocAuc }) => rocAuc)),
    logLoss: mean(over(({ logLoss }) => logLoss)),
    brier: mean(over(({ brier }) => brier)),
    slope: mean(over(({ calibrationSlope }) => calibrationSlope)),
    slopeDeviation: deviation(over(({ calibrationSlope }) => calibrationSlope)),
    intercept: mean(over(({ calibrationIntercept }) => calibrationIntercept)),
    difference: mean(differences),
    interval: [mean(differences) - half, mean(differences) + half],
    deviation: deviation(pooled),
  };
  const checks = [
    ...(name in behind ? [row.difference >= -behind[name]] : []),
    ...(name in auc ? [row.auc >= auc[name]] : []),
    ...(slopes ? [row.slope >= SLOPE[0] && row.slope <= SLOPE[1]] : []),
  ];
  return { ...row, met: checks.length === 0 ? null : checks.every(Boolean) };
}

const HEADS = [
  ...['', 'AUC', 'log loss', 'Brier', 'slope', '± seeds', 'intercept'],
  ...['AUC − logistic', '95 %', '± seeds', 'goal'],
];

function cells(row) {
  const told = (x, digits = 4) => x.toFixed(digits);
  return [
    row.name,
    ...[row.auc, row.logLoss, row.brier].map((x) => told(x)),
    ...[row.slope, row.slopeDeviation, row.intercept].map((x) => told(x, 3)),
    ...(row.name === 'logistic'
      ? ['', '', '']
      : [told(row.difference), row.interval.map((x) => told(x)).join(' to '), told(row.deviation)]),
    row.met === null ? '' : row.met ? 'met' : 'MISSED',
  ];
}

/** A shared data set with blank numbers as 0 and, in `profile`, what is equal for exact duplicates; null where it is not. */
function table(file) {
  const address = new URL(`../../shared/data/${file}`, import.meta.url);
  if (!existsSync(address)) return null;
  const [head, ...rows] = readFileSync(address, 'utf8').trim().split(/\r?\n/);
  const cells = rows.map((row) => row.split(','));
  const columns = head.split(',').map((name, at) => {
    const own = cells.map((row) => row[at].trim());
    return [name, own.every((cell) => Number.isFinite(Number(cell))) ? Float64Array.from(own, Number) : own];
  });
  return { ...Object.fromEntries(columns), profile: rows };
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function deviation(values) {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1));
}

/** The .975 quantile of Student's t, by the first terms of its expansion (Fisher & Cornish 1960). */
function tQuantile(freedom) {
  const z = 1.959963984540054;
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
  ];
  return terms.reduce((sum, term, k) => sum + term / freedom ** k, 0);
}
