import { readCategories, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';

/** Customers gained in a window, one row each time one is gained. */
export interface Gains {
  /** Whom they bought from before; null: nobody, or unknown. */
  readonly previousSupplier: PlainColumn;
  /** Whether they had been ours before: a flag of 0 and 1. Default: nobody had. */
  readonly returning?: PlainColumn;
}

export interface SupplierGain {
  /** null: no previous supplier known. */
  readonly supplier: string | null;
  /** Gained for the first time. */
  readonly acquired: number;
  /** Ours before, gone, and gained again. */
  readonly wonBack: number;
  readonly total: number;
  /** Of all gains; null without a gain. */
  readonly share: number | null;
}

export interface AcquisitionSummary {
  /** The most gains first, equal ones by name; the unknown supplier last. */
  readonly suppliers: readonly SupplierGain[];
  readonly acquired: number;
  readonly wonBack: number;
  readonly total: number;
  /** Rows left out because it is unknown whether they are returning. */
  readonly nulls: number;
}

/**
 * Acquisitions and win-backs by previous supplier (S72): from whom customers come, and whether for the first time.
 * @throws invalid-value for a flag that is neither 0 nor 1; wrong-length.
 * @example
 * acquisitionBySupplier({ previousSupplier: ['Rival', 'Rival', null], returning: [false, true, false] }).suppliers[0]
 * // { supplier: 'Rival', acquired: 1, wonBack: 1, total: 2, share: 0.6666666666666666 }
 */
export function acquisitionBySupplier({ previousSupplier, returning }: Gains): AcquisitionSummary {
  const { codes, levels } = readCategories({ previousSupplier }, 'previousSupplier');
  const back = returning ? readNumbers({ returning }, 'returning') : new Float64Array(codes.length);
  if (back.length !== codes.length)
    fail('wrong-length', `returning has ${back.length} rows, previousSupplier has ${codes.length}`);
  const counts = [...levels, null].map(() => [0, 0]);
  let nulls = 0;
  codes.forEach((code, row) => {
    const flag = back[row]!;
    if (flag !== flag) nulls++;
    else if (flag === 0 || flag === 1) counts[code < 0 ? levels.length : code]![flag]!++;
    else fail('invalid-value', `returning, row ${row}: ${flag} is neither 0 nor 1`);
  });
  const total = codes.length - nulls;
  const suppliers = counts.map(([acquired, wonBack], s): SupplierGain => {
    const own = acquired! + wonBack!;
    return {
      supplier: levels[s] ?? null,
      acquired: acquired!,
      wonBack: wonBack!,
      total: own,
      share: total === 0 ? null : own / total,
    };
  });
  const unknown = suppliers.pop()!;
  suppliers.sort((a, b) => b.total - a.total || (a.supplier! < b.supplier! ? -1 : 1));
  return {
    suppliers: unknown.total > 0 ? [...suppliers, unknown] : suppliers,
    acquired: counts.reduce((n, [acquired]) => n + acquired!, 0),
    wonBack: counts.reduce((n, [, wonBack]) => n + wonBack!, 0),
    total,
    nulls,
  };
}
