import { toArrow } from '../columns/build.ts';
import { matches } from '../columns/matches.ts';
import { fail } from '../errors.ts';
import { compile } from '../scoring/all-kinds.ts';
import type { ScoreReport } from '../scoring/report.ts';
import { buildTables, type TableReport } from './build-tables.ts';
import type { TableSpec } from './job.ts';
import type { JobModel } from './job-model.ts';
import { type Readers, readSources } from './read-sources.ts';
import { columnOf, decoded, pick, type Table, tableRows, texts } from './table.ts';

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

export interface ScoreJobOptions {
  /**
   * The day as of which logs are summarised, `yyyy-mm-dd`, in place of the days in the file: nothing after it is looked
   * at, and there is no holdout. Default: the file's own days, which score the customers of the fit once more.
   */
  readonly asOf?: string;
}

/** Rebuilds the columns of a fitted job from new sources and scores them. Opens no file and writes none. */
export async function scoreJob(file: JobModel, readers: Readers, { asOf }: ScoreJobOptions = {}): Promise<ScoredJob> {
  const { tables, absent } = await readSources(file.job.sources, readers, true);
  if (asOf === undefined) {
    const { base, reports } = buildTables(file.job, tables, absent);
    return scoreTable(file, base, reports, absent);
  }
  const without = new Set([...absent, ...HOLDOUT]);
  const { base, reports } = buildTables(
    { ...file.job, tables: (file.job.tables ?? []).map(summarisedAt(asOf)) },
    tables,
    without,
  );
  return scoreTable(file, base, reports, without);
}

/** Columns that a summary has only when it holds back the days behind `calibrationEnd`. */
const HOLDOUT = ['holdoutFrequency', 'holdoutTotal', 'holdoutPeriods'] as const;

function summarisedAt(asOf: string): (table: TableSpec) => TableSpec {
  return (table) => {
    if (!table.summarize) return table;
    const { calibrationEnd: _, ...rest } = table.summarize;
    return { ...table, summarize: { ...rest, end: asOf } };
  };
}

/** `absent`: columns that need not be there. */
export function scoreTable(
  file: JobModel,
  base: Table,
  tables: readonly TableReport[],
  absent: ReadonlySet<string> = new Set(),
): ScoredJob {
  const { pipeline, outputs } = file.job;
  const total = tableRows(base);
  const here = (name: string): boolean => Object.hasOwn(base, name) || !absent.has(name);
  // New customers come without the outcome column: then everyone is active.
  const active = pipeline.active && here(pipeline.active.column) ? matches(base, pipeline.active) : null;
  const rows = Int32Array.from({ length: total }, (_, row) => row).filter((row) => !active || active[row] === 1);
  const customers = active ? pick(base, rows) : base;
  const needed = new Set(file.model.inputs.map((field) => field.name));
  const batch = Object.fromEntries(Object.entries(customers).filter(([name]) => needed.has(name)));
  // As Arrow, a null is told from a number that is not finite.
  const { columns, report } = compile(file.model).score(toArrow(batch));
  requireOneRowEach(customers, pipeline.id);
  const kept = [...new Set([pipeline.id, ...(outputs.keep ?? [])])].filter(here);
  return {
    columns: { ...Object.fromEntries(kept.map((name) => [name, columnOf(customers, name)])), ...decoded(columns) },
    customers,
    rows,
    report,
    inactive: total - rows.length,
    tables,
  };
}

/** A customer scored twice would be listed, and counted, twice. */
function requireOneRowEach(customers: Table, id: string): void {
  const seen = new Set<string>();
  for (const key of texts(customers, id)) {
    if (key === null) continue;
    if (seen.has(key))
      fail(
        'invalid-value',
        `"${id}" ${JSON.stringify(key)} occurs twice among the customers to score: make it one row each`,
      );
    seen.add(key);
  }
}
