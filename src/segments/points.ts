import { readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import { checked, oneOf } from '../model/checks.ts';
import { list, names } from '../model/options.ts';
import { fitStandard, type Standard, type StandardKind } from '../weighting/index.ts';

/** Complete rows of number columns as points, each column standardised; `standardise: 'none'` leaves the units in. */
export interface Points {
  /** Row-major, `count × dimensions`. */
  readonly values: Float64Array;
  readonly count: number;
  readonly dimensions: number;
  /** Row of the data that each point came from. */
  readonly rows: Int32Array;
  readonly standards: readonly Standard[];
  readonly warnings: readonly string[];
}

export type PointScale = StandardKind | 'none';

const scale = oneOf('none', 'z-sample', 'z-population', 'min-max', 'robust-z', 'sum', 'vector', 'max');

/** Stops unless points can be made by these options. */
export function checkPoints(columns: readonly string[], standardise: PointScale): void {
  list(columns, 'columns').forEach((column, c) => {
    names({ [`columns[${c}]`]: column });
  });
  if (columns.length === 0 || new Set(columns).size < columns.length)
    fail('invalid-option', `columns: name at least one column, each once; got ${columns.join(', ')}`);
  checked<PointScale>('invalid-option', scale, standardise, 'standardise');
}

/** The complete rows as points. */
export function readPoints(data: Columns, columns: readonly string[], standardise: PointScale): Points {
  checkPoints(columns, standardise);
  const read = columns.map((column) => readNumbers(data, column));
  const rows = Int32Array.from(read[0]!.keys()).filter((row) => read.every((column) => !Number.isNaN(column[row]!)));
  if (rows.length === 0) fail('all-null', `no row has ${columns.map((c) => `"${c}"`).join(', ')} all given`);
  const kept = read.map((column) => Float64Array.from(rows, (row) => column[row]!));
  const standards = kept.map(
    (column, c): Standard =>
      standardise === 'none'
        ? { kind: 'max', centre: 0, spread: 1 }
        : fitStandard(column, standardise, false, columns[c]),
  );
  const dimensions = columns.length;
  const values = new Float64Array(rows.length * dimensions);
  kept.forEach((column, c) => {
    const { centre, spread } = standards[c]!;
    if (spread !== 0)
      column.forEach((x, i) => {
        values[i * dimensions + c] = (x - centre) / spread;
      });
  });
  const left = read[0]!.length - rows.length;
  return {
    values,
    count: rows.length,
    dimensions,
    rows,
    standards,
    warnings: [
      ...(left > 0 ? [`${left} of ${read[0]!.length} rows have a null and took no part`] : []),
      ...columns
        .filter((_, c) => standards[c]!.spread === 0)
        .map((column) => `"${column}" is constant: it parts nobody`),
    ],
  };
}

/** Squared Euclidean distance of two points. */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, dimensions: number): number {
  let sum = 0;
  for (let c = 0; c < dimensions; c++) {
    const difference = a[i * dimensions + c]! - b[j * dimensions + c]!;
    sum += difference * difference;
  }
  return sum;
}
