// Fits models of every kind that has WASM kernels, scores with them in every way there is, and gives a digest of all bits:
// the same in every engine, with WASM or without. Runs in Node and, bundled, in a web page.
import { compile, pipeline } from 'clientele';
import { gradientBoosting, logisticRegression, neuralNetwork, plattCalibration, randomForest } from 'clientele/churn';
import { bgNbd, paretoNbd } from 'clientele/clv';
import { readNumbers, toArrow } from 'clientele/columns';
import { readArrowInto, readIpc, residentMemory, writeIpcBytes } from 'clientele/ingest';

const ids = Array.from({ length: 5000 }, (_, i) => i);
const u = (i, k) => (i * Math.sqrt(k)) % 1;
const customers = {
  tenure: Float64Array.from(ids, (i) => Math.floor(60 * u(i, 2))),
  charge: Float64Array.from(ids, (i) => (i % 17 === 0 ? Number.NaN : 20 + 60 * u(i, 3))),
  plan: { codes: Int32Array.from(ids, (i) => Math.floor(3 * u(i, 6))), levels: ['basic', 'plus', 'premium'] },
  left: { codes: Int32Array.from(ids, (i) => (u(i, 11) < 0.4 - 0.3 * u(i, 2) ? 1 : 0)), levels: ['no', 'yes'] },
  frequency: Float64Array.from(ids, (i) => Math.floor(9 * u(i, 13) * u(i, 19))),
  recency: Float64Array.from(ids, (i) => (Math.floor(9 * u(i, 13) * u(i, 19)) > 0 ? 1 + 40 * u(i, 17) : 0)),
  T: Float64Array.from(ids, (i) => 42 + Math.floor(20 * u(i, 5))),
};
const label = { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } };
const features = ['tenure', { column: 'charge', missing: 'impute' }, 'plan'];
const splits = ['tenure', 'charge', 'plan'];
const outputs = [{ quantity: 'probabilityAlive' }, { quantity: 'expectedPurchases', periods: 26 }];

/** `{ digest, noWasm, resident, threads }`: the digest, and how it was come by. */
export async function scores() {
  const some = (batch) => Object.fromEntries(Object.entries(batch).map(([name, own]) => [name, part(own, 0, 1500)]));
  const estimators = [
    logisticRegression({ label, features }),
    pipeline([
      gradientBoosting({ label, features: splits, rounds: 30, as: 'p' }),
      plattCalibration({ label, score: 'p', scale: 'log-odds' }),
    ]),
    randomForest({ label, features: splits, trees: 12, seed: 1 }),
    neuralNetwork({ label, features, hidden: [5], seed: 1, epochs: 20 }),
    bgNbd({ unit: 'week', outputs }),
    paretoNbd({ unit: 'week', outputs }),
  ];
  const { left: _, ...columns } = customers;
  const pieces = [0, 1700, 1701].map((from, k, all) =>
    toArrow(
      Object.fromEntries(Object.entries(columns).map(([name, own]) => [name, part(own, from, all[k + 1] ?? 5000)])),
    ),
  );
  const stream = writeIpcBytes(pieces);
  const shared = typeof SharedArrayBuffer !== 'undefined';
  let digest = 0xcbf29ce484222325n;
  const told = { digest: '', noWasm: null, resident: false, threads: 0 };
  for (const estimator of estimators) {
    const model = estimator.fit(some(customers));
    const plan = compile(model);
    told.noWasm = plan.explainCost().noWasm;
    const names = model.outputs.map(({ name }) => name);
    const bits = async (source) => {
      let hash = 0xcbf29ce484222325n;
      for await (const { columns: scored, report } of source) {
        for (const name of names) hash = fnv1a(hash, new Uint8Array(readNumbers(scored, name).buffer));
        hash = fnv1a(hash, new TextEncoder().encode(JSON.stringify(report)));
      }
      return hash;
    };
    const foreign = await bits(plan.scoreBatches(pieces));
    const same = (what, other) => {
      if (other !== foreign) throw new Error(`${model.kind}, ${what}: other bits`);
    };
    const batches = [];
    try {
      const memory = residentMemory(stream.length, { shared });
      for await (const batch of readArrowInto(memory, stream)) batches.push(batch);
      told.resident = true;
    } catch {
      for await (const batch of readIpc(stream)) batches.push(batch);
    }
    same('resident', await bits(plan.scoreBatches(batches)));
    const onProgress = ({ threads }) => {
      told.threads = threads;
    };
    for (const source of [pieces, batches])
      same('on threads', await bits(plan.scoreParallel(source, { threads: 2, onProgress })));
    digest = fnv1a(digest, new TextEncoder().encode(`${JSON.stringify(model)}${foreign}`));
  }
  return { ...told, digest: digest.toString(16).padStart(16, '0') };
}

function part(column, from, to) {
  return 'codes' in column ? { ...column, codes: column.codes.slice(from, to) } : column.slice(from, to);
}

function fnv1a(hash, bytes) {
  // By halves: BigInt per byte would take longer than the scores.
  let high = Number(hash >> 32n);
  let low = Number(hash & 0xffffffffn);
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    const wide = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(wide / 2 ** 32) + (low << 8)) >>> 0;
    low = wide >>> 0;
  }
  return (BigInt(high) << 32n) | BigInt(low);
}
