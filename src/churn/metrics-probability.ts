import { fail } from '../errors.ts';
import { exp, log, log1p } from '../numerics/elementary.ts';
import { sum } from '../numerics/sum.ts';
import type { Ranking } from './metrics-ranking.ts';

const SMALLEST = 1e-15;
const clipped = (p: number): number => Math.min(Math.max(p, SMALLEST), 1 - SMALLEST);

/** Stops unless the scores are probabilities. */
export function requireProbabilities({ scores }: Ranking): void {
  for (const p of [scores[0]!, scores[scores.length - 1]!])
    if (!(p >= 0 && p <= 1)) fail('invalid-value', `${p} is not a probability: use values within [0, 1]`);
}

/**
 * Mean of −ln of the probability given to what happened. `null` when it is infinite: what happened had been given the
 * probability 0. Nothing is clipped.
 */
export function rankedLogLoss(ranks: Ranking): number | null {
  const { scores, eventsAt, nonEventsAt } = ranks;
  const loss = -weighted(ranks, (k) => {
    const p = scores[k]!;
    return (eventsAt[k]! > 0 ? eventsAt[k]! * log(p) : 0) + (nonEventsAt[k]! > 0 ? nonEventsAt[k]! * log1p(-p) : 0);
  });
  return Number.isFinite(loss) ? loss + 0 : null;
}

/** Brier score: mean squared distance of probability and outcome. */
export function rankedBrier(ranks: Ranking): number {
  const { scores, eventsAt, nonEventsAt } = ranks;
  return weighted(ranks, (k) => eventsAt[k]! * (1 - scores[k]!) ** 2 + nonEventsAt[k]! * scores[k]! ** 2);
}

export function rankedMeanProbability(ranks: Ranking): number {
  return weighted(ranks, (k) => (ranks.eventsAt[k]! + ranks.nonEventsAt[k]!) * ranks.scores[k]!);
}

/** One bin of a calibration table. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  /** Rows and events; with weights, their total weight. */
  readonly rows: number;
  readonly events: number;
  /** Mean probability and event rate; null in an empty bin. */
  readonly meanProbability: number | null;
  readonly eventRate: number | null;
}

/** Bins of equal width on [0, 1], each open at the left and closed at the right, the first one closed at both ends. */
export function rankedCalibration({ scores, eventsAt, nonEventsAt }: Ranking, bins: number): readonly CalibrationBin[] {
  const rows = new Float64Array(bins);
  const events = new Float64Array(bins);
  const total = new Float64Array(bins);
  for (let k = 0; k < scores.length; k++) {
    const p = scores[k]!;
    let bin = Math.max(Math.ceil(p * bins) - 1, 0);
    // p · bins may round over an edge.
    if (bin > 0 && p <= bin / bins) bin--;
    else if (p > (bin + 1) / bins) bin++;
    const here = eventsAt[k]! + nonEventsAt[k]!;
    rows[bin]! += here;
    events[bin]! += eventsAt[k]!;
    total[bin]! += here * p;
  }
  return Array.from(rows, (n, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    rows: n,
    events: events[bin]!,
    meanProbability: n > 0 ? total[bin]! / n : null,
    eventRate: n > 0 ? events[bin]! / n : null,
  }));
}

/** Expected calibration error: Σ over bins of (rows in bin / rows)·|event rate − mean probability|. */
export function rankedCalibrationError(ranks: Ranking, bins: number): number {
  const table = rankedCalibration(ranks, bins).filter((bin) => bin.rows > 0);
  return (
    sum(table.map((bin) => bin.rows * Math.abs(bin.eventRate! - bin.meanProbability!))) /
    (ranks.events + ranks.nonEvents)
  );
}

/** `brier = reliability − resolution + uncertainty + withinBins`. */
export interface BrierDecomposition {
  /** Mean squared distance of mean probability and event rate over the bins: 0 is perfect calibration. */
  readonly reliability: number;
  /** Mean squared distance of the bins' event rates from the base rate: the higher the better. */
  readonly resolution: number;
  /** Base rate · (1 − base rate), the Brier score of the base rate. */
  readonly uncertainty: number;
  /** What varies within bins: 0 when every bin holds one probability. */
  readonly withinBins: number;
}

/** Murphy's (1973) decomposition over bins; the last term is that of Stephenson, Coelho & Jolliffe (2008). */
export function rankedBrierDecomposition(ranks: Ranking, bins: number): BrierDecomposition {
  const total = ranks.events + ranks.nonEvents;
  const rate = ranks.events / total;
  const table = rankedCalibration(ranks, bins).filter((bin) => bin.rows > 0);
  const reliability = sum(table.map((bin) => bin.rows * (bin.meanProbability! - bin.eventRate!) ** 2)) / total;
  const resolution = sum(table.map((bin) => bin.rows * (bin.eventRate! - rate) ** 2)) / total;
  const uncertainty = rate * (1 - rate);
  return {
    reliability,
    resolution,
    uncertainty,
    withinBins: rankedBrier(ranks) - (reliability - resolution + uncertainty),
  };
}

/** Logistic recalibration logit(P(event)) = intercept + slope·logit(p). */
export interface CalibrationLine {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Fits the recalibration line by maximum likelihood (Cox 1958): slope 1 and intercept 0 are perfect, a slope below 1 tells of
 * overfitting. Newton with step halving on two parameters; probabilities of 0 and 1 count as 1e-15 and 1 − 1e-15. `null`
 * when the maximum does not exist: all probabilities equal, or the classes separated.
 */
export function rankedCalibrationLine({
  scores,
  eventsAt,
  nonEventsAt,
  events,
  nonEvents,
}: Ranking): CalibrationLine | null {
  const first = (counts: Float64Array): number => scores[counts.findIndex((n) => n > 0)]!;
  const last = (counts: Float64Array): number => scores[counts.findLastIndex((n) => n > 0)]!;
  const overlap = first(nonEventsAt) > last(eventsAt) && first(eventsAt) > last(nonEventsAt);
  if (!overlap) return null;
  const x = scores.map((p) => log(clipped(p)) - log1p(-clipped(p)));
  const rows = events + nonEvents;
  const mean = sum(x.map((value, k) => value * (eventsAt[k]! + nonEventsAt[k]!))) / rows;

  let a = log(events / nonEvents);
  let b = 0;
  let loss = lossOf(a, b);
  for (let turn = 0; turn < 100; turn++) {
    let g0 = 0;
    let g1 = 0;
    let h00 = 0;
    let h01 = 0;
    let h11 = 0;
    for (let k = 0; k < x.length; k++) {
      const z = x[k]! - mean;
      const n = eventsAt[k]! + nonEventsAt[k]!;
      const q = 1 / (1 + exp(-(a + b * z)));
      const residual = eventsAt[k]! - n * q;
      const w = n * q * (1 - q);
      g0 += residual;
      g1 += residual * z;
      h00 += w;
      h01 += w * z;
      h11 += w * z * z;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) return null;
    const da = (h11 * g0 - h01 * g1) / determinant;
    const db = (h00 * g1 - h01 * g0) / determinant;
    const decrement = da * g0 + db * g1;
    let step = 1;
    let next = lossOf(a + da, b + db);
    while (!(next <= loss + 1e-12 * loss) && step > 1e-8) {
      step /= 2;
      next = lossOf(a + step * da, b + step * db);
    }
    a += step * da;
    b += step * db;
    loss = next;
    if (decrement < 1e-20 * rows) break;
  }
  return { slope: b, intercept: a - b * mean };

  function lossOf(a: number, b: number): number {
    let total = 0;
    for (let k = 0; k < x.length; k++) {
      const t = a + b * (x[k]! - mean);
      const soft = log1p(exp(-Math.abs(t)));
      total += eventsAt[k]! * (soft + Math.max(-t, 0)) + nonEventsAt[k]! * (soft + Math.max(t, 0));
    }
    return total;
  }
}

function weighted({ scores, events, nonEvents }: Ranking, part: (step: number) => number): number {
  const parts = new Float64Array(scores.length);
  for (let k = 0; k < parts.length; k++) parts[k] = part(k);
  return sum(parts) / (events + nonEvents);
}
