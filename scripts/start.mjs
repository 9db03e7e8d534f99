// `npm start`, once built: the main job on the bundled telecom base.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const args = ['run', 'docs/examples/telecom.json', '--out', 'out'];
for (const [source, file] of [
  ['customers', 'customers'],
  ['log', 'transactions'],
])
  args.push('--source', `${source}=fixtures/telecom/${file}.csv`);
const { status } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
  cwd: resolve(import.meta.dirname, '..'),
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
