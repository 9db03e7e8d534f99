import { rowCount } from '../../columns/batch.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { byFold, type Folds, type Known, type Parted, partRows, type Split } from '../../validation/folds.ts';

/**
 * How rows are parted: by the rules of {@link Folds}; by a fold number per row; or by row lists, of which the tests must not
 * meet.
 */
export type Validation = Folds | { readonly of: ArrayLike<number> } | { readonly splits: readonly Split[] };

/** The splits of a validation. */
export function partedBy(data: Columns, validation: Validation | undefined, known: Known): Parted {
  if (validation && 'splits' in validation) {
    const splits = checkedSplits(validation.splits, rowCount(data));
    return { splits, rule: 'given', titles: splits.map((_, k) => `split ${k + 1} of ${splits.length}`), warnings: [] };
  }
  if (validation && 'of' in validation) return { ...byFold(givenFolds(validation.of, rowCount(data))), rule: 'given' };
  return partRows(data, validation, known, 'validation');
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
