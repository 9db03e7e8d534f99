// Peak memory of scoring a stream of batches, one child process per length of the stream.
import { execFileSync } from 'node:child_process';
import { assertClose } from './contest.mjs';
import { bellWeights, seeded, toBatches } from './data.mjs';
import { logisticModel } from './logistic.mjs';

const COLUMNS = 20;

/** Scores `count` batches that are made as they are asked for, and tells the peak of memory. */
export async function scoreStream(library, count, rows) {
  const weights = bellWeights(COLUMNS, 5);
  const plan = library.compile(library.parseModel(logisticModel(weights)));
  const uniform = seeded(6);
  let expected = 0;
  function* stream() {
    for (let b = 0; b < count; b++) {
      const columns = {};
      for (let k = 0; k < COLUMNS; k++) {
        const values = new Float64Array(rows);
        for (let i = 0; i < rows; i++) values[i] = 2 * uniform() - 1;
        columns[`x${k}`] = values;
      }
      // One row in 97 is also evaluated by hand.
      for (let i = 0; i < rows; i += 97)
        expected += 1 / (1 + Math.exp(-weights.reduce((z, w, k) => z + w * columns[`x${k}`][i], 0)));
      yield toBatches(columns, rows)[0];
    }
  }
  let found = 0;
  let peak = 0;
  for await (const { columns, report } of plan.scoreBatches(stream())) {
    const { values } = columns.getChild('churnProbability').data[0];
    for (let i = 0; i < report.rows; i += 97) found += values[i];
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  }
  assertClose([found], [expected], 1e-10, 'the sum of probabilities over a stream');
  return { peak, rss: process.resourceUsage().maxRSS * 1024 };
}

export function memory({ rows = 65_536, short = 10, long = 200, print = console.log } = {}) {
  const child = new URL('./memory-child.mjs', import.meta.url).pathname;
  const measured = [short, long].map((count) =>
    JSON.parse(execFileSync(process.execPath, [child, String(count), String(rows)], { encoding: 'utf8' })),
  );
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0).padStart(12);
  print(`\nPeak memory of scoring a stream of batches of ${rows} × ${COLUMNS} (${((rows * COLUMNS * 8) / 2 ** 20).toFixed(0)} MB each)`);
  print(`  ${'batches'.padStart(12)}${'MB resident'.padStart(14)}${'MB heap + buffers'.padStart(20)}`);
  [short, long].forEach((count, m) => {
    print(`  ${String(count).padStart(12)}${megabytes(measured[m].rss).padStart(14)}${megabytes(measured[m].peak).padStart(20)}`);
  });
  return measured;
}
