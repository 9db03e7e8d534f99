import type { PlainColumn } from '../model/batch.ts';
import { numbersOf } from './group-by.ts';

/**
 * Net contribution of each customer: value − cost to serve, as a basis for tiers and segments beside value itself.
 * Negative where serving costs more than it brings; NaN where either is null.
 * @throws ClienteleError `wrong-length`; `wrong-type`.
 * @example netContribution([100, 90], [80, 10]) // [20, 80]
 */
export function netContribution(value: PlainColumn, costToServe: PlainColumn): Float64Array {
  const values = numbersOf(value, 'value');
  const costs = numbersOf(costToServe, 'costToServe', values.length);
  return values.map((own, row) => own - costs[row]!);
}
