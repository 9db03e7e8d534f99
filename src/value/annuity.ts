import { fail } from '../errors.ts';
import { type AnnuityTerms, DAYS, type Rate, type TimeUnit, type Timing } from '../model/field.ts';
import { knownOptions, object } from '../model/options.ts';
import { exp, expm1, log1p } from '../numerics/elementary.ts';

/** How a stream of equal payments is discounted. */
export interface AnnuityOptions {
  /** How many payments, a whole number. */
  readonly periods: number;
  /** Discount rate with the period it is stated for; converted when that is not `unit`. */
  readonly rate: Rate;
  /** The period of one payment. Default: the rate's own. */
  readonly unit?: TimeUnit;
  /** Paid at the `'end'` (default) or at the `'begin'` of every period. */
  readonly timing?: Timing;
}

/**
 * The discount per `unit` of a rate stated per another unit: (1 + i)^k − 1 with k the length of `unit` over that of
 * `rate.per`. Yearly to monthly is (1 + i)^(1/12) − 1; a rate is never divided.
 * @throws invalid-option when the discount is not finite and above −1, or the unit is unknown.
 * @example ratePer({ discount: 0.12, per: 'year' }, 'month') // 0.009488792934582973
 */
export function ratePer(rate: Rate, unit: TimeUnit): number {
  checkDiscount(knownOptions(object(rate, 'rate'), 'rate', 'discount per').discount);
  for (const name of [rate.per, unit])
    if (!Object.hasOwn(DAYS, name))
      fail('invalid-option', `unknown unit of time: ${name}; use ${Object.keys(DAYS).join(', ')}`);
  return rate.per === unit ? rate.discount : expm1((DAYS[unit] / DAYS[rate.per]) * log1p(rate.discount));
}

/**
 * Present value of one unit of money per period: Σ_{t=1..n} (1+d)^−t = (1 − (1+d)^−n)/d, or (1+d) times that when paid at
 * the begin of every period (t = 0 … n−1). Exact as d → 0, where it is n. The closed form also takes a fractional number
 * of periods, such as an expected lifetime.
 *
 * @param options.periods n ≥ 0, finite.
 * @param options.discount d per period, above −1.
 * @param options.timing `'end'` (default) or `'begin'`.
 * @throws invalid-option for periods below 0 or not finite, or a discount at or below −1.
 * @example annuityFactor({ periods: 24, discount: 0.01 }) // 21.243387257627848
 */
export function annuityFactor({
  periods,
  discount,
  timing = 'end',
}: Pick<AnnuityTerms, 'periods' | 'discount'> & { readonly timing?: Timing }): number {
  if (!(periods >= 0 && periods < Number.POSITIVE_INFINITY))
    fail('invalid-option', `invalid periods: ${periods}; use a finite number of at least 0`);
  checkDiscount(discount);
  checkTiming(timing);
  const sum = geometric(periods, discount);
  if (!Number.isFinite(sum)) fail('invalid-option', `a discount of ${discount} over ${periods} periods is not finite`);
  return timing === 'begin' ? (1 + discount) * sum : sum;
}

/** (1 − (1+d)^−n)/d without cancellation. */
function geometric(n: number, d: number): number {
  return d === 0 || n === 0 ? n : -expm1(-n * log1p(d)) / d;
}

/**
 * Annuity of a customer who is retained from one period to the next with constant probability r:
 * Σ_{t=1..n} r^s/(1+d)^t with s = t when survival is counted at the end of the period that pays, s = t − 1 at its begin;
 * t = 0 … n−1 in the discount when paid at the begin. At r = 1 it is {@link annuityFactor}.
 *
 * @param options.periods whole n ≥ 0, or Infinity for the perpetuity (which needs r < 1 + d).
 * @param options.discount d per period, above −1.
 * @param options.retention r per period, in [0, 1].
 * @param options.timing when the payment comes: `'end'` (default) or `'begin'` of the period.
 * @param options.survival the survivors who pay: those at the `'end'` or the `'begin'` of the period. Default: `timing`, those
 *   there when it is paid.
 * @throws invalid-option for values out of range.
 * @example 100 * retentionAnnuity({ periods: 10, discount: 0.1, retention: 0.8 }) // 255.6273612047194
 */
export function retentionAnnuity({
  periods,
  discount,
  retention,
  timing = 'end',
  survival = timing,
}: {
  readonly periods: number;
  readonly discount: number;
  readonly retention: number;
  readonly timing?: Timing;
  readonly survival?: Timing;
}): number {
  if (periods !== Number.POSITIVE_INFINITY) checkPeriods(periods);
  checkDiscount(discount);
  checkTiming(timing);
  checkTiming(survival);
  if (!(retention >= 0 && retention <= 1)) fail('invalid-option', `invalid retention: ${retention}; use [0, 1]`);
  const sum = retained(periods, discount, retention, timing, survival);
  if (!Number.isFinite(sum))
    fail(
      'invalid-option',
      `a retention of ${retention} at a discount of ${discount} over ${periods} periods is not finite`,
    );
  return sum;
}

/** {@link retentionAnnuity} without checks, for kernels. */
export function retained(n: number, d: number, r: number, timing: Timing, survival: Timing): number {
  if (n === 0) return 0;
  const scale = timing === 'begin' ? 1 + d : 1;
  if (r === 0) return survival === 'begin' ? scale / (1 + d) : 0;
  // r/(1+d) = 1/(1+e): the sum is a plain annuity at the rate e; 1 − r is exact for r near 1.
  const e = (d + (1 - r)) / r;
  const sum = n === Number.POSITIVE_INFINITY ? (e > 0 ? 1 / e : Number.POSITIVE_INFINITY) : geometric(n, e);
  return (scale * sum) / (survival === 'begin' ? r : 1);
}

/** The terms that {@link AnnuityOptions} state, discount per `unit`. */
export function annuityTerms(options: AnnuityOptions): AnnuityTerms {
  const { periods, rate, timing = 'end' } = knownOptions(options, 'annuityTerms', 'periods rate unit timing');
  const { unit = object(rate, 'rate').per } = options;
  checkPeriods(periods);
  checkTiming(timing);
  const discount = ratePer(rate, unit) + 0;
  annuityFactor({ periods, discount, timing });
  return { periods, unit, discount, timing };
}

/** Whether two terms discount alike: the same but for rounding in the rate. */
export function sameAnnuity(a: AnnuityTerms, b: AnnuityTerms): boolean {
  return (
    a.periods === b.periods &&
    a.unit === b.unit &&
    a.timing === b.timing &&
    Math.abs(a.discount - b.discount) <= 1e-12 * (1 + Math.abs(a.discount))
  );
}

/** Terms in words, for messages. */
export function describeAnnuity({ periods, unit, discount, timing }: AnnuityTerms): string {
  return `${periods} × ${unit} at ${discount} per ${unit}, paid at the ${timing}`;
}

/** The discount factors (1+d)^−t of every period. */
export function discountFactors({ periods, discount, timing }: AnnuityTerms): Float64Array {
  const force = log1p(discount);
  const first = timing === 'begin' ? 0 : 1;
  return Float64Array.from({ length: periods }, (_, t) => exp(-(t + first) * force));
}

function checkPeriods(periods: number): void {
  if (!(Number.isSafeInteger(periods) && periods >= 0))
    fail('invalid-option', `invalid periods: ${periods}; use a whole number of at least 0`);
}
function checkDiscount(discount: number): void {
  if (!(Number.isFinite(discount) && discount > -1))
    fail('invalid-option', `invalid discount: ${discount}; use a finite rate above −1, such as 0.01`);
}
function checkTiming(timing: Timing): void {
  if (timing !== 'end' && timing !== 'begin') fail('invalid-option', `invalid timing: ${timing}; use "end" or "begin"`);
}
