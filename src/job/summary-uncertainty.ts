import { type LogisticModel, logisticKind, probabilityInterval, type Straddling, straddling } from '../churn/index.ts';
import type { ProbabilityInterval } from '../churn/probability-interval.ts';
import { readCategories } from '../columns/whole.ts';
import { type FigureInterval, groupIntervals } from '../economics/index.ts';
import { loyaltyKind } from '../loyalty/index.ts';
import type { PipelineModel } from '../scoring/pipeline-kind.ts';
import { gridOf } from './summary-segments.ts';
import type { SummarySpec } from './summary-spec.ts';
import { columnOf as get, numbersOf as numbers, type Table, tableRows } from './table.ts';

/**
 * Bootstrap intervals of the portrait of the stored model. They cover which customers there happen to be, not what the
 * models do not know of their parameters.
 */
export interface PortraitIntervals {
  readonly level: number;
  readonly resamples: number;
  readonly totals: readonly { readonly column: string; readonly total: FigureInterval }[];
  readonly valueAtRisk: FigureInterval | null;
  readonly segments: readonly {
    readonly key: string;
    readonly share: FigureInterval;
    readonly value: FigureInterval | null;
    readonly atRisk: FigureInterval | null;
  }[];
}

/** Customers whose interval of the churn probability holds a cut of the segments. */
export interface BorderlineCustomers extends Straddling {
  /** Of the churn probability. */
  readonly cuts: readonly number[];
  /** Of the intervals. */
  readonly level: number;
}

export function portraitIntervals(spec: SummarySpec, all: Table): PortraitIntervals | null {
  if (spec.intervals === undefined) return null;
  const { churn, value, segment, totals = [] } = spec;
  const rows = tableRows(all);
  const groups = segment === undefined ? { codes: new Int32Array(rows), levels: [''] } : get(all, segment);
  const worth = value === undefined ? null : numbers(all, value);
  const p = churn === undefined ? null : numbers(all, churn);
  const found = groupIntervals<string>(
    groups,
    {
      ...Object.fromEntries(totals.map((column) => [`total ${column}`, numbers(all, column)])),
      ...(worth ? { value: worth } : {}),
      ...(worth && p ? { atRisk: worth.map((x, row) => x * p[row]!) } : {}),
    },
    spec.intervals,
  );
  return {
    level: found.level,
    resamples: found.resamples,
    totals: totals.map((column) => ({ column, total: found.all[`total ${column}`]!.total })),
    valueAtRisk: found.all.atRisk?.total ?? null,
    segments:
      segment === undefined
        ? []
        : found.groups.flatMap(({ group, share, measures }) =>
            group === null
              ? []
              : [
                  {
                    key: group,
                    share,
                    value: measures.value?.total ?? null,
                    atRisk: measures.atRisk?.total ?? null,
                  },
                ],
          ),
  };
}

/** The interval of each customer's churn probability; null when its step keeps no covariance. */
export function churnInterval(model: PipelineModel, spec: SummarySpec, all: Table): ProbabilityInterval | null {
  const step = model.steps.find(({ outputs }) => outputs.some(({ name }) => name === spec.churn));
  if (step?.kind !== logisticKind.kind) return null;
  const logistic = step as LogisticModel;
  if (logistic.fit.covariance === undefined) return null;
  const { level } = spec.intervals ?? {};
  return probabilityInterval(
    logistic,
    Object.fromEntries(step.inputs.map(({ name }) => [name, get(all, name)])),
    level === undefined ? {} : { level },
  );
}

/** The churn probabilities at which the segments change, along an axis of the probability itself or of loyalty 1 − p. */
export function churnCuts(model: PipelineModel, { churn, segment }: SummarySpec): readonly number[] {
  const isLoyalty = (column: string): boolean =>
    model.steps.some(
      ({ kind, inputs, outputs }) =>
        kind === loyaltyKind.kind && inputs[0]?.name === churn && outputs[0]?.name === column,
    );
  return (gridOf(model, segment)?.axes ?? [])
    .flatMap(({ column, cuts }) => (column === churn ? cuts : isLoyalty(column) ? cuts.map((cut) => 1 - cut) : []))
    .filter((cut) => cut >= 0 && cut <= 1);
}

export function borderlineCustomers(
  interval: ProbabilityInterval | null,
  cuts: readonly number[],
  { segment }: SummarySpec,
  all: Table,
): BorderlineCustomers | null {
  if (!interval || cuts.length === 0) return null;
  const groups = segment === undefined ? undefined : readCategories({ segment: get(all, segment) }, 'segment');
  return { cuts, level: interval.level, ...straddling(interval, cuts, groups) };
}
