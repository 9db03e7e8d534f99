import type { Columns } from '../../model/batch.ts';
import { type Random, seededRandom } from '../../numerics/random.ts';

/** A row of a log of events; days since 1970-01-01. */
export interface Event {
  readonly id: string | null;
  readonly day: number;
  readonly type: string | null;
  readonly amount: number;
  /** When it was recorded: its own day, or a later one. */
  readonly recorded: number;
}

export const FIRST = 19_723;
const TYPES = ['call', 'call', 'order', 'complaint', 'arrears'];

export function randomEvent(random: Random, customers: number, days: number): Event {
  const day = FIRST + random.below(days);
  return {
    id: random.uniform() < 0.01 ? null : `c${Math.floor(random.uniform() ** 2 * customers)}`,
    day: random.uniform() < 0.01 ? Number.NaN : day,
    type: random.uniform() < 0.02 ? null : TYPES[random.below(TYPES.length)]!,
    amount: random.uniform() < 0.03 ? Number.NaN : (random.below(20_000) - 2000) / 100,
    recorded: random.uniform() < 0.1 ? day + random.below(20) : day,
  };
}

export function randomEvents(seed: number, count: number, customers: number, days: number): readonly Event[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => randomEvent(random, customers, days));
}

export function batchOf(events: readonly Event[]): Columns {
  return {
    id: events.map(({ id }) => id),
    day: events.map(({ day }) => day),
    type: events.map(({ type }) => type),
    amount: events.map(({ amount }) => amount),
    recorded: events.map(({ recorded }) => recorded),
  };
}

/** The same items in another order. */
export function inAnyOrder<T>(list: readonly T[], random: Random): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
