// Two threads against one, for boosting on foreign buffers and a linear model on shared resident columns: runs on the built
// package under any engine. `node benchmarks/threads.mjs [rows]`, likewise `deno run -A` and `bun run`.
import { gradientBoosting } from '../dist/churn/index.js';
import { readArrowInto, residentMemory, writeIpcBytes } from '../dist/ingest/index.js';
import { compile, parseModel } from '../dist/scoring/index.js';
import { bellColumns, bellWeights, toBatches } from './data.mjs';

const COLUMNS = 20;
const ROUNDS = 5;
const AT_LEAST = { node: 1.5, other: 1.8 };

const rows = Number(process.argv[2] ?? 1_000_000);
// Many batches, so that it does not count what was under way when the clock was started.
const columns = bellColumns(rows, COLUMNS, 1);
const batches = toBatches(columns, 16_384);
const stream = writeIpcBytes(batches);
const memory = residentMemory(stream.length, { shared: true, threads: 2 });
const resident = [];
for await (const batch of readArrowInto(memory, stream)) resident.push(batch);

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const engineName = globalThis.Deno ? 'Deno' : globalThis.Bun ? 'Bun' : 'Node';
const aim = engineName === 'Node' ? AT_LEAST.node : AT_LEAST.other;
await pair('boosting, 100 trees of 31 leaves, foreign buffers, 4 times over', boostingModel(), batches, 4);
await pair('logistic, shared resident columns, 32 times over', linearModel(bellWeights(COLUMNS, 2)), resident, 32);

/** One run of threads lasts for `times` the batches, so that starting them does not count for all. */
async function pair(title, model, source, times) {
  const plan = compile(parseModel(model));
  const all = Array.from({ length: times }, () => source).flat();
  const expected = all.map((batch) => bits(plan.score(batch).columns));
  const time = async (threads) => {
    const parallel = plan.scoreParallel(all, { threads });
    // The first result is there when the threads have started and compiled.
    const first = await parallel.next();
    const results = [first.value.columns];
    const start = performance.now();
    for await (const { columns } of parallel) results.push(columns);
    const took = performance.now() - start;
    if (results.some((columns, b) => bits(columns) !== expected[b])) throw new Error(`${title}: other bits`);
    return took;
  };
  const calling = [];
  const one = [];
  const two = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const batch of all) plan.score(batch);
    calling.push(performance.now() - start);
    one.push(await time(1));
    two.push(await time(2));
  }
  const ratio = median(one.map((own, round) => own / two[round]));
  const here = median(calling.map((own, round) => own / two[round]));
  const ms = (values) => `${median(values).toFixed(0)} ms`;
  console.log(`${title}, ${rows * times} rows, ${engineName}`);
  console.log(`  calling thread ${ms(calling)}, one thread ${ms(one)}, two threads ${ms(two)}`);
  console.log(
    `  two are ${ratio.toFixed(2)} times as fast as one (≥ ${aim}: ${ratio >= aim ? 'yes' : 'no'}), ${here.toFixed(2)} times as fast as the calling thread`,
  );
}

/** The model of logistic.mjs, whose peers not every engine runs. */
function linearModel(weights) {
  const horizon = { every: 1, unit: 'month' };
  const judged = { logLikelihood: -500, nullLogLikelihood: -690, deviance: 1000, aic: 1040, iterations: 5 };
  return {
    kind: 'logisticRegression',
    version: 1,
    inputs: weights.map((_, k) => ({ name: `x${k}`, type: 'number' })),
    outputs: [{ name: 'churnProbability', type: 'number', horizon, explained: 'log-odds' }],
    intercept: 0,
    terms: weights.map((weight, k) => ({ column: `x${k}`, weight, missing: null, centre: 0 })),
    groups: [],
    fit: {
      ...{ status: 'converged', rows: 1000, warnings: [], ...judged, gradientNorm: 1e-12, baseRate: 0.5 },
      ...{ coefficients: [], vif: [] },
    },
  };
}

/** Fitted on the first rows, to a sum of columns with noise. */
function boostingModel() {
  const few = Math.min(rows, 20_000);
  const data = Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells.subarray(0, few)]));
  const left = Float64Array.from({ length: few }, (_, i) =>
    Number(columns.x0[i] + columns.x1[i] * columns.x2[i] > 0.3),
  );
  const label = { column: 'left', churned: 1, horizon: { every: 1, unit: 'month' } };
  return gradientBoosting({ label, features: Object.keys(data), rounds: 100, leaves: 31, earlyStopping: false }).fit({
    ...data,
    left,
  });
}

/** FNV-1a over the bits of the scores. */
function bits(columns) {
  const { values } = columns.getChild('churnProbability').data[0];
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(values.buffer, values.byteOffset, values.byteLength >> 2))
    hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}
