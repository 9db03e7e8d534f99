import type { Field } from '../model/field.ts';
import type { Job } from './spec.ts';

/** Columns of the pipeline's table that hold times, with their units: those of summarised logs, as far as they are traced. */
export function timeFields({ tables = [], pipeline }: Pick<Job, 'tables' | 'pipeline'>): readonly Field[] {
  const known = new Map<string, readonly Field[]>();
  const of = (table: string): readonly Field[] => known.get(table) ?? [];
  for (const { table, from, summarize, join, derive = {} } of tables) {
    if (summarize) {
      const { unit } = summarize;
      const inUnit = ['recency', 'T', 'holdoutPeriods'].map((name): Field => ({ name, type: 'number', unit }));
      known.set(table, [...inUnit, { name: 'daysSinceLast', type: 'number', unit: 'day' }]);
      continue;
    }
    const fields = [...of(from), ...(join ? of(join.with) : [])];
    // What is filled stays in its unit; any other rule may well be there to change it.
    for (const [name, rule] of Object.entries(derive)) {
      const filled = 'fill' in rule ? fields.find((field) => field.name === rule.fill.column) : undefined;
      if (filled) fields.push({ ...filled, name });
    }
    known.set(table, fields);
  }
  return of(pipeline.table);
}
