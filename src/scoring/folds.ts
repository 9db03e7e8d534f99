import { isNumeric, readCategories, readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { seededRandom, shuffled } from '../numerics/random.ts';

/** How rows are dealt to folds. `by`: rows with equal values in this column (a customer's) stay in one fold. */
export type Folds =
  | { readonly count: number; readonly seed: number; readonly by?: string }
  /** Row number modulo `count`: for comparing with published figures. */
  | { readonly count: number; readonly rule: 'row-modulo' };

/** The fold of every row. */
export function assignFolds(data: Columns, rows: number, folds: Folds): Int32Array {
  const { count } = folds;
  if (!Number.isInteger(count) || count < 2)
    fail('invalid-option', `invalid folds.count: ${count}; use a whole number of at least 2`);
  if ('rule' in folds) return Int32Array.from({ length: rows }, (_, row) => row % count);
  const groups = folds.by === undefined ? undefined : groupsOf(data, folds.by);
  const size = groups ? groups.count : rows;
  if (size < count)
    fail(
      'empty-input',
      `${size} ${groups ? 'groups' : 'rows'} cannot be dealt to ${count} folds: lower folds.count or bring more data`,
    );
  const order = shuffled(size, seededRandom(folds.seed));
  const foldOf = new Int32Array(size);
  order.forEach((item, place) => {
    foldOf[item] = place % count;
  });
  return groups ? Int32Array.from(groups.of, (group) => foldOf[group]!) : foldOf;
}

function groupsOf(data: Columns, by: string): { readonly of: Int32Array; readonly count: number } {
  const of = new Int32Array(isNumeric(data, by) ? numberGroups(readNumbers(data, by)) : readCategories(data, by).codes);
  let count = 0;
  for (const group of of) count = Math.max(count, group + 1);
  // A row without a customer is a group of its own.
  for (let row = 0; row < of.length; row++) if (of[row]! < 0) of[row] = count++;
  return { of, count };
}

function numberGroups(values: Float64Array): Int32Array {
  const index = new Map<number, number>();
  return Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1;
    const known = index.get(value);
    if (known !== undefined) return known;
    index.set(value, index.size);
    return index.size - 1;
  });
}
