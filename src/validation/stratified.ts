import { fail } from '../errors.ts';
import { seededRandom, shuffled } from '../numerics/random.ts';
import type { Groups } from './groups.ts';

/**
 * Deals rows to folds so that each gets its share of every class, groups as a whole: in seeded order, the group with the
 * largest share of a class first, each to the fold that has least of what it brings (ties: to the one with fewest rows).
 *
 * @param actual 1, 0 or NaN (a class of its own) per row; null: rows are of one class
 */
export function dealFolds(
  rows: number,
  count: number,
  seed: number,
  actual: Float64Array | null,
  groups: Groups | null,
  option = 'folds.count',
): Int32Array {
  const size = groups === null ? rows : groups.count;
  if (size < count)
    fail(
      'empty-input',
      `${size} ${groups ? 'groups' : 'rows'} cannot be dealt to ${count} folds: lower ${option} or bring more data`,
    );
  const classOf = (row: number): number => (actual === null || actual[row] === 0 ? 0 : actual[row] === 1 ? 1 : 2);
  const totals = [0, 0, 0];
  // Rows of each group by class.
  const own = new Float64Array(3 * size);
  for (let row = 0; row < rows; row++) {
    const side = classOf(row);
    totals[side]!++;
    own[3 * (groups === null ? row : groups.of[row]!) + side]!++;
  }
  const share = Float64Array.from({ length: size }, (_, group) =>
    Math.max(...totals.map((total, side) => (total === 0 ? 0 : own[3 * group + side]! / total))),
  );
  const order = [...shuffled(size, seededRandom(seed))].sort((a, b) => share[b]! - share[a]!);
  const load = new Float64Array(3 * count);
  const held = new Float64Array(count);
  const foldOf = new Int32Array(size);
  for (const group of order) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < count; fold++) {
      // Half the growth of Σ (load/total)², less what is the same for every fold.
      let cost = 0;
      for (let side = 0; side < 3; side++)
        if (own[3 * group + side]! > 0) cost += (own[3 * group + side]! * load[3 * fold + side]!) / totals[side]! ** 2;
      if (cost < least || (cost === least && held[fold]! < held[best]!)) {
        best = fold;
        least = cost;
      }
    }
    foldOf[group] = best;
    for (let side = 0; side < 3; side++) {
      load[3 * best + side]! += own[3 * group + side]!;
      held[best]! += own[3 * group + side]!;
    }
  }
  return groups === null ? foldOf : groups.of.map((group) => foldOf[group]!);
}
