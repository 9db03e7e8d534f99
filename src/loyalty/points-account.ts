import { fail } from '../errors.ts';

/** Events of a ledger, in their order within a day. */
export const POINTS_EVENTS = ['earned', 'spent', 'reversed', 'expired'] as const;
const [EARNED, SPENT, REVERSED] = [0, 1, 2] as const;

interface Totals {
  earned: number;
  spent: number;
  expired: number;
  reversed: number;
  uncovered: number;
}

/** One customer's points: lots in the order they were earned. */
export interface PointsAccount {
  /** Events must come in order of time; `event` is an index of {@link POINTS_EVENTS}. */
  book(event: number, day: number, points: number): void;
  close(asOf: number): { readonly totals: Readonly<Totals>; readonly balance: number; readonly nextExpiry: number };
}

/** An empty account. */
export function pointsAccount(
  id: string,
  expiryDays: number | null,
  belowZero: 'refuse' | 'clip' | 'allow',
): PointsAccount {
  const totals: Totals = { earned: 0, spent: 0, expired: 0, reversed: 0, uncovered: 0 };
  const lots: { readonly day: number; left: number }[] = [];
  let oldest = 0;
  let held = 0;
  let debt = 0;

  /** Takes points from the oldest lots; there must be as many. */
  function take(points: number): void {
    held -= points;
    while (points > 0) {
      const lot = lots[oldest]!;
      const part = Math.min(points, lot.left);
      lot.left -= part;
      points -= part;
      if (lot.left === 0) oldest++;
    }
  }
  function expireBy(day: number): void {
    if (expiryDays === null) return;
    for (; oldest < lots.length && lots[oldest]!.day + expiryDays <= day; oldest++) {
      totals.expired += lots[oldest]!.left;
      held -= lots[oldest]!.left;
    }
  }
  const short = (what: string, day: number, points: number): never =>
    fail(
      'invalid-value',
      `customer ${JSON.stringify(id)}, day ${day}: ${points} points ${what}, but there are ${held}`,
    );

  return {
    book(event, day, points) {
      expireBy(day);
      if (event === EARNED) {
        totals.earned += points;
        const paid = Math.min(points, debt);
        debt -= paid;
        if (points > paid) lots.push({ day, left: points - paid });
        held += points - paid;
      } else if (event === REVERSED) {
        const covered = Math.min(points, held);
        if (covered < points && belowZero === 'refuse')
          fail(
            'invalid-value',
            `customer ${JSON.stringify(id)}, day ${day}: ${points} points reversed, but there are ${held}; choose belowZero 'clip' or 'allow'`,
          );
        take(covered);
        if (belowZero === 'clip') totals.uncovered += points - covered;
        else debt += points - covered;
        totals.reversed += belowZero === 'clip' ? covered : points;
      } else {
        const spent = event === SPENT;
        if (points > held) short(spent ? 'spent' : 'expired', day, points);
        take(points);
        if (spent) totals.spent += points;
        else totals.expired += points;
      }
    },
    close(asOf) {
      expireBy(asOf);
      const next = oldest < lots.length && expiryDays !== null ? lots[oldest]!.day + expiryDays : Number.NaN;
      return { totals, balance: held - debt, nextExpiry: next };
    },
  };
}
