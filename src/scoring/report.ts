import type { ScoreReport } from '../kernels/run.ts';
import type { Reason } from '../model/batch.ts';

export type { ScoreReport };

/** The report of two batches scored one after the other. */
export function mergeReports(a: ScoreReport, b: ScoreReport): ScoreReport {
  const nulls: { [output: string]: { [R in Reason]?: number } } = {};
  for (const report of [a, b])
    for (const [output, counts] of Object.entries(report.nulls)) {
      nulls[output] ??= {};
      addInto(nulls[output], counts);
    }
  const unseenLevels: { [input: string]: number } = {};
  for (const report of [a, b]) addInto(unseenLevels, report.unseenLevels);
  return { rows: a.rows + b.rows, nulls, unseenLevels };
}

function addInto(total: { [key: string]: number }, counts: { readonly [key: string]: number | undefined }): void {
  for (const [key, count] of Object.entries(counts)) total[key] = (total[key] ?? 0) + (count ?? 0);
}
