// Fits: Gamma-Gamma on the CDNOW sample; logistic regression, a tree, a forest and boosting on 100,000 rows of 20 columns.
// Purchase models are in clv.mjs. With `peers`: beside scikit-learn, xgboost, ml-logistic-regression and ml-cart.
import { cdnow, likeGolden } from './cdnow.mjs';
import { assertClose, contest, named, ratio } from './contest.mjs';
import { toBatches } from './data.mjs';
import { churnData } from './fits-data.mjs';
import { slowPeers } from './fits-peers.mjs';
import { treeContests } from './fits-trees.mjs';
import { python } from './peers.mjs';
import { readingAlone } from './reading.mjs';
import { newReport } from './report.mjs';

/** Rows that `--rows` may lower. */
const ROWS = 100_000;
const FRESH = 20_000;

export async function fits(
  library,
  churn,
  { rows = 1_000_000, rounds, trees = 100, peers = false, report = newReport() } = {},
) {
  const few = { ...(rounds ? { rounds } : {}), report };
  const many = { rounds: Math.min(rounds ?? 3, 3), report };
  const sample = cdnow();
  if (sample === null) report.say('The Gamma-Gamma fit is skipped: ../shared/data/cdnow-summary.csv is not there.');
  else {
    const fit = {
      name: 'Gamma-Gamma, the customers who came back',
      rows: sample.frequency.length,
      run: () => library.gammaGamma().fit(sample),
      check: likeGolden('cdnow_fullprec.gg'),
    };
    await contest(`${fit.name}: fit on CDNOW`, [fit], few);
  }
  const data = churnData(Math.min(rows, ROWS), Math.min(rows, FRESH));
  const py = peers ? await python() : null;
  try {
    const has = (name) => py?.packages[name] !== undefined;
    if (has('sklearn') || has('xgboost'))
      await py.give(data.cells, { rows: data.rows, columns: data.features.length, test: data.freshRows });
    else if (peers)
      report.say('No Python peers: neither scikit-learn nor xgboost is found. Name a Python in CLIENTELE_PYTHON.');
    const reading = readingAlone(toBatches({ ...data.columns, left: data.left }));
    const run = async (title, contestants, { peer, atLeast }, options) => {
      const table = await contest(title, [...contestants, reading], options);
      if (has(peer))
        report.aim(`${title}, times the rate of ${peer}`, ratio(named(table, peer), table[0]), { atLeast });
    };
    const ours = logisticFit(library, data);
    const theirs = has('sklearn') ? [pythonLogistic(py, data, ours.weights)] : [];
    await run(`${ours.name}: fit`, [ours, ...theirs], { peer: 'sklearn', atLeast: 1.2 }, few);
    for (const { title, contestants, aim } of treeContests(library, churn, data, py, has, trees))
      await run(title, contestants, aim, many);
    if (peers)
      for (const { title, contestants } of await slowPeers(library, churn, Math.min(rows, 1000)))
        await contest(title, contestants, many);
  } finally {
    py?.close();
  }
}

/** At the maximum of the likelihood Σ (y − p)·x = 0 for every column and for the intercept, `weights` of which are filled in. */
function logisticFit(library, { columns, features, left, rows, chance }) {
  const count = features.length;
  const weights = new Float64Array(count + 1);
  return {
    weights,
    name: `Logistic regression, ${rows} rows × ${count}`,
    rows,
    run: () =>
      library
        .logisticRegression({ label: { column: 'left', churned: 1, horizon: null }, features })
        .fit({ ...columns, left }),
    check: ({ intercept, terms }) => {
      const own = terms.map((term) => term.weight);
      weights.set([...own, intercept]);
      const score = new Float64Array(count + 1);
      for (let i = 0; i < rows; i++) {
        const rest = left[i] - chance(columns, own, intercept, i);
        score[count] += rest / rows;
        for (let k = 0; k < count; k++) score[k] += (rest * columns[features[k]][i]) / rows;
      }
      assertClose(score, new Float64Array(count + 1), 1e-8, 'the score equations');
    },
  };
}

function pythonLogistic(py, { rows }, expected) {
  return {
    name: `sklearn ${py.packages.sklearn}, newton-cholesky`,
    rows,
    peer: true,
    run: () => py.ask({ fit: 'logistic' }),
    took: (answer) => answer,
    check: async () => {
      const { weights } = await py.ask({ result: 'logistic' });
      assertClose(weights, expected, 1e-6, 'coefficients of sklearn');
    },
  };
}
