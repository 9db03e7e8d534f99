import type { GroupPriorities } from '../weighting/group-priorities.ts';
import type { Hierarchy } from '../weighting/hierarchy.ts';
import type { ObjectiveWeights } from '../weighting/objective-weights.ts';
import type { Priorities } from '../weighting/priorities.ts';
import { type Chart, chart, quantity, word } from './chart.ts';

export interface WeightsChartOptions {
  readonly title?: string;
}

/** One criterion and its weight. */
export interface WeightRow {
  /** Its place in the tree: `current › profit`. */
  readonly criterion: string;
  /** The branch below the root that it belongs to; null where there is no tree. */
  readonly branch: string | null;
  readonly weight: number;
}

/**
 * Weights of criteria (S22, S23): the leaves of a hierarchy coloured by branch, or the items of one judgement matrix, of a
 * group or of data. The largest consistency ratio of the judgements stands below the title.
 * @example weightsChart(hierarchy(CUSTOMER_VALUE, { method: 'geometric-mean' })).data.values.length // 12
 */
export function weightsChart(
  result: Hierarchy | Priorities | GroupPriorities | ObjectiveWeights,
  options: WeightsChartOptions = {},
): Chart<WeightRow> {
  const { title = 'Weights' } = options;
  const values = 'leaves' in result ? ofTree(result) : ofList(result);
  const tree = 'leaves' in result;
  const weight = quantity('weight', 'Weight (share of 1)');
  return chart({ title, subtitle: consistencyOf(result), description: 'Weights of the criteria.' }, values, {
    width: 320,
    height: { step: 24 },
    encoding: {
      x: weight,
      y: { ...word('criterion', 'Criterion'), sort: null },
      tooltip: [word('criterion', 'Criterion'), { ...weight, format: '.4f' }],
    },
    layer: [
      { mark: { type: 'bar' }, ...(tree ? { encoding: { color: { ...word('branch', 'Branch'), sort: null } } } : {}) },
      { mark: { type: 'text', align: 'left', dx: 3 }, encoding: { text: { ...weight, format: '.3f' } } },
    ],
  });
}

function ofTree({ leaves }: Hierarchy): readonly WeightRow[] {
  return leaves.map(({ path, weight }) => ({ criterion: path.join(' › '), branch: path[0]!, weight }));
}

function ofList(result: Priorities | GroupPriorities | ObjectiveWeights): readonly WeightRow[] {
  const items = 'items' in result ? result.items : result.columns;
  return items.map((criterion, i) => ({ criterion, branch: null, weight: result.weights[i]! }));
}

/** What is known of the judgements behind the weights; empty where there are none. */
function consistencyOf(result: Hierarchy | Priorities | GroupPriorities | ObjectiveWeights): readonly string[] {
  const judged =
    'leaves' in result
      ? result.branches.flatMap(({ priorities }) => priorities ?? [])
      : 'members' in result
        ? (result.priorities ?? result.members)
        : 'consistency' in result
          ? result
          : [];
  const worst = [judged].flat().reduce<Priorities | null>((a, b) => {
    return a === null || b.consistencyRatio > a.consistencyRatio ? b : a;
  }, null);
  if (worst === null) return [];
  return [`Largest consistency ratio ${worst.consistencyRatio.toFixed(4)} (${worst.consistency})`];
}
