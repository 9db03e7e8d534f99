import type { StageCounts } from '../loyalty/ladder-counts.ts';
import { LADDER_STAGES } from '../loyalty/ladder-stages.ts';
import { type Chart, chart, quantity, word } from './chart.ts';
import { type Label, labelOf } from './labels.ts';
import { GUIDE, MARK } from './palette.ts';

export interface LadderFunnelChartOptions {
  readonly title?: string;
}

/** One stage of the ladder. */
export interface LadderFunnelRow extends Label {
  readonly stage: string;
  /** Customers who stand there. */
  readonly customers: number;
  readonly share: number | null;
  /** In this stage or a later one; null for the stage beside the main path. */
  readonly reached: number | null;
  /** Of those who reached the stage before on the main path; null for the first stage, and where nobody did. */
  readonly conversion: number | null;
  /** Customers the bar stands for: `reached`, or who stand on the stage beside the path. */
  readonly shown: number;
  /** Ends of the bar, which is centred: ∓shown/2. */
  readonly left: number;
  readonly right: number;
}

/**
 * The loyalty ladder as a funnel (S61): per stage a centred bar for the customers who reached it. Disqualified prospects
 * lie beside the path: grey, and only those who stand there.
 * @example ladderFunnelChart(stageCounts(scored.stage))
 */
export function ladderFunnelChart(
  result: StageCounts,
  { title = 'Loyalty ladder' }: LadderFunnelChartOptions = {},
): Chart<LadderFunnelRow> {
  let before: number | null = null;
  const values = result.stages.map(({ stage, customers, share, reached }): LadderFunnelRow => {
    const conversion = before && reached !== null ? reached / before : null;
    before = reached ?? before;
    const shown = reached ?? customers;
    return {
      stage,
      ...labelOf(stage, LADDER_STAGES),
      customers,
      share,
      reached,
      conversion,
      shown,
      left: 0 - shown / 2,
      right: shown / 2,
    };
  });
  return chart({ title, description: 'Customers who reached each stage of the loyalty ladder.' }, values, {
    width: 360,
    height: { step: 36 },
    encoding: {
      y: { ...word('label', 'Stage'), sort: null },
      tooltip: [
        word('label', 'Stage'),
        quantity('reached', 'Customers in this stage or a later one', ','),
        quantity('conversion', 'Of those who reached the stage before', '.1%'),
        quantity('customers', 'Customers in this stage', ','),
        quantity('share', 'Share of customers in this stage', '.1%'),
      ],
    },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x: { ...quantity('left', 'Customers'), axis: null },
          x2: { field: 'right' },
          color: { condition: { test: { field: 'reached', valid: true }, value: MARK }, value: GUIDE },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 4 },
        encoding: {
          x: { ...quantity('right', 'Customers'), axis: null },
          text: quantity('shown', 'Customers', ','),
        },
      },
    ],
  });
}
