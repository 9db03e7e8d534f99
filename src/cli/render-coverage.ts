import type { Summary, TableReport, TakenOut } from '../job/index.ts';

/** What became of the rows of each table. */
export function tableLines(tables: readonly TableReport[]): readonly string[] {
  return tables.flatMap((table) => {
    if ('join' in table)
      return `Table ${table.table}: ${table.rows} rows; ${table.join.leftUnmatched} without a partner, ${table.join.rightUnmatched} partners dropped.`;
    if (!('summarize' in table)) return [];
    const { rows, used, before, after, merged, zero, negative, holdoutOnly } = table.summarize;
    return `Table ${table.table}: ${table.rows} customers as of ${table.asOf} from ${rows} log rows; ${used} used, ${before} before and ${after} after the window, ${merged} merged into one purchase a day, ${zero} of amount 0, ${negative} negative, ${holdoutOnly} customers in the holdout only.`;
  });
}

/** One line per set of counts: outputs that are null for the same customers usually are so for one cause. */
export function nullLines(nulls: Summary['nulls']): readonly string[] {
  const outputs = new Map<string, string[]>();
  for (const [output, reasons] of Object.entries(nulls)) {
    const counts = Object.entries(reasons)
      .map(([reason, n]) => `${n} ${reason}`)
      .join(', ');
    outputs.set(counts, [...(outputs.get(counts) ?? []), output]);
  }
  return [...outputs].map(([counts, names]) => `Null: ${counts} in ${names.join(', ')}.`);
}

/** Features that are listed and not read. */
export function takenOutLines(takenOut: readonly TakenOut[]): readonly string[] {
  return takenOut.map(({ step, columns }) => `Features of ${step} taken out as sensitive: ${columns.join(', ')}.`);
}
