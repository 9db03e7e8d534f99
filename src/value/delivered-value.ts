import { readNumbers, rowCount } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';

/** What the customer gets, as scores or money on one scale with the costs. */
export interface PerceivedValue {
  readonly product: PlainColumn;
  readonly service: PlainColumn;
  readonly personnel: PlainColumn;
  readonly image: PlainColumn;
}

/** What the customer gives. */
export interface PerceivedCost {
  readonly money: PlainColumn;
  readonly time: PlainColumn;
  readonly energy: PlainColumn;
  /** Default: left out. */
  readonly psychic?: PlainColumn;
}

/** One cell per customer; NaN is null. */
export interface DeliveredValue {
  readonly totalValue: Float64Array;
  readonly totalCost: Float64Array;
  /** totalValue − totalCost. */
  readonly delivered: Float64Array;
  /** totalValue / totalCost; null for a cost of 0. */
  readonly ratio: Float64Array;
  /** Customers whose delivered value is null. */
  readonly nulls: number;
}

const VALUES: readonly string[] = ['product', 'service', 'personnel', 'image'];
const COSTS: readonly string[] = ['money', 'time', 'energy', 'psychic'];

/**
 * Delivered customer value (S12; Kotler 1994): product, service, personnel and image value less money, time, energy and
 * psychic cost, and the ratio of the two totals, per customer.
 *
 * @param options.missing a null dimension makes its total null (`'null'`, default) or counts as 0 (`'zero'`; a total of
 *   nothing but nulls stays null).
 * @throws ClienteleError `unknown-column` for a missing or unknown dimension; `wrong-length`; `wrong-type`.
 * @example
 * deliveredValue(
 *   { product: [50], service: [20], personnel: [8], image: [12] },
 *   { money: [40], time: [5], energy: [6], psychic: [3] },
 * ).delivered // [36]
 */
export function deliveredValue(
  value: PerceivedValue,
  cost: PerceivedCost,
  options: { readonly missing?: 'null' | 'zero' } = {},
): DeliveredValue {
  const { missing = 'null' } = knownOptions(options, 'deliveredValue', 'missing');
  if (missing !== 'null' && missing !== 'zero')
    fail('invalid-option', `invalid missing: ${missing}; use "null" or "zero"`);
  const values = dimensions({ ...value }, VALUES, VALUES);
  const costs = dimensions({ ...cost }, COSTS.slice(0, 3), COSTS);
  const rows = rowCount({ ...values, ...costs });
  const totalValue = total(values, rows, missing);
  const totalCost = total(costs, rows, missing);
  const delivered = totalValue.map((x, row) => x - totalCost[row]!);
  return {
    totalValue,
    totalCost,
    delivered,
    ratio: totalValue.map((x, row) => (totalCost[row] === 0 ? Number.NaN : x / totalCost[row]!)),
    nulls: delivered.reduce((n, x) => n + (x === x ? 0 : 1), 0),
  };
}

type Dimensions = { readonly [name: string]: PlainColumn };

function dimensions(
  given: { readonly [name: string]: PlainColumn | undefined },
  needed: readonly string[],
  known: readonly string[],
): Dimensions {
  const columns: { [name: string]: PlainColumn } = {};
  for (const [name, column] of Object.entries(given)) {
    if (!known.includes(name)) fail('unknown-column', `unknown dimension "${name}": known are ${known.join(', ')}`);
    if (column !== undefined) columns[name] = column;
  }
  for (const name of needed)
    if (!Object.hasOwn(columns, name))
      fail('unknown-column', `missing dimension "${name}": needed are ${needed.join(', ')}`);
  return columns;
}

function total(columns: Dimensions, rows: number, missing: 'null' | 'zero'): Float64Array {
  const out = new Float64Array(rows);
  const known = new Int32Array(rows);
  const names = Object.keys(columns);
  for (const name of names)
    readNumbers(columns, name).forEach((x, row) => {
      if (x !== x) return;
      out[row]! += x;
      known[row]!++;
    });
  const enough = missing === 'null' ? names.length : 1;
  for (let row = 0; row < rows; row++) if (known[row]! < enough) out[row] = Number.NaN;
  return out;
}
