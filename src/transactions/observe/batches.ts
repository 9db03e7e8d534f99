import { isArrowLike } from '../../columns/index.ts';
import type { Columns } from '../../model/batch.ts';

/** The batches of events given as one batch or several. */
export function batchesOf(events: Columns | Iterable<Columns>): Iterable<Columns> {
  // An Arrow table is iterable as well, over its rows: its shape is asked first.
  return isArrowLike(events as Columns) || !(Symbol.iterator in events) ? [events as Columns] : events;
}
