import { topReasons, type Warning, warningList } from '../churn/index.ts';
import { readCategories } from '../columns/whole.ts';
import { crossTable, groupSummary, type RiskPart, valueAtRisk } from '../economics/index.ts';
import type { CategoryColumn } from '../model/batch.ts';
import type { Term } from '../model/contract.ts';
import { sum } from '../numerics/sum.ts';
import { compile } from '../scoring/all-kinds.ts';
import type { HeldOut, PipelineModel } from '../scoring/pipeline-kind.ts';
import type { ScoreReport } from '../scoring/report.ts';
import { type GridModel, gridKind, type Segment, type SizeWarning, segmentSizes } from '../segments/index.ts';
import type { TableReport } from './build-tables.ts';
import type { FittedJob } from './fit-job.ts';
import type { ScoredJob } from './score-job.ts';
import type { SummarySpec } from './spec.ts';
import { columnOf as get, isCategory, numbersOf as numbers, pick, type Table } from './table.ts';

/** A figure from the stored model and, beside it, from models that had not seen the customers' labels. */
export interface Both<T> {
  readonly stored: T;
  readonly heldOut: T;
}

export interface SegmentRow extends Pick<Segment, 'key' | 'names' | 'strategy'> {
  readonly customers: Both<number>;
  readonly share: number | null;
  readonly meanChurn: number | null;
  readonly value: number | null;
  readonly atRisk: Both<number> | null;
}

/** Expected against actual over the scored customers. */
export interface Comparison {
  readonly expected: string;
  readonly actual: string;
  readonly rows: number;
  readonly expectedTotal: number;
  readonly actualTotal: number;
}

export interface GroupMeans {
  readonly of: string;
  readonly by: string;
  readonly groups: readonly {
    readonly group: string | null;
    readonly customers: number;
    readonly mean: number | null;
  }[];
}

/** What a run found out. Plain JSON data; the command line prints it. */
export interface Summary {
  readonly title: string | null;
  readonly customers: { readonly trained: number; readonly scored: number; readonly inactive: number };
  readonly tables: readonly TableReport[];
  readonly heldOut: readonly HeldOut[];
  readonly folds: number | null;
  readonly valueAtRisk: Both<RiskPart> | null;
  readonly totals: readonly { readonly column: string; readonly total: Both<number> }[];
  readonly segments: readonly SegmentRow[];
  readonly sizeWarnings: readonly SizeWarning[];
  /** Variance inflation of the features behind the churn probability; above 10 their reasons cannot be told apart well. */
  readonly vif: readonly { readonly column: string; readonly vif: number | null }[];
  /** Share of each segment within each level of a sensitive column. */
  readonly sensitive: readonly {
    readonly column: string;
    readonly levels: readonly {
      readonly level: string;
      readonly customers: number;
      readonly shares: readonly (number | null)[];
    }[];
  }[];
  readonly compare: readonly Comparison[];
  readonly means: readonly GroupMeans[];
  readonly newCustomers: number | null;
  readonly warnings: readonly Warning[];
  readonly nulls: ScoreReport['nulls'];
  readonly unseenLevels: ScoreReport['unseenLevels'];
  readonly notes: readonly string[];
}

/** Puts a fitted and scored job into figures. */
export function summarise(fitted: FittedJob, scored: ScoredJob): Summary {
  const { job, model } = fitted.file;
  const spec: SummarySpec = job.outputs.summary ?? {};
  const heldOut = pick(fitted.heldOut, scored.rows);
  const all: Table = { ...scored.customers, ...scored.columns };
  const risk = (table: Table) =>
    spec.churn && spec.value
      ? valueAtRisk(
          { probability: get(table, spec.churn), value: get(table, spec.value) },
          ...groups(table, spec.segment),
        )
      : null;
  const stored = risk(all);
  const honest = risk({ ...all, ...heldOut });
  const segment = spec.segment === undefined ? null : segmentsOf(spec, model, all, heldOut);
  return {
    title: job.title ?? null,
    customers: { trained: model.fit.rows, scored: scored.rows.length, inactive: scored.inactive },
    tables: fitted.tables,
    heldOut: model.fit.heldOut,
    folds: model.fit.folds,
    valueAtRisk: stored && honest ? { stored: stored, heldOut: honest } : null,
    totals: (spec.totals ?? []).map((column) => ({
      column,
      total: { stored: sum(numbers(all, column)), heldOut: sum(numbers({ ...all, ...heldOut }, column)) },
    })),
    segments:
      segment?.rows.map((row, s) => ({
        ...row,
        atRisk:
          stored && honest ? { stored: stored.groups[s]?.atRisk ?? 0, heldOut: honest.groups[s]?.atRisk ?? 0 } : null,
      })) ?? [],
    sizeWarnings: segment?.warnings ?? [],
    sensitive:
      spec.segment === undefined
        ? []
        : (job.pipeline.sensitive ?? []).map((column) => sharesBy(all, column, spec.segment!)),
    vif: vifOf(model, spec.churn),
    compare: (spec.compare ?? []).map(({ expected, actual }) => compared(all, expected, actual)),
    means: (spec.means ?? []).flatMap(({ of, by }) => by.map((group) => meansBy(all, of, group))),
    newCustomers: model.outputs.some(({ name }) => name === 'isNew') ? countOf(all, 'isNew', 'yes') : null,
    warnings: warningsOf(spec, fitted, scored, all),
    nulls: scored.report.nulls,
    unseenLevels: scored.report.unseenLevels,
    // The sizes of the segments were warned of above, as they came out for the scored customers.
    notes: model.fit.warnings.filter((note) => segment === null || !note.startsWith(`${gridKind.kind}: segment `)),
  };
}

function vifOf(model: PipelineModel, churn: string | undefined): Summary['vif'] {
  const step = model.steps.find(({ outputs }) => outputs.some(({ name }) => name === churn));
  return (step?.fit as { readonly vif?: Summary['vif'] } | undefined)?.vif ?? [];
}

function groups(table: Table, name: string | undefined): [] | [CategoryColumn | Float64Array] {
  return name === undefined ? [] : [get(table, name)];
}

function segmentsOf(
  spec: SummarySpec,
  model: PipelineModel,
  all: Table,
  heldOut: Table,
): { readonly rows: readonly Omit<SegmentRow, 'atRisk'>[]; readonly warnings: readonly SizeWarning[] } {
  const name = spec.segment!;
  const step = model.steps.find((s) => s.kind === gridKind.kind && s.outputs[0]?.name === name) as
    | GridModel
    | undefined;
  const column = get(all, name);
  const { levels } = readCategories({ column }, 'column');
  const count = (table: Table) => groupSummary(get(table, name), {}).map((row) => row.count);
  const before = count({ ...all, ...heldOut });
  const measures: { readonly [measure: string]: Float64Array } = {
    ...(spec.churn ? { churn: numbers(all, spec.churn) } : {}),
    ...(spec.value ? { value: numbers(all, spec.value) } : {}),
  };
  const after = groupSummary(column, measures);
  return {
    rows: levels.map((key, s) => {
      const row = after[s]!;
      const known = step?.segments.find((cell) => cell.key === key);
      return {
        key,
        ...(known?.names ? { names: known.names } : {}),
        ...(known?.strategy ? { strategy: known.strategy } : {}),
        customers: { stored: row.count, heldOut: before[s]! },
        share: row.share,
        meanChurn: row.measures.churn?.mean ?? null,
        value: row.measures.value?.total ?? null,
      };
    }),
    warnings: step ? segmentSizes(column, step).warnings : [],
  };
}

function sharesBy(all: Table, column: string, segment: string): Summary['sensitive'][number] {
  const table = crossTable(get(all, column), get(all, segment));
  return {
    column,
    levels: table.rowLevels.map((level, r) => ({ level, customers: table.rowTotals[r]!, shares: table.rowShares[r]! })),
  };
}

function compared(all: Table, expected: string, actual: string): Comparison {
  const guess = numbers(all, expected);
  const truth = numbers(all, actual);
  const known = Int32Array.from(guess.keys()).filter((row) => !Number.isNaN(guess[row]! + truth[row]!));
  return {
    expected,
    actual,
    rows: known.length,
    expectedTotal: sum(Float64Array.from(known, (row) => guess[row]!)),
    actualTotal: sum(Float64Array.from(known, (row) => truth[row]!)),
  };
}

function meansBy(all: Table, of: string, by: string): GroupMeans {
  const rows = groupSummary(get(all, by), { of: numbers(all, of) });
  const sorted = isCategory(get(all, by))
    ? rows
    : [...rows].sort((a, b) => Number(a.group ?? Infinity) - Number(b.group ?? Infinity));
  return {
    of,
    by,
    groups: sorted.map(({ group, count, measures }) => ({ group, customers: count, mean: measures.of.mean })),
  };
}

function countOf(all: Table, name: string, level: string): number {
  const { codes, levels } = readCategories({ [name]: get(all, name) }, name);
  const code = levels.indexOf(level);
  return codes.reduce((n, c) => n + (c === code ? 1 : 0), 0);
}

/** The customers to act on, by value at risk (or probability), with reasons of the stored model that gave the probability. */
function warningsOf(spec: SummarySpec, fitted: FittedJob, scored: ScoredJob, all: Table): readonly Warning[] {
  const { churn, value, segment, warnings = 20, reasons = 3 } = spec;
  if (churn === undefined) return [];
  const { model, job } = fitted.file;
  const field = model.outputs.find(({ name }) => name === churn);
  const explained =
    field?.explained === undefined ? null : compile(model).explain(inputsOf(model, scored.customers), churn as never);
  const why = explained && { terms: explained.terms, ...topReasons(explained, reasons) };
  const judged = model.fit.heldOut.find(({ output }) => output === churn);
  const step = model.steps.find((s) => s.kind === gridKind.kind && s.outputs[0]?.name === segment) as
    | GridModel
    | undefined;
  const classes = segment === undefined ? null : readCategories({ segment: get(all, segment) }, 'segment');
  const ids = get(all, job.pipeline.id);
  const { rows } = warningList(
    {
      ids,
      probability: numbers(all, churn),
      ...(value === undefined ? {} : { value: numbers(all, value) }),
      ...(classes ? { segment: classes } : {}),
      ...(classes && step ? { strategy: strategies(step, classes) } : {}),
      ...(why ? { reasons: why.reasons.map((reason) => told(reason, why.terms, scored.customers)) } : {}),
      ...(judged ? { baseRate: judged.metrics.baseRate } : {}),
    },
    { top: warnings },
  );
  return rows;
}

/** A reason with the customer's own values: `Contract = Month-to-month`. */
function told({ codes }: CategoryColumn, terms: readonly Term[], customers: Table): readonly (string | null)[] {
  const value = (name: string, row: number): string => {
    const column = customers[name];
    if (column === undefined) return name;
    if (isCategory(column)) return `${name} = ${column.levels[column.codes[row]!] ?? 'missing'}`;
    const x = column[row]!;
    return `${name} = ${Number.isNaN(x) ? 'missing' : Number(x.toPrecision(6))}`;
  };
  return Array.from(codes, (code, row) =>
    code < 0 ? null : terms[code]!.columns.map((name) => value(name, row)).join(' & '),
  );
}

function inputsOf(model: PipelineModel, customers: Table): { readonly [name: string]: Float64Array | CategoryColumn } {
  return Object.fromEntries(model.inputs.map(({ name }) => [name, get(customers, name)]));
}

/** What to do with each customer, null where the segment has no strategy. */
function strategies(step: GridModel, { codes, levels }: CategoryColumn): readonly (string | null)[] {
  const texts = levels.map((key) => step.segments.find((cell) => cell.key === key)?.strategy?.text.en ?? null);
  return Array.from(codes, (code) => texts[code] ?? null);
}
