import type { EventFeature } from './options.ts';

/** What a slot gathers of the events of one customer that lie in its days. */
export type SlotOp = 'total' | 'first' | 'last' | 'level';

/** One gatherer of a customer's cells; every as-of date has its own. */
export interface Slot {
  readonly op: SlotOp;
  /** Place in the list of conditions; −1: all events. */
  readonly match: number;
  /** Place in the list of amount columns; −1: events are counted. */
  readonly column: number;
  /** Days before the as-of date, from … from + every · periods − 1; −1 is the day after it. */
  readonly from: number;
  readonly every: number;
  readonly periods: number;
  /** every · periods. */
  readonly beyond: number;
  /** Only events known by the as-of date. */
  readonly known: boolean;
  /** First of its cells among those of the date. */
  readonly at: number;
}

/** What a cell holds, which says how two of them merge. A rest stands after its sum, a value after its day. */
export const CELL = { count: 0, sum: 1, rest: 2, first: 3, last: 4, day: 5, value: 6 } as const;

/** Stand for no day: before, and after, every day there is. */
export const NEVER: number = -(2 ** 31);
export const BEYOND: number = 2 ** 31;

/** Everything further back than any day. */
const ALL = 2 ** 31;

/** Kinds of the cells of a slot. */
export function cellsOf({ op, column, periods }: Slot): readonly number[] {
  switch (op) {
    case 'total':
      return Array.from({ length: periods }, () =>
        column < 0 ? [CELL.count] : [CELL.count, CELL.sum, CELL.rest],
      ).flat();
    case 'level':
      return [CELL.day, CELL.value];
    default:
      return [CELL[op]];
  }
}

type Wanted = Partial<Pick<Slot, 'from' | 'every' | 'periods' | 'known'>> & { readonly op: SlotOp };

/** Deals cells to slots, and names conditions and columns by their places. */
export class SlotList<Match extends object> {
  readonly slots: Slot[] = [];
  readonly matches: Match[] = [];
  readonly columns: string[] = [];
  readonly kinds: number[] = [];
  private readonly places = new Map<string, number>();

  matchPlace(match: Match | undefined): number {
    if (match === undefined) return -1;
    const key = JSON.stringify(Object.entries(match).sort(([a], [b]) => (a < b ? -1 : 1)));
    const place = this.places.get(key) ?? this.matches.push(match) - 1;
    this.places.set(key, place);
    return place;
  }

  add(wanted: Wanted, match?: Match, column?: string): Slot {
    if (column !== undefined && !this.columns.includes(column)) this.columns.push(column);
    const { op, from = 0, every = ALL, periods = 1, known = true } = wanted;
    const slot: Slot = {
      op,
      match: this.matchPlace(match),
      column: column === undefined ? -1 : this.columns.indexOf(column),
      from,
      every,
      periods,
      beyond: every * periods,
      known,
      at: this.kinds.length,
    };
    this.kinds.push(...cellsOf(slot));
    this.slots.push(slot);
    return slot;
  }
}

/** The slots that a feature is computed from. */
export function featureSlots<Match extends object>(
  feature: Exclude<EventFeature, { readonly family: 'ratio' }>,
  list: SlotList<Match>,
  window: number,
): readonly Slot[] {
  const of = feature.of as Match | undefined;
  switch (feature.family) {
    case 'count':
      return [list.add({ op: 'total', every: feature.days ?? window }, of)];
    case 'sum':
      return [list.add({ op: 'total', every: feature.days ?? window }, of, feature.column)];
    case 'level':
      return [list.add({ op: 'level', every: feature.days ?? ALL }, of, feature.column)];
    case 'daysSince':
      return [list.add({ op: 'last', every: feature.days ?? ALL }, of)];
    case 'tenure':
      return [list.add({ op: 'first' }, of)];
    case 'flag': {
      const begun = list.add({ op: 'last', every: feature.days ?? ALL }, of);
      return feature.until === undefined
        ? [begun]
        : [begun, list.add({ op: 'last' }, feature.until as unknown as Match)];
    }
    case 'change':
      return [list.add({ op: 'total', every: feature.days, periods: 2 }, of, feature.column)];
    default: {
      const periods = (feature.days ?? window) / feature.every;
      return [list.add({ op: 'total', every: feature.every, periods }, of, feature.column)];
    }
  }
}
