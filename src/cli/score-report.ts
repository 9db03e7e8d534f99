import { readCategories } from '../columns/index.ts';
import type { JobModel, ScoredJob, Summary, TableReport } from '../job/index.ts';
import { nullLines, tableLines } from './render-coverage.ts';
import { percent } from './text-table.ts';

/** Cells of a column with levels that the model does not know. */
interface UnknownLevels {
  readonly column: string;
  readonly cells: number;
  /** Of the scored customers. */
  readonly share: number;
  /** The most frequent ones, at most 20. */
  readonly levels: readonly { readonly level: string; readonly cells: number }[];
}

/** What `score` could not use, as `report.json` holds it. */
export interface ScoredReport {
  readonly title: string | null;
  readonly customers: { readonly scored: number; readonly inactive: number };
  readonly tables: readonly TableReport[];
  readonly nulls: Summary['nulls'];
  readonly unknownLevels: readonly UnknownLevels[];
}

export function scoredReport({ job, model }: JobModel, scored: ScoredJob): ScoredReport {
  const { rows, inactive, tables, report, customers } = scored;
  const unknownLevels = Object.entries(report.unseenLevels).map(([column, cells]): UnknownLevels => {
    const known = new Set(model.inputs.find(({ name }) => name === column)?.levels);
    const { codes, levels } = readCategories(customers, column);
    const counts = new Uint32Array(levels.length);
    for (const code of codes) if (code >= 0) counts[code]!++;
    const unknown = levels
      .map((level, code) => ({ level, cells: counts[code]! }))
      .filter((own) => own.cells > 0 && !known.has(own.level))
      .sort((a, b) => b.cells - a.cells);
    return { column, cells, share: cells / rows.length, levels: unknown.slice(0, 20) };
  });
  return {
    title: job.title ?? null,
    customers: { scored: rows.length, inactive },
    tables,
    nulls: report.nulls,
    unknownLevels,
  };
}

/** The report as text. `days`: whether the logs are taken as of the days in the model. */
export function renderScored({ customers, tables, nulls, unknownLevels }: ScoredReport, days: boolean): string {
  const { scored, inactive } = customers;
  const lines = [`${scored} customers scored, ${inactive} not active.`, ...tableLines(tables)];
  for (const table of days ? tables : [])
    if ('later' in table && table.later > 0)
      lines.push(
        `${table.later} rows behind table ${table.table} lie after ${table.asOf}, the day in the model: --as-of YYYY-MM-DD takes the log as of another day.`,
      );
  lines.push(...nullLines(nulls));
  for (const { column, cells, share, levels } of unknownLevels)
    lines.push(`Unknown levels in ${column}: ${cells} of ${scored} (${percent(share)}), ${levelList(levels)}.`);
  if (unknownLevels.length > 0)
    lines.push(
      'They are scored all the same, by regressions as the reference level, where features have no "unseen": "null".',
    );
  return lines.join('\n');
}

function levelList(levels: UnknownLevels['levels']): string {
  const shown = levels.slice(0, 5).map(({ level, cells }) => `${JSON.stringify(level)} ${cells}`);
  return `${shown.join(', ')}${levels.length > shown.length ? ', …' : ''}`;
}

/** What stands against taking the scores as they are; undefined where nothing does. */
export function complaintOf({ nulls, unknownLevels }: ScoredReport): string | undefined {
  const counts = [
    { cells: Object.values(nulls).flatMap((reasons) => Object.values(reasons)), what: 'null' },
    { cells: unknownLevels.map(({ cells }) => cells), what: 'of a level that the model does not know' },
  ];
  const told = counts.flatMap(({ cells, what }) => {
    const n = cells.reduce((total, own) => total + own, 0);
    return n === 0 ? [] : [`${n} cells are ${what}`];
  });
  return told.length === 0 ? undefined : told.join(', ');
}
