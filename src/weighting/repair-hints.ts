import { log } from '../numerics/elementary.ts';
import type { JudgementMatrix } from './judgement-matrix.ts';
import { type PriorityOptions, priorities } from './priorities.ts';

export interface RepairOptions extends PriorityOptions {
  /** Proposes values of the scale, 1 … `largest` and their reciprocals, not w_i/w_j as it is. Default: false. */
  readonly round?: boolean;
  /** End of the scale that `round` keeps to. Default: 9. */
  readonly largest?: number;
}

/** One judgement, how far it lies from the others, and what it would have to be to agree with them. */
export interface RepairHint {
  readonly first: string;
  readonly second: string;
  readonly judgement: number;
  /** ln(a_ij w_j/w_i): above 0, the first item is judged too high against the second. */
  readonly deviation: number;
  /** w_i/w_j. */
  readonly proposed: number;
  /** CR with this one judgement changed to the proposal. */
  readonly consistencyRatio: number;
}

/**
 * Which judgements to look at again when a matrix is inconsistent (S21): all pairs, the one that deviates most from the
 * weights first, equal ones in matrix order. Nothing is changed; a person decides.
 *
 * @throws ClienteleError those of {@link priorities}.
 * @example repairHints(judgementMatrix([2, 9, 2]), { round: true })[0] // 1 against 3: 9, proposed 5
 */
export function repairHints(matrix: JudgementMatrix, options: RepairOptions = {}): readonly RepairHint[] {
  const { round = false, largest = 9, ...how } = options;
  const { items, values } = matrix;
  const { weights } = priorities(matrix, how);
  const hints: RepairHint[] = [];
  for (let i = 0; i < items.length; i++)
    for (let j = i + 1; j < items.length; j++) {
      const judgement = values[i]![j]!;
      const ratio = weights[i]! / weights[j]!;
      const proposed = round ? onScale(ratio, largest) : ratio;
      const changed = values.map((row) => [...row]);
      changed[i]![j] = proposed;
      changed[j]![i] = 1 / proposed;
      hints.push({
        first: items[i]!,
        second: items[j]!,
        judgement,
        deviation: log(judgement / ratio),
        proposed,
        consistencyRatio: priorities({ items, values: changed }, how).consistencyRatio,
      });
    }
  return hints.sort((a, b) => rank(b) - rank(a));
}

/** Of three items all pairs deviate alike: what rounding leaves between them must not order them. */
const rank = ({ deviation }: RepairHint): number => Math.round(Math.abs(deviation) * 1e9);

const onScale = (ratio: number, largest: number): number =>
  ratio >= 1 ? Math.min(Math.round(ratio), largest) : 1 / Math.min(Math.round(1 / ratio), largest);
