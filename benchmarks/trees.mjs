// Scoring by trees: models that scikit-learn and xgboost have learned, in our kernels and in theirs, one core each. Without
// them the same sizes of our own fits.
import { assertClose, contest, named, ratio } from './contest.mjs';
import { gather, toBatches } from './data.mjs';
import { churnData } from './fits-data.mjs';
import { onnxRows, treesOnnx } from './onnx.mjs';
import { storedTree } from './peer-trees.mjs';
import { found, python } from './peers.mjs';
import { readingAlone } from './reading.mjs';
import { newReport } from './report.mjs';

const TRAIN = 20_000;
export const TREES = 100;
const label = { column: 'left', churned: 1, horizon: null };

/** `atLeast`: how many times as fast as each peer we aim to be. */
const SETS = [
  { nameOf: (trees) => `boosting, ${trees} × 31 leaves`, fit: 'boosting', peer: 'xgboost', atLeast: 16 },
  { nameOf: () => 'one tree of depth 6', fit: 'shallow', peer: 'sklearn', atLeast: 2.7 },
  { nameOf: (trees) => `forest, ${trees} × depth 8`, fit: 'shallowForest', peer: 'sklearn', atLeast: 8 },
];

export async function trees(library, churn, { peers = false, ...options } = {}) {
  const py = peers ? await python() : null;
  try {
    return await contests(library, churn, py, { peers, ...options });
  } finally {
    py?.close();
  }
}

async function contests(
  library,
  churn,
  py,
  { rows = 1_000_000, rounds, peers, trees: count = TREES, report = newReport() },
) {
  const few = Math.min(rows, 100_000);
  const data = rounded(churnData(Math.min(TRAIN, rows), rows));
  const head = { ...data, fresh: first(data.fresh, few) };
  if (py)
    await py.give([...Object.values(data.columns), data.left, ...Object.values(head.fresh.columns), head.fresh.left], {
      rows: data.rows,
      columns: data.features.length,
      test: few,
    });
  for (const { nameOf, fit, peer, atLeast } of SETS) {
    const name = nameOf(count);
    const theirs = py?.packages[peer] !== undefined;
    if (theirs) await py.ask({ fit, trees: count });
    const model = modelOf(library, churn, data, count, fit, theirs ? (await py.ask({ 'trees of': fit })).trees : null);
    const plan = library.compile(model);
    const batches = toBatches(data.fresh.columns);
    const expected = library.compile(model).score(head.fresh.columns).columns.churnProbability;
    const table = await contest(
      `Scoring by ${name}, ${rows} rows × ${data.features.length} in record batches of 65,536`,
      [
        {
          name: 'clientele, plan.score to Arrow',
          rows,
          run: () => batches.map((batch) => plan.score(batch).columns),
          check: (result) =>
            assertClose(gather(result, 'churnProbability').subarray(0, few), byHand(model, head), 1e-12, 'plan.score'),
        },
        readingAlone(batches),
        ...(theirs
          ? [
              {
                name: `${peer} ${py.packages[peer]}, its own model`,
                rows: few,
                peer: true,
                run: () => py.ask({ score: fit }),
                took: (answer) => answer,
                // xgboost adds in float32
                check: async () =>
                  assertClose(await py.scores(), expected, peer === 'xgboost' ? 2e-5 : 1e-9, `${peer}, ${name}`),
              },
            ]
          : []),
        ...(fit === 'shallow' && peers ? await mlCart(head, few) : []),
        ...(fit === 'boosting' && peers ? await onnx(model, head, few, expected) : []),
      ],
      { ...(rounds ? { rounds } : {}), report },
    );
    const peersOf = { [peer]: atLeast, 'ml-cart': 40, 'onnxruntime float32, row tensor ready': 10 };
    for (const [start, bound] of Object.entries(peersOf))
      if (table.some((row) => row.name.startsWith(start)))
        report.aim(`${name}, times the rate of ${start}`, ratio(named(table, start), table[0]), { atLeast: bound });
  }
}

function onnx(model, { fresh, features }, rows, expected) {
  const bytes = treesOnnx(onFeatures(model, features), features.length, model.base);
  // It adds in float32.
  const check = (p) => assertClose(p, expected, 2e-5, 'onnxruntime, boosting');
  return onnxRows(
    bytes,
    features.map((name) => fresh.columns[name]),
    rows,
    check,
  );
}

/** Trees whose tests name columns by their place among the features. */
export const onFeatures = ({ trees, inputs }, features) =>
  trees.map((tree) => ({ ...tree, feature: tree.feature.map((k) => features.indexOf(inputs[k].name)) }));

const first = ({ columns, left }, rows) => ({
  columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.subarray(0, rows)])),
  left: left.subarray(0, rows),
});

/** Cells that float32 holds as well, since the peers compare in float32. */
function rounded(data) {
  for (const columns of [data.columns, data.fresh.columns])
    for (const column of Object.values(columns))
      for (let i = 0; i < column.length; i++) column[i] = Math.fround(column[i]);
  return data;
}

/** A fit of ours, with the peer's trees in the place of its own. */
function modelOf(library, churn, { columns, left, features }, count, fit, theirs) {
  const own = { label, features };
  const small = Object.fromEntries(Object.entries({ ...columns, left }).map(([name, c]) => [name, c.slice(0, 2000)]));
  const all = { ...columns, left };
  if (fit === 'shallow') {
    if (!theirs) return churn.decisionTree({ ...own, maxDepth: 6, minLeaf: 20, smoothing: 0 }).fit(all);
    const model = churn.decisionTree({ ...own, maxDepth: 1, smoothing: 0 }).fit(small);
    return parsed(library, { ...model, tree: storedTree(theirs[0]) });
  }
  if (fit === 'shallowForest') {
    const options = { ...own, trees: theirs ? 1 : count, maxDepth: 8, calibrated: false, smoothing: 0 };
    const model = churn.randomForest(options).fit(theirs ? small : all);
    return theirs ? parsed(library, { ...model, trees: theirs.map(storedTree) }) : model;
  }
  const options = { ...own, rounds: theirs ? 1 : count, leaves: 31, earlyStopping: false };
  const model = churn.gradientBoosting(options).fit(theirs ? small : all);
  return theirs ? parsed(library, { ...model, base: 0, trees: theirs.map(storedTree) }) : model;
}

const parsed = (library, model) => library.parseModel(JSON.parse(JSON.stringify(model)));

/** Every tree walked node by node. */
function byHand(model, { fresh, features }) {
  const columns = features.map((name) => fresh.columns[name]);
  const at = model.inputs.map(({ name }) => columns[features.indexOf(name)]);
  const trees = model.trees ?? [model.tree];
  return Float64Array.from(fresh.left, (_, i) => {
    const sum = sumOfLeaves(trees, at, i, model.base);
    if (model.kind === 'decisionTree') return sum;
    if (model.kind === 'gradientBoosting') return 1 / (1 + Math.exp(-sum));
    const { intercept, slope } = model.calibration;
    const mean = Math.min(1 - 1e-12, Math.max(1e-12, sum));
    return 1 / (1 + Math.exp(-(intercept + slope * Math.log(mean / (1 - mean)))));
  });
}

/** Trees walked node by node for one row of columns. */
export function sumOfLeaves(trees, columns, row, base = 0) {
  let sum = base;
  for (const { feature, threshold, left, right, value } of trees) {
    let node = feature.length > 0 ? 0 : ~0;
    while (node >= 0) node = columns[feature[node]][row] <= threshold[node] ? left[node] : right[node];
    sum += value[~node];
  }
  return sum;
}

/** A tree of ml-cart of the same depth: it takes few rows to learn from, and each row is walked alone. */
async function mlCart({ columns, left, features, fresh }, rows) {
  const Cart = (await found('ml-cart'))?.DecisionTreeClassifier;
  const Matrix = (await found('ml-matrix'))?.Matrix;
  if (!Cart || !Matrix) return [];
  const few = Math.min(rows, 20_000);
  const matrix = (of, count) =>
    new Matrix(Array.from({ length: count }, (_, i) => features.map((name) => of[name][i])));
  const peer = new Cart({ maxDepth: 6, minNumSamples: 3, gainThreshold: -1 });
  peer.train(matrix(columns, 400), Array.from(left.subarray(0, 400)));
  const x = matrix(fresh.columns, few);
  return [{ name: 'ml-cart, predict (another tree of depth 6)', rows: few, peer: true, run: () => peer.predict(x) }];
}
