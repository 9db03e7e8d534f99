/** Units of time that rates, horizons and model time are stated in. */
export type TimeUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A span of time, such as the horizon of a probability: `{ every: 39, unit: 'week' }`. */
export interface Span {
  readonly every: number;
  readonly unit: TimeUnit;
}

/** A discount rate with the period it is stated for: `{ discount: 0.01, per: 'month' }`. */
export interface Rate {
  readonly discount: number;
  readonly per: TimeUnit;
}

/** When a period's cash arrives: at its end (t = 1…n) or at its beginning (t = 0…n−1). */
export type Timing = 'end' | 'begin';

/** The terms of an annuity Σ S(t)/(1+d)^t. Two discounted values may be combined only when their terms agree. */
export interface AnnuityTerms {
  readonly periods: number;
  readonly unit: TimeUnit;
  /** Discount per `unit`. */
  readonly discount: number;
  readonly timing: Timing;
}

/** One input or output column of a model. */
export interface Field<N extends string = string, T extends 'number' | 'category' = 'number' | 'category'> {
  readonly name: N;
  readonly type: T;
  /** The levels of a category, in code order. Mandatory for a category. */
  readonly levels?: readonly string[];
  readonly unit?: string;
  /** Horizon of a probability. `null`: it is a probability whose horizon is unknown – it may rank and cut, not discount. */
  readonly horizon?: Span | null;
  /** Terms of a discounted value. */
  readonly annuity?: AnnuityTerms;
  /** The scale on which {@link Kind.explain} makes this output's contributions add up; absent: it cannot be explained. */
  readonly explained?: string;
}

/** Length of each unit in days: a year is 365.25 days, a month a twelfth, a quarter a fourth of it. */
export const DAYS: { readonly [U in TimeUnit]: number } = {
  day: 1,
  week: 7,
  month: 365.25 / 12,
  quarter: 365.25 / 4,
  year: 365.25,
};
