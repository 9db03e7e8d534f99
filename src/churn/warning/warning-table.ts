import type { CategoryColumn } from '../../model/batch.ts';
import { describeSpan } from '../../value/horizon.ts';
import type { WarningList } from './warning.ts';

/** A warning list as columns, always the same ones, whatever was asked for: nulls are NaN and −1. */
export interface WarningTable {
  /** The ids; text unless all of them are numbers. */
  readonly id: Float64Array | CategoryColumn;
  readonly probability: Float64Array;
  readonly probabilityLow: Float64Array;
  readonly probabilityHigh: Float64Array;
  /** yes, no. */
  readonly borderline: CategoryColumn;
  readonly horizon: CategoryColumn;
  readonly baseRate: Float64Array;
  readonly value: Float64Array;
  readonly valueAtRisk: Float64Array;
  readonly expectedSaving: Float64Array;
  readonly expectedSpend: Float64Array;
  readonly uplift: Float64Array;
  readonly segment: CategoryColumn;
  readonly strategy: CategoryColumn;
  /** yes, no: what the strategy of the class says. */
  readonly strategyContacts: CategoryColumn;
  /** yes, no: what is followed. */
  readonly contact: CategoryColumn;
  /** yes, no: whether the expected saving overrules the strategy. */
  readonly overruled: CategoryColumn;
  /** The reasons in one text, `a; b`. */
  readonly reasons: CategoryColumn;
  readonly background: CategoryColumn;
  readonly owner: CategoryColumn;
  readonly [column: string]: Float64Array | CategoryColumn;
}

/**
 * A warning list as a table, to be written by `writeCsv` or, through `toArrow`, `writeIpc`.
 * @example writeCsvText(warningTable(list)).split('\n')[0] // 'id,probability,probabilityLow,…'
 */
export function warningTable({ rows }: Pick<WarningList, 'rows'>): WarningTable {
  const numbers = (cell: (row: WarningList['rows'][number]) => number | null | undefined): Float64Array =>
    Float64Array.from(rows, (row) => cell(row) ?? Number.NaN);
  const texts = (cell: (row: WarningList['rows'][number]) => string | null | undefined): CategoryColumn =>
    dictionary(rows.map((row) => cell(row) ?? null));
  const flags = (cell: (row: WarningList['rows'][number]) => boolean | null | undefined): CategoryColumn => ({
    codes: Int32Array.from(rows, (row) => [true, false].indexOf(cell(row) as boolean)),
    levels: ['yes', 'no'],
  });
  const numeric = rows.length > 0 && rows.every(({ id }) => typeof id === 'number');
  return {
    id: numeric ? numbers(({ id }) => Number(id)) : texts(({ id }) => String(id)),
    probability: numbers((row) => row.probability),
    probabilityLow: numbers((row) => row.interval?.low),
    probabilityHigh: numbers((row) => row.interval?.high),
    borderline: flags((row) => row.borderline),
    horizon: texts((row) => row.horizon && describeSpan(row.horizon)),
    baseRate: numbers((row) => row.baseRate),
    value: numbers((row) => row.value),
    valueAtRisk: numbers((row) => row.valueAtRisk),
    expectedSaving: numbers((row) => row.expectedSaving),
    expectedSpend: numbers((row) => row.expectedSpend),
    uplift: numbers((row) => row.uplift),
    segment: texts((row) => row.segment),
    strategy: texts((row) => row.strategy),
    strategyContacts: flags((row) => row.action?.strategy),
    contact: flags((row) => row.action?.contact),
    overruled: flags((row) => row.action?.overruled),
    reasons: texts((row) => joined(row.reasons)),
    background: texts((row) => joined(row.background)),
    owner: texts((row) => row.owner),
  };
}

const joined = (reasons: readonly string[] | undefined): string | null => (reasons?.length ? reasons.join('; ') : null);

/** Text as codes, its levels in the order in which they appear. */
function dictionary(cells: readonly (string | null)[]): CategoryColumn {
  const index = new Map<string, number>();
  const codes = Int32Array.from(cells, (cell) => {
    if (cell === null) return -1;
    const known = index.get(cell);
    if (known !== undefined) return known;
    index.set(cell, index.size);
    return index.size - 1;
  });
  return { codes, levels: [...index.keys()] };
}
