import { dealFolds } from '../../validation/stratified.ts';
import { type GrownNode, type GrowOptions, goesLeft, grow } from './grow.ts';
import { collapsePoints } from './prune.ts';
import type { Mass, TrainingData } from './training-data.ts';

/** A tree of the pruning sequence and its cost on held-out rows. */
export interface PruningStep {
  /** The least complexity at which this is the tree. */
  readonly complexity: number;
  readonly leaves: number;
  /** Brier score of held-out rows, and its standard error. */
  readonly cost: number;
  readonly standardError: number;
}

/** The pruning sequence of a tree, the largest first. */
export function pruningSequence(
  nodes: readonly GrownNode[],
  collapse: Float64Array,
): readonly { readonly complexity: number; readonly leaves: number }[] {
  const points = [...new Set(collapse)].filter(Number.isFinite).sort((a, b) => a - b);
  const all = nodes.reduce((count, { split }) => count + (split === null ? 1 : 0), 0);
  // Every split that is cut takes one leaf away.
  const gone = new Map<number, number>();
  for (let t = 0; t < nodes.length; t++)
    if (nodes[t]!.split !== null) gone.set(collapse[t]!, (gone.get(collapse[t]!) ?? 0) + 1);
  let leaves = all;
  const steps = points.map((complexity) => {
    leaves -= gone.get(complexity)!;
    return { complexity, leaves };
  });
  return points[0] === 0 ? steps : [{ complexity: 0, leaves: all }, ...steps];
}

/**
 * Costs of a pruning sequence by cross-validation (Breiman et al. 1984, §3.4): every fold's rows are judged by trees grown
 * on the others and pruned at the geometric mean of a step's complexity and the next one's.
 */
export function crossValidateSequence(
  data: TrainingData,
  mass: Mass,
  options: GrowOptions,
  steps: readonly { readonly complexity: number; readonly leaves: number }[],
  folds: { readonly count: number; readonly seed: number },
  share: (weight: number, events: number) => number,
): readonly PruningStep[] {
  const { cells } = mass;
  const y = Float64Array.from({ length: data.rows }, (_, row) => (cells[2 * row + 1]! > 0 ? 1 : 0));
  const foldOf = dealFolds(data.rows, folds.count, folds.seed, y, null, 'prune.folds');
  const at = steps.map(({ complexity }, k) =>
    k + 1 < steps.length ? Math.sqrt(complexity * steps[k + 1]!.complexity) : Number.POSITIVE_INFINITY,
  );
  const sum = new Float64Array(steps.length);
  const squares = new Float64Array(steps.length);
  let total = 0;
  const part = new Float64Array(cells.length);
  for (let fold = 0; fold < folds.count; fold++) {
    for (let row = 0; row < data.rows; row++) {
      part[2 * row] = foldOf[row] === fold ? 0 : cells[2 * row]!;
      part[2 * row + 1] = foldOf[row] === fold ? 0 : cells[2 * row + 1]!;
    }
    const nodes = grow(data, { cells: part, unit: mass.unit }, options);
    const collapse = collapsePoints(nodes, options.criterion);
    const values = Float64Array.from(nodes, ({ weight, events }) => share(weight, events));
    const path: number[] = [];
    for (let row = 0; row < data.rows; row++) {
      const weight = cells[2 * row]!;
      if (foldOf[row] !== fold || weight === 0) continue;
      path.length = 0;
      for (let t = 0; ; ) {
        path.push(t);
        const { split } = nodes[t]!;
        if (split === null) break;
        t = goesLeft(data.columns, split, row) ? split.left : split.right;
      }
      // As α grows, the row's leaf climbs its path.
      let place = path.length - 1;
      for (let k = 0; k < at.length; k++) {
        while (place > 0 && collapse[path[place - 1]!]! <= at[k]!) place--;
        const cost = (y[row]! - values[path[place]!]!) ** 2;
        sum[k]! += weight * cost;
        squares[k]! += weight * cost * cost;
      }
      total += weight;
    }
  }
  return steps.map((step, k) => {
    const cost = sum[k]! / total;
    const variance = Math.max(0, squares[k]! / total - cost * cost);
    return { ...step, cost, standardError: Math.sqrt((variance * mass.unit) / total) };
  });
}

/** The step with the least cost, or the smallest tree whose cost is at most one standard error above that. */
export function chooseStep(steps: readonly PruningStep[], rule: 'lowest' | 'oneStandardError'): PruningStep {
  let best = steps[0]!;
  // Of equal costs the smaller tree's.
  for (const step of steps) if (step.cost <= best.cost) best = step;
  if (rule === 'lowest') return best;
  const limit = best.cost + best.standardError;
  for (const step of steps) if (step.cost <= limit && step.leaves <= best.leaves) best = step;
  return best;
}
