import { ClienteleError, fail } from '../errors.ts';
import { type SummaryReport, summarize } from '../transactions/index.ts';
import { columnsOf, derive } from './derive.ts';
import { type JoinReport, join } from './join.ts';
import type { Job, TableSpec } from './spec.ts';
import { type Table, tableRows } from './table.ts';

/** What happened to rows on the way to one row per customer, per table in order. */
export type TableReport =
  | { readonly table: string; readonly rows: number; readonly summarize: SummaryReport }
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
  | { readonly table: Table; readonly report: { readonly summarize: SummaryReport } }
  | { readonly table: Table; readonly report: { readonly join: JoinReport } }
  | { readonly table: Table; readonly report: { readonly derive: readonly string[] } };

function made(spec: TableSpec, get: (name: string) => Table, absent: Set<string>): Made {
  const from = get(spec.from);
  if (spec.summarize) {
    const { customers, report } = summarize(from, spec.summarize);
    const { customer, ...rest } = customers;
    if (Object.hasOwn(rest, spec.summarize.customer))
      fail('output-taken', `the customer column "${spec.summarize.customer}" has the name of a figure: rename it`);
    return { table: { [spec.summarize.customer]: customer, ...rest }, report: { summarize: report } };
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
