// Two threads against one, on the built package, under Node, Deno or Bun: `threads-child.mjs rows rounds` prints JSON.
import { gradientBoosting } from '../dist/churn/index.js';
import { readArrowInto, residentMemory, writeIpcBytes } from '../dist/ingest/index.js';
import { compile, parseModel } from '../dist/scoring/index.js';
import { bellColumns, bellWeights, toBatches } from './data.mjs';
import { logisticModel } from './linear-model.mjs';

const COLUMNS = 20;
const [rows, rounds] = process.argv.slice(2).map(Number);
// Many batches, so that it does not count what was under way when the clock was started.
const columns = bellColumns(rows, COLUMNS, 1);
const batches = toBatches(columns, Math.min(16_384, Math.ceil(rows / 4)));
const stream = writeIpcBytes(batches);
const memory = residentMemory(stream.length, { shared: true, threads: 2 });
const resident = [];
for await (const batch of readArrowInto(memory, stream)) resident.push(batch);

const measured = [
  await measure('boosting (100 × 31) on foreign buffers', boostingModel(), batches, 8),
  await measure('logistic on shared resident columns', logisticModel(bellWeights(COLUMNS, 2)), resident, 32),
];
const { deno, bun, node } = process.versions;
console.log(JSON.stringify({ version: deno ?? bun ?? node, measured }));

/** One run of threads lasts for `times` the batches, so that starting them does not count for all. Milliseconds by round. */
async function measure(title, model, source, times) {
  const plan = compile(parseModel(model));
  const all = Array.from({ length: times }, () => source).flat();
  const expected = all.map((batch) => bits(plan.score(batch).columns));
  const time = async (threads) => {
    const parallel = plan.scoreParallel(all, { threads });
    // The first result is there when the threads have started and compiled.
    const first = await parallel.next();
    const results = [first.value.columns];
    const start = performance.now();
    for await (const { columns: scored } of parallel) results.push(scored);
    const took = performance.now() - start;
    if (results.length !== all.length || results.some((scored, b) => bits(scored) !== expected[b]))
      throw new Error(`${title}: other bits`);
    return took;
  };
  const taken = { calling: [], one: [], two: [] };
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (const batch of all) plan.score(batch);
    taken.calling.push(performance.now() - start);
    taken.one.push(await time(1));
    taken.two.push(await time(2));
  }
  return { title, rows: rows * times, ...taken };
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
function bits(scored) {
  const { values } = scored.getChild('churnProbability').data[0];
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(values.buffer, values.byteOffset, values.byteLength >> 2))
    hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}
