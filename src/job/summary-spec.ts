import type { ReasonFeature, WarningOptions } from '../churn/index.ts';
import type { IntervalOptions } from '../economics/index.ts';
import { fail } from '../errors.ts';
import {
  type Check,
  dictionaryOf,
  either,
  finite,
  flag,
  listOf,
  oneOf,
  optional,
  record,
  text,
  whole,
  within,
} from '../model/checks.ts';
import { BUDGETS, type Budget } from '../segments/index.ts';

/** A number for all customers, or the name of a column with one for each. */
export type ColumnOrNumber = string | number;

/** What a retention campaign offers and costs; the value is that of the summary. */
export interface CampaignSpec {
  /** Share of would-be leavers whom the offer keeps: an assumption until a campaign with a hold-out has measured it. */
  readonly acceptance: ColumnOrNumber;
  /** Cost of the offer to one who takes it. */
  readonly offerCost: ColumnOrNumber;
  /** Share of those who would have stayed anyway, who take the offer all the same. Default 1. */
  readonly stayerAcceptance?: ColumnOrNumber;
  /** Cost of a contact, taken or not. Default 0. */
  readonly contactCost?: ColumnOrNumber;
  /** Column with the measured gain in the chance to stay, from a campaign with a hold-out. */
  readonly uplift?: string;
  /** The least budget of a class strategy that means contacting its customers. Default `moderate`. */
  readonly from?: Budget;
  /** Whether only customers with an expected saving above 0 are listed. Default false. */
  readonly onlyProfitable?: boolean;
  /** Money to spend, in the unit of the costs: gives the best list within it, and whom losses then take to replace. */
  readonly budget?: number;
}

export interface SummarySpec {
  /** Output with the churn probability. */
  readonly churn?: string;
  /** Value if kept: value at risk is churn × this. */
  readonly value?: string;
  readonly segment?: string;
  /** Column of a second grouping: gives value at risk by tier and segment. */
  readonly tier?: string;
  /** Rows of the warning list. Default 20. */
  readonly warnings?: number;
  /** Order of the warning list. Default: `expectedSaving` with a campaign, else `valueAtRisk` with a value, else `probability`. */
  readonly order?: NonNullable<WarningOptions['by']>;
  /** Reasons per warning. Default 3. */
  readonly reasons?: number;
  /** How reasons are told, and which of them can be acted on. */
  readonly features?: readonly ReasonFeature[];
  /** Column with who looks after each customer. */
  readonly owner?: string;
  /** Gives every warning its expected saving. */
  readonly campaign?: CampaignSpec;
  /** Bootstrap intervals of segment shares, totals and value at risk. Default: none. */
  readonly intervals?: IntervalOptions;
  /** Sums of an expectation and of its outcome over the scored customers. */
  readonly compare?: readonly { readonly expected: string; readonly actual: string }[];
  /** Means of a column by groups. */
  readonly means?: readonly { readonly of: string; readonly by: readonly string[] }[];
  /** Columns to add up. */
  readonly totals?: readonly string[];
}

const columnOrNumber: Check<ColumnOrNumber> = either(text, finite, 'a column or a number');

const feature: Check<ReasonFeature> = record({
  column: text,
  actionable: flag,
  sentence: optional(text),
  levels: optional(dictionaryOf(text)),
  bands: optional(listOf(record({ below: optional(finite), sentence: text }))),
});

const campaign: Check<CampaignSpec> = record({
  acceptance: columnOrNumber,
  offerCost: columnOrNumber,
  stayerAcceptance: optional(columnOrNumber),
  contactCost: optional(columnOrNumber),
  uplift: optional(text),
  from: optional(oneOf(...BUDGETS)),
  onlyProfitable: optional(flag),
  budget: optional(within(0, Number.MAX_VALUE)),
});

const shape: Check<SummarySpec> = record({
  churn: optional(text),
  value: optional(text),
  segment: optional(text),
  tier: optional(text),
  warnings: optional(whole(1, 10_000)),
  order: optional(oneOf('expectedSaving', 'valueAtRisk', 'probability')),
  reasons: optional(whole(1, 20)),
  features: optional(listOf(feature)),
  owner: optional(text),
  campaign: optional(campaign),
  intervals: optional(
    record({ seed: whole(), resamples: optional(whole(1, 100_000)), level: optional(within(0.5, 0.999)) }),
  ),
  compare: optional(listOf(record({ expected: text, actual: text }))),
  means: optional(listOf(record({ of: text, by: listOf(text) }))),
  totals: optional(listOf(text)),
});

export const summarySpec: Check<SummarySpec> = (json, path) => {
  const spec = shape(json, path);
  const needs = (option: keyof SummarySpec, others: readonly (keyof SummarySpec)[]): void => {
    for (const other of others)
      if (spec[option] !== undefined && spec[other] === undefined)
        fail('invalid-job', `${path}.${option}: needs "${other}" beside it`);
  };
  needs('campaign', ['churn', 'value']);
  needs('tier', ['churn', 'value', 'segment']);
  if (spec.order === 'expectedSaving') needs('order', ['campaign']);
  if (spec.order === 'valueAtRisk') needs('order', ['value']);
  return spec;
};

/** The columns that a campaign names, by the place in the job where it does. */
export function campaignColumns(spec: CampaignSpec | undefined): { readonly [place: string]: string } {
  const { from: _, onlyProfitable: __, ...terms } = spec ?? {};
  return Object.fromEntries(
    Object.entries(terms).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
