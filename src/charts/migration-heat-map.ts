import type { Migration } from '../economics/migration.ts';
import type { TransitionMatrix } from '../economics/transition-matrix.ts';
import type { StageConversion } from '../loyalty/ladder-counts.ts';
import { LADDER_STAGES } from '../loyalty/ladder-stages.ts';
import type { Segment } from '../segments/cells.ts';
import { type Chart, chart, quantity, word } from './chart.ts';
import { heatLayers } from './heat.ts';
import { labelOf } from './labels.ts';

export interface MigrationHeatMapOptions {
  /** Names of the states in both languages, such as `model.segments`. Default: those of the ladder, else the keys. */
  readonly segments?: readonly Pick<Segment, 'key' | 'names'>[];
  readonly title?: string;
}

/** The customers who went from one state to another. */
export interface MigrationRow {
  readonly from: string;
  readonly to: string;
  readonly fromLabel: string;
  readonly toLabel: string;
  readonly customers: number;
  /** Of those who started there; null where nobody did. */
  readonly probability: number | null;
}

/**
 * Migration between tiers (S56), or between the stages of the ladder (S61), from one date (down) to another (across),
 * coloured by the share of those who started there. Absorbing states have no row: nobody leaves them.
 * @example migrationHeatMap(migration(first, second, { states: ['gold', 'basic'] }), { segments: model.segments })
 */
export function migrationHeatMap(
  result: TransitionMatrix | Migration | StageConversion,
  options: MigrationHeatMapOptions = {},
): Chart<MigrationRow> {
  const { title = 'Migration' } = options;
  const ladder = 'stages' in result;
  const states: readonly string[] = ladder ? result.stages : result.states;
  const absorbing = ladder ? [] : result.absorbing;
  const shares = ladder ? result.rates : result.probabilities;
  const segments = options.segments ?? (ladder ? LADDER_STAGES : []);
  const label = (state: string): string => labelOf(state, segments).label;
  const values = states.flatMap((from, f) =>
    absorbing.includes(from)
      ? []
      : states.map((to, t): MigrationRow => {
          const customers = result.counts[f]![t]!;
          const probability = shares[f]?.[t] ?? null;
          return { from, to, fromLabel: label(from), toLabel: label(to), customers, probability };
        }),
  );
  const probability = { field: 'probability', title: 'Share of those who started there', format: '.1%' } as const;
  const description = 'Where the customers of each state were at the second date.';
  return chart({ title, subtitle: notesOf(result), description }, values, {
    width: { step: 80 },
    height: { step: 40 },
    encoding: {
      x: { ...word('toLabel', 'To'), sort: null, axis: { orient: 'top', labelAngle: -30 } },
      y: { ...word('fromLabel', 'From'), sort: null },
      tooltip: [
        word('fromLabel', 'From'),
        word('toLabel', 'To'),
        quantity('customers', 'Customers', ','),
        { ...probability, type: 'quantitative' },
      ],
    },
    layer: heatLayers(probability, [0, 1]),
  });
}

/** Who is in no cell. */
function notesOf(result: TransitionMatrix | Migration | StageConversion): readonly string[] {
  const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const outside: readonly (readonly [number, string])[] =
    'entrants' in result
      ? [
          [total(result.entrants), 'new'],
          [total(result.returned), 'returned'],
          [result.unclassified, 'unclassified'],
        ]
      : 'stages' in result
        ? [[result.nulls, 'unclassified']]
        : [];
  const told = outside.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return told.length > 0 ? [`Left out: ${told.join(', ')}`] : [];
}
