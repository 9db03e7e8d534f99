import { toArrow } from '../columns/build.ts';
import { matches } from '../columns/matches.ts';
import { fail } from '../errors.ts';
import { compile } from '../scoring/all-kinds.ts';
import type { ScoreReport } from '../scoring/report.ts';
import { buildTables, type TableReport } from './build-tables.ts';
import type { JobModel } from './job-model.ts';
import { type Readers, readSources } from './read-sources.ts';
import { decoded, pick, type Table, tableRows } from './table.ts';

/** The scored customers: only those that are active. */
export interface ScoredJob {
  /** Id, kept columns and every output. */
  readonly columns: Table;
  /** The rows of the pipeline's table that were scored, with all their columns. */
  readonly customers: Table;
  /** Row numbers of `customers` in the pipeline's table. */
  readonly rows: Int32Array;
  readonly report: ScoreReport;
  /** Rows left out because they are not active. */
  readonly inactive: number;
  readonly tables: readonly TableReport[];
}

/** Rebuilds the columns of a fitted job from new sources and scores them. Opens no file and writes none. */
export async function scoreJob(file: JobModel, readers: Readers): Promise<ScoredJob> {
  const { base, reports } = buildTables(file.job, await readSources(file.job.sources, readers, true));
  return scoreTable(file, base, reports);
}

export function scoreTable(file: JobModel, base: Table, tables: readonly TableReport[]): ScoredJob {
  const { pipeline, outputs } = file.job;
  const total = tableRows(base);
  // New customers come without the outcome column: then everyone is active.
  const active = pipeline.active && Object.hasOwn(base, pipeline.active.column) ? matches(base, pipeline.active) : null;
  const rows = Int32Array.from({ length: total }, (_, row) => row).filter((row) => !active || active[row] === 1);
  const customers = active ? pick(base, rows) : base;
  const needed = new Set(file.model.inputs.map((field) => field.name));
  const batch = Object.fromEntries(Object.entries(customers).filter(([name]) => needed.has(name)));
  // As Arrow, a null is told from a number that is not finite.
  const { columns, report } = compile(file.model).score(toArrow(batch));
  const kept = [...new Set([pipeline.id, ...(outputs.keep ?? [])])].map((name) => {
    const column = customers[name] ?? fail('unknown-column', `output "keep": the table has no column "${name}"`);
    return [name, column] as const;
  });
  return {
    columns: { ...Object.fromEntries(kept), ...decoded(columns) },
    customers,
    rows,
    report,
    inactive: total - rows.length,
    tables,
  };
}
