import { sumOf } from '../exact-sum.ts';
import type { EventFeature } from './options.ts';
import { BEYOND, NEVER, type Slot } from './slots.ts';

/** A customer's cells, and where those of the date begin. */
type Read = (cells: Float64Array, base: number) => number;

/** How a feature is read from cells on an as-of date. `entry` is the slot of the first event of all. */
export function featureReader(feature: EventFeature, slots: readonly Slot[], entry: Slot, asOf: number): Read {
  const [slot, until] = slots;
  const { at, every, periods } = slot!;
  const amounts = slot!.column >= 0;
  const total = (cells: Float64Array, base: number, period: number): number =>
    amounts ? sumOf(cells, base + at + 3 * period + 1) : cells[base + at + period]!;
  switch (feature.family) {
    case 'count':
    case 'sum':
      return (cells, base) => total(cells, base, 0);
    case 'level':
      return (cells, base) => (cells[base + at] === NEVER ? Number.NaN : cells[base + at + 1]!);
    case 'daysSince':
      return (cells, base) => (cells[base + at] === NEVER ? Number.NaN : asOf - cells[base + at]!);
    case 'tenure':
      return (cells, base) => (cells[base + at] === BEYOND ? Number.NaN : asOf - cells[base + at]!);
    case 'flag':
      return (cells, base) => {
        const begun = cells[base + at]!;
        return begun === NEVER || (until !== undefined && cells[base + until.at]! > begun) ? 0 : 1;
      };
    case 'change':
      return (cells, base) => {
        const before = total(cells, base, 1);
        return before === 0 ? Number.NaN : (total(cells, base, 0) - before) / before;
      };
    default: {
      const { family, empty = 'zero' } = feature as { readonly family: string; readonly empty?: string };
      const step = amounts ? 3 : 1;
      const y = new Float64Array(periods);
      return (cells, base) => {
        const first = cells[base + entry.at]!;
        let known = 0;
        for (let period = 0; period < periods; period++) {
          const there = asOf - period * every >= first && (empty === 'zero' || cells[base + at + step * period]! > 0);
          y[period] = there ? total(cells, base, period) : Number.NaN;
          if (there) known++;
        }
        return known < 2 ? Number.NaN : ofPeriods(family, y, known);
      };
    }
  }
}

/** `y[0]` is the newest period; those that are NaN do not count. */
function ofPeriods(family: string, y: Float64Array, known: number): number {
  let total = 0;
  let times = 0;
  for (let period = 0; period < y.length; period++)
    if (y[period] === y[period]) {
      total += y[period]!;
      times -= period;
    }
  const mean = total / known;
  if (family === 'ratioToMean') return mean === 0 ? Number.NaN : y[0]! / mean;
  const middle = times / known;
  let square = 0;
  let cross = 0;
  let spread = 0;
  for (let period = 0; period < y.length; period++)
    if (y[period] === y[period]) {
      const time = -period - middle;
      const off = y[period]! - mean;
      square += off * off;
      cross += time * off;
      spread += time * time;
    }
  if (family === 'slope') return cross / spread;
  return mean === 0 ? Number.NaN : Math.sqrt(square / (known - 1)) / Math.abs(mean);
}

/** One feature ÷ another one, row by row; null where the latter is 0. */
export function ratios(feature: Float64Array, over: Float64Array): Float64Array {
  return feature.map((value, row) => (over[row] === 0 ? Number.NaN : value / over[row]! + 0));
}
