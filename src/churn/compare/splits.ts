import { rowCount } from '../../columns/batch.ts';
import { isNumeric, readCategories, readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';

/** Rows to learn from and rows to judge on. */
export interface Split {
  readonly train: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}

/**
 * How rows are parted. Seeded folds, stratified by outcome (the default: 5, seed 1), where rows with equal values in the
 * column `by` (a customer's) stay together; a fold number per row, such as the month of an as-of date; or row lists, of which
 * the tests must not meet – a temporal split is one pair.
 */
export type Validation =
  | { readonly count?: number; readonly seed?: number; readonly by?: string }
  | { readonly of: ArrayLike<number> }
  | { readonly splits: readonly Split[] };

/** The splits of a validation. */
export function splitsOf(data: Columns, actual: Float64Array, validation: Validation): readonly Split[] {
  const rows = rowCount(data);
  if ('splits' in validation) return checkedSplits(validation.splits, rows);
  const fold = 'of' in validation ? givenFolds(validation.of, rows) : stratifiedFolds(data, actual, validation);
  return [...new Set(fold)]
    .sort((a, b) => a - b)
    .map((k) => ({ train: rowsWhere(fold, (own) => own !== k), test: rowsWhere(fold, (own) => own === k) }));
}

function rowsWhere(fold: Int32Array, test: (own: number) => boolean): Int32Array {
  return Int32Array.from(fold, (_, row) => row).filter((row) => test(fold[row]!));
}

function givenFolds(of: ArrayLike<number>, rows: number): Int32Array {
  if (of.length !== rows) fail('wrong-length', `validation.of has ${of.length} rows, the data have ${rows}`);
  for (let row = 0; row < rows; row++)
    if (!Number.isInteger(of[row]!))
      fail('invalid-option', `invalid validation.of, row ${row}: ${of[row]}; use whole numbers`);
  const fold = Int32Array.from(of);
  if (new Set(fold).size < 2) fail('invalid-option', 'invalid validation.of: use at least two folds');
  return fold;
}

function checkedSplits(splits: readonly Split[], rows: number): readonly Split[] {
  if (!Array.isArray(splits) || splits.length === 0)
    fail('invalid-option', 'invalid validation.splits: list at least one');
  const tested = new Uint8Array(rows);
  splits.forEach(({ train, test }: Split, s) => {
    const at = `validation.splits[${s}]`;
    const learned = new Uint8Array(rows);
    for (const [name, list] of Object.entries({ train, test })) {
      if (list.length === 0) fail('empty-input', `${at}.${name} is empty`);
      for (let i = 0; i < list.length; i++) {
        const row = list[i]!;
        if (!(Number.isInteger(row) && row >= 0 && row < rows))
          fail('invalid-option', `invalid ${at}.${name}[${i}]: ${row}; the data have ${rows} rows`);
        if (name === 'train') learned[row] = 1;
        else if (learned[row] === 1) fail('invalid-option', `invalid ${at}: row ${row} is in train and in test`);
        else if (tested[row] === 1) fail('invalid-option', `invalid ${at}.test: row ${row} is tested twice`);
        else tested[row] = 1;
      }
    }
  });
  return splits;
}

/** Groups with an event, without one, and without any known outcome are dealt in turn, each in seeded order. */
function stratifiedFolds(
  data: Columns,
  actual: Float64Array,
  { count = 5, seed = 1, by }: { readonly count?: number; readonly seed?: number; readonly by?: string },
): Int32Array {
  if (!(Number.isInteger(count) && count >= 2))
    fail('invalid-option', `invalid validation.count: ${count}; use a whole number of at least 2`);
  const group = by === undefined ? Int32Array.from(actual, (_, row) => row) : groupsOf(data, by);
  const groups = group.reduce((most, own) => Math.max(most, own + 1), 0);
  if (groups < count) fail('empty-input', `${groups} ${by ? 'groups' : 'rows'} cannot be dealt to ${count} folds`);
  const stratum = new Int8Array(groups).fill(-1);
  actual.forEach((y, row) => {
    if (y === y) stratum[group[row]!] = Math.max(stratum[group[row]!]!, y);
  });
  const order = shuffled(groups, seededRandom(seed));
  const foldOf = new Int32Array(groups);
  let place = 0;
  for (const wanted of [1, 0, -1]) for (const own of order) if (stratum[own] === wanted) foldOf[own] = place++ % count;
  return group.map((own) => foldOf[own]!);
}

/** Groups 0, 1, … of equal values; a row without a value is one of its own. */
function groupsOf(data: Columns, by: string): Int32Array {
  const cells = isNumeric(data, by)
    ? readNumbers(data, by)
    : Float64Array.from(readCategories(data, by).codes, (code) => (code < 0 ? Number.NaN : code));
  const known = new Map<number, number>();
  let next = 0;
  return Int32Array.from(cells, (cell) => {
    const own = cell === cell ? known.get(cell) : undefined;
    if (own !== undefined) return own;
    if (cell === cell) known.set(cell, next);
    return next++;
  });
}
