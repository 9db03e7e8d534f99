import { parseDay } from '../columns/days.ts';
import { readDays } from '../columns/read-days.ts';
import { ClienteleError, fail } from '../errors.ts';
import { type SummaryReport, summarize } from '../transactions/index.ts';
import { columnsOf, derive } from './derive.ts';
import { type JoinReport, join } from './join.ts';
import type { Job, TableSpec } from './spec.ts';
import { type Table, tableRows } from './table.ts';

/** A log as of a day. */
interface SummarizedLog {
  /** The last day that the columns know of; a holdout is beside them. */
  readonly asOf: string;
  /** Rows of the log after that day, those of a holdout among them. */
  readonly later: number;
  readonly summarize: SummaryReport;
}

/** What happened to rows on the way to one row per customer, per table in order. */
export type TableReport =
  | ({ readonly table: string; readonly rows: number } & SummarizedLog)
  | { readonly table: string; readonly rows: number; readonly join: JoinReport }
  | { readonly table: string; readonly rows: number; readonly derive: readonly string[] };

/**
 * Applies the job's table verbs in order and returns the pipeline's table. `absent` names columns that the sources lack,
 * as they may when scoring; what is derived from one is left out and joins them.
 */
export function buildTables(
  job: Pick<Job, 'tables' | 'pipeline'>,
  sources: { readonly [name: string]: Table },
  absent: Set<string> = new Set(),
): { readonly base: Table; readonly reports: readonly TableReport[] } {
  const tables: Map<string, Table> = new Map(Object.entries(sources));
  const get = (name: string): Table => tables.get(name) ?? fail('invalid-job', `no source or table "${name}"`);
  const reports: TableReport[] = [];
  for (const spec of job.tables ?? []) {
    try {
      const { table, report } = made(spec, get, absent);
      tables.set(spec.table, table);
      reports.push({ table: spec.table, rows: tableRows(table), ...report });
    } catch (error) {
      throw placed(error, `table "${spec.table}"`);
    }
  }
  return { base: get(job.pipeline.table), reports };
}

type Made =
  | { readonly table: Table; readonly report: SummarizedLog }
  | { readonly table: Table; readonly report: { readonly join: JoinReport } }
  | { readonly table: Table; readonly report: { readonly derive: readonly string[] } };

function made(spec: TableSpec, get: (name: string) => Table, absent: Set<string>): Made {
  const from = get(spec.from);
  if (spec.summarize) {
    const { customers, report } = summarize(from, spec.summarize);
    const { customer, ...rest } = customers;
    if (Object.hasOwn(rest, spec.summarize.customer))
      fail('output-taken', `the customer column "${spec.summarize.customer}" has the name of a figure: rename it`);
    const { date, end, calibrationEnd: asOf = end } = spec.summarize;
    const last = parseDay(asOf);
    const later = readDays(from, date).reduce((n, day) => n + (day > last ? 1 : 0), 0);
    return {
      table: { [spec.summarize.customer]: customer, ...rest },
      report: { asOf, later, summarize: report },
    };
  }
  if (spec.join) {
    const { table, report } = join(from, get(spec.join.with), spec.join);
    return { table, report: { join: report } };
  }
  const names: string[] = [];
  let table = from;
  for (const [name, rule] of Object.entries(spec.derive ?? {})) {
    if (Object.hasOwn(table, name)) fail('output-taken', `column "${name}" is there already: choose another name`);
    if (columnsOf(rule).some((column) => absent.has(column) && !Object.hasOwn(table, column))) absent.add(name);
    else {
      table = { ...table, [name]: derive(table, rule) };
      names.push(name);
    }
  }
  return { table, report: { derive: names } };
}

/** The same error with the place in front. */
export function placed(error: unknown, place: string): unknown {
  if (error instanceof ClienteleError) return new ClienteleError(error.code, `${place}: ${error.message}`);
  return error;
}
