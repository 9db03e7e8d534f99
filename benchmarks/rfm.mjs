// A transaction log as one row per customer: ours, the reading alone, and GROUP BY of DuckDB where it is installed.
import { Field, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';
import { assertClose, assertSame, contest, named, ratio } from './contest.mjs';
import { BATCH, toBatches } from './data.mjs';
import { ABSENT, duckdb, hash } from './duckdb.mjs';
import { python } from './peers.mjs';
import { reading } from './reading.mjs';
import { newReport } from './report.mjs';

const FIRST_DAY = 18_262;
const DAYS = 365;
export const OPTIONS = { customer: 'id', date: 'day', amount: 'paid', unit: 'day', end: '2020-12-30' };
/** Transactions per customer. */
const EACH = 10;
/**
 * The forms of the ids: how many times the rate of GROUP BY is wanted, and how many rows at most (text that is made row by
 * row takes long to make).
 */
const WANTED = {
  dictionary: { atLeast: 1.6 },
  number: { atLeast: 1 },
  text: { atLeast: 1, most: 2_000_000 },
  string: { atLeast: 1, most: 2_000_000 },
};

/** Sparse, and in no order. */
const numberOf = (c) => hash(c, 5);
const textOf = (c) => `c${String(numberOf(c)).padStart(10, '0')}`;

/** A log as batches with ids of a form, and how many customers are in it. */
export function logOf(form, rows) {
  const customers = Math.ceil(rows / EACH);
  const log = transactions(rows, customers);
  return { batches: FORMS[form](log, customers).batches, expected: new Set(log.who).size };
}

/** The log as customer, day and amount of each row. */
export function transactions(rows, customers, from = 0) {
  const who = new Int32Array(rows);
  const day = new Float64Array(rows);
  const paid = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    who[i] = hash(from + i, 1) % customers;
    day[i] = FIRST_DAY + (hash(from + i, 77_777) % DAYS);
    paid[i] = (1 + (hash(from + i, 991) % 10_000)) / 100;
  }
  return { who, day, paid };
}

/** @param options.rows 10 transactions per customer */
export async function rfm(library, { rows = 10_000_000, rounds = 5, peers = false, report = newReport() } = {}) {
  const db = peers ? await duckdb() : null;
  const py = peers ? await python() : null;
  for (const [form, { most = rows, atLeast }] of Object.entries(WANTED))
    await contestOf(library, { db, py }, form, Math.min(rows, most), atLeast, { rounds, report });
  py?.close();
  db?.close();
  if (peers && !db) report.say(ABSENT);
}

async function contestOf(library, { db, py }, form, rows, atLeast, options) {
  const customers = Math.ceil(rows / EACH);
  const log = transactions(rows, customers);
  const made = FORMS[form](log, customers);
  // Numbers only: strings that are held would be looked at in every collection of ours.
  const figures = byHand(log, customers, false);
  const wanted = { ...made, buyers: orderOf(figures, made.idOf) };
  const expected = {
    separate: { ...wanted, figures },
    merge: { ...wanted, figures: byHand(log, customers, true) },
  };
  const ours = (sameDay) => ({
    name: `clientele, ${sameDay === 'merge' ? 'rows of a day merged' : 'a purchase per row'}`,
    rows,
    run: () => library.summarize(made.batches, { ...OPTIONS, sameDay }),
    check: (result) => check(result.customers, expected[sameDay], sameDay),
  });
  const table = await contest(
    `Transactions to customers, ${rows} rows of ${customers} customers, ids: ${made.name}`,
    [
      ours('separate'),
      ours('merge'),
      { name: 'the reading alone', rows, run: made.read },
      ...(db ? await theirs(db, form, rows, customers, expected) : []),
      ...(py?.packages.pandas && form in COLUMN ? [await pandas(py, form, log, figures)] : []),
    ],
    options,
  );
  // By itself, as its strings would be others' garbage.
  await contest(
    `The same with the ids as strings, ${rows} rows of ${customers} customers, ids: ${made.name}`,
    [
      {
        name: 'clientele, a purchase per row, ids as strings too',
        rows,
        run: () => library.summarize(made.batches, { ...OPTIONS, sameDay: 'separate' }).customers.customer.levels,
      },
    ],
    { ...options, rounds: Math.min(options.rounds ?? 3, 3) },
  );
  if (!db) return;
  const times = (what, rate) =>
    options.report.aim(`${made.short}, ${what}, times the rate of DuckDB`, rate, { atLeast });
  times('a purchase per row', ratio(named(table, 'DuckDB, GROUP BY, count(*)'), table[0]));
  times('rows of a day merged', ratio(named(table, 'DuckDB, GROUP BY, count(DISTINCT'), table[1]));
}

const FORMS = {
  dictionary: ({ who, day, paid }, customers) => {
    const levels = Array.from({ length: customers }, (_, c) => textOf(c));
    const batches = toBatches({ id: { codes: who, levels }, day, paid });
    return {
      name: 'one dictionary, in record batches',
      short: 'dictionary ids',
      batches,
      idOf: textOf,
      read: () => reading(batches),
    };
  },
  number: ({ who, day, paid }) => {
    const id = Float64Array.from(who, numberOf);
    const batches = toBatches({ id, day, paid });
    return {
      name: 'sparse numbers, in record batches',
      short: 'sparse ids',
      batches,
      idOf: (c) => String(numberOf(c)),
      read: () => reading(batches),
    };
  },
  text: ({ who, day, paid }) => {
    const batches = withText(toBatches({ day, paid }), who);
    return {
      name: 'text (Utf8), in record batches',
      short: 'ids of text',
      batches,
      idOf: textOf,
      read: () => reading(batches),
    };
  },
  string: ({ who, day, paid }) => {
    // A string of its own for every row, as a reader of text would make them.
    const batches = [];
    for (let start = 0; start < who.length; start += BATCH) {
      const part = (column) => column.subarray(start, start + BATCH);
      const id = Array.from(part(who), (c) => textOf(c));
      batches.push({ id, day: part(day), paid: part(paid) });
    }
    const read = () => batches.reduce((sum, { id, day, paid }) => sum + sumOf(day) + sumOf(paid) + lengthOf(id), 0);
    return { name: 'JavaScript strings', short: 'ids of strings', batches, idOf: textOf, read };
  },
};

/** Batches with a Utf8 column `id` before the others. */
function withText(batches, who) {
  const type = new Utf8();
  const schema = new Schema([new Field('id', type, true), ...batches[0].schema.fields]);
  let start = 0;
  return batches.map(({ data, numRows: length }) => {
    const ids = vectorFromArray(Array.from(who.subarray(start, start + length), textOf), type).data[0];
    start += length;
    const children = [ids, ...data.children];
    return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
  });
}

function sumOf(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

function lengthOf(texts) {
  let sum = 0;
  for (let i = 0; i < texts.length; i++) sum += texts[i].charCodeAt(texts[i].length - 1);
  return sum;
}

/** How pandas holds ids, and in what order it tells them. */
const COLUMN = {
  dictionary: { categories: true, idOf: (c) => c },
  number: { categories: false, idOf: numberOf },
};

async function pandas(py, form, { who, day, paid }, { orders, firstDate, lastDate, total }) {
  const { categories, idOf } = COLUMN[form];
  await py.give([Float64Array.from(who, idOf), day, paid], { rows: who.length, categories }, 'log');
  return {
    name: `pandas ${py.packages.pandas}, groupby`,
    rows: who.length,
    peer: true,
    run: () => py.ask({ score: 'log' }),
    took: (answer) => answer,
    check: async () => {
      const buyers = Array.from(orders.keys()).filter((c) => orders[c] > 0);
      buyers.sort((a, b) => idOf(a) - idOf(b));
      const wanted = [orders, firstDate, lastDate, total].flatMap((column) => buyers.map((c) => column[c]));
      assertClose(await py.scores(), wanted, 1e-12, 'pandas');
    },
  };
}

/** GROUP BY of the same log in a table. */
async function theirs(db, form, rows, customers, expected) {
  const number = (c) => `hash32(${c}, 5)`;
  const text = (c) => `'c' || lpad((${number(c)})::VARCHAR, 10, '0')`;
  const who = `(hash32(i, 1) % ${customers})`;
  await db.run('DROP TABLE IF EXISTS log');
  await db.run('DROP TYPE IF EXISTS ids');
  if (form === 'dictionary')
    await db.run(`CREATE TYPE ids AS ENUM (SELECT ${text('c')} FROM range(${customers}) r(c))`);
  const id = { dictionary: `(${text(who)})::ids`, number: `(${number(who)})::BIGINT` }[form] ?? text(who);
  await db.run(`CREATE TABLE log AS SELECT ${id} id,
    (${FIRST_DAY} + hash32(i, 77777) % ${DAYS})::INTEGER AS day,
    (1 + hash32(i, 991) % 10000)::DOUBLE / 100 paid FROM range(${rows}) r(i)`);
  const group = (name, orders, sorted, sameDay) => ({
    name: `DuckDB, ${name}`,
    rows,
    peer: true,
    run: () =>
      db.run(`CREATE OR REPLACE TEMP TABLE summary AS SELECT id, ${orders} orders, min(day) firstDate, max(day) lastDate,
        sum(paid) total FROM log GROUP BY id${sorted ? ' ORDER BY id::VARCHAR' : ''}`),
    check: async () => {
      const columns = await db.columns('SELECT * REPLACE (id::VARCHAR AS id) FROM summary ORDER BY id');
      const [levels, orders, firstDate, lastDate, total] = columns;
      const numbers = Object.entries({ orders, firstDate, lastDate, total });
      const found = Object.fromEntries(numbers.map(([name, column]) => [name, Float64Array.from(column, Number)]));
      check({ customer: { levels }, ...found }, expected[sameDay], name);
    },
  });
  return [
    group('GROUP BY, count(*)', 'count(*)', false, 'separate'),
    group('GROUP BY, count(*), ORDER BY', 'count(*)', true, 'separate'),
    group('GROUP BY, count(DISTINCT day)', 'count(DISTINCT day)', false, 'merge'),
  ];
}

/** The figures by the plainest code, by customer. */
function byHand({ who, day, paid }, customers, merge) {
  const orders = new Float64Array(customers);
  const firstDate = new Float64Array(customers).fill(Number.POSITIVE_INFINITY);
  const lastDate = new Float64Array(customers).fill(Number.NEGATIVE_INFINITY);
  const total = new Float64Array(customers);
  const seen = merge ? new Uint8Array(customers * DAYS) : null;
  for (let i = 0; i < who.length; i++) {
    const c = who[i];
    firstDate[c] = Math.min(firstDate[c], day[i]);
    lastDate[c] = Math.max(lastDate[c], day[i]);
    total[c] += paid[i];
    if (!seen || seen[c * DAYS + day[i] - FIRST_DAY]++ === 0) orders[c]++;
  }
  return { orders, firstDate, lastDate, total };
}

/** Customers who bought, by their ids as text. */
function orderOf({ orders }, idOf) {
  const buyers = Array.from(orders.keys()).filter((c) => orders[c] > 0);
  const ids = new Map(buyers.map((c) => [c, idOf(c)]));
  return Int32Array.from(buyers.sort((a, b) => (ids.get(a) < ids.get(b) ? -1 : 1)));
}

function check(found, { figures, buyers, idOf }, what) {
  assertSame(found.customer.levels, Array.from(buyers, idOf), `${what}, ids`);
  const inOrder = (name) => Float64Array.from(buyers, (c) => figures[name][c]);
  for (const name of ['orders', 'firstDate', 'lastDate']) assertSame(found[name], inOrder(name), `${what}, ${name}`);
  assertClose(found.total, inOrder('total'), 1e-12, `${what}, total`);
}
