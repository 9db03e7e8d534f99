import { matches, readNumbers, rowCount } from '../../columns/index.ts';
import { columnKind } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { object } from '../../model/options.ts';

/**
 * Which events are meant, as data: `{ type: 'call', direction: ['in', 'out'] }` – every column named equals its value, or
 * one of its values. A null cell equals nothing.
 */
export type EventMatch = { readonly [column: string]: string | number | readonly (string | number)[] };

/** Stops unless the option is a condition on at least one column. */
export function checkMatch(match: EventMatch, option: string): EventMatch {
  const entries = Object.entries(object(match, option));
  if (entries.length === 0) fail('invalid-option', `invalid ${option}: name a column, as in { type: 'call' }`);
  for (const [column, values] of entries) {
    const list = [values].flat() as readonly unknown[];
    if (list.length === 0 || !list.every((value) => typeof value === 'string' || Number.isFinite(value)))
      fail('invalid-option', `invalid ${option}.${column}: use a text, a number, or a list of them`);
  }
  return match;
}

/** 1 for the rows that are meant. */
export function matchRows(batch: Columns, match: EventMatch): Uint8Array {
  const hits = new Uint8Array(rowCount(batch)).fill(1);
  for (const [column, equals] of Object.entries(match)) {
    // A plain column without any cell is of no type to compare with.
    const empty = columnKind(batch, column) === 'number' && readNumbers(batch, column).every((x) => x !== x);
    const holds = empty ? null : matches(batch, { column, equals });
    for (let row = 0; row < hits.length; row++) hits[row]! &= holds === null ? 0 : holds[row]!;
  }
  return hits;
}
