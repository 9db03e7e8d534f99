import type { BudgetSummary, Summary } from '../job/index.ts';
import { decimal, money, percent, range, textTable } from './text-table.ts';

type Row = Summary['warnings'][number];

/** A column of the warning list that is printed when it is there. */
interface Column {
  readonly head: string;
  readonly of: (row: Row) => string | number | null;
  readonly when?: keyof Row;
}

const COLUMNS: readonly Column[] = [
  { head: 'id', of: (row) => row.id },
  { head: 'p', of: (row) => decimal(row.probability) },
  { head: 'interval', of: (row) => range(row.interval, decimal), when: 'interval' },
  { head: 'borderline', of: (row) => (row.borderline ? 'yes' : ''), when: 'borderline' },
  { head: 'base rate', of: (row) => decimal(row.baseRate) },
  { head: 'value', of: (row) => money(row.value) },
  { head: 'at risk', of: (row) => money(row.valueAtRisk) },
  { head: 'saving', of: (row) => decimal(row.expectedSaving ?? null, 2), when: 'expectedSaving' },
  { head: 'segment', of: (row) => row.segment ?? '' },
  { head: 'contact', of: contactOf, when: 'action' },
  { head: 'main reasons', of: (row) => row.reasons.join('; ') },
  { head: 'owner', of: (row) => row.owner ?? '', when: 'owner' },
  { head: 'within', of: within, when: 'horizon' },
  { head: 'strategy', of: (row) => row.strategy ?? '' },
];

function within({ horizon }: Row): string {
  return horizon ? `${horizon.every} ${horizon.unit}${horizon.every === 1 ? '' : 's'}` : 'unknown';
}

function contactOf({ action }: Row): string | null {
  if (!action) return null;
  return `${action.contact ? 'yes' : 'no'}${action.overruled ? ' (overrules the strategy)' : ''}`;
}

export function renderWarnings({ warnings: rows }: Summary): string {
  const [first] = rows;
  if (first === undefined) return '';
  const columns = COLUMNS.filter(({ when }) => when === undefined || first[when] !== undefined);
  const table = textTable(
    columns.map(({ head }) => head),
    rows.map((row) => columns.map(({ of }) => of(row))),
  );
  return `Warning list: act on these first\n${table}`;
}

export function renderCampaign({ campaign }: Summary): string {
  if (campaign === null) return '';
  const { basis, worthIt, everyone, overruled, bestCut } = campaign;
  const lines = [
    `Worth a contact: ${worthIt} customers, expected net saving ${money(everyone.expectedSaving)} at a spend of ${money(everyone.expectedSpend)}; those listed: ${money(campaign.expectedSaving)} at ${money(campaign.expectedSpend)}.`,
    ...(bestCut === null
      ? []
      : [
          bestCut.cut === null
            ? 'By the churn probability alone no cut pays.'
            : `By the churn probability alone the best cut is ${decimal(bestCut.cut)}: ${bestCut.contacted} customers (${percent(bestCut.share)}), ${money(bestCut.profit)}.`,
        ]),
    `The saving overrules the strategy of the class for ${overruled.contacted} customers to contact and ${overruled.spared} to spare.`,
    basis === 'uplift'
      ? 'Savings rest on the measured uplift given.'
      : 'Savings rest on the acceptance assumed: who is likely to leave need not be who an offer keeps, and without a hold-out no uplift is claimed.',
  ];
  if (campaign.budget) lines.push(...budgetLines(campaign.budget));
  return `Campaign\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function budgetLines({
  budget,
  ids,
  expectedSaving,
  expectedSpend,
  bound,
  shadowPrice,
  replacement,
}: BudgetSummary): readonly string[] {
  const { lost, valueLost, need, needAfter, meanValueNew, basis } = replacement;
  return [
    `A budget of ${money(budget)} buys ${ids.length} contacts: expected net saving ${money(expectedSaving)} at a spend of ${money(expectedSpend)}; no list within it saves more than ${money(bound)}, and the next unit of budget would save ${decimal(shadowPrice, 2)}.`,
    ...(need === null
      ? []
      : [
          `To replace the value at risk, ${money(valueLost)} of ${decimal(lost, 0)} expected leavers, takes ${need.neededWhole} customers worth ${money(meanValueNew)} each, the mean of ${basis}${needAfter === null ? '' : `; after the campaign ${needAfter.neededWhole}`}.`,
        ]),
  ];
}
