// Peak memory of scoring a stream of batches, one child process per length of the stream.
import { execFileSync } from 'node:child_process';
import { assertClose } from './contest.mjs';
import { bellWeights, seeded, toBatches } from './data.mjs';
import { logisticModel } from './logistic.mjs';

const COLUMNS = 20;
/** Batches that the garbage collector may lag behind. */
const FLAT = 5;

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
  let resident = 0;
  for await (const { columns, report } of plan.scoreBatches(stream())) {
    const { values } = columns.getChild('churnProbability').data[0];
    for (let i = 0; i < report.rows; i += 97) found += values[i];
    const { heapUsed, external, rss } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
    resident = Math.max(resident, rss);
  }
  assertClose([found], [expected], 1e-10, 'the sum of probabilities over a stream');
  return { peak, resident };
}

export function memory({ rows = 65_536, short = 10, long = 200, print = console.log } = {}) {
  const child = new URL('./memory-child.mjs', import.meta.url).pathname;
  const measured = [short, long].map((count) =>
    JSON.parse(execFileSync(process.execPath, [child, String(count), String(rows)], { encoding: 'utf8' })),
  );
  const size = (rows * COLUMNS * 8) / 2 ** 20;
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
  const line = (...cells) => print(`  ${cells.map((cell) => String(cell).padStart(20)).join('')}`);
  print(
    `\nPeak memory of scoring a stream of batches of ${rows} rows × ${COLUMNS} float64 (${size.toFixed(1)} MB each)`,
  );
  line('batches', 'MB resident', 'MB heap and buffers');
  [short, long].forEach((count, m) => {
    line(count, megabytes(measured[m].resident), megabytes(measured[m].peak));
  });
  const more = (measured[1].peak - measured[0].peak) / 2 ** 20 / size;
  print(
    `  ${long - short} more batches raise the peak of heap and buffers by ${more.toFixed(1)} batches; flat (below ${FLAT}): ${more < FLAT ? 'yes' : 'no'}`,
  );
  return measured;
}
