import type { GroupRow } from '../economics/group-summary.ts';
import type { TierTable } from '../economics/tier-table.ts';
import type { Segment } from '../segments/cells.ts';
import { type Chart, chart, known, quantity, withUnit, word } from './chart.ts';
import { type Label, labelOf } from './labels.ts';
import { LOSS, MARK } from './palette.ts';

export interface PyramidChartOptions {
  /** Which row of the table is the top of the pyramid. Default: `'first'`; the tiers of `pyramid` rise: `'last'`. */
  readonly top?: 'first' | 'last';
  /** Names of the tiers in both languages, such as `model.segments`. Default: their keys. */
  readonly segments?: readonly Pick<Segment, 'key' | 'names'>[];
  /** Of the amounts, such as `¥`. */
  readonly unit?: string;
  readonly title?: string;
}

/** What one tier holds of the customers or of an amount. */
export interface PyramidRow extends Label {
  /** null: customers without a tier. */
  readonly tier: string | null;
  /** `customers`, or what is shared out: a measure of the summary; `revenue` and `profit` of a tier table. */
  readonly of: string;
  readonly amount: number;
  readonly share: number | null;
  /** Ends of the bar, which is centred: ∓|share|/2. */
  readonly left: number | null;
  readonly right: number | null;
}

/**
 * The customer pyramid (S27, S52): per tier a centred bar as wide as its share of the customers, and beside it one for its
 * share of each measure, which often is the pyramid upside down. Negative shares are shown in the colour of a loss.
 * @example pyramidChart(groupSummary(scored.tier, { spend }), { top: 'last', segments: model.segments })
 */
export function pyramidChart(
  table: TierTable | readonly GroupRow[],
  options: PyramidChartOptions = {},
): Chart<PyramidRow> {
  const { top = 'first', segments, unit, title = 'Customer pyramid' } = options;
  const tiers = 'tiers' in table ? table.tiers.map(ofTier) : table.map(ofGroup);
  if (top === 'last') tiers.reverse();
  tiers.sort((a, b) => Number(a.tier === null) - Number(b.tier === null));
  const values = tiers.flatMap(({ tier, parts }) =>
    parts.map(({ of, amount, share }): PyramidRow => {
      const half = share === null ? null : Math.abs(share) / 2;
      return {
        tier,
        ...labelOf(tier, segments),
        of,
        amount,
        share,
        left: half === null ? null : 0 - half,
        right: half,
      };
    }),
  );
  return chart(
    { title, description: 'Share of the customers and of what they are worth, by tier, the top tier first.' },
    values,
    {
      facet: { ...word('of', 'Share of'), sort: [...new Set(values.map(({ of }) => of))] },
      columns: 4,
      spec: {
        width: 220,
        height: { step: 32 },
        encoding: {
          y: { ...word('label', 'Tier'), sort: null },
          tooltip: [
            word('label', 'Tier'),
            word('of', 'Share of'),
            quantity('share', 'Share', '.1%'),
            quantity('amount', withUnit('Number or amount', unit), ',.4~r'),
          ],
        },
        layer: [
          {
            mark: { type: 'bar' },
            transform: known('share'),
            encoding: {
              x: { ...quantity('left', 'Share'), axis: null },
              x2: { field: 'right' },
              color: { condition: { test: { field: 'share', lt: 0 }, value: LOSS }, value: MARK },
            },
          },
          {
            mark: { type: 'text', align: 'left', dx: 4 },
            transform: known('share'),
            encoding: {
              x: { ...quantity('right', 'Share'), axis: null },
              text: quantity('share', 'Share', '.1%'),
            },
          },
        ],
      },
    },
  );
}

interface Parts {
  readonly tier: string | null;
  readonly parts: readonly { readonly of: string; readonly amount: number; readonly share: number | null }[];
}

function ofTier({ tier, count, share, revenue, revenueShare, profit, profitShare }: TierTable['tiers'][number]): Parts {
  return {
    tier,
    parts: [
      { of: 'customers', amount: count, share },
      { of: 'revenue', amount: revenue, share: revenueShare },
      { of: 'profit', amount: profit, share: profitShare },
    ],
  };
}

function ofGroup({ group, count, share, measures }: GroupRow): Parts {
  const own = Object.entries(measures).map(([of, { total, share }]) => ({ of, amount: total, share }));
  return { tier: group, parts: [{ of: 'customers', amount: count, share }, ...own] };
}
