import { readCategories, readDays, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { POINTS_EVENTS, pointsAccount } from './points-account.ts';

/** Events of a points programme, in any order. */
export interface PointsEvents {
  readonly customer: PlainColumn;
  /** Whole days since 1970-01-01, or ISO text. */
  readonly day: PlainColumn;
  /**
   * `earned`; `spent`; `reversed`: taken back, as after a return; `expired`: taken away by the programme itself, for a
   * ledger whose expiry is not one of days.
   */
  readonly event: PlainColumn;
  /** Whole points, never negative: the event says which way they go. */
  readonly points: PlainColumn;
  /** Order within a day. Default, and for equal numbers: earned, spent, reversed, expired. */
  readonly sequence?: PlainColumn;
}

export interface PointsLedgerOptions {
  /** Day up to which, itself included, the ledger is kept: ISO text or whole days since 1970-01-01. */
  readonly asOf: string | number;
  /** Days for which earned points are good, the day of earning included; `null`: for ever. */
  readonly expiryDays: number | null;
  /**
   * A reversal of more points than there are: `refuse` (default) stops; `clip` takes what there is and counts the rest as
   * uncovered; `allow` leaves a debt that the next points earned pay first.
   */
  readonly belowZero?: 'refuse' | 'clip' | 'allow';
  /** For the liability: cost of a redeemed point, and the share of outstanding points that will be redeemed. */
  readonly liability?: { readonly unitCost: number; readonly expectedRedemption: number };
}

/** `earned − reversed = spent + expired + outstanding − owed`, for each customer and in all. */
export interface PointsLedger {
  /** One row per customer, ids ascending in UTF-16 order. */
  readonly customers: {
    readonly customer: CategoryColumn;
    readonly earned: Float64Array;
    readonly spent: Float64Array;
    readonly expired: Float64Array;
    readonly reversed: Float64Array;
    /** Points to spend; below 0 a debt. */
    readonly balance: Float64Array;
    /** First day on which points that are still there are gone, days since 1970-01-01; NaN when none will be. */
    readonly nextExpiry: Float64Array;
  };
  readonly earned: number;
  readonly spent: number;
  readonly expired: number;
  readonly reversed: number;
  /** Reversed beyond the balance and not taken, under `clip`. */
  readonly uncovered: number;
  /** Σ balances above 0. */
  readonly outstanding: number;
  /** Σ debts. */
  readonly owed: number;
  /** spent ÷ (earned − reversed); null when that is not above 0. */
  readonly redemptionRate: number | null;
  /** Breakage so far: expired ÷ (earned − reversed); null when that is not above 0. */
  readonly breakageRate: number | null;
  /** outstanding · unitCost · expectedRedemption; null without these. Debts do not lower it. */
  readonly liability: number | null;
  /** Events after `asOf`: not in any figure. */
  readonly after: number;
}

/**
 * The ledger of a points programme (S67): balances, redemption, breakage and liability. Points go first in, first out,
 * whether spent, reversed or expired. Points earned on day d are good on d … d + expiryDays − 1 and gone when the day
 * d + expiryDays begins. Events are sorted by customer, day and sequence, so that their order in the columns does not
 * matter; points are whole, so that sums are exact.
 *
 * @throws invalid-value for a null, an unknown event, points that are negative or not whole, and for spending, expiring or
 *   (under `refuse`) reversing more than there is; invalid-option; wrong-length.
 * @example
 * pointsLedger(
 *   { customer: ['a', 'a'], day: [0, 5], event: ['earned', 'spent'], points: [100, 30] },
 *   { asOf: 9, expiryDays: 365, liability: { unitCost: 0.01, expectedRedemption: 0.8 } },
 * ).liability // 0.56 = 70 · .01 · .8
 */
export function pointsLedger(events: PointsEvents, options: PointsLedgerOptions): PointsLedger {
  const {
    expiryDays,
    belowZero = 'refuse',
    liability,
  } = knownOptions(options, 'pointsLedger', 'asOf expiryDays belowZero liability');
  const asOf = readDays({ asOf: typeof options.asOf === 'string' ? [options.asOf] : [options.asOf] }, 'asOf')[0]!;
  if (asOf !== asOf) fail('invalid-option', `invalid asOf: ${options.asOf}; use a day`);
  if (expiryDays !== null && !(Number.isSafeInteger(expiryDays) && expiryDays >= 1))
    fail('invalid-option', `invalid expiryDays: ${expiryDays}; use whole days from 1, or null for never`);
  if (!['refuse', 'clip', 'allow'].includes(belowZero))
    fail('invalid-option', `invalid belowZero: ${JSON.stringify(belowZero)}; use refuse, clip or allow`);
  if (liability) {
    if (!(liability.unitCost >= 0 && Number.isFinite(liability.unitCost)))
      fail('invalid-option', `invalid unitCost: ${liability.unitCost}; use a finite number of at least 0`);
    if (!(liability.expectedRedemption >= 0 && liability.expectedRedemption <= 1))
      fail('invalid-option', `invalid expectedRedemption: ${liability.expectedRedemption}; use a share in [0, 1]`);
  }

  const read = readEvents(events);
  const { customer, ids, day, event, points, sequence } = read;
  const byId = [...ids.keys()].sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1));
  const place = new Int32Array(ids.length);
  byId.forEach((code, at) => {
    place[code] = at;
  });
  const order = Uint32Array.from(customer, (_, row) => row).sort(
    (a, b) =>
      place[customer[a]!]! - place[customer[b]!]! ||
      day[a]! - day[b]! ||
      sequence[a]! - sequence[b]! ||
      event[a]! - event[b]!,
  );
  const column = (): Float64Array => new Float64Array(ids.length);
  const table = {
    earned: column(),
    spent: column(),
    expired: column(),
    reversed: column(),
    balance: column(),
    nextExpiry: column(),
  };
  let [after, uncovered, outstanding, owed, next] = [0, 0, 0, 0, 0];
  byId.forEach((code, at) => {
    const account = pointsAccount(ids[code]!, expiryDays, belowZero);
    for (; next < order.length && customer[order[next]!] === code; next++) {
      const row = order[next]!;
      if (day[row]! > asOf) after++;
      else account.book(event[row]!, day[row]!, points[row]!);
    }
    const { totals, balance, nextExpiry } = account.close(asOf);
    table.earned[at] = totals.earned;
    table.spent[at] = totals.spent;
    table.expired[at] = totals.expired;
    table.reversed[at] = totals.reversed;
    table.balance[at] = balance;
    table.nextExpiry[at] = nextExpiry;
    uncovered += totals.uncovered;
    outstanding += Math.max(0, balance);
    owed += Math.max(0, -balance);
  });
  const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  const [earned, spent, expired, reversed] = [table.earned, table.spent, table.expired, table.reversed].map(total) as [
    number,
    number,
    number,
    number,
  ];
  const issued = earned - reversed;
  return {
    customers: {
      customer: { codes: Int32Array.from(byId.keys()), levels: byId.map((code) => ids[code]!) },
      ...table,
    },
    earned,
    spent,
    expired,
    reversed,
    uncovered,
    outstanding,
    owed,
    redemptionRate: issued > 0 ? spent / issued : null,
    breakageRate: issued > 0 ? expired / issued : null,
    liability: liability ? outstanding * liability.unitCost * liability.expectedRedemption : null,
    after,
  };
}

function readEvents(events: PointsEvents): {
  readonly customer: Int32Array;
  readonly ids: readonly string[];
  readonly day: Float64Array;
  readonly event: Int32Array;
  readonly points: Float64Array;
  readonly sequence: Float64Array;
} {
  const { codes: customer, levels: ids } = readCategories({ customer: events.customer }, 'customer');
  const day = readDays({ day: events.day }, 'day');
  const named = readCategories({ event: events.event }, 'event');
  const points = readNumbers({ points: events.points }, 'points');
  const sequence = events.sequence
    ? readNumbers({ sequence: events.sequence }, 'sequence')
    : new Float64Array(customer.length);
  const lengths = [customer, day, named.codes, points, sequence].map((column) => column.length);
  if (new Set(lengths).size > 1)
    fail('wrong-length', `customer, day, event, points and sequence have ${lengths.join(', ')} rows`);
  const kinds = named.levels.map((name) => (POINTS_EVENTS as readonly string[]).indexOf(name));
  const event = named.codes.map((code, row) => {
    if (customer[row]! < 0 || code < 0 || day[row] !== day[row] || sequence[row] !== sequence[row])
      fail('invalid-value', `row ${row} of the events has a null: a ledger needs every cell`);
    const kind = kinds[code]!;
    if (kind < 0)
      fail(
        'invalid-value',
        `event, row ${row}: unknown ${JSON.stringify(named.levels[code])}; use ${POINTS_EVENTS.join(', ')}`,
      );
    const amount = points[row]!;
    if (!(Number.isSafeInteger(amount) && amount >= 0))
      fail('invalid-value', `points, row ${row}: ${amount}; use whole points of at least 0, the event says which way`);
    return kind;
  });
  return { customer, ids, day, event, points, sequence };
}
