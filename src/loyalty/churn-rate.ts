import { fail } from '../errors.ts';

/** Rates of one window; each is null when its base is 0. */
export interface ChurnRates {
  /** Lost over the base. */
  readonly churnRate: number | null;
  /** Lost less won back, over the base; below 0 when more came back than went. */
  readonly netChurnRate: number | null;
  /** 1 − churnRate: the group's loyalty in this window (S3). */
  readonly loyalty: number | null;
}

/**
 * Churn rate of a group in one window: lost ÷ active at the start, or ÷ the mean of start and end when `atEnd` is given
 * (S74). Counts of customers give customer churn, their revenue gives revenue churn. Customers who both joined and left
 * within the window belong neither to `lost` nor to the base. The rate is one of this window: state its length with it.
 *
 * @throws invalid-value for a number that is negative or not finite.
 * @example churnRate({ lost: 37, atStart: 1250 }) // { churnRate: 0.0296, netChurnRate: 0.0296, loyalty: 0.9704 }
 */
export function churnRate({
  lost,
  atStart,
  atEnd,
  wonBack = 0,
}: {
  readonly lost: number;
  readonly atStart: number;
  /** Given: the base is the mean of start and end. */
  readonly atEnd?: number;
  readonly wonBack?: number;
}): ChurnRates {
  for (const [name, value] of Object.entries({ lost, atStart, atEnd: atEnd ?? 0, wonBack }))
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      fail('invalid-value', `invalid ${name}: ${value}; use a finite number of at least 0`);
  const base = atEnd === undefined ? atStart : (atStart + atEnd) / 2;
  if (base === 0) return { churnRate: null, netChurnRate: null, loyalty: null };
  return { churnRate: lost / base, netChurnRate: (lost - wonBack) / base, loyalty: 1 - lost / base };
}
