import * as flechette from '@uwdata/flechette';
import * as arrow from 'apache-arrow';
import * as arrow17 from 'apache-arrow-17';
import type { ClienteleError } from '../errors.ts';
import type { ArrowLike } from '../model/batch.ts';

export const FIELDS: readonly [
  { readonly name: 'churn'; readonly type: 'number' },
  { readonly name: 'tier'; readonly type: 'category'; readonly levels: readonly string[] },
] = [
  { name: 'churn', type: 'number' },
  { name: 'tier', type: 'category', levels: ['gold', 'silver', '客户'] },
];

export function scored(
  rows: number,
  shift = 0,
): { churn: Float64Array; tier: { codes: Int32Array; levels: readonly string[] } } {
  return {
    churn: Float64Array.from({ length: rows }, (_, i) => ((i + shift) % 5 === 0 ? Number.NaN : (i + shift) / 100)),
    tier: { codes: Int32Array.from({ length: rows }, (_, i) => ((i + shift) % 4) - 1), levels: FIELDS[1].levels },
  };
}

export function rowsOf(batch: ArrowLike, name: string): unknown[] {
  const column = batch.getChild(name) as unknown as { length: number; get(i: number): unknown };
  return Array.from({ length: column.length }, (_, i) => column.get(i) ?? null);
}

export function expected(rows: number, name: 'churn' | 'tier', shift = 0): unknown[] {
  const { churn, tier } = scored(rows, shift);
  return name === 'churn'
    ? Array.from(churn, (value) => (Number.isNaN(value) ? null : value))
    : Array.from(tier.codes, (code) => (code < 0 ? null : tier.levels[code]));
}

/** Every reader that clientele's users may have. */
export const READERS: readonly (readonly [string, (bytes: Uint8Array) => ArrowLike])[] = [
  ['apache-arrow 21', (bytes) => arrow.tableFromIPC(bytes)],
  ['apache-arrow 17', (bytes) => arrow17.tableFromIPC(bytes) as unknown as ArrowLike],
  ['flechette', (bytes) => flechette.tableFromIPC(bytes) as unknown as ArrowLike],
];

export function stream(batches: readonly ArrowLike[]): Uint8Array {
  const writer = new arrow.RecordBatchStreamWriter();
  for (const batch of batches) writer.write(batch as arrow.RecordBatch);
  return writer.finish().toUint8Array(true);
}

/** The code of the error that is thrown. */
export function code(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as ClienteleError).code;
  }
}
