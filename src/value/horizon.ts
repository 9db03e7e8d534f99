import { DAYS, type Span } from '../model/field.ts';

/** Whether two horizons are of equal length; an unknown one equals only another unknown one. */
export function sameSpan(a: Span | null, b: Span | null): boolean {
  return a === null || b === null ? a === b : a.every * DAYS[a.unit] === b.every * DAYS[b.unit];
}

/** A horizon in words, for messages. */
export function describeSpan(horizon: Span | null): string {
  return horizon ? `${horizon.every} × ${horizon.unit}` : 'unknown';
}
