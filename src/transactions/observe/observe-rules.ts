import { formatDay } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { knownOptions, list, names } from '../../model/options.ts';
import { checkFeatures, checkLabel, checkWord, dayOption, spanOption } from './check-options.ts';
import type { EventMatch } from './event-match.ts';
import type { ContractRules, EventFeature, ObserveOptions } from './options.ts';
import { CELL, featureSlots, type Slot, SlotList } from './slots.ts';

/** Options of a panel, checked, with dates as days since 1970-01-01 and every customer's cells laid out. */
export interface ObserveRules {
  readonly options: ObserveOptions;
  /** Ascending. */
  readonly asOf: readonly number[];
  readonly end: number;
  readonly gap: number;
  readonly horizon: number;
  /** Days after an as-of date on which its labels are known. */
  readonly lookAhead: number;
  readonly contract: ContractRules | null;
  readonly matches: readonly EventMatch[];
  readonly columns: readonly string[];
  readonly slots: readonly Slot[];
  /** Day of the first event of all. */
  readonly entry: Slot;
  /** Activity in the window and in the label's days; null where contracts say who is there. */
  readonly present: Slot | null;
  readonly returned: Slot | null;
  readonly features: readonly (readonly [EventFeature, readonly Slot[]])[];
  /** Place of the condition that shows fraud; −1: none is told. */
  readonly fraud: number;
  /** Kinds of a customer's cells: the first day of fraud, then those of each date. */
  readonly kinds: readonly number[];
  /** Cells of one date. */
  readonly perDate: number;
}

/** More cells to a customer than this are a mistake in the options. */
const MOST_CELLS = 100_000;

/** Reads the options, or stops. */
export function observeRules(options: ObserveOptions): ObserveRules {
  const {
    label,
    gap = 0,
    times = [],
    late = 'leave-out',
  } = knownOptions(options, 'observe', 'customer date asOf end window gap horizon label features times late');
  names({ customer: options.customer, date: options.date });
  const end = dayOption(options.end, 'end');
  const asOf = asOfDays(options.asOf, end);
  const window = spanOption(options.window, 'window', 1);
  spanOption(gap, 'gap', 0);
  if (label !== undefined) checkLabel(label);
  else if (options.horizon !== undefined || gap > 0)
    fail('invalid-option', 'horizon and gap belong to a label: name its rule in label');
  const horizon = label === undefined ? 0 : spanOption(options.horizon, 'horizon', 1);
  for (const column of list(times, 'times')) names({ times: column });
  checkWord(late, 'late', ['leave-out', 'refuse']);
  const contract = label?.rule === 'ending' ? label.contract : null;
  const labels = label === undefined ? [] : label.rule === 'ending' ? ['churned', 'churnType'] : ['churned'];
  checkFeatures(options.features, window, ['customer', 'asOf', ...labels]);

  const cells = new SlotList<EventMatch>();
  const entry = cells.add({ op: 'first' });
  const activity = label?.rule === 'inactivity' ? label.of : undefined;
  const present = contract === null ? cells.add({ op: 'total', every: window }, activity) : null;
  const returned =
    label?.rule === 'inactivity'
      ? cells.add({ op: 'total', from: -(gap + horizon), every: horizon, known: false }, activity)
      : null;
  const features = options.features.map(
    (feature) => [feature, feature.family === 'ratio' ? [] : featureSlots(feature, cells, window)] as const,
  );
  const fraud = cells.matchPlace(label?.fraud);
  const kinds = [CELL.first, ...asOf.flatMap(() => cells.kinds)];
  if (kinds.length > MOST_CELLS)
    fail('invalid-option', `${kinds.length} cells to a customer: ask for fewer as-of dates, features or periods`);
  return {
    options: plain({ ...options, asOf: asOf.map(formatDay) }),
    asOf,
    end,
    gap,
    horizon,
    lookAhead: label === undefined ? 0 : gap + horizon + (contract?.transferWithin ?? 0),
    contract,
    matches: cells.matches,
    columns: cells.columns,
    slots: cells.slots,
    entry,
    present,
    returned,
    features,
    fraud,
    kinds,
    perDate: cells.kinds.length,
  };
}

function asOfDays(asOf: string | readonly string[], end: number): readonly number[] {
  const dates = typeof asOf === 'string' ? [asOf] : list(asOf, 'asOf');
  if (dates.length === 0) fail('invalid-option', 'invalid asOf: name at least one date');
  const days = dates.map((date) => dayOption(date, 'asOf')).sort((a, b) => a - b);
  days.forEach((day, i) => {
    if (day === days[i - 1]) fail('invalid-option', `asOf ${formatDay(day)} is given twice`);
    if (day > end) fail('invalid-option', `asOf ${formatDay(day)} lies after end ${formatDay(end)}`);
  });
  return days;
}

/** A copy that no caller can change, keys in order: two texts of equal options are equal. */
function plain(options: ObserveOptions): ObserveOptions {
  const inOrder = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.parse(JSON.stringify(options, inOrder)) as ObserveOptions;
}
