import { rowCount } from '../../columns/batch.ts';
import { matches } from '../../columns/matches.ts';
import { readCategories, readNumbers } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import { type Proportion, proportion } from '../../loyalty/proportion.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions, names, object } from '../../model/options.ts';
import type { When } from '../../model/when.ts';
import { studentTQuantile } from '../../numerics/student-t.ts';
import { mean, sum } from '../../numerics/sum.ts';
import { outcome } from '../../regression/outcome.ts';
import { checkLevel } from '../metrics.ts';
import { newcombeInterval } from './newcombe.ts';

export interface LedgerOptions {
  /** Customers chosen for the campaign, whether treated or held out; others are no part of it. Default: all rows. */
  readonly target?: When;
  /** Targets left alone on purpose, at random. Without them the ledger claims no uplift. */
  readonly holdOut?: When;
  readonly contacted: When;
  readonly accepted: When;
  /** What says that a customer was still there at the end of the horizon; a null is not known yet. */
  readonly kept: { readonly column: string; readonly equals: string | number };
  /** Money spent on each target: a column, whose nulls are refused, or one amount per contacted customer. */
  readonly cost: string | number;
  /** Value of a customer kept, in money: a column, or one amount for all. */
  readonly value: string | number;
  /** Column that names the campaign: an entry for each, sorted by name. Default: one entry, `all`. */
  readonly campaign?: string;
  /** Two-sided coverage of intervals. Default 0.95. */
  readonly level?: number;
}

/** A figure with its interval. */
export interface Estimate {
  readonly estimate: number;
  /** Null when an arm is too small for one. */
  readonly interval: readonly [low: number, high: number] | null;
}

export interface LedgerArm {
  /** Targets in this arm. */
  readonly customers: number;
  readonly contacted: number;
  readonly accepted: number;
  /** Customers whose end is not known yet; rates and incremental figures are of the others. */
  readonly pending: number;
  /** Customers kept, of those whose end is known. */
  readonly kept: Proportion;
  readonly cost: number;
}

export interface LedgerEntry {
  readonly campaign: string;
  readonly targets: number;
  readonly treated: LedgerArm;
  /** Null without a hold-out. */
  readonly holdOut: LedgerArm | null;
  /** Kept rate of the treated less that of the hold-out (Newcombe interval). */
  readonly uplift: Estimate | null;
  /** uplift · treated customers whose end is known: kept by the campaign, by intention to treat. */
  readonly incrementalKept: Estimate | null;
  /** Treated customers · difference of the arms' mean of `kept·value − cost` (Welch interval). */
  readonly incrementalProfit: Estimate | null;
  /** Σ cost of the treated / incremental customers kept; null unless that is above 0. */
  readonly costPerKept: number | null;
  /** incremental profit / Σ cost of the treated. */
  readonly returnOnCost: number | null;
  /** Why a figure is null, by its name. */
  readonly nulls: { readonly [figure: string]: string };
  readonly warnings: readonly string[];
}

export interface CampaignLedger {
  readonly level: number;
  readonly entries: readonly LedgerEntry[];
}

/**
 * Closes the loop of a retention campaign: who was chosen, contacted, accepted, was kept, what it cost, and what it kept that
 * would have been lost otherwise. The treated arm is everyone not held out, contacted or not, so that the comparison stays the
 * one that chance made. Without a hold-out every claim of an effect is null, for customers who would have stayed anyway
 * cannot be told apart.
 *
 * @throws unknown-column; wrong-type; invalid-option; invalid-value for a null or negative cost or a null value; empty-input.
 * Source: Newcombe (1998), method 10, for the difference; Welch (1947) for the profit.
 * @example
 * const targets = {
 *   arm: ['control', 'control', 'control', 'control', 'treated', 'treated', 'treated', 'treated'],
 *   called: ['no', 'no', 'no', 'no', 'yes', 'yes', 'yes', 'no'],
 *   offer: ['none', 'none', 'none', 'none', 'taken', 'none', 'taken', 'none'],
 *   active: ['yes', 'no', 'no', 'yes', 'yes', 'yes', 'yes', 'no'],
 * };
 * campaignLedger(targets, {
 *   holdOut: { column: 'arm', equals: 'control' }, contacted: { column: 'called', equals: 'yes' },
 *   accepted: { column: 'offer', equals: 'taken' }, kept: { column: 'active', equals: 'yes' }, cost: 5, value: 240,
 * }).entries[0].uplift; // { estimate: 0.25, interval: [-0.3196, 0.6553] }: 3 of 4 against 2 of 4
 */
export function campaignLedger(data: Columns, options: LedgerOptions): CampaignLedger {
  const {
    target,
    holdOut,
    contacted,
    accepted,
    kept,
    cost,
    value,
    campaign,
    level = 0.95,
  } = knownOptions(options, 'campaignLedger', 'target holdOut contacted accepted kept cost value campaign level');
  checkLevel(level);
  object(kept, 'kept');
  names({ 'kept.column': kept.column, ...(campaign === undefined ? {} : { campaign }) });
  const total = rowCount(data);
  const targeted = target ? matches(data, target) : new Uint8Array(total).fill(1);
  const held = holdOut ? matches(data, holdOut) : new Uint8Array(total);
  const reached = matches(data, contacted);
  const rows: Targets = {
    held,
    contacted: reached,
    accepted: matches(data, accepted),
    kept: outcome(data, kept.column, kept.equals),
    cost: money(data, 'cost', cost, targeted, (row) => reached[row] === 1),
    value: money(data, 'value', value, targeted, () => true),
  };
  if (!targeted.includes(1)) fail('empty-input', 'no row is a target of a campaign');
  return {
    level,
    entries: groups(data, campaign, targeted).map(([name, own]) =>
      entry(name, rows, own, holdOut !== undefined, level),
    ),
  };
}

interface Targets {
  readonly held: Uint8Array;
  readonly contacted: Uint8Array;
  readonly accepted: Uint8Array;
  readonly kept: Float64Array;
  readonly cost: Float64Array;
  readonly value: Float64Array;
}

/** An amount per row; one number counts where `applies`. */
function money(
  data: Columns,
  what: 'cost' | 'value',
  given: string | number,
  targeted: Uint8Array,
  applies: (row: number) => boolean,
): Float64Array {
  const low = what === 'cost' ? 0 : Number.NEGATIVE_INFINITY;
  if (typeof given === 'number') {
    if (!(given >= low && Number.isFinite(given)))
      fail(
        'invalid-option',
        `invalid ${what}: ${given}; use ${what === 'cost' ? '0 or a positive' : 'a finite'} number`,
      );
    return Float64Array.from(targeted, (_, row) => (applies(row) ? given : 0));
  }
  names({ [what]: given });
  const column = readNumbers(data, given);
  column.forEach((x, row) => {
    if (targeted[row] === 1 && !(x >= low))
      fail(
        'invalid-value',
        `${what} "${given}", row ${row}: ${x !== x ? 'null' : x}; state an amount for every target`,
      );
  });
  return column;
}

function groups(
  data: Columns,
  campaign: string | undefined,
  targeted: Uint8Array,
): readonly (readonly [name: string, rows: readonly number[]])[] {
  const { codes, levels } =
    campaign === undefined
      ? { codes: new Int32Array(targeted.length), levels: ['all'] }
      : readCategories(data, campaign);
  const found = new Map<string, number[]>();
  for (let row = 0; row < targeted.length; row++) {
    if (targeted[row] !== 1) continue;
    if (codes[row]! < 0)
      fail('invalid-value', `campaign "${campaign}", row ${row}: null; a target belongs to a campaign`);
    const name = levels[codes[row]!]!;
    const own = found.get(name);
    if (own) own.push(row);
    else found.set(name, [row]);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function entry(campaign: string, rows: Targets, own: readonly number[], asked: boolean, level: number): LedgerEntry {
  const treatedRows = own.filter((row) => rows.held[row] !== 1);
  const heldRows = own.filter((row) => rows.held[row] === 1);
  const treated = arm(rows, treatedRows, level);
  const holdOut = heldRows.length > 0 ? arm(rows, heldRows, level) : null;
  const head = { campaign, targets: own.length, treated, holdOut };
  const why = missing(treated, holdOut, asked);
  if (why !== null || holdOut === null) {
    const figures = ['uplift', 'incrementalKept', 'incrementalProfit', 'costPerKept', 'returnOnCost'];
    return {
      ...head,
      uplift: null,
      incrementalKept: null,
      incrementalProfit: null,
      costPerKept: null,
      returnOnCost: null,
      nulls: Object.fromEntries(figures.map((figure) => [figure, why!])),
      warnings: [],
    };
  }
  const n = treated.kept.n;
  const uplift: Estimate = {
    estimate: treated.kept.rate! - holdOut.kept.rate!,
    interval: newcombeInterval(treated.kept.successes, n, holdOut.kept.successes, holdOut.kept.n, level),
  };
  const incrementalKept = scaled(uplift, n);
  const incrementalProfit = scaled(welch(profits(rows, treatedRows), profits(rows, heldRows), level), n);
  const nulls: { [figure: string]: string } = {};
  if (!(incrementalKept.estimate > 0)) nulls.costPerKept = 'the campaign kept nobody on balance';
  if (treated.cost === 0) nulls.returnOnCost = 'the campaign cost nothing';
  return {
    ...head,
    uplift,
    incrementalKept,
    incrementalProfit,
    costPerKept: incrementalKept.estimate > 0 ? treated.cost / incrementalKept.estimate : null,
    returnOnCost: treated.cost > 0 ? incrementalProfit.estimate / treated.cost : null,
    nulls,
    warnings: [
      ...(holdOut.contacted > 0
        ? [
            `${holdOut.contacted} of ${holdOut.customers} customers of the hold-out were contacted: the uplift is understated`,
          ]
        : []),
      ...(treated.pending + holdOut.pending > 0
        ? [`the end of ${treated.pending + holdOut.pending} targets is not known yet: figures are of the others`]
        : []),
    ],
  };
}

function missing(treated: LedgerArm, holdOut: LedgerArm | null, asked: boolean): string | null {
  if (holdOut === null)
    return `no customer was held out${asked ? '' : ' (no holdOut is stated)'}: who would have stayed anyway is not known, so that no uplift can be claimed`;
  if (treated.kept.n === 0) return 'no treated customer has a known end';
  return holdOut.kept.n === 0 ? 'no customer of the hold-out has a known end' : null;
}

function arm(rows: Targets, own: readonly number[], level: number): LedgerArm {
  const count = (flags: Uint8Array): number => own.reduce((n, row) => n + flags[row]!, 0);
  const known = own.filter((row) => rows.kept[row] === rows.kept[row]);
  return {
    customers: own.length,
    contacted: count(rows.contacted),
    accepted: count(rows.accepted),
    pending: own.length - known.length,
    kept: proportion(
      known.reduce((n, row) => n + rows.kept[row]!, 0),
      known.length,
      level,
    ),
    cost: sum(own.map((row) => rows.cost[row]!)),
  };
}

/** kept·value − cost of every customer whose end is known. */
function profits(rows: Targets, own: readonly number[]): Float64Array {
  const known = own.filter((row) => rows.kept[row] === rows.kept[row]);
  return Float64Array.from(known, (row) => rows.kept[row]! * rows.value[row]! - rows.cost[row]!);
}

/** Difference of two means with Welch's interval; none when an arm has fewer than two rows or nothing varies. */
function welch(a: Float64Array, b: Float64Array, level: number): Estimate {
  const estimate = mean(a) - mean(b);
  if (a.length < 2 || b.length < 2) return { estimate, interval: null };
  const [v, w] = [a, b].map((x) => {
    const centre = mean(x);
    return sum(x.map((cell) => (cell - centre) ** 2)) / (x.length - 1) / x.length;
  }) as [number, number];
  if (v + w === 0) return { estimate, interval: null };
  const df = (v + w) ** 2 / (v ** 2 / (a.length - 1) + w ** 2 / (b.length - 1));
  const half = studentTQuantile((1 + level) / 2, df) * Math.sqrt(v + w);
  return { estimate, interval: [estimate - half, estimate + half] };
}

function scaled({ estimate, interval }: Estimate, factor: number): Estimate {
  return { estimate: factor * estimate, interval: interval && [factor * interval[0], factor * interval[1]] };
}
