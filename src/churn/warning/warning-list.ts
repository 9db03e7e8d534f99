import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { sum } from '../../numerics/sum.ts';
import { type CampaignTerms, campaignProfit, perCustomer } from '../profit/campaign-profit.ts';
import { checkProbabilities, labelReader, type WarningColumns } from './columns.ts';
import { checkCuts, holdsCut } from './straddling.ts';
import { actionOf, type Warning, type WarningAction, type WarningCampaign, type WarningList } from './warning.ts';

export type { Labels, WarningColumns } from './columns.ts';
export type { Warning, WarningAction, WarningCampaign, WarningList } from './warning.ts';

const ORDERS = ['expectedSaving', 'valueAtRisk', 'probability'] as const;

export interface WarningOptions {
  /** At most this many rows: what the team can handle. */
  readonly top?: number;
  /** Only rows with at least this probability. */
  readonly minimumProbability?: number;
  /** Only rows with at least this value at risk. */
  readonly minimumValueAtRisk?: number;
  /** What a contact offers and costs; the value is the column. Gives every row its expected saving. */
  readonly campaign?: Omit<CampaignTerms, 'value'>;
  /** Only rows whose expected saving is above 0. */
  readonly onlyProfitable?: boolean;
  /**
   * Probabilities at which customers change sides, as 1 − the loyalty cut of the classes: whoever's interval holds one is
   * marked borderline.
   */
  readonly cuts?: readonly number[];
  /** Order, highest first. Default: `expectedSaving` with a campaign, else `valueAtRisk` with a value, else `probability`. */
  readonly by?: (typeof ORDERS)[number];
}

/**
 * The customers to act on, with what an account manager needs beside the probability: its interval, horizon and base rate,
 * value at risk, expected saving, segment, strategy, reasons and owner (S81). Cut by capacity (`top`), by profit
 * (`onlyProfitable`) or both. Equal ranks go by id (numbers by size, text by its code units), then by row.
 *
 * The expected saving is that of `campaignProfit`. What the class strategy says holds unless the saving says otherwise, and
 * then `action.overruled` tells.
 *
 * Risk is not persuadability: who is likely to leave need not be who an offer keeps. Without `campaign.uplift`, from a model
 * fitted on a campaign with a hold-out, `uplift` is null and the saving rests on the assumed acceptance.
 *
 * @throws wrong-length for columns of different length; invalid-option; invalid-value for a probability or a share outside
 *   [0, 1], an interval that does not hold its probability, a negative cost.
 * @example
 * warningList({ ids: ['a', 'b'], probability: [0.9, 0.5], value: [10, 100] }, { top: 1 }).rows[0]?.id // 'b'
 * @example
 * const columns = { ids: ['a', 'b'], probability: [0.9, 0.5], value: [10, 100] };
 * warningList(columns, { campaign: { offerCost: 10, acceptance: 0.3 }, onlyProfitable: true }).rows[0]?.expectedSaving // 8.5
 */
export function warningList(columns: WarningColumns, options: WarningOptions = {}): WarningList {
  knownOptions(options, 'warningList', 'top minimumProbability minimumValueAtRisk campaign onlyProfitable cuts by');
  const { probability, value, interval, baseRate } = columns;
  const { top = Number.POSITIVE_INFINITY, minimumProbability = 0, minimumValueAtRisk, campaign, cuts } = options;
  const onlyProfitable = options.onlyProfitable ?? false;
  const by = options.by ?? (campaign ? 'expectedSaving' : value ? 'valueAtRisk' : 'probability');
  checkOptions(columns, options, by);

  const rows = probability.length;
  const idOf = labelReader(columns.ids, rows, 'ids');
  const segmentOf = labelReader(columns.segment, rows, 'segment');
  const strategyOf = labelReader(columns.strategy, rows, 'strategy');
  const ownerOf = labelReader(columns.owner, rows, 'owner');
  const listOf = (name: 'reasons' | 'background') =>
    (columns[name] ?? []).map((labels, r) => labelReader(labels, rows, `${name}[${r}]`));
  const [reasonOf, backgroundOf] = [listOf('reasons'), listOf('background')];
  const advice = columns.strategyContacts;
  for (const [name, column] of Object.entries({ value, strategyContacts: advice }))
    if (column && column.length !== rows)
      fail('wrong-length', `${name} has ${column.length} rows, probability has ${rows}`);
  checkProbabilities(columns);
  const money = campaign && campaignProfit(probability, { ...campaign, value: value! });
  const upliftOf = campaign?.uplift === undefined ? null : perCustomer(campaign.uplift, rows, 'uplift', -1, 1);

  const intervalAt = (row: number): NonNullable<Warning['interval']> | null => {
    const low = orNull(interval?.low[row]);
    const high = orNull(interval?.high[row]);
    return low === null || high === null ? null : { low, high };
  };
  const isBorderline = (row: number): boolean | null => {
    const own = intervalAt(row);
    return own ? holdsCut(own.low, own.high, cuts!) : null;
  };
  const actionAt = (row: number): WarningAction | null =>
    actionOf(advice?.[row] ?? null, money ? orNull(money.profit[row]) : null);

  const rank = (row: number): number =>
    by === 'expectedSaving' ? money!.profit[row]! : probability[row]! * (by === 'valueAtRisk' ? value![row]! : 1);
  const candidates: { readonly row: number; readonly id: string | number; readonly rank: number }[] = [];
  let leftOut = 0;
  let borderline = 0;
  let worthIt = 0;
  const overruled = { contacted: 0, spared: 0 };
  for (let row = 0; row < rows; row++) {
    const p = probability[row]!;
    const id = idOf(row);
    const atRisk = value ? p * value[row]! : Number.NaN;
    const saving = money ? money.profit[row]! : Number.NaN;
    const unknown =
      Number.isNaN(rank(row)) ||
      (minimumValueAtRisk !== undefined && atRisk !== atRisk) ||
      (onlyProfitable && saving !== saving);
    if (p !== p || id === null || unknown) {
      leftOut++;
      continue;
    }
    if (saving > 0) worthIt++;
    const action = actionAt(row);
    if (action?.overruled) overruled[action.contact ? 'contacted' : 'spared']++;
    if (p < minimumProbability || (minimumValueAtRisk !== undefined && atRisk < minimumValueAtRisk)) continue;
    if (onlyProfitable && !(saving > 0)) continue;
    if (cuts && isBorderline(row)) borderline++;
    candidates.push({ row, id, rank: rank(row) });
  }
  candidates.sort((a, b) => b.rank - a.rank || compareIds(a.id, b.id) || a.row - b.row);

  const listed = candidates.slice(0, top).map(({ row, id }): Warning => {
    const p = probability[row]!;
    const worth = value ? orNull(value[row]) : null;
    return {
      id,
      probability: p,
      ...(interval ? { interval: intervalAt(row) } : {}),
      ...(cuts ? { borderline: isBorderline(row) } : {}),
      ...(columns.horizon === undefined ? {} : { horizon: columns.horizon }),
      baseRate: baseRate ?? null,
      value: worth,
      valueAtRisk: worth === null ? null : p * worth,
      ...(money
        ? {
            expectedSaving: orNull(money.profit[row]),
            expectedSpend: orNull(money.spend[row]),
            uplift: upliftOf ? orNull(upliftOf(row)) : null,
          }
        : {}),
      segment: textOf(segmentOf(row)),
      strategy: textOf(strategyOf(row)),
      ...(money || advice ? { action: actionAt(row) } : {}),
      reasons: reasonOf.flatMap((of) => textOf(of(row)) ?? []),
      ...(columns.background ? { background: backgroundOf.flatMap((of) => textOf(of(row)) ?? []) } : {}),
      ...(columns.owner ? { owner: textOf(ownerOf(row)) } : {}),
    };
  });
  const total = (key: 'expectedSaving' | 'expectedSpend') =>
    sum(Float64Array.from(listed, (row) => row[key] ?? Number.NaN));
  const outcome: WarningCampaign | null = campaign
    ? {
        basis: upliftOf ? 'uplift' : 'acceptance',
        expectedSaving: total('expectedSaving'),
        expectedSpend: total('expectedSpend'),
        worthIt,
        overruled,
      }
    : null;
  return {
    rows: listed,
    eligible: candidates.length,
    leftOut,
    ...(cuts ? { borderline } : {}),
    ...(outcome ? { campaign: outcome } : {}),
  };
}

function checkOptions(
  { value, interval, baseRate }: WarningColumns,
  { top, minimumProbability = 0, minimumValueAtRisk, campaign, onlyProfitable = false, cuts }: WarningOptions,
  by: NonNullable<WarningOptions['by']>,
): void {
  if (!ORDERS.includes(by))
    fail('invalid-option', `invalid by: ${by}; use "expectedSaving", "valueAtRisk" or "probability"`);
  if (top !== undefined && top !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(top) && top >= 0))
    fail('invalid-option', `invalid top: ${top}; use a whole number`);
  for (const [name, share] of Object.entries({ minimumProbability, baseRate }))
    if (share !== undefined && !(share >= 0 && share <= 1))
      fail('invalid-option', `invalid ${name}: ${share}; use [0, 1]`);
  if (minimumValueAtRisk !== undefined && !Number.isFinite(minimumValueAtRisk))
    fail('invalid-option', `invalid minimumValueAtRisk: ${minimumValueAtRisk}`);
  if (typeof onlyProfitable !== 'boolean')
    fail('invalid-option', `invalid onlyProfitable: ${String(onlyProfitable)}; use true or false`);
  if (!campaign && (onlyProfitable || by === 'expectedSaving'))
    fail('invalid-option', 'ranking or cutting by expected saving needs the option "campaign"');
  if (!value && (campaign || by === 'valueAtRisk' || minimumValueAtRisk !== undefined))
    fail('invalid-option', 'ranking or cutting by value at risk, and a campaign, need the column "value"');
  if (cuts) checkCuts(cuts);
  if (cuts && !interval) fail('invalid-option', 'the option "cuts" needs the column "interval"');
}

const textOf = (cell: string | number | null): string | null => (cell === null ? null : String(cell));

const orNull = (cell: number | undefined): number | null => (cell === undefined || cell !== cell ? null : cell);

/** Numbers by size before text by its code units. */
function compareIds(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
