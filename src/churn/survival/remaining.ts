import type { TimeUnit } from '../../model/field.ts';
import { exp } from '../../numerics/elementary.ts';
import { discountFactors } from '../../value/annuity.ts';
import { annuityOf, type CoxQuantity } from './cox-quantities.ts';
import { lastAtMost } from './risk-sets.ts';

/** Cumulative hazard as steps, known up to `until`. */
export interface HazardCurve {
  readonly time: Float64Array;
  readonly hazard: Float64Array;
  readonly until: number;
}

/** A figure of someone with relative risk `risk` who has stayed for `done`; NaN where it is not known. */
export type Remaining = (risk: number, curve: HazardCurve, done: number) => number;

/**
 * Figures of the time ahead on a curve of steps, S(done + u)/S(done) = e^(−risk·(H(done + u) − H(done))). Nothing is
 * extrapolated: beyond `until` all is NaN. Time is proportional to the steps ahead, but for the first and the median.
 */
export function remaining(of: CoxQuantity, period: TimeUnit): Remaining {
  switch (of.quantity) {
    case 'survivalProbability':
      return (risk, curve, done) => {
        const end = done + of.periods;
        return end <= curve.until ? exp(-risk * (hazardAt(curve, end) - hazardAt(curve, done))) : Number.NaN;
      };
    case 'expectedRemaining':
      return (risk, curve, done) => expected(risk, curve, done, done + of.periods);
    case 'survivalAnnuity': {
      const terms = annuityOf(of, period);
      return annuity(discountFactors(terms), terms.timing === 'end' ? 1 : 0);
    }
    default:
      return median;
  }
}

function hazardAt({ time, hazard }: HazardCurve, t: number): number {
  const k = lastAtMost(time, 0, time.length, t);
  return k < 0 ? 0 : hazard[k]!;
}

function expected(risk: number, curve: HazardCurve, done: number, end: number): number {
  const { time, hazard, until } = curve;
  if (!(end <= until)) return Number.NaN;
  let k = lastAtMost(time, 0, time.length, done);
  const start = k < 0 ? 0 : hazard[k]!;
  let area = 0;
  let stay = 1;
  let from = done;
  for (k++; k < time.length && time[k]! < end; k++) {
    area += stay * (time[k]! - from);
    from = time[k]!;
    stay = exp(-risk * (hazard[k]! - start));
  }
  return area + stay * (end - from);
}

/** The first step at which the hazard ahead reaches ln 2. */
function median(risk: number, curve: HazardCurve, done: number): number {
  const { time, hazard, until } = curve;
  if (!(done <= until)) return Number.NaN;
  // H ≥ wanted first holds behind the last step with H < wanted.
  const wanted = hazardAt(curve, done) + Math.LN2 / risk;
  let from = 0;
  let to = time.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (hazard[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return from < time.length ? time[from]! - done : Number.NaN;
}

function annuity(discount: ArrayLike<number>, late: number): Remaining {
  return (risk, curve, done) => {
    const { time, hazard, until } = curve;
    const periods = discount.length;
    if (!(done + periods - 1 + late <= until)) return Number.NaN;
    let k = lastAtMost(time, 0, time.length, done);
    const start = k < 0 ? 0 : hazard[k]!;
    let sum = 0;
    for (let t = 0; t < periods; t++) {
      while (k + 1 < time.length && time[k + 1]! <= done + t + late) k++;
      sum += discount[t]! * exp(-risk * ((k < 0 ? 0 : hazard[k]!) - start));
    }
    return sum;
  };
}
