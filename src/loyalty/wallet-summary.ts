import { readCategories, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, PlainColumn } from '../model/batch.ts';
import { mean, sum } from '../numerics/sum.ts';

/** Columns of customers, or of customers × periods: spend with us and spend in the category over the same window. */
export interface WalletColumns {
  readonly own: PlainColumn;
  readonly category: PlainColumn;
}

/** Share of wallet of a group. Rows without a usable share are left out of all figures and counted. */
export interface WalletPart {
  /** Customers with 0 ≤ own ≤ category and category > 0. */
  readonly customers: number;
  /** Σ own. */
  readonly own: number;
  /** Σ category. */
  readonly category: number;
  /** Σ own ÷ Σ category: the share of wallet of the group. null without customers. */
  readonly ratioOfSums: number | null;
  /** Mean of own ÷ category: that of the average customer. null without customers. */
  readonly meanOfRatios: number | null;
  /** Σ category − Σ own. */
  readonly headroom: number;
  /** Left out: own above category, an error of the data. */
  readonly ownAboveCategory: number;
  /** Left out: category 0. */
  readonly zeroBase: number;
  /** Left out: a null, or an amount below 0. */
  readonly unusable: number;
}

export interface WalletGroup extends WalletPart {
  /** null: the rows without a group, listed when there are any. */
  readonly group: string | null;
}

export interface WalletSummary extends WalletPart {
  readonly groups: readonly WalletGroup[];
}

/**
 * Share of wallet of all customers and by group, as the ratio of sums and as the mean of ratios, with the headroom (S62).
 * @throws wrong-length; wrong-type.
 * @example
 * const { ratioOfSums, meanOfRatios } = walletSummary({ own: [60, 10], category: [100, 300] });
 * ratioOfSums // 0.175 = 70/400
 * meanOfRatios // 0.31666666666666665
 */
export function walletSummary(columns: WalletColumns, groups?: PlainColumn): WalletSummary {
  const { own, category } = walletNumbers(columns);
  const all = walletPart(own, category);
  if (groups === undefined) return { ...all, groups: [] };
  const column = sameRows(readCategories({ groups }, 'groups'), 'groups', own.length);
  const parts = rowsByGroup(column).map(({ group, rows }) => ({ group, ...walletPart(own, category, rows) }));
  return { ...all, groups: parts };
}

export interface MarketTotals {
  /** Periods in their order. */
  readonly period: readonly (string | number)[];
  /** Size of the market, money or units like `own`; null where unknown. */
  readonly total: readonly (number | null)[];
}

/** One period of {@link marketAndWalletShare}. */
export interface PeriodShares extends WalletPart {
  readonly period: string;
  /** Sales of the firm: Σ own over all rows of the period, those without a known category too. */
  readonly firm: number;
  readonly market: number | null;
  /** firm ÷ market; null when the market is unknown or 0. Above 1 the market is understated. */
  readonly marketShare: number | null;
}

/**
 * Market share beside share of wallet, period by period (S63): acquisition moves the first, loyalty the second. Rows are
 * customers × periods. Periods come in the order of `market`.
 * @throws invalid-value for a period of the rows that `market` does not list, and for one it lists twice; wrong-length.
 * @example
 * marketAndWalletShare({ period: ['Q1', 'Q1'], own: [60, 10], category: [100, 300] }, { period: ['Q1'], total: [1000] })[0]
 *   .marketShare // 0.07
 */
export function marketAndWalletShare(
  columns: WalletColumns & { readonly period: PlainColumn },
  market: MarketTotals,
): readonly PeriodShares[] {
  const { own, category } = walletNumbers(columns);
  const found = sameRows(readCategories({ period: columns.period }, 'period'), 'period', own.length);
  const periods = market.period.map(String);
  if (periods.length !== market.total.length)
    fail('wrong-length', `market has ${periods.length} periods and ${market.total.length} totals`);
  if (new Set(periods).size < periods.length) fail('invalid-value', 'market.period: a period is repeated');
  const groups = rowsByGroup(found);
  const strange = groups.find(({ group, rows }) => rows.length > 0 && !periods.includes(group ?? ''));
  if (strange)
    fail('invalid-value', `period ${JSON.stringify(strange.group)} is not among market.period: ${periods.join(', ')}`);
  return periods.map((period, p): PeriodShares => {
    const rows = groups.find(({ group }) => group === period)?.rows ?? [];
    const firm = sum(rows.map((row) => own[row]!));
    const total = market.total[p]!;
    if (total !== null && !(total >= 0 && Number.isFinite(total)))
      fail('invalid-value', `market.total of ${period}: ${total}; use a finite number of at least 0, or null`);
    const marketShare = total === null || total === 0 ? null : firm / total;
    return { period, ...walletPart(own, category, rows), firm, market: total, marketShare };
  });
}

function walletNumbers({ own, category }: WalletColumns): {
  readonly own: Float64Array;
  readonly category: Float64Array;
} {
  const columns = { own: readNumbers({ own }, 'own'), category: readNumbers({ category }, 'category') };
  if (columns.own.length !== columns.category.length)
    fail('wrong-length', `category has ${columns.category.length} rows, own has ${columns.own.length}`);
  return columns;
}

function sameRows(column: CategoryColumn, name: string, rows: number): CategoryColumn {
  return column.codes.length === rows
    ? column
    : fail('wrong-length', `${name} has ${column.codes.length} rows, own has ${rows}`);
}

/** The rows of every level, and of null when there are any. */
function rowsByGroup({ codes, levels }: CategoryColumn): { readonly group: string | null; readonly rows: number[] }[] {
  const groups = [...levels, null].map((group) => ({ group, rows: [] as number[] }));
  codes.forEach((code, row) => {
    groups[code < 0 ? levels.length : code]!.rows.push(row);
  });
  return groups.filter(({ group, rows }) => group !== null || rows.length > 0);
}

function walletPart(own: Float64Array, category: Float64Array, rows?: readonly number[]): WalletPart {
  const [spent, total, ratios]: [number[], number[], number[]] = [[], [], []];
  let [ownAboveCategory, zeroBase, unusable] = [0, 0, 0];
  const n = rows?.length ?? own.length;
  for (let k = 0; k < n; k++) {
    const row = rows === undefined ? k : rows[k]!;
    const x = own[row]!;
    const c = category[row]!;
    if (!(x >= 0 && c >= 0)) unusable++;
    else if (c === 0) zeroBase++;
    else if (x > c) ownAboveCategory++;
    else {
      spent.push(x);
      total.push(c);
      ratios.push(x / c);
    }
  }
  const [ownSum, categorySum] = [sum(spent), sum(total)];
  const customers = ratios.length;
  return {
    customers,
    own: ownSum,
    category: categorySum,
    ratioOfSums: customers === 0 ? null : ownSum / categorySum,
    meanOfRatios: customers === 0 ? null : mean(ratios),
    headroom: categorySum - ownSum,
    ownAboveCategory,
    zeroBase,
    unusable,
  };
}
