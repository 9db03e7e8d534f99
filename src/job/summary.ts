import type { Warning } from '../churn/index.ts';
import { type RiskPart, type RiskTable, riskTable, valueAtRisk } from '../economics/index.ts';
import type { CategoryColumn } from '../model/batch.ts';
import { sum } from '../numerics/sum.ts';
import type { HeldOut, PipelineModel } from '../scoring/pipeline-kind.ts';
import type { ScoreReport } from '../scoring/report.ts';
import { gridKind, type SizeWarning } from '../segments/index.ts';
import type { TableReport } from './build-tables.ts';
import type { FittedJob } from './fit-job.ts';
import type { ScoredJob } from './score-job.ts';
import { type TakenOut, takenOut } from './sensitive.ts';
import {
  type Comparison,
  compared,
  countOf,
  type GroupMeans,
  type LevelShares,
  meansBy,
  sharesBy,
} from './summary-groups.ts';
import { type Both, type SegmentRow, segmentsOf } from './summary-segments.ts';
import type { SummarySpec } from './summary-spec.ts';
import {
  type BorderlineCustomers,
  borderlineCustomers,
  churnCuts,
  churnInterval,
  type PortraitIntervals,
  portraitIntervals,
} from './summary-uncertainty.ts';
import { type CampaignSummary, warningsOf } from './summary-warnings.ts';
import { columnOf as get, numbersOf as numbers, pick, type Table } from './table.ts';

export type { TakenOut } from './sensitive.ts';
export type { BudgetSummary, Replacement } from './summary-budget.ts';
export type { Comparison, GroupMeans, LevelShares } from './summary-groups.ts';
export type { Both, SegmentRow } from './summary-segments.ts';
export type { BorderlineCustomers, PortraitIntervals } from './summary-uncertainty.ts';
export type { CampaignSummary } from './summary-warnings.ts';

/** What a run found out. Plain JSON data; the command line prints it. */
export interface Summary {
  readonly title: string | null;
  readonly customers: { readonly trained: number; readonly scored: number; readonly inactive: number };
  readonly tables: readonly TableReport[];
  readonly heldOut: readonly HeldOut[];
  readonly folds: number | null;
  /** How rows were parted for the held-out figures; null when nothing was held out. */
  readonly validation: NonNullable<PipelineModel['fit']['validation']> | null;
  readonly valueAtRisk: Both<RiskPart> | null;
  /** Value at risk by `tier` and `segment`, of the stored model. */
  readonly riskByTier: RiskTable | null;
  readonly intervals: PortraitIntervals | null;
  readonly borderline: BorderlineCustomers | null;
  readonly totals: readonly { readonly column: string; readonly total: Both<number> }[];
  readonly segments: readonly SegmentRow[];
  readonly sizeWarnings: readonly SizeWarning[];
  /** Variance inflation of the features behind the churn probability; above 10 their reasons cannot be told apart well. */
  readonly vif: readonly { readonly column: string; readonly vif: number | null }[];
  /** Sensitive columns that steps list among their features; their models do without. */
  readonly takenOut: readonly TakenOut[];
  /** By sensitive columns. */
  readonly sensitive: readonly LevelShares[];
  readonly compare: readonly Comparison[];
  readonly means: readonly GroupMeans[];
  readonly newCustomers: number | null;
  readonly warnings: readonly Warning[];
  readonly campaign: CampaignSummary | null;
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
  const interval = churnInterval(model, spec, all);
  const cuts = churnCuts(model, spec);
  const segment = spec.segment === undefined ? null : segmentsOf(spec, model, all, heldOut);
  return {
    title: job.title ?? null,
    customers: { trained: model.fit.rows, scored: scored.rows.length, inactive: scored.inactive },
    tables: fitted.tables,
    heldOut: model.fit.heldOut,
    folds: model.fit.folds,
    validation: model.fit.validation ?? null,
    valueAtRisk: stored && honest ? { stored: stored, heldOut: honest } : null,
    riskByTier:
      spec.tier === undefined
        ? null
        : riskTable(
            { probability: get(all, spec.churn!), value: get(all, spec.value!) },
            get(all, spec.tier),
            get(all, spec.segment!),
          ),
    intervals: portraitIntervals(spec, all),
    borderline: borderlineCustomers(interval, cuts, spec, all),
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
    takenOut: takenOut(job),
    sensitive:
      spec.segment === undefined
        ? []
        : (job.pipeline.sensitive ?? []).map((column) => sharesBy(all, column, spec.segment!)),
    vif: vifOf(model, spec.churn),
    compare: (spec.compare ?? []).map(({ expected, actual }) => compared(all, expected, actual)),
    means: (spec.means ?? []).flatMap(({ of, by }) => by.map((group) => meansBy(all, of, group))),
    newCustomers: model.outputs.some(({ name }) => name === 'isNew') ? countOf(all, 'isNew', 'yes') : null,
    ...warningsOf(spec, fitted, scored, all, interval, cuts),
    nulls: scored.report.nulls,
    unseenLevels: scored.report.unseenLevels,
    // The sizes of the segments were warned of above, as they came out for the scored customers.
    notes: [
      ...model.fit.warnings.filter((note) => segment === null || !note.startsWith(`${gridKind.kind}: segment `)),
      ...(spec.intervals && spec.churn && interval === null
        ? [`"${spec.churn}" has no interval: that takes a logisticRegression step with "intervals": true`]
        : []),
    ],
  };
}

function vifOf(model: PipelineModel, churn: string | undefined): Summary['vif'] {
  const step = model.steps.find(({ outputs }) => outputs.some(({ name }) => name === churn));
  return (step?.fit as { readonly vif?: Summary['vif'] } | undefined)?.vif ?? [];
}

function groups(table: Table, name: string | undefined): [] | [CategoryColumn | Float64Array] {
  return name === undefined ? [] : [get(table, name)];
}
