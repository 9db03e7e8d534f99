import { type Check, finite, flag, listOf, oneOf, optional, record, text, whole } from '../model/checks.ts';
import { type RfmNames, type RfmOptions, rfm } from '../rfm/index.ts';
import {
  type Axis,
  bankLayers,
  customerGrades,
  depositTiers,
  eligibility,
  grid,
  kMeans,
  type NewBelow,
  pyramid,
  rfmTiers,
  spendTiers,
  threeDimensional,
  threeLevels,
  valueMatrix,
} from '../segments/index.ts';
import { benefit, segment } from '../segments/segment-checks.ts';
import { cell, strategyChanges } from '../segments/segment-options.ts';
import { rule, type StepRule, shaped } from './step-rule.ts';
import { closed, cut, cutPer, name } from './step-shapes.ts';

const cells = optional(listOf(cell));
const overlaps = optional(oneOf('refuse', 'first'));
const strategies = optional(strategyChanges);
const newBelow = shaped<NewBelow>({ column: text, below: finite });
const limits = optional(listOf(finite, 3) as Check<readonly [number, number, number]>);

type RfmRule = NonNullable<RfmOptions<string, string, string, RfmNames>['rule']>;
const rfmRule: Check<RfmRule> = (json, path) =>
  typeof json === 'string'
    ? oneOf('quantile', 'averageRank', 'equalWidth', 'mean', 'median')(json, path)
    : record({ recency: cut, frequency: cut, monetary: cut })(json, path);

/** Scores and classes of customers. */
export const segmentSteps: {
  readonly [S in
    | 'rfm'
    | 'rfmTiers'
    | 'grid'
    | 'threeDimensional'
    | 'threeLevels'
    | 'valueMatrix'
    | 'pyramid'
    | 'spendTiers'
    | 'depositTiers'
    | 'bankLayers'
    | 'customerGrades'
    | 'eligibility'
    | 'kMeans']: StepRule;
} = {
  rfm: rule(rfm, {
    recency: name,
    frequency: name,
    monetary: name,
    scores: optional(whole()),
    rule: optional(rfmRule),
    ties: optional(oneOf('down', 'up', 'worse', 'better')),
    empty: optional(oneOf('report', 'merge')),
    nested: optional(flag),
    noPurchase: optional(oneOf('exclude', 'lowest')),
    weights: optional(record({ recency: finite, frequency: finite, monetary: finite })),
    as: optional(
      shaped<RfmNames>({
        recencyScore: name,
        frequencyScore: name,
        monetaryScore: name,
        rfmCode: name,
        rfmScore: name,
      }),
    ),
  }),
  rfmTiers: rule(rfmTiers, {
    columns: optional(listOf(text)),
    scores: optional(whole()),
    cells,
    overlaps,
    strategies,
    as: name,
  }),
  grid: rule(grid, {
    axes: listOf(shaped<Axis>({ column: text, cut, closed, levels: optional(listOf(text)), as: name })),
    cells,
    overlaps,
    as: name,
  }),
  threeDimensional: rule(threeDimensional, {
    current: name,
    potential: name,
    loyalty: name,
    cut: optional(cutPer('current', 'potential', 'loyalty')),
    newBelow: optional(newBelow),
    strategies,
    as: name,
  }),
  threeLevels: rule(threeLevels, {
    value: name,
    potential: name,
    loyalty: name,
    cut: optional(cutPer('value', 'potential', 'loyalty')),
    closed,
    cells,
    as: name,
  }),
  valueMatrix: rule(valueMatrix, {
    current: name,
    potential: name,
    cut: optional(cutPer('current', 'potential')),
    strategies,
    as: name,
  }),
  pyramid: rule(pyramid, { column: name, cut: optional(cut), closed, tiers: optional(listOf(segment)), as: name }),
  spendTiers: rule(spendTiers, { spend: name, limits, closed, newBelow, as: name }),
  depositTiers: rule(depositTiers, { balance: name, limits, closed, as: name }),
  bankLayers: rule(bankLayers, { column: name, cut: optional(cut), closed, strategies, as: name }),
  customerGrades: rule(customerGrades, { orders: name, score: name, cut, closed, as: name }),
  eligibility: rule(eligibility, {
    balance: name,
    limit: finite,
    closed,
    benefits: optional(listOf(benefit)),
    as: name,
  }),
  kMeans: rule(kMeans, {
    columns: listOf(text),
    clusters: whole(),
    seed: finite,
    standardise: optional(oneOf('none', 'z-sample', 'z-population', 'min-max', 'robust-z', 'sum', 'vector', 'max')),
    starts: optional(whole()),
    names: optional(listOf(text)),
    as: name,
  }),
};
