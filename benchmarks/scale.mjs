// Ten times the rows: what a row costs stays the same. Scoring (logistic, pipeline) and summaries of transactions.
import { contest, named, ratio } from './contest.mjs';
import { BATCH, bellColumns, bellWeights, toBatches } from './data.mjs';
import { logisticModel } from './linear-model.mjs';
import { customers, pipelines } from './pipeline.mjs';
import { newReport } from './report.mjs';
import { logOf, OPTIONS } from './rfm.mjs';

const COLUMNS = 20;
const TIMES = 10;
const FLAT = 1.15;
/** Room of the metadata of an IPC stream. */
const METADATA = 1 << 20;

export async function scale(
  library,
  ingest,
  churn,
  { rows = 10_000_000, rounds = 3, trees, report = newReport() } = {},
) {
  const few = Math.ceil(rows / TIMES);
  const options = { rounds, report };
  await logistic(library, ingest, few, options);
  await pipeline(library, churn, few, trees, options);
  for (const form of ['dictionary', 'number']) await summaries(library, form, few, options);
}

async function logistic(library, ingest, few, options) {
  const plan = library.compile(library.parseModel(logisticModel(bellWeights(COLUMNS, 2))));
  const columns = bellColumns(few, COLUMNS, 1);
  const [one, ten] = [columns, repeated(columns)].map((own) => toBatches(own));
  await flat(
    'Logistic scoring, foreign buffers',
    [one, ten].map((batches) => scoring(plan, batches)),
    options,
  );
  const bytes = 8 * COLUMNS * few;
  const [here, much] = [await resident(ingest, one, bytes), await resident(ingest, ten, TIMES * bytes)];
  await flat(
    'Logistic scoring, resident columns',
    [here, much].map((batches) => scoring(plan, batches)),
    options,
  );
}

async function pipeline(library, churn, few, trees, options) {
  const [{ name, model }] = pipelines(library, churn, few, trees);
  const plan = library.compile(model);
  const columns = customers(few, 21);
  const sizes = [columns, repeated(columns)].map((own) => scoring(plan, toBatches(own)));
  await flat(`Pipeline: ${name}`, sizes, options);
}

async function summaries(library, form, few, options) {
  const sizes = [few, TIMES * few].map((rows) => {
    const { batches, expected } = logOf(form, rows);
    return {
      rows,
      run: () => library.summarize(batches, { ...OPTIONS, sameDay: 'separate' }),
      check: ({ customers: { orders } }) => {
        const found = orders.reduce((a, b) => a + b);
        if (found !== rows || orders.length !== expected)
          throw new Error(`${found} orders of ${orders.length} customers`);
      },
    };
  });
  const ids = { dictionary: 'dictionary ids', number: 'sparse ids' }[form];
  await flat(`Transactions to customers, 10 each, ${ids}`, sizes, options);
}

/** Ours with few rows and with many; what a row of the many costs beside one of the few. */
async function flat(title, [few, many], options) {
  const name = ({ rows }) => `clientele, ${rows} rows`;
  const table = await contest(
    title,
    [many, few].map((size) => ({ name: name(size), ...size })),
    options,
  );
  options.report.aim(
    `${title}: a row of ${many.rows}, times one of ${few.rows}`,
    ratio(named(table, name(many)), named(table, name(few))),
    {
      atMost: FLAT,
    },
  );
}

/** Results are dropped as they come; the last of a batch is looked at. */
function scoring(plan, batches) {
  const rows = batches.reduce((count, batch) => count + batch.numRows, 0);
  return {
    rows,
    run: () => {
      let sum = 0;
      for (const batch of batches) {
        const { columns } = plan.score(batch);
        sum += columns.getChild('churnProbability').data[0].values[columns.numRows - 1];
      }
      return sum;
    },
    check: (sum) => {
      if (!(sum > 0 && sum < batches.length)) throw new Error(`probabilities sum up to ${sum}`);
    },
  };
}

/** The same rows ten times, in memory of their own. */
function repeated(columns) {
  const tenfold = (column) => {
    const all = new column.constructor(TIMES * column.length);
    for (let k = 0; k < TIMES; k++) all.set(column, k * column.length);
    return all;
  };
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      column instanceof Float64Array ? tenfold(column) : { ...column, codes: tenfold(column.codes) },
    ]),
  );
}

/** Laid into a WASM memory as they are written, without the stream in between. */
async function resident({ residentMemory, readArrowInto, writeIpc }, batches, bytes) {
  const memory = residentMemory(bytes + METADATA + 4 * BATCH * batches.length);
  const laid = [];
  for await (const batch of readArrowInto(memory, writeIpc(batches))) laid.push(batch);
  return laid;
}
