import { knownOptions } from '../model/options.ts';
import { log } from '../numerics/elementary.ts';
import { checkedMatrix, type JudgementMatrix } from './judgement-matrix.ts';
import { type PriorityOptions, priorities } from './priorities.ts';

/** Deviations are logarithms: below 1 a relative error of a judgement is an absolute one of them. */
const ROUNDING = 1e-9;

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
 * weights first. Of pairs that deviate alike, as all three of three items do, the one whose proposal leads to the smallest
 * CR comes first, then the first in matrix order; what differs by 1e-9 or less is alike. Nothing is changed; a person
 * decides.
 *
 * @throws ClienteleError those of {@link priorities}.
 * @example repairHints(judgementMatrix([2, 9, 2]), { round: true })[0] // 1 against 2: 2, proposed 3, CR 0.016
 */
export function repairHints(matrix: JudgementMatrix, options: RepairOptions = {}): readonly RepairHint[] {
  const {
    round = false,
    largest = 9,
    ...how
  } = knownOptions(options, 'repairHints', 'method randomIndex round largest');
  const { items, values } = checkedMatrix(matrix);
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
  const deviation = settled(hints.map((hint) => Math.abs(hint.deviation)));
  const ratio = settled(hints.map((hint) => hint.consistencyRatio));
  return hints
    .map((hint, h) => ({ hint, h }))
    .sort((a, b) => deviation[b.h]! - deviation[a.h]! || ratio[a.h]! - ratio[b.h]!)
    .map(({ hint }) => hint);
}

/** The numbers, those that rounding alone sets apart made equal, so that it orders nothing. */
function settled(values: readonly number[]): readonly number[] {
  const out = [...values];
  let held = Number.POSITIVE_INFINITY;
  for (const i of values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!)) {
    if (held - values[i]! > ROUNDING * Math.max(1, values[i]!)) held = values[i]!;
    out[i] = held;
  }
  return out;
}

const onScale = (ratio: number, largest: number): number =>
  ratio >= 1 ? Math.min(Math.round(ratio), largest) : 1 / Math.min(Math.round(1 / ratio), largest);
