import { exp, log1p } from '../../numerics/elementary.ts';
import { comesFirst, discountedTimeAlive } from '../pareto-nbd/lomax.ts';
import type { ParetoNbdParameters } from '../pareto-nbd/posterior.ts';
import type { Paths } from './paths.ts';

/** A customer among walks. */
export interface Walker {
  readonly i: number;
  readonly x: number;
  readonly recency: number;
  readonly T: number;
}

/**
 * The race of purchase and dropout in (start, end] of a customer who is alive at `start`: the chances that neither comes,
 * and that `winner` comes first. In a stretch α and β stand at their own level, and the race is that of the static model.
 */
function race(
  { r, alpha, s, beta }: ParetoNbdParameters,
  paths: Paths,
  { i, x }: Walker,
  start: number,
  end: number,
  winner: 'purchase' | 'dropout',
): { readonly neither: number; readonly first: number } {
  const since = paths.timeAt(i, start);
  const R = r + x;
  let [neither, first] = [1, 0];
  paths.each(i, start, end, ({ length, purchase, dropout, purchaseRate, dropoutRate }) => {
    const perA = purchaseRate / (alpha + purchase);
    const perB = dropoutRate / (beta + dropout);
    first +=
      neither *
      (winner === 'dropout'
        ? comesFirst(s, R, perA / perB, perB * length)
        : comesFirst(R, s, perB / perA, perA * length));
    const a = (purchase - since.purchase + purchaseRate * length) / (alpha + since.purchase);
    const b = (dropout - since.dropout + dropoutRate * length) / (beta + since.dropout);
    neither = exp(-R * log1p(a) - s * log1p(b));
  });
  return { neither, first };
}

/** P(no purchase in (t_x, T] | alive at t_x), and P(alive at T). */
export function silenceOf(
  parameters: ParetoNbdParameters,
  paths: Paths,
  walker: Walker,
): { readonly quiet: number; readonly alive: number } {
  const { neither, first } = race(parameters, paths, walker, walker.recency, walker.T, 'dropout');
  const quiet = neither + first;
  return { quiet, alive: neither === 0 ? 0 : neither / quiet };
}

/** P(no dropout in the next `ahead` | alive at T). */
export function stays({ beta, s }: ParetoNbdParameters, paths: Paths, { i, T }: Walker, ahead: number): number {
  const B = paths.timeAt(i, T).dropout;
  return exp(-s * log1p((paths.timeAt(i, T + ahead).dropout - B) / (beta + B)));
}

/** P(at least one purchase in the next `periods` | alive at T): it comes before dropout. */
export function buys(parameters: ParetoNbdParameters, paths: Paths, walker: Walker, periods: number): number {
  return race(parameters, paths, walker, walker.T, walker.T + periods, 'purchase').first;
}

/**
 * Expected purchases in (start, start + periods], each times e^(−δt), of a customer who is alive at `start` after x
 * purchases: (r + x)/(α + A)·∫ e^(γ′z) e^(−δt) ((β + B(start))/(β + B))^s dt.
 */
export function purchasesAhead(
  { r, alpha, s, beta }: ParetoNbdParameters,
  paths: Paths,
  { i, x }: Pick<Walker, 'i' | 'x'>,
  start: number,
  periods: number,
  delta: number,
): number {
  const since = paths.timeAt(i, start);
  let total = 0;
  let gone = 0;
  paths.each(i, start, start + periods, (stretch) => {
    const alive = exp(-s * log1p((stretch.dropout - since.dropout) / (beta + since.dropout)) - delta * gone);
    total +=
      stretch.purchaseRate *
      alive *
      discountedTimeAlive(s, (beta + stretch.dropout) / stretch.dropoutRate, delta, stretch.length);
    gone += stretch.length;
  });
  return ((r + x) / (alpha + since.purchase)) * total;
}
