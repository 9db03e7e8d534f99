// Logistic scoring of 20 float64 columns in Arrow record batches: ours, the reading alone, and what others offer.
import { assertClose, assertSame, contest, named, ratio } from './contest.mjs';
import { bellColumns, bellWeights, gather, toBatches } from './data.mjs';
import { duckdb } from './duckdb.mjs';
import { logisticModel } from './linear-model.mjs';
import { ABSENT, linearOnnx, onnxRows } from './onnx.mjs';
import { found, python } from './peers.mjs';
import { readingAlone, residentReading } from './reading.mjs';
import { newReport } from './report.mjs';

const COLUMNS = 20;
/** Rows of a peer that takes long. */
const FEW = 200_000;

export async function logistic(library, ingest, { peers = false, ...options } = {}) {
  const py = peers ? await python() : null;
  try {
    return await contestants(library, ingest, py?.packages.sklearn ? py : null, { peers, ...options });
  } finally {
    py?.close();
  }
}

async function contestants(library, ingest, py, { rows = 1_000_000, rounds, peers = false, report = newReport() }) {
  const columns = bellColumns(rows, COLUMNS, 1);
  const weights = bellWeights(COLUMNS, 2);
  const expected = direct(columns, weights);
  const batches = toBatches(columns);
  const stream = ingest.writeIpcBytes(batches);
  const memory = ingest.residentMemory(stream.length);
  const resident = [];
  for await (const batch of ingest.readArrowInto(memory, stream)) resident.push(batch);
  const plan = library.compile(library.parseModel(logisticModel(weights)));
  const ours = (name, source) => ({
    name: `clientele, ${name}`,
    rows,
    run: () => source.map((batch) => plan.score(batch).columns),
    check: (result) => assertClose(gather(result, 'churnProbability'), expected, 1e-14, name),
  });
  const db = peers ? await duckdb() : null;
  const ml = peers ? await mlLogistic(columns, weights, expected) : [];

  // By themselves: beside the others each would find its columns in another cache.
  const where = await contest(
    `Logistic scoring of resident columns, ${rows} rows × ${COLUMNS} float64`,
    [
      ours('resident columns', resident),
      readingAlone(resident, 'the reading alone (SIMD)', residentReading(memory, resident)),
    ],
    { rounds: rounds ?? 15, report },
  );
  report.aim('rate of resident scoring, share of the reading of the same columns', ratio(where[1], where[0]), {
    atLeast: 0.9,
  });

  const table = await contest(
    `Logistic scoring, ${rows} rows × ${COLUMNS} float64 in record batches of 65,536`,
    [
      ours('foreign buffers', batches),
      ours('resident columns', resident),
      readingAlone(batches, 'the reading alone, foreign buffers'),
      ...(py ? [await sklearn(py, columns, weights, expected)] : []),
      ...(peers ? await onnx(columns, weights, expected) : []),
      ...(db ? [await sqlExpression(db, columns, weights, expected)] : []),
      {
        name: 'Vector.get, cell by cell',
        rows: batches[0].numRows,
        run: () => byGet(batches[0], weights),
        check: (result) => assertClose(result, expected.subarray(0, result.length), 1e-14, 'Vector.get'),
      },
      ...ml,
    ],
    { ...(rounds ? { rounds } : {}), report },
  );
  db?.close();

  const [foreign, here] = ['clientele, foreign', 'clientele, resident'].map((name) => named(table, name));
  if (py) {
    const theirs = named(table, 'sklearn');
    report.aim('resident, times the rate of sklearn', ratio(theirs, here), { atLeast: 3.5 });
    report.aim('foreign buffers, times the rate of sklearn', ratio(theirs, foreign), { atLeast: 2 });
  }
  if (ml.length > 0)
    report.aim(
      'foreign buffers, times the rate of ml-logistic-regression',
      ratio(named(table, 'ml-logistic-regression, predict'), foreign),
      { atLeast: 25 },
    );
  if (peers && !table.some(({ name }) => name.startsWith('onnx'))) report.say(ABSENT);
}

function onnx(columns, weights, expected) {
  // float32 holds a linear predictor of 20 terms to about 1e-6.
  const check = (p) => assertClose(p, expected, 1e-5, 'onnxruntime');
  return onnxRows(linearOnnx(weights, 0), Object.values(columns), expected.length, check);
}

/** The formula as an expression over a table, into a table. */
async function sqlExpression(db, columns, weights, expected) {
  const rows = Math.min(expected.length, FEW);
  await db.make('cells', head(columns, rows));
  const predictor = weights.map((weight, k) => `(${weight})*x${k}`).join('+');
  return {
    name: 'DuckDB, SQL expression',
    rows,
    peer: true,
    run: () => db.run(`CREATE OR REPLACE TEMP TABLE scored AS SELECT 1/(1+exp(-(${predictor}))) AS p FROM cells`),
    check: async () => {
      const [p] = await db.columns('SELECT p FROM scored');
      assertClose(p, expected.subarray(0, rows), 1e-12, 'DuckDB');
    },
  };
}

/** Fewer rows, since it takes long, and rows that are ready: what it needs of an Arrow table is not timed. */
async function mlLogistic(columns, weights, expected) {
  const LogisticRegression = (await found('ml-logistic-regression'))?.default;
  const Matrix = (await found('ml-matrix'))?.Matrix;
  if (!LogisticRegression || !Matrix) return [];
  const rows = Math.min(expected.length, 50_000);
  const matrix = new Matrix(
    Array.from({ length: rows }, (_, i) => Float64Array.from(weights, (_, k) => columns[`x${k}`][i])),
  );
  const classifier = (own) => ({ numSteps: 0, learningRate: 0, weights: [own] });
  const model = LogisticRegression.load({
    name: 'LogisticRegression',
    numberClasses: 2,
    classifiers: [classifier(weights), classifier(weights.map((w) => -w))],
  });
  const clear = (_, i) => Math.abs(expected[i] - 0.5) > 1e-12;
  return [
    {
      name: 'ml-logistic-regression, predict (labels)',
      rows,
      peer: true,
      run: () => model.predict(matrix),
      check: (labels) =>
        assertSame(
          labels.filter(clear),
          Array.from(expected.subarray(0, rows), (p) => (p > 0.5 ? 1 : 0)).filter(clear),
          'ml-logistic-regression',
        ),
    },
    {
      name: 'ml-logistic-regression, testScores of one class',
      rows,
      peer: true,
      run: () => model.classifiers[0].testScores(matrix),
      check: (scores) => assertClose(scores, expected.subarray(0, rows), 1e-14, 'testScores'),
    },
  ];
}

const head = (columns, rows) =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.subarray(0, rows)]));

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
    peer: true,
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
