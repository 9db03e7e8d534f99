import { checked, flag } from '../../model/checks.ts';
import type { Estimator } from '../../model/contract.ts';
import { knownOptions } from '../../model/options.ts';
import { ascendingRows } from '../../numerics/rank.ts';
import { type CalibrationOptions, type CalibrationRows, calibrator } from './calibration-data.ts';
import { type IsotonicModel, isotonicKind } from './isotonic-kind.ts';

export interface IsotonicOptions<S extends string, O extends string> extends CalibrationOptions<S, O> {
  /**
   * true: a strictly rising curve, which leaves the ranking, and with it the AUC, as it was. Each block becomes one point at
   * its mean score. Default: false, the isotonic regression itself, whose flat blocks tie customers.
   */
  readonly strict?: boolean;
}

/**
 * Isotonic calibration: the never-falling curve with the least squared error of outcomes on scores, by pooling adjacent
 * violators; equal scores are averaged first, and the curve is straight between the ends of blocks and flat beyond them. In
 * a pipeline behind a classifier it is fitted on out-of-fold scores. Any number may be a score.
 *
 * `strict`: the curve runs through the mean score of each block (centred isotonic regression); an end block of one class
 * only counts as holding half a row of the other; beyond the ends the curve goes on and levels off half way to 0 and to 1.
 *
 * `fit.status` is 'not-identified' when one block is left: scores do not rise with churn, everyone gets the base rate.
 *
 * Source: Ayer et al. (1955); Zadrozny & Elkan (2002); Oron & Flournoy (2017) for the centred form.
 * @throws one-class; label-as-feature; horizon-mismatch; all-null; unknown-column; invalid-option; invalid-value.
 * @example
 * pipeline([logisticRegression({ label, features }), isotonicCalibration({ label, strict: true })]).fit(customers);
 */
export function isotonicCalibration<
  const S extends string = 'churnProbability',
  const O extends string = 'calibratedProbability',
>(options: IsotonicOptions<S, O>): Estimator<IsotonicModel<S, O>> {
  const {
    label,
    score = 'churnProbability' as S,
    as = 'calibratedProbability' as O,
    weight,
    strict = false,
  } = knownOptions(options, 'isotonicCalibration', 'strict label score weight as');
  checked('invalid-option', flag, strict, 'strict');
  return calibrator(isotonicKind, { label, score, as, weight }, false, (rows) => {
    const blocks = pooled(rows);
    const flat = blocks.length === 1;
    return {
      parameters: { strict, ...(strict ? centred(blocks) : stepped(blocks)) },
      status: flat ? 'not-identified' : 'converged',
      warnings: flat ? [`churn does not rise with "${score}": everyone gets the base rate`] : [],
      report: { blocks: blocks.length, standardErrors: 'none: the curve has no fixed number of parameters' },
    };
  });
}

/** Scores that share one probability, events/weight. */
interface Block {
  readonly first: number;
  last: number;
  weight: number;
  events: number;
  /** Σ weight·(score − first). */
  moment: number;
}

/** Pools adjacent violators: event rates rise strictly from block to block. */
function pooled({ scores, y, weight }: CalibrationRows): readonly Block[] {
  const blocks: Block[] = [];
  const order = ascendingRows(scores);
  for (let from = 0, to = 0; from < order.length; from = to) {
    const score = scores[order[from]!]!;
    const next: Block = { first: score, last: score, weight: 0, events: 0, moment: 0 };
    for (; to < order.length && scores[order[to]!] === score; to++) {
      next.weight += weight[order[to]!]!;
      next.events += weight[order[to]!]! * y[order[to]!]!;
    }
    blocks.push(next);
    for (let top = blocks.length - 1; top > 0; top--) {
      const above = blocks[top]!;
      const below = blocks[top - 1]!;
      if (below.events / below.weight < above.events / above.weight) break;
      below.moment += above.moment + above.weight * (above.first - below.first);
      below.last = above.last;
      below.weight += above.weight;
      below.events += above.events;
      blocks.pop();
    }
  }
  return blocks;
}

interface Curve {
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
}

/** Both ends of every block. */
function stepped(blocks: readonly Block[]): Curve {
  const ends = blocks.flatMap(({ first, last, weight, events }) =>
    (first === last ? [first] : [first, last]).map((score) => ({ score: score + 0, p: events / weight })),
  );
  return { scores: ends.map(({ score }) => score), probabilities: ends.map(({ p }) => p) };
}

/** One point per block; the first and the last one kept off 0 and 1. */
function centred(blocks: readonly Block[]): Curve {
  const p = blocks.map(({ weight, events }) => events / weight);
  const end = p.length - 1;
  const half = ({ weight }: Block): number => 0.5 / (weight + 1);
  if (p[0] === 0) p[0] = Math.min(half(blocks[0]!), (p[1] ?? 1) / 2);
  if (p[end] === 1) p[end] = Math.max(1 - half(blocks[end]!), ((p[end - 1] ?? 0) + 1) / 2);
  return {
    scores: blocks.map(({ first, last, weight, moment }) => Math.min(first + moment / weight, last) + 0),
    probabilities: p,
  };
}
