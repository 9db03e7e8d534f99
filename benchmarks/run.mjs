// npm run bench [-- --rows n] [--rounds n] [--only logistic|pipeline|memory|fits]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as library from '../dist/index.js';
import { fits } from './fits.mjs';
import { logistic } from './logistic.mjs';
import { memory } from './memory.mjs';
import { pipeline } from './pipeline.mjs';

const suites = {
  logistic: (options) => logistic(library, options),
  pipeline: (options) => pipeline(library, options),
  memory: () => memory(),
  fits: (options) => fits(library, options),
};
const { values } = parseArgs({
  options: { rows: { type: 'string' }, rounds: { type: 'string' }, only: { type: 'string' } },
});
const options = Object.fromEntries(
  ['rows', 'rounds'].flatMap((name) => (values[name] === undefined ? [] : [[name, wholeNumber(name)]])),
);
const chosen = values.only === undefined ? Object.keys(suites) : [values.only];
for (const name of chosen)
  if (!(name in suites)) throw new Error(`--only ${name}: there are ${Object.keys(suites).join(', ')}`);

console.log(
  `Node ${process.version}, ${cpus()[0].model}, ${cpus().length} cores. One thread; results are compared before times are taken.`,
);
for (const name of chosen) await suites[name](options);

function wholeNumber(name) {
  const number = Number(values[name]);
  if (!(Number.isInteger(number) && number > 0))
    throw new Error(`--${name} ${values[name]}: give a whole number above 0`);
  return number;
}
