import { fail } from '../errors.ts';
import { knownOptions, list } from '../model/options.ts';
import { exp, log } from '../numerics/elementary.ts';
import { sum } from '../numerics/sum.ts';
import { type Consensus, consensus } from './consensus.ts';
import { checkedMatrix, type JudgementMatrix } from './judgement-matrix.ts';
import { shares } from './perron.ts';
import { type Priorities, type PriorityOptions, priorities } from './priorities.ts';
import { checkedWeights } from './weights.ts';

/**
 * How the judgements of a group become one set of weights (Forman & Peniwati 1998): `judgements` (AIJ) takes the weighted
 * geometric mean of each judgement and derives weights from these; `priorities` (AIP) derives each member's weights first
 * and takes their weighted geometric mean, `priorities-arithmetic` their weighted arithmetic mean.
 */
export type GroupAggregation = 'judgements' | 'priorities' | 'priorities-arithmetic';

export interface GroupOptions extends PriorityOptions {
  /** Default: `judgements`. */
  readonly aggregate?: GroupAggregation;
  /** One weight per member, with sum 1. Default: equal. */
  readonly memberWeights?: readonly number[];
  /** Brings member weights to sum 1. Default: false, weights that do not sum to 1 within 1e-9 are refused. */
  readonly renormalise?: boolean;
  /** End of the judgement scale, for the consensus. Default: 9. */
  readonly largest?: number;
}

export interface GroupPriorities {
  readonly items: readonly string[];
  readonly weights: readonly number[];
  readonly aggregate: GroupAggregation;
  readonly memberWeights: readonly number[];
  /** Each member's weights and consistency. */
  readonly members: readonly Priorities[];
  /** The group's judgements (AIJ), for further use such as repair hints; `null` when priorities were aggregated. */
  readonly judgements: JudgementMatrix | null;
  /** Weights and consistency of the group's judgements; `null` when priorities were aggregated. */
  readonly priorities: Priorities | null;
  readonly consensus: Consensus;
}

/**
 * Weights from the judgements of several members on the same items (S23). By the geometric-mean method AIJ and AIP agree.
 *
 * @throws ClienteleError `empty-input` without members; `invalid-value` when members judge other items or in another order;
 *   `invalid-option`, `wrong-length` for member weights; the errors of {@link priorities}.
 * @example
 * groupPriorities([judgementMatrix([3]), judgementMatrix([1 / 3])]).weights // [0.5, 0.5]
 */
export function groupPriorities(matrices: readonly JudgementMatrix[], options: GroupOptions = {}): GroupPriorities {
  const {
    aggregate = 'judgements',
    renormalise = false,
    largest = 9,
    memberWeights: given,
    ...how
  } = knownOptions(options, 'groupPriorities', 'aggregate memberWeights renormalise largest method randomIndex');
  if (aggregate !== 'judgements' && aggregate !== 'priorities' && aggregate !== 'priorities-arithmetic')
    fail(
      'invalid-option',
      `unknown aggregate "${aggregate}": use 'judgements', 'priorities' or 'priorities-arithmetic'`,
    );
  const [first] = list(matrices, 'matrices').map(checkedMatrix);
  if (!first) fail('empty-input', 'no members: give the judgements of at least one');
  const { items } = first;
  matrices.forEach((matrix, m) => {
    if (matrix.items.length !== items.length || matrix.items.some((item, i) => item !== items[i]))
      fail(
        'invalid-value',
        `member ${m + 1} judges ${matrix.items.join(', ')}, member 1 ${items.join(', ')}: name the same items in the same order`,
      );
  });
  if (given && given.length !== matrices.length)
    fail('wrong-length', `${given.length} memberWeights for ${matrices.length} members`);
  const memberWeights = checkedWeights(
    given ?? matrices.map(() => 1 / matrices.length),
    renormalise || given === undefined,
    'memberWeights',
  );
  const members = matrices.map((matrix) => priorities(matrix, how));
  const geometric = (values: readonly number[]): number => exp(sum(values.map((v, m) => memberWeights[m]! * log(v))));
  const common = {
    items,
    aggregate,
    memberWeights,
    members,
    consensus: consensus(
      members.map(({ weights }) => weights),
      largest,
    ),
  };
  if (aggregate === 'judgements') {
    const values: number[][] = items.map(() => items.map(() => 1));
    for (let i = 0; i < items.length; i++)
      for (let j = i + 1; j < items.length; j++) {
        values[i]![j] = geometric(matrices.map((matrix) => matrix.values[i]![j]!));
        values[j]![i] = 1 / values[i]![j]!;
      }
    const judgements = { items, values };
    const derived = priorities(judgements, how);
    return { ...common, weights: derived.weights, judgements, priorities: derived };
  }
  const together =
    aggregate === 'priorities'
      ? items.map((_, i) => geometric(members.map(({ weights }) => weights[i]!)))
      : items.map((_, i) => sum(members.map(({ weights }, m) => memberWeights[m]! * weights[i]!)));
  return { ...common, weights: shares(together), judgements: null, priorities: null };
}
