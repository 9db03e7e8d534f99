import type { FeatureColumn } from './feature.ts';
import { quoted } from './quoted.ts';

/** Fewer rows of a class than this are separated by chance too easily to be worth a word. */
const LEAST = 5;

/**
 * A warning that names every feature which tells the classes apart alone and without a single error: a threshold of a
 * number (an area under the curve of 0 or 1), levels of a category, or being null. Such a feature knows the outcome.
 *
 * @param y 1, 0, or NaN for rows that take no part
 */
export function separationWarnings(features: readonly FeatureColumn[], y: Float64Array): readonly string[] {
  if (Math.min(countOf(y, 0), countOf(y, 1)) < LEAST) return [];
  const names = features.flatMap((feature) => (separates(feature, y) ? [feature.field.name] : []));
  return names.length === 0
    ? []
    : [
        `leakage: ${quoted(names)} alone ${names.length === 1 ? 'tells' : 'tell'} the two classes apart without an error; leave out what is not known before the outcome`,
      ];
}

function countOf(y: Float64Array, side: number): number {
  let count = 0;
  for (let i = 0; i < y.length; i++) if (y[i] === side) count++;
  return count;
}

function separates({ values, codes, field }: FeatureColumn, y: Float64Array): boolean {
  return codes === null ? byThreshold(values!, y) : byLevel(codes, field.levels!.length, y);
}

function byThreshold(values: Float64Array, y: Float64Array): boolean {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const most = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const nulls = [false, false];
  for (let row = 0; row < y.length; row++) {
    const side = y[row]!;
    const x = values[row]!;
    if (side !== side) continue;
    if (x !== x) nulls[side] = true;
    else {
      if (x < least[side]!) least[side] = x;
      if (x > most[side]!) most[side] = x;
    }
    // Once the classes overlap, no threshold is left.
    if (row % 256 === 255 && most[0]! >= least[1]! && most[1]! >= least[0]!) return false;
  }
  return !(nulls[0] && nulls[1]) && (most[0]! < least[1]! || most[1]! < least[0]!);
}

function byLevel(codes: Int32Array, levels: number, y: Float64Array): boolean {
  // Null is the level before the first one.
  const seen = new Uint8Array(levels + 1);
  let rows = 0;
  for (let row = 0; row < y.length; row++)
    if (y[row] === y[row]) {
      seen[codes[row]! + 1]! |= 1 << y[row]!;
      rows++;
    }
  const found = seen.reduce((count, sides) => count + (sides > 0 ? 1 : 0), 0);
  // Levels of one row each, such as an identifier's, separate anything.
  return 2 * found <= rows && !seen.includes(3);
}
