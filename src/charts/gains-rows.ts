import type { GainsRow } from '../churn/judgement/gains-table.ts';

/** A group of a gains table of one model, with all above it. */
export interface GainsChartRow {
  /** Null for the only one. */
  readonly model: string | null;
  readonly group: number;
  /** Share of the customers, from the highest score down. */
  readonly contacted: number;
  readonly lowestScore: number | null;
  readonly events: number;
  /** Of the group alone; null without rows. */
  readonly lift: number | null;
  /** Of the group with all above it. */
  readonly cumulativeLift: number | null;
  /** Share of all events in this group and those above. */
  readonly gain: number;
}

export function gainsRows(model: string | null, table: readonly GainsRow[]): readonly GainsChartRow[] {
  const all = table.at(-1)?.cumulativeRows ?? 0;
  return table.map(({ group, cumulativeRows, lowestScore, events, lift, cumulativeLift, gain }) => ({
    ...{ model, group, contacted: cumulativeRows / all, lowestScore, events, lift, cumulativeLift, gain },
  }));
}
