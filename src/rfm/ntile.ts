import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { ascendingRows } from '../numerics/rank.ts';

export interface NtileOptions {
  readonly tiles: number;
  /** `true`: the largest values come first, in tile 1, as days since the last purchase do. */
  readonly descending?: boolean;
  /** Orders rows of equal value, ascending, such as the customer id. Default: row order. */
  readonly key?: ArrayLike<number>;
  /** Tiles are made within each value of this column, such as the tiles of an earlier measure. */
  readonly within?: ArrayLike<number>;
}

/**
 * SQL's NTILE: rows ordered by value and parted into tiles 1 … n of equal size, the first (rows mod n) tiles holding
 * one more. Customers with equal values may land in different tiles, so this is an analysis of one table and not a
 * model; `rfm` gives equal values equal scores. NaN gives NaN and takes no part.
 * @throws ClienteleError `invalid-option`, `wrong-length`.
 * @example ntile([10, 20, 20, 40], { tiles: 3 }) // [1, 1, 2, 3]
 */
export function ntile(values: ArrayLike<number>, options: NtileOptions): Float64Array {
  const { tiles, descending = false, key, within } = knownOptions(options, 'ntile', 'tiles descending key within');
  if (!(Number.isInteger(tiles) && tiles >= 1)) fail('invalid-option', `tiles: expected a whole number, got ${tiles}`);
  for (const [name, column] of [['key', key] as const, ['within', within] as const])
    if (column && column.length !== values.length)
      fail('wrong-length', `${name} has ${column.length} rows, the values have ${values.length}`);
  const ordered = descending ? Float64Array.from(values, (x) => -x) : values;
  const groups = new Map<number, number[]>();
  for (const row of ascendingRows(ordered, key)) {
    const group = within ? within[row]! : 0;
    const rows = groups.get(group);
    if (rows) rows.push(row);
    else groups.set(group, [row]);
  }
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (const rows of groups.values()) {
    const small = Math.floor(rows.length / tiles);
    const large = (small + 1) * (rows.length % tiles);
    rows.forEach((row, at) => {
      out[row] =
        at < large ? Math.floor(at / (small + 1)) + 1 : (rows.length % tiles) + Math.floor((at - large) / small) + 1;
    });
  }
  return out;
}
