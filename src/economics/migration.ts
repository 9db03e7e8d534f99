import { readCategories } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { requireDistinct } from './amounts.ts';
import { groupsOf } from './group-by.ts';
import { type TransitionMatrix, transitionMatrix } from './transition-matrix.ts';

/** One row per customer, at one date. */
export interface StateColumns {
  readonly customer: PlainColumn;
  readonly state: PlainColumn;
}

export interface MigrationOptions {
  /** The states from best to worst, without the lost one. */
  readonly states: readonly string[];
  /** Name of the state of who is missing at the second date; rows may also name it. Default: `lost`. */
  readonly lost?: string;
}

export interface Migration extends TransitionMatrix {
  /** Customers of the second date who are not in the table of the first, per state. They are in no count above. */
  readonly entrants: readonly number[];
  /** Customers who were lost at the first date and are back, per state. They are in no count above. */
  readonly returned: readonly number[];
  /** Customers left out because their state is null at one of the dates. */
  readonly unclassified: number;
  /** Rows without a customer. */
  readonly nulls: number;
}

const UNKNOWN = -1;

/**
 * How customers moved between tiers from one date to another (S56). Who is missing at the second date is lost; who is
 * missing at the first is an entrant; customers are matched by id, in any order of rows.
 *
 * @throws ClienteleError `invalid-value` for a customer listed twice at a date, or a state that is not listed;
 *   `wrong-length`.
 * @example
 * migration(
 *   { customer: [1, 2, 3], state: ['gold', 'gold', 'basic'] },
 *   { customer: [1, 2, 4], state: ['gold', 'basic', 'gold'] },
 *   { states: ['gold', 'basic'] },
 * ).counts // [[1, 1, 0], [0, 0, 1], [0, 0, 0]]
 */
export function migration(first: StateColumns, second: StateColumns, options: MigrationOptions): Migration {
  const { lost = 'lost' } = knownOptions(options, 'migration', 'states lost');
  const states = [...options.states, lost];
  requireDistinct(states, 'state');
  const end = states.length - 1;
  const before = placed(first, states, 'first');
  const after = placed(second, states, 'second');
  const counts = states.map(() => states.map(() => 0));
  const entrants = states.map(() => 0);
  const returned = states.map(() => 0);
  let unclassified = 0;
  const afterwards = new Int32Array(before.states.length).fill(end);
  const known = new Map(before.customers.map((customer, at) => [customer, at]));
  after.customers.forEach((customer, at) => {
    const to = after.states[at]!;
    const earlier = known.get(customer);
    if (earlier !== undefined) afterwards[earlier] = to;
    else if (to === UNKNOWN) unclassified++;
    else if (to !== end) entrants[to]!++;
  });
  before.states.forEach((from, at) => {
    const to = afterwards[at]!;
    if (from === UNKNOWN || to === UNKNOWN) unclassified++;
    else if (from !== end) counts[from]![to]!++;
    else if (to !== end) returned[to]!++;
  });
  const matrix = transitionMatrix({ states, absorbing: [lost], counts });
  return { ...matrix, entrants, returned, unclassified, nulls: before.nulls + after.nulls };
}

interface Placed {
  readonly customers: readonly string[];
  /** Place in the list of states, or UNKNOWN, of each customer. */
  readonly states: Int32Array;
  readonly nulls: number;
}

function placed({ customer, state }: StateColumns, states: readonly string[], date: string): Placed {
  const ids = readCategories({ customer }, 'customer');
  const { codes, levels } = groupsOf(state, 'state', ids.codes.length);
  const places = levels.map((level) => states.indexOf(level));
  const seen = new Uint8Array(ids.levels.length);
  const customers: string[] = [];
  const found = new Int32Array(ids.codes.length);
  ids.codes.forEach((id, row) => {
    if (id < 0) return;
    const code = codes[row]!;
    if (seen[id]!++ > 0) fail('invalid-value', `customer "${ids.levels[id]}" is listed twice at the ${date} date`);
    if (code >= 0 && places[code] === -1)
      fail('invalid-value', `state "${levels[code]}" of the ${date} date is not one of ${states.join(', ')}`);
    found[customers.push(ids.levels[id]!) - 1] = code < 0 ? UNKNOWN : places[code]!;
  });
  return { customers, states: found.subarray(0, customers.length), nulls: ids.codes.length - customers.length };
}
