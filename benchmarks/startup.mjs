// From an empty process to the first score, beside importing apache-arrow alone; one child process per run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contest, median } from './contest.mjs';
import { bellWeights } from './data.mjs';
import { logisticModel } from './linear-model.mjs';
import { newReport } from './report.mjs';

const AT_MOST = 30;

export async function startup({ rounds = 15, report = newReport() } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-startup-'));
  const model = join(folder, 'model.json');
  writeFileSync(model, JSON.stringify(logisticModel(bellWeights(20, 2))));
  const child = fileURLToPath(new URL('./startup-child.mjs', import.meta.url));
  const started = (name, ...args) => ({
    name,
    rows: 1,
    run: () => JSON.parse(execFileSync(process.execPath, [child, ...args], { encoding: 'utf8' })),
    took: (answer) => answer,
  });
  try {
    const table = await contest(
      'From an empty process to the first score; a row is a process',
      [
        {
          ...started('import clientele/scoring, compile a model, score 1,000 rows', 'scoring', model),
          // All columns are 0.
          check: ({ first }) => {
            if (first !== 0.5) throw new Error(`the first score is ${first}, expected 0.5`);
          },
        },
        started('import apache-arrow', 'arrow'),
      ],
      { rounds, report },
    );
    const [ours, arrow] = table;
    report.aim(
      'first score, milliseconds (wall) above importing apache-arrow',
      median(ours.wall.map((ns, round) => (ns - arrow.wall[round]) / 1e6)),
      { atMost: AT_MOST },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
