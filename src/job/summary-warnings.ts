import {
  actionableReasons,
  type CampaignProfit,
  type CampaignTerms,
  campaignProfit,
  classAdvice,
  type ProfitPoint,
  profitCurve,
  type Warning,
  type WarningCampaign,
  warningList,
} from '../churn/index.ts';
import type { ProbabilityInterval } from '../churn/probability-interval.ts';
import { readCategories } from '../columns/whole.ts';
import type { CategoryColumn } from '../model/batch.ts';
import type { Span } from '../model/field.ts';
import { sum } from '../numerics/sum.ts';
import { compile } from '../scoring/all-kinds.ts';
import type { PipelineModel } from '../scoring/pipeline-kind.ts';
import type { FittedJob } from './fit-job.ts';
import type { ScoredJob } from './score-job.ts';
import { type BudgetSummary, budgetOf } from './summary-budget.ts';
import { gridOf } from './summary-segments.ts';
import type { CampaignSpec, ColumnOrNumber, SummarySpec } from './summary-spec.ts';
import { columnOf as get, numbersOf as numbers, type Table } from './table.ts';

/** What a campaign is expected to bring: over everyone worth it, over the list, and by how deep it goes. */
export interface CampaignSummary extends WarningCampaign {
  /** Of everyone whose expected saving is above 0, listed or not. */
  readonly everyone: { readonly expectedSaving: number; readonly expectedSpend: number };
  /** The best cut of the churn probability alone. */
  readonly bestCut: ProfitPoint | null;
  /** Expected saving against the share contacted, those with the largest saving first. */
  readonly curve: readonly ProfitPoint[];
  /** Where the campaign has a budget. */
  readonly budget: BudgetSummary | null;
}

export interface WarningPart {
  readonly warnings: readonly Warning[];
  readonly campaign: CampaignSummary | null;
}

/** The customers to act on, with reasons of the stored model that gave the probability. */
export function warningsOf(
  spec: SummarySpec,
  fitted: FittedJob,
  scored: ScoredJob,
  all: Table,
  interval: ProbabilityInterval | null,
  cuts: readonly number[],
): WarningPart {
  const { churn, value, segment, owner, order, warnings = 20 } = spec;
  if (churn === undefined) return { warnings: [], campaign: null };
  const { model, job } = fitted.file;
  const field = model.outputs.find(({ name }) => name === churn);
  const judged = model.fit.heldOut.find(({ output }) => output === churn);
  const step = gridOf(model, segment);
  const classes = segment === undefined ? null : readCategories({ segment: get(all, segment) }, 'segment');
  const terms = spec.campaign && termsOf(spec.campaign, all);
  const horizon = field && (field as { readonly horizon?: Span | null }).horizon;
  const { onlyProfitable, from } = spec.campaign ?? {};
  const advice = classes && step ? classAdvice(classes, step.segments, from === undefined ? {} : { from }) : null;
  const why =
    field?.explained === undefined
      ? null
      : actionableReasons(compile(model).explain(inputsOf(model, scored.customers), churn as never), all, {
          features: spec.features ?? [],
          k: spec.reasons ?? 3,
        });
  const probability = numbers(all, churn);
  const list = warningList(
    {
      ids: get(all, job.pipeline.id),
      probability,
      ...(interval ? { interval } : {}),
      ...(horizon === undefined ? {} : { horizon }),
      ...(value === undefined ? {} : { value: numbers(all, value) }),
      ...(classes ? { segment: classes } : {}),
      ...(advice ? (terms ? advice : { strategy: advice.strategy }) : {}),
      ...(why ? { reasons: why.reasons } : {}),
      ...(why && spec.features ? { background: why.background } : {}),
      ...(owner === undefined ? {} : { owner: readCategories({ owner: get(all, owner) }, 'owner') }),
      ...(judged ? { baseRate: judged.metrics.baseRate } : {}),
    },
    {
      top: warnings,
      ...(order === undefined ? {} : { by: order }),
      ...(interval && cuts.length > 0 ? { cuts } : {}),
      ...(terms ? { campaign: terms, onlyProfitable: onlyProfitable ?? false } : {}),
    },
  );
  return {
    warnings: list.rows,
    campaign:
      list.campaign && terms
        ? campaignOf(list.campaign, probability, { ...terms, value: numbers(all, value!) }, (expected) =>
            budgetOf(spec, expected, all, job.pipeline.id),
          )
        : null,
  };
}

function campaignOf(
  list: WarningCampaign,
  probability: Float64Array,
  terms: CampaignTerms,
  budget: (expected: CampaignProfit) => BudgetSummary | null,
): CampaignSummary {
  const expected = campaignProfit(probability, terms);
  const { profit, spend, leftOut } = expected;
  const none = leftOut === profit.length;
  const worth = (of: Float64Array): number => sum(of.filter((_, row) => profit[row]! > 0));
  return {
    ...list,
    everyone: { expectedSaving: worth(profit), expectedSpend: worth(spend) },
    bestCut: none ? null : profitCurve(probability, profit).best,
    curve: none ? [] : profitCurve(profit, profit, { points: 20 }).points,
    budget: budget(expected),
  };
}

/** The terms of a campaign with the columns that it names. */
function termsOf(spec: CampaignSpec, all: Table): Omit<CampaignTerms, 'value'> {
  const read = (term: ColumnOrNumber): number | Float64Array => (typeof term === 'number' ? term : numbers(all, term));
  return {
    acceptance: read(spec.acceptance),
    offerCost: read(spec.offerCost),
    ...(spec.stayerAcceptance === undefined ? {} : { stayerAcceptance: read(spec.stayerAcceptance) }),
    ...(spec.contactCost === undefined ? {} : { contactCost: read(spec.contactCost) }),
    ...(spec.uplift === undefined ? {} : { uplift: read(spec.uplift) }),
  };
}

function inputsOf(model: PipelineModel, customers: Table): { readonly [name: string]: Float64Array | CategoryColumn } {
  return Object.fromEntries(model.inputs.map(({ name }) => [name, get(customers, name)]));
}
