// npm run bench [-- --rows n] [--rounds n] [--only suite] [--peers] [--help]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as churn from '../dist/churn/index.js';
import * as models from '../dist/clv/index.js';
import * as library from '../dist/index.js';
import { ahp } from './ahp.mjs';
import { clv } from './clv.mjs';
import { compositeIndex } from './composite-index.mjs';
import { contests } from './contest.mjs';
import { fits } from './fits.mjs';
import { logistic } from './logistic.mjs';
import { memory } from './memory.mjs';
import { pipeline } from './pipeline.mjs';
import { quality } from './quality.mjs';
import { quintiles } from './quintiles.mjs';
import { keep } from './report.mjs';
import { rfm } from './rfm.mjs';
import { summaryMemory } from './summary-memory.mjs';
import { trees } from './trees.mjs';

const suites = {
  logistic: (options) => logistic(library, options),
  trees: (options) => trees(library, churn, options),
  pipeline: (options) => pipeline(library, options),
  memory: ({ print }) => {
    memory({ print });
    summaryMemory({ print });
  },
  fits: (options) => fits(library, churn, options),
  clv: (options) => clv(library, models, options),
  index: (options) => compositeIndex(library, options),
  quintiles: (options) => quintiles(library, options),
  rfm: (options) => rfm(library, options),
  ahp: (options) => ahp(library, options),
  quality: ({ rounds, print }) => quality(library, churn, { seeds: rounds, print }),
};
/** Not one of speed, and long: only when it is asked for. */
const ASKED = ['quality'];
const HELP = `npm run bench -- [--rows n] [--rounds n] [--peers] [--only ${Object.keys(suites).join('|')}]
--peers adds what is on this machine: ml-logistic-regression, ml-cart, and scikit-learn, xgboost and scipy of a Python
(/usr/bin/python3, or the one named in CLIENTELE_PYTHON; on Debian: apt install python3-sklearn python3-xgboost).
DuckDB takes part in quintiles and rfm where @duckdb/node-api is found: install it in any folder, here or outside, and
name that folder in the environment variable CLIENTELE_PEERS. It is no dependency.
A run of full size is kept in benchmarks/results.json and docs/benchmarks.md.`;
const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    peers: { type: 'boolean' },
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
const chosen = values.only === undefined ? Object.keys(suites).filter((name) => !ASKED.includes(name)) : [values.only];
for (const name of chosen)
  if (!(name in suites)) throw new Error(`--only ${name}: there are ${Object.keys(suites).join(', ')}`);

console.log(
  `Node ${process.version}, ${cpus()[0].model}, ${cpus().length} cores. One thread; results are compared before times are taken.`,
);
const kept = {};
const machine = `${cpus()[0].model}, ${cpus().length} cores`;
for (const name of chosen) {
  const lines = [];
  const from = contests.length;
  const print = (line) => {
    console.log(line);
    lines.push(...String(line).split('\n'));
  };
  await suites[name]({ ...options, print });
  kept[name] = {
    date: new Date().toISOString().slice(0, 10),
    machine,
    versions: `Node ${process.version}`,
    lines,
    contests: contests.slice(from),
  };
}
if (values.rows === undefined && values.rounds === undefined) keep(kept);

function wholeNumber(name) {
  const number = Number(values[name]);
  if (!(Number.isInteger(number) && number > 0))
    throw new Error(`--${name} ${values[name]}: give a whole number above 0`);
  return number;
}
