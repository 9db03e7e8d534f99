import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { When } from '../model/when.ts';
import { columnKind, readCategories, readNumbers } from './whole.ts';

/**
 * 1 where the condition holds, 0 where it does not, per row. A null cell holds neither `equals` nor `not`. Number columns
 * compare as numbers; booleans also as `'true'` and `'false'`, dates also as `yyyy-mm-dd`; categories as text.
 * @example matches({ Churn: ['Yes', 'No', null] }, { column: 'Churn', not: 'No' }) // Uint8Array [1, 0, 0]
 */
export function matches(batch: Columns, when: When): Uint8Array {
  const { column } = when;
  const wanted = 'equals' in when;
  const list = [wanted ? when.equals : when.not].flat() as readonly (string | number)[];
  const numbers = new Set(list.map(toNumber));
  if (comparesNumbers(batch, column, list)) {
    if (numbers.has(Number.NaN)) {
      const odd = list.find((value) => Number.isNaN(toNumber(value)));
      fail('wrong-type', `column "${column}" holds numbers; ${JSON.stringify(odd)} is not one`);
    }
    return hits(readNumbers(batch, column), (value) => value === value && numbers.has(value) === wanted);
  }
  const { codes, levels } = readCategories(batch, column);
  const texts = new Set(list.map(String));
  const hit = levels.map((level) => texts.has(level) === wanted);
  return hits(codes, (code) => code >= 0 && hit[code]!);
}

/** Whether conditions with these values compare the column's numbers (else its text). */
export function comparesNumbers(batch: Columns, column: string, values: readonly (string | number)[]): boolean {
  const kind = columnKind(batch, column);
  return kind === 'number' || (kind !== 'category' && !values.some((value) => Number.isNaN(toNumber(value))));
}

function toNumber(value: string | number): number {
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

function hits(cells: Float64Array | Int32Array, test: (cell: number) => boolean): Uint8Array {
  const out = new Uint8Array(cells.length);
  for (let row = 0; row < out.length; row++) out[row] = test(cells[row]!) ? 1 : 0;
  return out;
}
