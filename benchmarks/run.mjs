// npm run bench [-- --rows n] [--rounds n] [--only suite,suite] [--peers] [--dry] [--help]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import * as churn from '../dist/churn/index.js';
import * as models from '../dist/clv/index.js';
import * as library from '../dist/index.js';
import * as ingest from '../dist/ingest/index.js';
import { ahp } from './ahp.mjs';
import { clv } from './clv.mjs';
import { compositeIndex } from './composite-index.mjs';
import { fits } from './fits.mjs';
import { logistic } from './logistic.mjs';
import { memory } from './memory.mjs';
import { takeVersions } from './peers.mjs';
import { pipeline } from './pipeline.mjs';
import { quality } from './quality.mjs';
import { quintiles } from './quintiles.mjs';
import { reasons } from './reasons.mjs';
import { keep, newReport } from './report.mjs';
import { rfm } from './rfm.mjs';
import { scale } from './scale.mjs';
import { startup } from './startup.mjs';
import { summaryMemory } from './summary-memory.mjs';
import { threads } from './threads.mjs';
import { trees } from './trees.mjs';

const suites = {
  logistic: (options) => logistic(library, ingest, options),
  trees: (options) => trees(library, churn, options),
  pipeline: (options) => pipeline(library, churn, options),
  reasons: (options) => reasons(library, churn, options),
  clv: (options) => clv(library, models, options),
  index: (options) => compositeIndex(library, options),
  rfm: (options) => rfm(library, options),
  quintiles: (options) => quintiles(library, options),
  fits: (options) => fits(library, churn, options),
  ahp: (options) => ahp(library, options),
  scale: (options) => scale(library, ingest, churn, options),
  threads: (options) => threads(options),
  memory: ({ rows, report }) => {
    memory(ingest, { report, ...(rows ? { rows, large: rows, long: 20 } : {}) });
    summaryMemory({ report, ...(rows ? { customers: rows, short: 2 * rows, long: 20 * rows } : {}) });
  },
  startup: (options) => startup(options),
  quality: ({ rounds, report }) => quality(library, churn, { seeds: rounds, report }),
};
/** Not one of speed, and long: only when it is asked for. */
const ASKED = ['quality'];
const HELP = `npm run bench -- [--rows n] [--rounds n] [--peers] [--dry] [--only ${Object.keys(suites).join(',')}]
--peers adds what is on this machine:
  scikit-learn, xgboost, scipy and pandas of a Python: /usr/bin/python3, or the one that CLIENTELE_PYTHON names
    (on Debian: apt install python3-sklearn python3-xgboost python3-pandas)
  DuckDB (@duckdb/node-api), onnxruntime (onnxruntime-node, installed with --ignore-scripts), ml-logistic-regression and
    ml-cart, found here or in one of the folders that CLIENTELE_PEERS names, parted by "${process.platform === 'win32' ? ';' : ':'}". They are no dependencies.
The suite threads also runs Deno and Bun where they are in node_modules, on the path, or named by CLIENTELE_DENO and CLIENTELE_BUN.
A suite of full size, without --rows and --rounds, takes its own place in benchmarks/results.json, where the others stay as
  an earlier run found them, and docs/benchmarks.md is made of it anew, whatever else the machine had to do: the page tells
  the load. --dry only prints, and writes nothing.`;
const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    peers: { type: 'boolean' },
    dry: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const options = {
  peers: values.peers ?? false,
  ...Object.fromEntries(
    ['rows', 'rounds'].flatMap((name) => (values[name] === undefined ? [] : [[name, wholeNumber(name)]])),
  ),
};
const chosen = values.only?.split(',') ?? Object.keys(suites).filter((name) => !ASKED.includes(name));
for (const name of chosen)
  if (!(name in suites)) throw new Error(`--only ${name}: there are ${Object.keys(suites).join(', ')}`);

const machine = `${cpus()[0].model}, ${cpus().length} cores`;
console.log(`Node ${process.version}, ${machine}. One thread; results are compared before times are taken.`);
for (const name of chosen) {
  console.log(`\n# ${name}`);
  const report = newReport();
  const start = performance.now();
  const load = loadavg()[0];
  takeVersions();
  await suites[name]({ ...options, report });
  const { tables, aims, versions } = report;
  console.log(`  (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  // One suite after the other: what is there is kept when a later one stops.
  if (!values.dry && values.rows === undefined && values.rounds === undefined)
    keep(
      {
        [name]: {
          ...{ date: new Date().toISOString().slice(0, 10), machine, load },
          versions: { Node: process.versions.node, ...takeVersions(), ...versions },
          ...{ tables, aims },
        },
      },
      Object.keys(suites),
    );
}

function wholeNumber(name) {
  const number = Number(values[name]);
  if (!(Number.isInteger(number) && number > 0))
    throw new Error(`--${name} ${values[name]}: give a whole number above 0`);
  return number;
}
