// Fits: Gamma-Gamma on the CDNOW sample; logistic regression, a tree, a forest and boosting on 100,000 rows of 20 columns.
// Purchase models are in clv.mjs. With `peers`: beside scikit-learn, xgboost, ml-logistic-regression and ml-cart.
import { cdnow, likeGolden } from './cdnow.mjs';
import { assertClose, contest } from './contest.mjs';
import { churnData } from './fits-data.mjs';
import { slowPeers } from './fits-peers.mjs';
import { treeContests } from './fits-trees.mjs';
import { python } from './peers.mjs';

/** Rows that `--rows` may lower. */
const ROWS = 100_000;
const FRESH = 20_000;

export async function fits(
  library,
  churn,
  { rows = 1_000_000, rounds, trees = 100, peers = false, print = console.log } = {},
) {
  const few = { ...(rounds ? { rounds } : {}), print };
  const many = { rounds: Math.min(rounds ?? 3, 3), print };
  const tables = [];
  const sample = cdnow();
  if (sample === null) print('\nThe Gamma-Gamma fit is skipped: ../shared/data/cdnow-summary.csv is not there.');
  else {
    const fit = {
      name: 'Gamma-Gamma, the customers who came back',
      rows: sample.frequency.length,
      run: () => library.gammaGamma().fit(sample),
      check: likeGolden('cdnow_fullprec.gg'),
    };
    tables.push(await contest(`${fit.name}: fit on CDNOW`, [fit], few));
  }
  const data = churnData(Math.min(rows, ROWS), Math.min(rows, FRESH));
  const py = peers ? await python() : null;
  try {
    const has = (name) => py?.packages[name] !== undefined;
    if (has('sklearn') || has('xgboost'))
      await py.give(data.cells, { rows: data.rows, columns: data.features.length, test: data.freshRows });
    else if (peers)
      print('\nNo Python peers: neither scikit-learn nor xgboost is found. Name a Python in CLIENTELE_PYTHON.');
    const told = (table, atMost) => {
      tables.push(table);
      const cpu = (table[0].cpuNs * data.rows) / 1e9;
      if (data.rows === ROWS && trees === 100)
        print(`  ${cpu.toPrecision(3)} s of CPU; ≤ ${atMost}: ${cpu <= atMost ? 'yes' : 'no'}`);
    };
    const ours = logisticFit(library, data);
    const theirs = has('sklearn') ? [pythonLogistic(py, data, ours.weights)] : [];
    told(await contest(`${ours.name}: fit`, [ours, ...theirs], many), 0.2);
    for (const { title, contestants, atMost } of treeContests(library, churn, data, py, has, trees))
      told(await contest(title, contestants, { ...many, warmups: 1 }), atMost);
    if (peers)
      for (const { title, contestants } of await slowPeers(library, churn, Math.min(rows, 1000)))
        tables.push(await contest(title, contestants, { ...many, warmups: 1 }));
  } finally {
    py?.close();
  }
  return tables;
}

/** At the maximum of the likelihood Σ (y − p)·x = 0 for every column and for the intercept, `weights` of which are filled in. */
function logisticFit(library, { columns, features, left, rows, chance }) {
  const count = features.length;
  const weights = new Float64Array(count + 1);
  return {
    weights,
    name: `logistic regression, ${rows} rows × ${count}`,
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
    run: () => py.ask({ fit: 'logistic' }),
    took: (answer) => answer,
    check: async () => {
      const { weights } = await py.ask({ result: 'logistic' });
      assertClose(weights, expected, 1e-6, 'coefficients of sklearn');
    },
  };
}
