// Peak memory of scoring: a stream of batches, and resident batches; one child process per length of the stream.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertClose } from './contest.mjs';
import { bellColumns, bellWeights, seeded, toBatches } from './data.mjs';
import { logisticModel } from './linear-model.mjs';
import { newReport } from './report.mjs';

const COLUMNS = 20;
/** Batches that the garbage collector may lag behind. */
const FLAT = 5;
/** What scoring resident batches may take, times the batch; and many of them, times a few. */
const RESIDENT = 1.1;

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

/**
 * Reads an IPC file `count` times into one WASM memory and scores what lies there; tells by how much the memory of the
 * process grew at most.
 */
export async function readResident(library, { residentMemory, readArrowInto }, count, path) {
  const plan = library.compile(library.parseModel(logisticModel(bellWeights(COLUMNS, 5))));
  const before = process.memoryUsage.rss();
  let most = before;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const memory = residentMemory(statSync(path).size);
  let rows = 0;
  for (let k = 0; k < count; k++)
    for await (const batch of readArrowInto(memory, piecesOf(path, look))) {
      const { columns } = plan.score(batch);
      if (!(columns.getChild('churnProbability').get(0) > 0)) throw new Error('no probability');
      rows += columns.numRows;
      look();
    }
  return { rows, grown: most - before };
}

/** Pieces of a file in one buffer, so that reading it leaves nothing for the collector. */
async function* piecesOf(path, look) {
  const file = openSync(path);
  const piece = new Uint8Array(1 << 16);
  for (let count = 1; count > 0; ) {
    look();
    count = readSync(file, piece);
    yield piece.subarray(0, count);
  }
  closeSync(file);
}

export function memory(
  { writeIpcBytes },
  { rows = 65_536, large = 1_000_000, short = 10, long = 200, report = newReport() } = {},
) {
  const child = fileURLToPath(new URL('./memory-child.mjs', import.meta.url));
  const measure = (...args) =>
    JSON.parse(execFileSync(process.execPath, [child, ...args.map(String)], { encoding: 'utf8' }));
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);

  const measured = [short, long].map((count) => measure('stream', count, rows));
  const size = rows * COLUMNS * 8;
  report.table(
    `Peak memory of scoring a stream of batches of ${rows} rows × ${COLUMNS} float64 (${megabytes(size)} MB each)`,
    ['batches', 'MB resident', 'MB heap and buffers'],
    [short, long].map((count, m) => [count, megabytes(measured[m].resident), megabytes(measured[m].peak)]),
  );
  report.aim(
    `${long - short} batches more raise the peak of heap and buffers, in batches`,
    (measured[1].peak - measured[0].peak) / size,
    { atMost: FLAT },
  );

  const folder = mkdtempSync(join(tmpdir(), 'clientele-memory-'));
  try {
    const path = join(folder, 'batch.arrows');
    writeFileSync(path, writeIpcBytes(toBatches(bellColumns(large, COLUMNS, 1), large)));
    const batch = large * COLUMNS * 8;
    const counts = [1, 5, 20];
    const grown = counts.map((count) => measure('resident', count, path).grown);
    report.table(
      `Growth of a process that scores resident batches of ${large} rows × ${COLUMNS} float64 (${megabytes(batch)} MB), one after the other in one memory`,
      ['batches', 'MB', '÷ the batch'],
      counts.map((count, m) => [count, megabytes(grown[m]), (grown[m] / batch).toFixed(3)]),
    );
    report.aim('one resident batch, memory times the batch', grown[0] / batch, { atMost: RESIDENT });
    report.aim(`memory of ${counts[2]} resident batches, times that of ${counts[1]}`, grown[2] / grown[1], {
      atMost: RESIDENT,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
