import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { buildDesign } from './design.ts';
import { elasticNetSolver, largestViolation } from './elastic-net.ts';
import type { FeatureColumn } from './feature.ts';
import { logisticLikelihood } from './logistic-likelihood.ts';
import { maximise } from './newton.ts';
import { elasticNetPenalty, lambdaSequence, largestLambda, penalisedPath } from './penalised-path.ts';

const number = (name: string, values: Float64Array): FeatureColumn => ({
  field: { name, type: 'number' },
  missing: 'null',
  unseen: 'reference',
  reference: undefined,
  values,
  codes: null,
});

/** Bell-shaped columns, the last of which repeats the first, and an outcome that follows two of them. */
function problem(rows: number, width: number, repeat = false) {
  const random = seededRandom(width);
  const columns = Array.from({ length: width }, () =>
    Float64Array.from({ length: rows }, () => random.uniform() + random.uniform() + random.uniform() - 1.5),
  );
  if (repeat) columns.push(columns[0]!.slice());
  const y = Float64Array.from({ length: rows }, (_, i) =>
    random.uniform() < 1 / (1 + Math.exp(0.5 - 2 * columns[0]![i]! + columns[1]![i]!)) ? 1 : 0,
  );
  const features = columns.map((x, j) => number(`x${j}`, x));
  const design = buildDesign(
    features,
    Int32Array.from({ length: rows }, (_, i) => i),
  );
  const factor = new Float64Array(design.width + 1).fill(1);
  factor[0] = 0;
  return { design, columns, y, factor, likelihood: logisticLikelihood({ design, y }) };
}

/** The gradient of the log-likelihood, in plain sums over scaled columns. */
function gradientOf({ design, columns, y }: ReturnType<typeof problem>, beta: Float64Array): Float64Array {
  const scaled = [
    new Float64Array(y.length).fill(1),
    ...design.columns.map(({ mean, scale }, j) => columns[j]!.map((x) => (x - mean) / scale)),
  ];
  const rest = y.map((hit, i) => hit - 1 / (1 + Math.exp(-scaled.reduce((eta, x, j) => eta + beta[j]! * x[i]!, 0))));
  return Float64Array.from(scaled, (x) => x.reduce((sum, v, i) => sum + v * rest[i]!, 0));
}

describe('elasticNetSolver', () => {
  it('meets the optimality conditions to 1e-12 per row for every mix and strength, by a gradient summed apart', () => {
    const own = problem(400, 8);
    for (const mix of [0.1, 0.5, 1])
      for (const lambda of [0.2, 0.05, 0.01, 0.0001]) {
        const penalty = elasticNetPenalty(lambda, mix, 400, own.factor);
        const start = new Float64Array(9);
        const fit = elasticNetSolver(own.likelihood)(penalty, start, 1e-14, 100);
        expect(fit.status).toBe('converged');
        expect(largestViolation(fit.beta, gradientOf(own, fit.beta), penalty.l1, penalty.l2) / 400).toBeLessThan(1e-12);
      }
  });

  it('finds the minimum that a pattern search over three coefficients finds', () => {
    const own = problem(60, 2);
    for (const [lambda, mix] of [
      [0.1, 1],
      [0.03, 0.5],
      [0.15, 0.2],
    ] as const) {
      const objective = (b: readonly number[]): number => {
        const ll = own.likelihood.slope(Float64Array.from(b), new Float64Array(3));
        const [, u, v] = b as [number, number, number];
        return -ll / 60 + lambda * (mix * (Math.abs(u) + Math.abs(v)) + ((1 - mix) / 2) * (u * u + v * v));
      };
      let best = [0, 0, 0];
      let value = objective(best);
      for (let step = 0.5; step > 1e-8; ) {
        const moves = best.flatMap((_, j) => [-step, step].map((d) => best.map((b, k) => (k === j ? b + d : b))));
        const next = moves.map((move) => ({ move, at: objective(move) })).sort((a, b) => a.at - b.at)[0]!;
        if (next.at < value) [best, value] = [next.move, next.at];
        else step /= 2;
      }
      const penalty = elasticNetPenalty(lambda, mix, 60, own.factor);
      const { beta } = elasticNetSolver(own.likelihood)(penalty, new Float64Array(3), 1e-13, 100);
      expect(objective([...beta])).toBeLessThanOrEqual(value + 1e-15);
      beta.forEach((b, j) => {
        expect(b).toBeCloseTo(best[j]!, 6);
      });
    }
  });

  it('is the ridge of Newton’s method at mix 0', () => {
    const own = problem(300, 5);
    const { l2, l1 } = elasticNetPenalty(0.07, 0, 300, own.factor);
    const newton = maximise(own.likelihood, l2, 100);
    const { beta } = elasticNetSolver(own.likelihood)({ l1, l2 }, new Float64Array(6), 1e-14, 100);
    beta.forEach((b, j) => {
      expect(b).toBeCloseTo(newton.beta[j]!, 12);
    });
  });

  it('ends at an optimum when a column comes twice', () => {
    const own = problem(200, 3, true);
    for (const mix of [1, 0.5]) {
      const path = penalisedPath(own.likelihood, lambdaSequence(0.2, 30, 1e-4), {
        mix,
        factor: own.factor,
        tolerance: 1e-12,
        maxIterations: 100,
      });
      expect(path.every(({ status }) => status === 'converged')).toBe(true);
      const { beta } = path.at(-1)!;
      const penalty = elasticNetPenalty(0.2 * 1e-4, mix, 200, own.factor);
      expect(largestViolation(beta, gradientOf(own, beta), penalty.l1, penalty.l2) / 200).toBeLessThan(2e-12);
      // The squares share equally.
      if (mix < 1) expect(beta[1]).toBeCloseTo(beta[4]!, 8);
    }
  });
});

describe('largestLambda', () => {
  it('leaves no column, and a little less leaves one', () => {
    const own = problem(250, 6);
    for (const mix of [1, 0.3]) {
      const largest = largestLambda(own.likelihood, mix, own.factor);
      const options = { mix, factor: own.factor, tolerance: 1e-12, maxIterations: 100 };
      const path = penalisedPath(own.likelihood, [largest * 1.000001, largest * 0.999], options);
      expect(path.map(({ df }) => df)).toEqual([0, 1]);
    }
  });
});

describe('lambdaSequence', () => {
  it('goes from the largest to its ratio in equal steps of the logarithm', () => {
    const steps = lambdaSequence(2, 5, 1e-4);
    [2, 0.2, 0.02, 0.002, 0.0002].forEach((want, k) => {
      expect(steps[k]! / want).toBeCloseTo(1, 13);
    });
    expect(lambdaSequence(2, 1, 0.1)).toEqual([2]);
  });
});
