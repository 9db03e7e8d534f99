// Logistic scoring of 20 float64 columns in Arrow record batches: ours, the reading alone, and what else npm offers.
import { DecisionTreeClassifier } from 'ml-cart';
import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import { assertClose, assertSame, contest } from './contest.mjs';
import { bellColumns, bellWeights, gather, toBatches } from './data.mjs';
import { python } from './peers.mjs';

const COLUMNS = 20;
const AT_LEAST = 20;

/** A logistic model as its file would hold it. */
export function logisticModel(weights) {
  return {
    kind: 'logisticRegression',
    version: 1,
    inputs: weights.map((_, k) => ({ name: `x${k}`, type: 'number' })),
    outputs: [
      { name: 'churnProbability', type: 'number', horizon: { every: 1, unit: 'month' }, explained: 'log-odds' },
    ],
    intercept: 0,
    terms: weights.map((weight, k) => ({ column: `x${k}`, weight, missing: null, centre: 0 })),
    groups: [],
    fit: {
      ...{ status: 'converged', rows: 1000, warnings: [], logLikelihood: -500, nullLogLikelihood: -690 },
      ...{ deviance: 1000, aic: 1040, iterations: 5, gradientNorm: 1e-12, baseRate: 0.5, coefficients: [], vif: [] },
    },
  };
}

/** How many times as fast as scikit-learn we aim to be, on columns wherever they lie. */
const AT_LEAST_SKLEARN = 2;

export async function logistic(library, { peers = false, ...options } = {}) {
  const py = peers ? await python() : null;
  try {
    return await contestants(library, py?.packages.sklearn ? py : null, options);
  } finally {
    py?.close();
  }
}

async function contestants(library, py, { rows = 1_000_000, rounds, print = console.log }) {
  const columns = bellColumns(rows, COLUMNS, 1);
  const weights = bellWeights(COLUMNS, 2);
  const expected = direct(columns, weights);
  const batches = toBatches(columns);
  const plan = library.compile(library.parseModel(logisticModel(weights)));

  // The peers get fewer rows, since they take long, and rows that are ready: what they need of an Arrow table is not timed.
  const few = Math.min(rows, 50_000);
  const matrix = new Matrix(
    Array.from({ length: few }, (_, i) => Float64Array.from(weights, (_, k) => columns[`x${k}`][i])),
  );
  const classifier = (own) => ({ numSteps: 0, learningRate: 0, weights: [own] });
  const peer = LogisticRegression.load({
    name: 'LogisticRegression',
    numberClasses: 2,
    classifiers: [classifier(weights), classifier(weights.map((w) => -w))],
  });
  const tree = smallTree(matrix, expected);

  const table = await contest(
    `Logistic scoring, ${rows} rows × ${COLUMNS} float64 in record batches of 65,536`,
    [
      {
        name: 'clientele, plan.score to Arrow',
        rows,
        run: () => batches.map((batch) => plan.score(batch).columns),
        check: (result) => assertClose(gather(result, 'churnProbability'), expected, 1e-14, 'plan.score'),
      },
      {
        name: 'the reading alone: every cell summed',
        rows,
        run: () => batches.map(sumOfCells),
        check: (sums) => assertClose([total(sums)], [total(Object.values(columns).map(total))], 1e-6, 'the sum'),
      },
      ...(py ? [await sklearn(py, columns, weights, expected)] : []),
      {
        name: 'Vector.get, cell by cell',
        rows: batches[0].numRows,
        run: () => byGet(batches[0], weights),
        check: (result) => assertClose(result, expected.subarray(0, result.length), 1e-14, 'Vector.get'),
      },
      {
        name: 'ml-logistic-regression, predict (labels)',
        rows: few,
        run: () => peer.predict(matrix),
        check: (labels) =>
          assertSame(
            labels.filter(clear),
            Array.from(expected.subarray(0, few), (p) => (p > 0.5 ? 1 : 0)).filter(clear),
            'ml-logistic-regression',
          ),
      },
      {
        name: 'ml-logistic-regression, testScores of one class',
        rows: few,
        run: () => peer.classifiers[0].testScores(matrix),
        check: (scores) => assertClose(scores, expected.subarray(0, few), 1e-14, 'testScores'),
      },
      {
        name: `ml-cart, predict (another model: one tree of depth ${tree.depth})`,
        rows: few,
        run: () => tree.model.predict(matrix),
        check: (labels) => assertSame(labels, tree.walk(columns, few), 'ml-cart'),
      },
    ],
    { ...(rounds ? { rounds } : {}), print },
  );

  function clear(_, i) {
    return Math.abs(expected[i] - 0.5) > 1e-12;
  }
  const over = (name) => table.find((row) => row.name.startsWith(name)).overFirst;
  const faster = over('ml-logistic-regression, predict');
  print(
    `  predict of ml-logistic-regression takes ${faster.toFixed(1)} times as long; ≥ ${AT_LEAST}×: ${faster >= AT_LEAST ? 'yes' : 'no'}`,
  );
  if (py) {
    const times = over('sklearn');
    print(
      `  predict_proba of scikit-learn takes ${times.toFixed(1)} times as long; ≥ ${AT_LEAST_SKLEARN}×: ${times >= AT_LEAST_SKLEARN ? 'yes' : 'no'}`,
    );
  }
  print(`  ours takes ${(1 / over('the reading')).toFixed(1)} times the reading alone`);
  return table;
}

/** The same rows as the matrix that scikit-learn wants. */
async function sklearn(py, columns, weights, expected) {
  const rows = expected.length;
  const cells = Object.values(columns);
  // Asked for with rows to learn from: one will do.
  const one = [...cells.map((column) => column.subarray(0, 1)), new Float64Array(1)];
  await py.give([...one, ...cells, new Float64Array(rows)], { rows: 1, columns: weights.length, test: rows });
  await py.ask({ linear: Array.from(weights), intercept: 0 });
  return {
    name: `sklearn ${py.packages.sklearn}, predict_proba`,
    rows,
    run: () => py.ask({ score: 'logistic' }),
    took: (answer) => answer,
    check: async () => assertClose(await py.scores(), expected, 1e-12, 'scikit-learn'),
  };
}

/** The probabilities, written out row by row. */
function direct(columns, weights) {
  const own = weights.map((_, k) => columns[`x${k}`]);
  return Float64Array.from(own[0], (_, i) => {
    let z = 0;
    for (let k = 0; k < own.length; k++) z += weights[k] * own[k][i];
    return 1 / (1 + Math.exp(-z));
  });
}

/** Five columns at a time, so that memory is the limit and not the additions. */
function sumOfCells(batch) {
  const cells = batch.schema.fields.map(({ name }) => batch.getChild(name).data[0].values);
  let sum = 0;
  for (let k = 0; k < cells.length; k += 5) sum += sumOfFive(cells[k], ...cells.slice(k + 1, k + 5));
  return sum;
}

function sumOfFive(a, b, c, d, e) {
  let [sa, sb, sc, sd, se] = [0, 0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    sa += a[i];
    sb += b[i];
    sc += c[i];
    sd += d[i];
    se += e[i];
  }
  return sa + sb + sc + sd + se;
}

function total(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function byGet(batch, weights) {
  const vectors = weights.map((_, k) => batch.getChild(`x${k}`));
  const out = new Float64Array(batch.numRows);
  for (let i = 0; i < out.length; i++) {
    let z = 0;
    for (let k = 0; k < weights.length; k++) z += weights[k] * vectors[k].get(i);
    out[i] = 1 / (1 + Math.exp(-z));
  }
  return out;
}

/** A tree fitted on the first rows, and a walk of its JSON by hand. */
function smallTree(matrix, expected) {
  const rows = Math.min(300, matrix.rows);
  const model = new DecisionTreeClassifier({ maxDepth: 6, minNumSamples: 5 });
  model.train(
    matrix.subMatrix(0, rows - 1, 0, COLUMNS - 1),
    Array.from(expected.subarray(0, rows), (p) => (p > 0.5 ? 1 : 0)),
  );
  const root = JSON.parse(JSON.stringify(model)).root;
  const leaf = (node, columns, i) => {
    while (node.left && node.right)
      node = columns[`x${node.splitColumn}`][i] < node.splitValue ? node.left : node.right;
    const [shares] = node.distribution;
    return shares.indexOf(Math.max(...shares));
  };
  const depth = (node) => (node.left && node.right ? 1 + Math.max(depth(node.left), depth(node.right)) : 0);
  return {
    model,
    depth: depth(root),
    walk: (columns, count) => Array.from({ length: count }, (_, i) => leaf(root, columns, i)),
  };
}
