// Runs contestants in turn, A B C A B C, and compares what they computed before it looks at their time.
import { loadavg } from 'node:os';
import { newReport } from './report.mjs';

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {number} rows how many rows one run works through
 * @property {() => unknown} run
 * @property {(result: unknown) => void} [check] throws when the result is not what it should be
 * @property {(result: unknown) => { cpu: number, wall: number }} [took] seconds that another process reports of its own;
 * without it this process is measured
 * @property {boolean} [peer] someone else's work: told of among what is unfavourable to us when it is faster
 */

/**
 * @typedef {object} Timed
 * @property {string} name
 * @property {number} rows
 * @property {number[]} cpu nanoseconds per row, by round
 * @property {number[]} wall
 */

/** Seconds that a contestant of this process runs before its time is taken, and how many runs at least. */
const WARM = 1.5;
const WARM_RUNS = 2;

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/**
 * Reports medians over the rounds. Ratios are medians of the ratios within a round: the machine may be busy, and its speed
 * may change from round to round.
 * @param {string} title
 * @param {readonly Contestant[]} contestants ours first
 * @param {{ rounds?: number, warm?: number, report?: object }} options `warm`: seconds, beside the run that is checked; none
 * where there is but one round
 * @returns {Promise<Timed[]>}
 */
export async function contest(title, contestants, { rounds = 7, warm = WARM, report = newReport() } = {}) {
  for (const { check, run, took } of contestants) {
    const start = performance.now();
    const result = await run();
    await check?.(result);
    if (rounds === 1 || warm === 0 || took) continue;
    for (let runs = 1; runs < WARM_RUNS || performance.now() - start < warm * 1000; runs++) await run();
  }
  const table = contestants.map(({ name, rows, peer = false }) => ({ name, rows, peer, cpu: [], wall: [] }));
  for (let round = 0; round < rounds; round++)
    for (const [c, { run, rows, took }] of contestants.entries()) {
      const before = process.cpuUsage();
      const start = performance.now();
      const result = await run();
      const here = performance.now() - start;
      const { user, system } = process.cpuUsage(before);
      const own = took?.(result) ?? { cpu: (user + system) / 1e6, wall: here / 1e3 };
      table[c].wall.push((own.wall * 1e9) / rows);
      table[c].cpu.push((own.cpu * 1e9) / rows);
    }
  report.contest({
    title,
    rounds,
    load: loadavg()[0],
    rows: table.map((row) => ({
      ...{ name: row.name, rows: row.rows, peer: row.peer, wallNs: median(row.wall), cpuNs: median(row.cpu) },
      ...{ overFirst: ratio(row, table[0]), wallOverFirst: ratio(row, table[0], 'wall') },
    })),
  });
  return table;
}

/** The median of the ratios within rounds of what two contestants took for a row. */
export function ratio(above, below, of = 'cpu') {
  return median(above[of].map((ns, round) => ns / below[of][round]));
}

/** The contestant whose name begins so. */
export function named(table, start) {
  const row = table.find(({ name }) => name.startsWith(start));
  if (!row) throw new Error(`no contestant "${start}"`);
  return row;
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
