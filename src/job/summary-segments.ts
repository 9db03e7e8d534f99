import { readCategories } from '../columns/whole.ts';
import { groupSummary } from '../economics/index.ts';
import type { PipelineModel } from '../scoring/pipeline-kind.ts';
import { type GridModel, gridKind, type Segment, type SizeWarning, segmentSizes } from '../segments/index.ts';
import type { SummarySpec } from './summary-spec.ts';
import { columnOf as get, numbersOf as numbers, type Table } from './table.ts';

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

/** The step that made the segments, when it is a grid. */
export function gridOf(model: PipelineModel, segment: string | undefined): GridModel | undefined {
  return model.steps.find((s) => s.kind === gridKind.kind && s.outputs[0]?.name === segment) as GridModel | undefined;
}

export function segmentsOf(
  spec: SummarySpec,
  model: PipelineModel,
  all: Table,
  heldOut: Table,
): { readonly rows: readonly Omit<SegmentRow, 'atRisk'>[]; readonly warnings: readonly SizeWarning[] } {
  const name = spec.segment!;
  const step = gridOf(model, name);
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
