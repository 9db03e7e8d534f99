import { type Columns, rowCount } from '../columns/index.ts';
import { fail } from '../errors.ts';
import { sum } from '../numerics/sum.ts';
import type { Explained } from '../scoring/plan.ts';
import { type Channel, type Chart, chart, known, quantity, type View, word } from './chart.ts';
import { featureCells } from './feature-cells.ts';
import { withGuides } from './guide.ts';
import { GUIDE, LOSS, MARK } from './palette.ts';
import { spread } from './spread.ts';

export interface ContributionSummaryChartOptions {
  /** The batch that was explained: circles take their colour from its values. */
  readonly features?: Columns;
  /** Most terms that are shown. Default 10. */
  readonly terms?: number;
  /** Most rows that are shown, taken evenly. Default 300. */
  readonly rows?: number;
  readonly title?: string;
}

/** What one term contributes to the score of one customer. */
export interface ContributionRow {
  readonly term: string;
  /** Of the batch. */
  readonly row: number;
  readonly contribution: number;
  /** Mean |contribution| over all rows; terms are sorted by it. */
  readonly importance: number;
  /** The customer's own; null for a null, without `features`, and for a term of several columns. */
  readonly value: number | string | null;
  /** Where a number lies among those shown, from 0 (lowest) to 1 (highest). */
  readonly level: number | null;
  /** From −1 to 1: sets nearly equal contributions side by side. */
  readonly spread: number;
}

/**
 * Summary of an explanation (as SHAP draws it; Lundberg et al. 2020): a strip per term, the strongest first, of what it
 * contributes to the score of each customer, coloured from low to high values of the feature. Rows without a score are left
 * out.
 *
 * @param explained from `plan.explain` or `interventionalContributions`
 * @throws ClienteleError `wrong-length` when `features` has other rows; `invalid-option`; `unknown-column`.
 * @example contributionSummaryChart(plan.explain(customers, 'churnProbability'), { features: customers })
 */
export function contributionSummaryChart(
  { terms, contributions, scale }: Explained,
  options: ContributionSummaryChartOptions = {},
): Chart<ContributionRow> {
  const { features, terms: mostTerms = 10, rows: mostRows = 300, title = 'Contributions to the score' } = options;
  for (const [name, most] of [
    ['terms', mostTerms],
    ['rows', mostRows],
  ] as const)
    if (!(Number.isSafeInteger(most) && most >= 1))
      fail('invalid-option', `invalid ${name}: ${most}; use a whole number of at least 1`);
  const total = contributions[0]?.length ?? 0;
  if (features && rowCount(features) !== total)
    fail(
      'wrong-length',
      `features have ${rowCount(features)} rows, the contributions ${total}: give the batch explained`,
    );

  const scored = Array.from({ length: total }, (_, row) => row).filter((row) =>
    contributions.every((own) => own[row] === own[row]),
  );
  const count = Math.min(mostRows, scored.length);
  const rows = Array.from({ length: count }, (_, i) => scored[Math.floor((i * scored.length) / count)]!);
  const ranked = terms
    .map(({ name, columns }, t) => {
      const own = contributions[t]!;
      const importance = scored.length > 0 ? sum(scored.map((row) => Math.abs(own[row]!))) / scored.length : 0;
      return { name, columns, own, importance };
    })
    .sort((a, b) => b.importance - a.importance)
    .slice(0, mostTerms);
  const offsets = spread(ranked.map(({ own }) => rows.map((row) => own[row]!)));
  const values = ranked.flatMap(({ name, columns, own, importance }, t) => {
    const cells = features && columns.length === 1 ? featureCells(features, columns[0]!, rows) : null;
    return rows.map(
      (row, i): ContributionRow => ({
        ...{ term: name, row, contribution: own[row]! + 0, importance },
        ...{ value: cells?.value[i] ?? null, level: cells?.level[i] ?? null, spread: offsets[t]![i]! },
      }),
    );
  });
  return chart(
    {
      title,
      subtitle: [
        ...(rows.length < scored.length ? [`${rows.length} of ${scored.length} customers are shown`] : []),
        ...(ranked.length < terms.length ? [`The strongest ${ranked.length} of ${terms.length} terms`] : []),
      ],
      description: 'What each feature contributes to the score of each customer, the strongest feature first.',
    },
    values,
    strips(
      scale,
      ranked.map(({ name }) => name),
      features !== undefined,
    ),
  );
}

function strips(scale: string, names: readonly string[], coloured: boolean): View<keyof ContributionRow> {
  const contribution = quantity('contribution' as const, `Contribution (${scale})`);
  const level: Channel<'level'> = {
    ...{ field: 'level', type: 'quantitative', title: 'Value: 0 lowest, 1 highest' },
    scale: { domain: [0, 1], range: [MARK, LOSS], interpolate: 'lab' },
  };
  const circle = { type: 'circle', size: 18, opacity: 0.9 } as const;
  const plain = { mark: { ...circle, color: coloured ? GUIDE : MARK } };
  return {
    width: 420,
    height: 44 * names.length,
    ...withGuides([{ x: 0 }], {
      encoding: {
        x: contribution,
        y: { ...word('term' as const, 'Term'), sort: names },
        yOffset: { field: 'spread', type: 'quantitative', scale: { domain: [-1.2, 1.2] } },
        tooltip: [
          word('term' as const, 'Term'),
          word('value' as const, 'Value'),
          { ...contribution, format: '+.4~r' },
          quantity('importance', 'Mean |contribution|', '.4~r'),
        ],
      },
      layer: coloured
        ? [
            { ...plain, transform: [{ filter: { field: 'level', valid: false } }] },
            { mark: circle, transform: known('level'), encoding: { color: level } },
          ]
        : [plain],
    }),
  };
}
