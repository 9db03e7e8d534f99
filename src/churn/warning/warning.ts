import type { Span } from '../../model/field.ts';

/** Whether to contact a customer, by what the class strategy and the expected saving say. */
export interface WarningAction {
  /** The saving decides where it is known; else the strategy. */
  readonly contact: boolean;
  readonly follows: 'saving' | 'strategy';
  /** What the strategy of the class says; null when it says nothing. */
  readonly strategy: boolean | null;
  /** Whether the expected saving is above 0; null when it is not known. */
  readonly saving: boolean | null;
  /** Both say something, and not the same. */
  readonly overruled: boolean;
}

/** A customer of a warning list. What was not asked for is absent; what is not known of this customer is null. */
export interface Warning {
  readonly id: string | number;
  readonly probability: number;
  /** With an interval of the probability. */
  readonly interval?: { readonly low: number; readonly high: number } | null;
  /** With cuts: whether the interval holds one, so that the side this customer is on is not sure; null without an interval. */
  readonly borderline?: boolean | null;
  /** With a horizon; null for unknown. */
  readonly horizon?: Span | null;
  readonly baseRate: number | null;
  /** Value if kept. */
  readonly value: number | null;
  /** probability · value. */
  readonly valueAtRisk: number | null;
  /** With a campaign: what contacting is expected to bring, net of its cost. */
  readonly expectedSaving?: number | null;
  /** With a campaign: its expected cost. */
  readonly expectedSpend?: number | null;
  /** With a campaign: the measured gain in the chance to stay; null where none was given: risk is not persuadability. */
  readonly uplift?: number | null;
  readonly segment: string | null;
  readonly strategy: string | null;
  /** With a campaign or the advice of a strategy; null when neither says anything of this customer. */
  readonly action?: WarningAction | null;
  readonly reasons: readonly string[];
  /** With columns of them: reasons that nobody can act on. */
  readonly background?: readonly string[];
  /** With owners. */
  readonly owner?: string | null;
}

/** What a campaign comes to on a warning list. */
export interface WarningCampaign {
  /**
   * `acceptance`: the saving rests on the share of would-be leavers that an offer is assumed to keep, alike for all or as
   * given; `uplift`: on a measured gain per customer.
   */
  readonly basis: 'acceptance' | 'uplift';
  /** Σ expected saving and spend of the rows listed. */
  readonly expectedSaving: number;
  readonly expectedSpend: number;
  /** Customers of all, listed or not, whose saving is above 0. */
  readonly worthIt: number;
  /** Customers of all, listed or not, for whom the saving overrules the strategy of the class. */
  readonly overruled: {
    /** The strategy says no, the saving says yes. */
    readonly contacted: number;
    /** The strategy says yes, the saving says no. */
    readonly spared: number;
  };
}

export interface WarningList {
  readonly rows: readonly Warning[];
  /** Rows that passed the cuts, before `top`. */
  readonly eligible: number;
  /** Rows without an id, a probability or, where it is needed, a value or a saving. */
  readonly leftOut: number;
  /** With cuts: how many of the eligible are borderline. */
  readonly borderline?: number;
  readonly campaign?: WarningCampaign;
}

export function actionOf(strategy: boolean | null, expectedSaving: number | null): WarningAction | null {
  const saving = expectedSaving === null ? null : expectedSaving > 0;
  const contact = saving ?? strategy;
  if (contact === null) return null;
  return {
    contact,
    follows: saving === null ? 'strategy' : 'saving',
    strategy,
    saving,
    overruled: strategy !== null && saving !== null && strategy !== saving,
  };
}
