import { ClienteleError, fail } from '../errors.ts';
import { type SummaryReport, summarize } from '../transactions/index.ts';
import { derive } from './derive.ts';
import { type JoinReport, join } from './join.ts';
import type { Job, TableSpec } from './spec.ts';
import { type Table, tableRows } from './table.ts';

/** What happened to rows on the way to one row per customer, per table in order. */
export type TableReport =
  | { readonly table: string; readonly rows: number; readonly summarize: SummaryReport }
  | { readonly table: string; readonly rows: number; readonly join: JoinReport }
  | { readonly table: string; readonly rows: number; readonly derive: readonly string[] };

/** Applies the job's table verbs in order and returns the pipeline's table. */
export function buildTables(
  job: Pick<Job, 'tables' | 'pipeline'>,
  sources: { readonly [name: string]: Table },
): { readonly base: Table; readonly reports: readonly TableReport[] } {
  const tables: Map<string, Table> = new Map(Object.entries(sources));
  const get = (name: string): Table => tables.get(name) ?? fail('invalid-job', `no source or table "${name}"`);
  const reports: TableReport[] = [];
  for (const spec of job.tables ?? []) {
    try {
      const { table, report } = made(spec, get);
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

function made(spec: TableSpec, get: (name: string) => Table): Made {
  const from = get(spec.from);
  if (spec.summarize) {
    const { customers, report } = summarize(from, spec.summarize);
    const { customer, ...rest } = customers;
    return { table: { [spec.summarize.customer]: customer, ...rest }, report: { summarize: report } };
  }
  if (spec.join) {
    const { table, report } = join(from, get(spec.join.with), spec.join);
    return { table, report: { join: report } };
  }
  const rules = Object.entries(spec.derive ?? {});
  let table = from;
  for (const [name, rule] of rules) {
    if (Object.hasOwn(table, name)) fail('output-taken', `column "${name}" is there already`);
    table = { ...table, [name]: derive(table, rule) };
  }
  return { table, report: { derive: rules.map(([name]) => name) } };
}

/** The same error with the place in front. */
export function placed(error: unknown, place: string): unknown {
  if (error instanceof ClienteleError) return new ClienteleError(error.code, `${place}: ${error.message}`);
  return error;
}
