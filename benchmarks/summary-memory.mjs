// Peak memory of summarising a stream of transactions, one child process per length of the stream.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BATCH } from './data.mjs';
import { newReport } from './report.mjs';
import { OPTIONS, transactions } from './rfm.mjs';

/** A stream ten times as long may raise the peak by so much. */
const FLAT = 1.15;

/** Summarises `rows` transactions that are made as they are asked for, and tells the peak of memory. */
export function summarizeStream(library, rows, customers) {
  let peak = 0;
  let resident = 0;
  const look = () => {
    const { heapUsed, external, rss } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
    resident = Math.max(resident, rss);
  };
  let spent = 0;
  const levels = Array.from({ length: customers }, (_, c) => `c${c}`);
  function* stream() {
    for (let start = 0; start < rows; start += BATCH) {
      const { who, day, paid } = transactions(Math.min(BATCH, rows - start), customers, start);
      spent += paid.reduce((a, b) => a + b);
      look();
      yield { id: { codes: who, levels }, day, paid };
    }
  }
  const { customers: found } = library.summarize(stream(), OPTIONS);
  look();
  const total = found.total.reduce((a, b) => a + b);
  if (!(Math.abs(total / spent - 1) < 1e-9)) throw new Error(`the summary holds ${total}, the stream ${spent}`);
  return { peak, resident };
}

export function summaryMemory({
  customers = 1_000_000,
  short = 2_000_000,
  long = 20_000_000,
  report = newReport(),
} = {}) {
  const child = fileURLToPath(new URL('./summary-memory-child.mjs', import.meta.url));
  const measured = [short, long].map((rows) =>
    JSON.parse(execFileSync(process.execPath, [child, String(rows), String(customers)], { encoding: 'utf8' })),
  );
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
  report.table(
    `Peak memory of summarising a stream of transactions of ${customers} customers`,
    ['transactions', 'MB resident', 'MB heap and buffers'],
    [short, long].map((rows, m) => [rows, megabytes(measured[m].resident), megabytes(measured[m].peak)]),
  );
  report.aim(`memory of ${long / short} times the transactions, times`, measured[1].peak / measured[0].peak, {
    atMost: FLAT,
  });
}
