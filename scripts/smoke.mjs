// Uses the installed package as a stranger would, under any JavaScript engine: `smoke.mjs [DIGEST]`. Prints `ok` and a
// digest of all models and scores. A digest that is given must come out again: engines are held against each other.
import { readFileSync } from 'node:fs';
import * as arrow from 'apache-arrow';

function check(what, holds) {
  if (!holds) throw new Error(`smoke test: ${what}`);
}

const folder = new URL('./node_modules/clientele/', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
const modules = {};
/** Imports optional packages, which are not there: so nothing else may. */
const OPTIONAL = './ml';
for (const [subpath, { default: file }] of Object.entries(exports))
  if (file && subpath !== OPTIONAL) modules[subpath] = await import(subpath.replace('.', 'clientele'));
check(
  `${OPTIONAL} needs its packages`,
  await import(OPTIONAL.replace('.', 'clientele')).then(
    () => false,
    () => true,
  ),
);
for (const [subpath, names] of Object.entries(modules))
  check(`${subpath} exports names`, Object.keys(names).length > 0);
for (const names of Object.values(modules))
  for (const [name, own] of Object.entries(modules['.']))
    check(`one ${name}`, !(name in names) || Object.is(names[name], own));

const { compile, parseModel, pipeline } = modules['.'];
const { append, readCategories, readNumbers } = modules['./columns'];
const { readCsv, readCsvTable, readIpc, writeCsv, writeCsvText, writeIpc } = modules['./ingest'];
const { readArrowInto, residentMemory, writeIpcBytes } = modules['./ingest'];

// 600 customers by arithmetic, every 17th without a monthly charge.
const ids = Array.from({ length: 600 }, (_, i) => i);
const u = (i, k) => (i * Math.sqrt(k)) % 1;
const plans = ['basic', 'plus', 'premium'];
const numbers = {
  tenure: Float64Array.from(ids, (i) => Math.floor(60 * u(i, 2))),
  charge: Float64Array.from(ids, (i) => (i % 17 === 0 ? Number.NaN : 20 + 60 * u(i, 3))),
  profit: Float64Array.from(ids, (i) => 5 + 25 * u(i, 5)),
};
const categories = {
  plan: { codes: Int32Array.from(ids, (i) => Math.floor(3 * u(i, 6))), levels: plans },
  tv: { codes: Int32Array.from(ids, (i) => (u(i, 7) < 0.3 + 0.3 * u(i, 2) ? 1 : 0)), levels: ['no', 'yes'] },
  left: { codes: Int32Array.from(ids, (i) => (u(i, 11) < 0.4 - 0.3 * u(i, 2) ? 1 : 0)), levels: ['no', 'yes'] },
};
const plain = { ...numbers, ...categories };

/** The same rows as an Arrow table, without apache-arrow's builders, which generate code. */
function arrowTable(from, to) {
  const length = to - from;
  const columns = {};
  for (const [name, values] of Object.entries(numbers)) {
    const bitmap = new Uint8Array(Math.ceil(length / 8));
    for (let i = 0; i < length; i++) if (!Number.isNaN(values[from + i])) bitmap[i >> 3] |= 1 << (i & 7);
    const data = values.slice(from, to);
    columns[name] = arrow.makeVector(
      arrow.makeData({ type: new arrow.Float64(), length, nullCount: -1, nullBitmap: bitmap, data }),
    );
  }
  for (const [name, { codes, levels }] of Object.entries(categories)) {
    const texts = levels.map((level) => new TextEncoder().encode(level));
    const valueOffsets = new Int32Array(levels.length + 1);
    texts.forEach((text, i) => {
      valueOffsets[i + 1] = valueOffsets[i] + text.length;
    });
    const data = Uint8Array.from(texts.flatMap((text) => [...text]));
    const utf8 = arrow.makeData({ type: new arrow.Utf8(), length: levels.length, nullCount: 0, valueOffsets, data });
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
    columns[name] = arrow.makeVector(
      arrow.makeData({ type, length, data: codes.slice(from, to), dictionary: arrow.makeVector(utf8) }),
    );
  }
  return new arrow.Table(columns);
}

const { currentValue, lifetimeValue, logisticRegression, loyalty, ownershipPropensity, potentialValue } = modules['.'];
const { bgNbd, discreteTimeHazard, gammaGamma, rfm, rfmTiers, spendValue, summarize, threeDimensional } = modules['.'];
const tv = { column: 'tv', equals: 'yes' };
const terms = { periods: 24, rate: { discount: 0.01, per: 'month' } };
const customers = pipeline(
  [
    logisticRegression({
      label: { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'month' } },
      features: ['plan', 'tenure', { column: 'charge', missing: 'impute' }],
    }),
    loyalty(),
    discreteTimeHazard({
      duration: 'tenure',
      event: { column: 'left', churned: 'yes' },
      period: 'month',
      features: ['plan'],
      outputs: { survivalAnnuity: terms },
    }),
    ownershipPropensity({ offers: [{ name: 'tv', owned: tv }], features: ['plan', 'tenure'] }),
    currentValue({ profit: 'profit', ...terms }),
    potentialValue({ offers: [{ name: 'tv', probability: 'p_tv', profit: 4, owned: tv }], ...terms }),
    lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }),
    threeDimensional({ cut: 'mean' }),
  ],
  { active: { column: 'left', equals: 'no' } },
);
const model = customers.fit(plain);
check('a fit on Arrow is the fit on plain columns', same(customers.fit(arrowTable(0, 600)), model));

const plan = compile(model);
const scored = plan.score(plain).columns;
const batches = [arrowTable(0, 250), arrowTable(250, 600)];
let from = 0;
for await (const { columns } of plan.scoreBatches(batches)) {
  for (const { name, type } of model.outputs)
    check(
      `"${name}" on Arrow is "${name}" on plain columns`,
      type === 'number'
        ? equal(readNumbers(columns, name), scored[name].subarray(from, from + columns.numRows))
        : equal(readCategories(columns, name).codes, scored[name].codes.subarray(from, from + columns.numRows)),
    );
  from += columns.numRows;
}
check('all rows were scored', from === 600);

// On threads: foreign batches copied, shared resident ones where they lie, plain columns; all as on the calling thread.
const stream = writeIpcBytes(batches);
const memory = residentMemory(stream.length, { shared: true });
const resident = [];
for await (const batch of readArrowInto(memory, stream)) resident.push(batch);
check('cells lie in the memory', resident[0].getChild('profit').data[0].values.buffer === memory.buffer);
for (const [what, source] of Object.entries({ foreign: batches, resident, plain: [plain, plain, plain] })) {
  let atWork = 0;
  const parallel = plan.scoreParallel(source, { threads: 2, onProgress: ({ threads }) => (atWork = threads) });
  for await (const expected of plan.scoreBatches(source)) {
    const { value, done } = await parallel.next();
    check(`as many ${what} batches from threads`, !done);
    check(`the report of a ${what} batch scored by a thread`, same(value.report, expected.report));
    for (const { name, type } of model.outputs)
      check(
        `"${name}" of a ${what} batch scored by a thread`,
        type === 'number'
          ? equal(readNumbers(value.columns, name), readNumbers(expected.columns, name))
          : equal(readCategories(value.columns, name).codes, readCategories(expected.columns, name).codes),
      );
  }
  check(`no more ${what} batches from threads`, (await parallel.next()).done);
  check(`both threads at work on ${what} batches`, atWork === 2);
}
for await (const _ of plan.scoreParallel(batches, { threads: 2 })) break;
const aborted = plan.scoreParallel(batches, { threads: 2, signal: AbortSignal.abort() }).next();
check('an aborted run says so', (await aborted.catch((error) => error.code)) === 'aborted');

// Threads that break down: what they were at is scored here, once. (Node's are tested in src/scoring/thread-score.test.ts.)
const { Worker: Own } = globalThis;
if (Own !== undefined) {
  const deaths = ['throw new Error("out of order")', 'Promise.reject(new Error("later"))'];
  if (globalThis.Bun) deaths.push('process.exit(1)');
  for (const death of deaths) {
    globalThis.Worker = class extends Own {
      constructor() {
        const code = `onmessage = ({ data }) => {
          if (data.type === 'start') postMessage({ type: 'ready' });
          else { ${death} }
        };`;
        super(`data:text/javascript,${encodeURIComponent(code)}`, { type: 'module' });
      }
    };
    const many = [...batches, ...batches, ...batches];
    const parallel = plan.scoreParallel(many, { threads: 2 });
    for await (const { columns } of plan.scoreBatches(many)) {
      const { value } = await parallel.next();
      for (const { name } of model.outputs)
        check(`"${name}" where threads die by ${death}`, same(cellsOf(value.columns, name), cellsOf(columns, name)));
    }
    check(`no more batches where threads die by ${death}`, (await parallel.next()).done);
  }
  globalThis.Worker = Own;
}

const read = parseModel(JSON.parse(JSON.stringify(model)));
check('a model read from JSON is the model', same(read, model));
for (const { name } of model.outputs)
  check(`"${name}" of a model read from JSON`, same(compile(read).score(plain).columns[name], scored[name]));

const { base, contributions } = plan.explain(plain, 'churnProbability');
scored.churnProbability.forEach((p, row) => {
  const sum = contributions.reduce((total, own) => total + own[row], base);
  check('contributions add up', Math.abs(sum - Math.log(p / (1 - p))) < 1e-9);
});

const whole = append(arrowTable(0, 600), scored);
const again = [];
for await (const batch of readIpc(writeIpc([whole]))) again.push(batch);
const back = new arrow.Table(again);
for (const name of Object.keys(numbers)) check(`"${name}" through IPC`, equal(readNumbers(back, name), plain[name]));
check('"segment" through IPC', texts(back, 'segment').join() === texts(whole, 'segment').join());

let csv = '';
for await (const part of writeCsv([whole])) csv += part;
check('a table is written alike at once and in pieces', csv === writeCsvText(whole));
const columns = { charge: 'number', plan: 'category', segment: 'category', churnProbability: 'number' };
const parts = [];
for await (const batch of readCsv(csv, { columns, batchRows: 128 })) parts.push(batch);
for (const table of [new arrow.Table(parts), readCsvTable(csv, { columns })]) {
  check('numbers through CSV', equal(readNumbers(table, 'churnProbability'), scored.churnProbability));
  check('nulls through CSV', equal(readNumbers(table, 'charge'), plain.charge));
  check('categories through CSV', texts(table, 'plan').join() === texts(whole, 'plan').join());
}

// A purchase log by arithmetic: a few to two dozen purchases over a hundred weeks, then nothing for some.
const log = { who: [], day: [], paid: [] };
for (const i of ids) {
  const gap = 5 + Math.floor(90 * u(i, 13));
  const last = 100 + Math.floor(600 * u(i, 17));
  for (let day = Math.floor(200 * u(i, 19)), n = 0; day <= last; day += gap + ((i * 7 + n * 13) % 11), n++) {
    log.who.push(`c${i}`);
    log.day.push(day + 19_000);
    log.paid.push(10 + 40 * u(i, 23) + ((i + n) % 5));
  }
}
const shop = summarize(log, {
  customer: 'who',
  date: 'day',
  amount: 'paid',
  unit: 'week',
  end: '2023-12-31',
}).customers;
const discounted = { quantity: 'discountedResidualTransactions', periods: 52, rate: { discount: 0.1, per: 'year' } };
const buyers = pipeline([
  bgNbd({ unit: 'week', outputs: [{ quantity: 'probabilityOfPurchase', periods: 26 }, discounted] }),
  gammaGamma(),
  spendValue({ margin: 0.3 }),
  rfm(),
  rfmTiers(),
]).fit(shop);
const bought = compile(buyers).score(shop).columns;
check(
  'purchase models converge',
  buyers.steps[0].fit.status === 'converged' && bought.lifetimeValue.some((v) => v > 0),
);

const { digest: kernels, noWasm, resident: lies } = await (await import('./scores.mjs')).scores();
check(`WASM runs: ${noWasm}`, noWasm === null && lies);

const digest = fnv1a([model, buyers, scored, bought, kernels]);
const expected = process.argv[2];
check(`the digest is ${digest}, elsewhere ${expected}: engines differ`, expected === undefined || expected === digest);
console.log(`ok ${digest}`);

function cellsOf(table, name) {
  return [...table.getChild(name)].map(String);
}

function texts(table, name) {
  const { codes, levels } = readCategories(table, name);
  return Array.from(codes, (code) => levels[code] ?? null);
}

function equal(a, b) {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

function same(a, b) {
  return bits(a) === bits(b);
}

/** JSON with sorted keys; it tells every float64 apart but for NaN, −0 and the infinities, which are spelt out. */
function bits(value) {
  return JSON.stringify(value, (_, own) => {
    if (ArrayBuffer.isView(own)) return Array.from(own, spelt);
    if (own?.constructor === Object)
      return Object.fromEntries(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)));
    return typeof own === 'number' ? spelt(own) : own;
  });
}

function spelt(number) {
  return Number.isFinite(number) && !Object.is(number, -0) ? number : `${1 / number === -Infinity ? '−0' : number}`;
}

function fnv1a(value) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(bits(value)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
