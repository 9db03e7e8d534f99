import { fail } from '../errors.ts';
import type { WeightSensitivity } from '../weighting/weight-sensitivity.ts';
import { type Chart, chart, quantity, word } from './chart.ts';
import { GUIDE } from './palette.ts';

export interface SensitivityChartOptions {
  /** In the order of the scores, as `weightSensitivity` was given them. */
  readonly alternatives: readonly string[];
  readonly title?: string;
}

/** The score of an alternative at one weight of one criterion. */
export interface SensitivityRow {
  readonly criterion: string;
  /** What the weight is: an end of the line, the weight in use, or one at which two alternatives change places. */
  readonly at: 'zero' | 'base' | 'one' | 'crossing';
  /** At a crossing the two that change places: `a × b`. */
  readonly alternative: string;
  readonly weight: number;
  readonly score: number;
}

/**
 * Sensitivity of scores to the weights (S25), a panel per criterion: scores as lines over the criterion's weight, the weight
 * in use as a dashed rule, crossings as rings. For fewer panels filter the result.
 *
 * @throws ClienteleError `wrong-length` when there are not as many alternatives as scores; `invalid-option` for a repeated one.
 * @example sensitivityChart(weightSensitivity(given), given)
 */
export function sensitivityChart(
  results: readonly WeightSensitivity[],
  options: SensitivityChartOptions,
): Chart<SensitivityRow> {
  const { alternatives, title = 'Sensitivity to the weights' } = options;
  if (new Set(alternatives).size !== alternatives.length) fail('invalid-option', 'alternatives: a name is repeated');
  const values = results.flatMap((result) => rowsOf(result, alternatives));
  const weight = quantity('weight', 'Weight of the criterion (share of 1)');
  const score = quantity('score', 'Score');
  const tooltip = [
    word('criterion', 'Criterion'),
    word('alternative', 'Alternative'),
    { ...weight, format: '.4f' },
    { ...score, format: '.4f' },
  ];
  return chart({ title, description: 'Scores of the alternatives as the weight of one criterion changes.' }, values, {
    facet: { ...word('criterion', 'Criterion'), sort: results.map(({ criterion }) => criterion) },
    columns: 3,
    spec: {
      width: 220,
      height: 180,
      encoding: { x: { ...weight, scale: { domain: [0, 1] } } },
      layer: [
        {
          mark: { type: 'rule', color: GUIDE, strokeDash: [4, 4] },
          transform: [{ filter: { field: 'at', equal: 'base' } }],
        },
        {
          mark: { type: 'line' },
          transform: [{ filter: { field: 'at', oneOf: ['zero', 'base', 'one'] } }],
          encoding: { y: score, color: { ...word('alternative', 'Alternative'), sort: alternatives }, tooltip },
        },
        {
          mark: { type: 'circle', color: 'white', stroke: 'black', opacity: 1, size: 50 },
          transform: [{ filter: { field: 'at', equal: 'crossing' } }],
          encoding: { y: score, tooltip },
        },
      ],
    },
  });
}

function rowsOf(result: WeightSensitivity, alternatives: readonly string[]): readonly SensitivityRow[] {
  const { criterion, baseWeight, scoreAt0, scoreAt1, crossings } = result;
  if (scoreAt0.length !== alternatives.length)
    fail('wrong-length', `${alternatives.length} alternatives for ${scoreAt0.length} scores of "${criterion}"`);
  // Exact at both ends, as s(0) + 1·(s(1) − s(0)) is not.
  const scoreOf = (a: number, weight: number): number => (1 - weight) * scoreAt0[a]! + weight * scoreAt1[a]!;
  const ends = [
    { at: 'zero', weight: 0 },
    { at: 'base', weight: baseWeight },
    { at: 'one', weight: 1 },
  ] as const;
  return [
    ...alternatives.flatMap((alternative, a) =>
      ends.map(({ at, weight }): SensitivityRow => ({ criterion, at, alternative, weight, score: scoreOf(a, weight) })),
    ),
    ...crossings.map(({ pair, weight }): SensitivityRow => {
      const score = scoreOf(alternatives.indexOf(pair[0]), weight);
      return { criterion, at: 'crossing', alternative: pair.join(' × '), weight, score };
    }),
  ];
}
