import type { ScoreReport } from '../kernels/run.ts';

export type { ScoreReport };

/** The report of two batches scored one after the other. */
export function mergeReports(a: ScoreReport, b: ScoreReport): ScoreReport {
  const outputs = new Set([...Object.keys(a.nulls), ...Object.keys(b.nulls)]);
  return {
    rows: a.rows + b.rows,
    nulls: Object.fromEntries(
      [...outputs].map((output) => [output, addedUp(own(a.nulls, output) ?? {}, own(b.nulls, output) ?? {})]),
    ),
    unseenLevels: addedUp(a.unseenLevels, b.unseenLevels),
  };
}

type Counts = { readonly [key: string]: number | undefined };

function addedUp(a: Counts, b: Counts): { readonly [key: string]: number } {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, (own(a, key) ?? 0) + (own(b, key) ?? 0)]));
}

/** Never what a prototype has: a model may name its columns as it likes. */
function own<T>(record: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
