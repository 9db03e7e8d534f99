// Runs contestants in turn, A B C A B C, and compares what they computed before it looks at their time.
import { loadavg } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
/** So that nobody's time holds another one's garbage. */
const collect = runInNewContext('gc');

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {number} rows how many rows one run works through
 * @property {() => unknown} run
 * @property {(result: unknown) => void} [check] throws when the result is not what it should be
 * @property {(result: unknown) => { cpu: number, wall: number }} [took] seconds that another process reports of its own;
 * without it this process is measured
 */

/**
 * @typedef {object} Timed
 * @property {string} name
 * @property {number} rows
 * @property {number} cpuNs per row
 * @property {number} wallNs per row
 * @property {number} overFirst times the CPU time of the first contestant
 */

/** Every contest of this process, in order. */
export const contests = [];

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/**
 * Prints and returns medians over the rounds. Ratios are medians of the ratios within a round, in CPU time: the machine
 * may be busy, and its speed may change from round to round.
 * @param {string} title
 * @param {readonly Contestant[]} contestants ours first
 * @param {{ rounds?: number, warmups?: number, print?: (line: string) => void }} options `warmups`: runs of each before its
 * time is taken, the first of which is checked
 * @returns {Promise<Timed[]>}
 */
export async function contest(title, contestants, { rounds = 7, warmups = 2, print = console.log } = {}) {
  for (const { check, run } of contestants) {
    const result = await run();
    await check?.(result);
    for (let k = 1; k < warmups; k++) await run();
  }
  const cpu = contestants.map(() => []);
  const wall = contestants.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [c, { run, rows, took }] of contestants.entries()) {
      collect();
      const before = process.cpuUsage();
      const start = performance.now();
      const result = await run();
      const here = performance.now() - start;
      const { user, system } = process.cpuUsage(before);
      const own = took?.(result) ?? { cpu: (user + system) / 1e6, wall: here / 1e3 };
      wall[c].push((own.wall * 1e9) / rows);
      cpu[c].push((own.cpu * 1e9) / rows);
    }
  const table = contestants.map(({ name, rows }, c) => ({
    name,
    rows,
    cpuNs: median(cpu[c]),
    wallNs: median(wall[c]),
    overFirst: median(cpu[c].map((ns, round) => ns / cpu[0][round])),
  }));
  const load = loadavg()[0];
  contests.push({ title, rounds, load, rows: table });
  print(`\n${title}   (medians of ${rounds} rounds in turn; load ${load.toFixed(1)})`);
  for (const line of lines(table)) print(line);
  return table;
}

function lines(table) {
  const number = (x) => (x >= 1000 ? x.toFixed(0) : x.toPrecision(3));
  const line = (name, cells) => `  ${name.padEnd(54)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  return [
    line('', ['rows', 'ms', 'CPU ms', 'CPU ns/row', '÷ first']),
    ...table.map(({ name, rows, cpuNs, wallNs, overFirst }) =>
      line(name, [String(rows), ...[(wallNs * rows) / 1e6, (cpuNs * rows) / 1e6, cpuNs, overFirst].map(number)]),
    ),
  ];
}

/** Stops unless both hold the same numbers, to within `tolerance` of the larger of 1 and the number. */
export function assertClose(actual, expected, tolerance, what) {
  if (actual.length !== expected.length)
    throw new Error(`${what}: ${actual.length} results, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++)
    if (!(Math.abs(actual[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i]))))
      throw new Error(`${what}: number ${i} is ${actual[i]}, expected ${expected[i]}`);
}

/** Stops unless both hold the same things. */
export function assertSame(actual, expected, what) {
  if (actual.length !== expected.length)
    throw new Error(`${what}: ${actual.length} results, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++)
    if (actual[i] !== expected[i]) throw new Error(`${what}: number ${i} is ${actual[i]}, expected ${expected[i]}`);
}
