// `node startup-child.mjs scoring|arrow [model]`: how long until the first score, or until apache-arrow is there.
import { readFileSync } from 'node:fs';

const [what, path] = process.argv.slice(2);
const ROWS = 1000;
const text = path ? readFileSync(path, 'utf8') : '';
const before = process.cpuUsage();
const start = performance.now();
let first = null;
if (what === 'arrow') await import('apache-arrow');
else {
  const { compile, parseModel } = await import('../dist/scoring/index.js');
  const { tableFromArrays } = await import('apache-arrow');
  const model = parseModel(JSON.parse(text));
  const columns = Object.fromEntries(model.inputs.map(({ name }) => [name, new Float64Array(ROWS)]));
  const { columns: scored } = compile(model).score(tableFromArrays(columns).batches[0]);
  first = scored.getChild('churnProbability').get(0);
}
const wall = (performance.now() - start) / 1e3;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6, first }));
