// Two threads against one – boosting on foreign buffers, a linear model on shared resident columns – under Node, and under
// Deno and Bun where they are.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './contest.mjs';
import { newReport } from './report.mjs';

const CHILD = fileURLToPath(new URL('./threads-child.mjs', import.meta.url));
const ENGINES = [
  { name: 'Node', command: () => [process.execPath], atLeast: 1.5 },
  { name: 'Deno', command: () => spread(executable('deno'), ['run', '-A']), atLeast: 1.8 },
  { name: 'Bun', command: () => spread(executable('bun'), ['run']), atLeast: 1.8 },
];

export async function threads({ rows = 1_000_000, rounds = 5, report = newReport() } = {}) {
  for (const { name, command, atLeast } of ENGINES) {
    const [engine, ...args] = command() ?? [];
    if (!engine) {
      report.say(`${name} does not take part: CLIENTELE_${name.toUpperCase()} may name it.`);
      continue;
    }
    const run = spawnSync(engine, [...args, CHILD, String(rows), String(rounds)], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${name}: ${run.error?.message ?? run.stderr}`);
    const { version, measured } = JSON.parse(run.stdout);
    report.version(name, version);
    for (const { title, rows: count, calling, one, two } of measured) {
      const line = (who, took) => [
        who,
        String(count),
        median(took).toFixed(0),
        median(took.map((ms, round) => ms / two[round])).toFixed(2),
      ];
      report.table(
        `${title}, ${name} ${version} (medians of ${rounds} rounds in turn, wall time)`,
        ['', 'rows', 'wall ms', '÷ two threads'],
        [line('two threads', two), line('one thread', one), line('the calling thread', calling)],
      );
      report.aim(
        `${name}, ${title}: two threads, times the rate of one`,
        median(one.map((ms, round) => ms / two[round])),
        { atLeast },
      );
    }
  }
}

const spread = (engine, args) => (engine ? [engine, ...args] : null);

/** Named by the environment, in node_modules, or on the path. */
function executable(name) {
  const folders = [resolve(import.meta.dirname, '../node_modules/.bin'), ...(process.env.PATH ?? '').split(delimiter)];
  const places = folders.map((folder) => join(folder, name));
  return (
    [process.env[`CLIENTELE_${name.toUpperCase()}`], ...places].find((place) => place && existsSync(place)) ?? null
  );
}
