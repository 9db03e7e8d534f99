import type { Check } from '../../model/checks.ts';
import type { TimeUnit } from '../../model/field.ts';
import type { Random } from '../../numerics/random.ts';
import type { Likelihood } from '../maximise.ts';
import type { Histories } from './history.ts';
import type { Quantity } from './quantities.ts';

/** Parameters by name, in the model's time unit. */
export type Parameters<P extends string = string> = { readonly [N in P]: number };

/**
 * What a model knows of one customer. Every {@link Quantity} is P(alive) times its value given that the customer is
 * alive at T: a family supplies these two functions.
 */
export interface Posterior {
  alive(x: number, recency: number, T: number): number;
  /** Resolved once per output; null for P(alive) itself. */
  given(quantity: Quantity): ((x: number, T: number, recency: number) => number) | null;
  /** The two for the first `count` of many histories, with the same bits, where a family has them faster in bulk. */
  readonly bulk?: {
    alive(count: number, histories: HistoryBlock, out: Float64Array): void;
    given(quantity: Quantity): ((count: number, histories: HistoryBlock, out: Float64Array) => void) | null;
  };
}

/** Histories that can be, beside each other in one memory with the results; `room` is for a column in between. */
export interface HistoryBlock {
  readonly x: Float64Array;
  readonly recency: Float64Array;
  readonly T: Float64Array;
  readonly room: Float64Array;
}

/** A process that covariates z act on: ln parameter += sign·γ′z for each parameter it names. */
export interface Process<P extends string = string> {
  readonly name: string;
  readonly acts: readonly { readonly parameter: P; readonly sign: 1 | -1 }[];
}

/** What reading and scoring a family's models needs; nothing of fitting. */
export interface HistoryScoring<K extends string = string, P extends string = string> {
  readonly kind: K;
  readonly version: number;
  /** The estimated parameters, all of them ≥ 0. */
  readonly names: readonly P[];
  /** The range of each parameter in a stored model. */
  readonly checks: { readonly [N in P]: Check<number> };
  /** Stored numbers that are chosen, not estimated. */
  readonly settings?: { readonly [name: string]: Check<number> };
  /**
   * Time counts opportunities to buy, one purchase at most at each: recency, T and every horizon are whole numbers,
   * x ≤ t_x, and a fit does not scale time.
   */
  readonly discrete?: true;
  /** Empty: the family takes no covariates. Processes that act on one parameter must not share a column. */
  readonly processes: readonly Process<P>[];
  /** `tables`: many customers with these parameters will be asked for, so tables pay. */
  posterior(parameters: Parameters<P>, unit: TimeUnit, tables: boolean): Posterior;
}

/** A limit of the parameters in which the likelihood may be highest. */
export interface Limit<P extends string = string> {
  readonly name: string;
  /** What it means, for the warning. */
  readonly note: string;
  reached(parameters: Parameters<P>): boolean;
  /** Parameters left to vary when standard errors are taken in the limit. */
  readonly free: readonly P[];
  /** Those of them that have a finite value in the limit. Default: `free`. */
  readonly shown?: readonly P[];
  /** It is a model with covariates of its own, so it may be named when the fit has some. */
  readonly covariates?: true;
}

/** A customer's purchases after the first one, in turn: their times, Infinity when there will be none. */
export interface Story {
  next(): number;
}

/** Figures that starting values are made of. */
export interface Moments {
  /** Mean number of repeat purchases. */
  readonly mean: number;
  /** Shape of the Gamma distribution of purchase rates by the method of moments. */
  readonly shape: number;
  /** Mean of T as the search sees it: 1, or the mean number of opportunities. */
  readonly length: number;
}

/** A buy-till-you-die model: everything the common estimator, its functions and its tests are made of. */
export interface HistoryFamily<K extends string = string, P extends string = string> extends HistoryScoring<K, P> {
  /** Power of the unit of time in each parameter: 1 for a time such as alpha, −1 for a rate, 0 for a shape. */
  readonly timePowers: { readonly [N in P]: number };
  /** Starting values, the likeliest first; the others are tried where it does not end in an interior maximum. */
  starts(moments: Moments, settings: Parameters): readonly Parameters<P>[];
  /** ln L of grouped histories with its exact derivatives in the parameters, in the order of `names`. */
  likelihood(data: Histories, settings: Parameters): Likelihood;
  /** ln L of one history. */
  logLikelihood(parameters: Parameters<P>, x: number, recency: number, T: number): number;
  /** The limit where nobody drops out (by name; default NBD): its parameters, and those with a standard error there. */
  readonly immortal: {
    readonly name?: string;
    readonly set: Partial<Parameters<P>>;
    readonly free: readonly P[];
  } | null;
  readonly limits: readonly Limit<P>[];
  /** Parameters when nobody bought a second time; T has the given mean. */
  none(meanT: number): Parameters<P>;
  /** P(X(t) = 0 … upTo) of a new customer. */
  distribution(parameters: Parameters<P>, t: number, upTo: number): Float64Array;
  /** P(0 … upTo purchases in (T, T + t] | alive at T and the history). */
  distributionGivenAlive(
    parameters: Parameters<P>,
    history: { readonly x: number; readonly recency: number; readonly T: number },
    t: number,
    upTo: number,
  ): Float64Array;
  /** Draws a customer. */
  story(parameters: Parameters<P>, random: Random): Story;
}
