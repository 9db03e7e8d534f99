import { requireColumn } from '../columns/batch.ts';
import { matches } from '../columns/matches.ts';
import { isNumeric, readCategories, readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';

/** 1 where the column equals `value`, 0 where it differs, NaN where it is null. */
export function outcome(data: Columns, column: string, value: string | number): Float64Array {
  const yes = matches(data, { column, equals: value });
  const no = matches(data, { column, not: value });
  const y = new Float64Array(yes.length);
  for (let i = 0; i < y.length; i++) y[i] = yes[i] === 1 ? 1 : no[i] === 1 ? 0 : Number.NaN;
  return y;
}

/** As {@link outcome}; stops unless both classes are there. */
export function twoClasses(data: Columns, column: string, value: string | number): Float64Array {
  requireColumn(data, column);
  const y = outcome(data, column, value);
  if (y.length === 0) fail('empty-input', 'there are no rows to fit');
  if (!y.some((v) => v === v)) fail('all-null', `label "${column}" is null in every row`);
  if (!y.includes(1))
    fail('one-class', `label "${column}" is never ${JSON.stringify(value)}; it holds ${found(data, column)}`);
  if (!y.includes(0))
    fail('one-class', `label "${column}" is always ${JSON.stringify(value)}: both classes are needed`);
  return y;
}

function found(data: Columns, column: string): string {
  const numeric = isNumeric(data, column);
  const values = numeric ? readNumbers(data, column).filter((x) => x === x) : readCategories(data, column).levels;
  const distinct = [...new Set<string | number>(values)];
  return distinct
    .slice(0, 12)
    .map((v) => JSON.stringify(v))
    .concat(distinct.length > 12 ? ['…'] : [])
    .join(', ');
}
