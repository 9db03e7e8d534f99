import type { LogisticOptions } from '../churn/index.ts';
import type { Quantity, QuantityOutput } from '../clv/index.ts';
import { fail } from '../errors.ts';
import {
  type Check,
  dictionaryOf,
  either,
  finite,
  flag,
  listOf,
  nullable,
  type Optional,
  oneOf,
  optional,
  positive,
  rate,
  record,
  span,
  text,
  whole,
  within,
} from '../model/checks.ts';
import type { TimeUnit, Timing } from '../model/field.ts';
import type { Feature } from '../regression/feature.ts';
import type { RegressionOptions } from '../regression/fit-logistic.ts';
import type { RfmNames, RfmOptions } from '../rfm/index.ts';
import type { Cell, CutRule, Names, NewBelow, Segment, StrategyChanges } from '../segments/index.ts';
import type { AnnuityOptions, RetentionColumn } from '../value/index.ts';
import type { Indicator, ScoreMap } from '../weighting/index.ts';

export const cell: Check<string | number> = either(text, finite, 'a text or a number');
export const unit: Check<TimeUnit> = oneOf('day', 'week', 'month', 'quarter', 'year');
export const timing: Check<Timing> = oneOf('end', 'begin');

const feature: Check<Feature> = record({
  column: text,
  type: optional(oneOf('number', 'category')),
  reference: optional(text),
  missing: optional(oneOf('null', 'level', 'impute')),
  unseen: optional(oneOf('reference', 'null')),
});
export const features: Check<readonly (string | Feature)[]> = listOf(
  either(text, feature, 'a column name, or { column, type, reference, missing, unseen }'),
);
export const regression: {
  readonly [O in keyof Required<RegressionOptions>]: Optional<Required<RegressionOptions>[O]>;
} = {
  l2: optional(finite),
  standardise: optional(flag),
  groupCollinear: optional(either(finite, oneOf(false), 'a number or false')),
  maxIterations: optional(whole(1)),
};

const limits = either(finite, listOf(finite), 'a number or a list of numbers');
const crossing = optional(oneOf('up', 'down'));
const cutShapes: { readonly [rule: string]: Check<Exclude<CutRule, string>> } = {
  fixed: record({ fixed: limits }),
  quantile: record({ quantile: limits, plus: optional(finite) }),
  equalWidth: record({ equalWidth: whole(2) }),
  averageRank: record({ averageRank: whole(2) }),
  shareOfCustomers: record({ shareOfCustomers: limits, crossing }),
  shareOfValue: record({ shareOfValue: limits, crossing }),
};
export const cut: Check<CutRule> = (json, path) => {
  if (json === 'mean' || json === 'median') return json;
  const rule = Object.keys(typeof json === 'object' && json !== null ? json : {}).find((key) =>
    Object.hasOwn(cutShapes, key),
  );
  return rule === undefined
    ? fail('invalid-job', `${path}: expected "mean", "median" or one of ${Object.keys(cutShapes).join(', ')}`)
    : cutShapes[rule]!(json, path);
};
/** One cut rule for all axes, or one per axis. */
export const cutPer = <const A extends string>(
  ...axes: readonly A[]
): Check<CutRule | { readonly [P in A]: CutRule }> => {
  const perAxis = record(Object.fromEntries(axes.map((axis) => [axis, cut])));
  return (json, path) =>
    typeof json === 'object' && json !== null && axes.some((axis) => Object.hasOwn(json, axis))
      ? (perAxis(json, path) as { readonly [P in A]: CutRule })
      : cut(json, path);
};
/** Recency, frequency and monetary scores by one rule for all, or one per measure. */
export const rfmRule: Check<RfmRule> = (json, path) =>
  typeof json === 'string'
    ? oneOf('quantile', 'averageRank', 'equalWidth', 'mean', 'median')(json, path)
    : record({ recency: cut, frequency: cut, monetary: cut })(json, path);
type RfmRule = NonNullable<RfmOptions<string, string, string, RfmNames>['rule']>;

const names: Check<Names> = record({ en: text, zh: text });
const strategy = { priority: finite, budget: text, actions: listOf(text), text: names };
const segment = {
  key: text,
  names: optional(names),
  strategy: optional(record(strategy)),
  benefits: optional(listOf(record({ benefit: text, uses: finite, per: unit }))),
  usually: optional(oneOf('small', 'large')),
};
export const tiers: Check<readonly Segment[]> = listOf(record(segment));
const level = either(text, listOf(text), 'a level, a list of levels or "*"');
export const cells: Check<readonly Cell[]> = listOf(
  record({ ...segment, when: either(oneOf('rest'), listOf(level), '"rest" or a list of levels, one per axis') }),
);
/** Changes to built-in strategies, by segment key. */
export const strategies: Optional<StrategyChanges> = optional(
  dictionaryOf(
    record({
      priority: optional(finite),
      budget: optional(text),
      actions: optional(listOf(text)),
      text: optional(names),
    }),
  ),
);
export const newBelow: Check<NewBelow> = record({ column: text, below: finite });
export const closed: Optional<'left' | 'right'> = optional(oneOf('left', 'right'));
export const as: Optional<string> = optional(text);
export const retention: Check<RetentionColumn<string>> = record({ column: text, horizon: optional(nullable(span)) });
export const annuity: Check<AnnuityOptions> = record({
  periods: whole(),
  rate,
  unit: optional(unit),
  timing: optional(timing),
});
const endless = either(positive, oneOf('infinite'), 'a number above 0 or "infinite"');
const quantityShapes: { readonly [Q in Quantity['quantity']]: Check<QuantityOutput> } = {
  probabilityAlive: record({ quantity: oneOf('probabilityAlive'), ahead: optional(positive), as }),
  probabilityOfPurchase: record({ quantity: oneOf('probabilityOfPurchase'), periods: positive, as }),
  expectedPurchases: record({ quantity: oneOf('expectedPurchases'), periods: positive, as }),
  discountedResidualTransactions: record({
    quantity: oneOf('discountedResidualTransactions'),
    periods: endless,
    rate,
    as,
  }),
};
const quantity: Check<QuantityOutput> = (json, path) => {
  const names = Object.keys(quantityShapes) as Quantity['quantity'][];
  const name = oneOf(...names)((json as { readonly quantity?: unknown } | null)?.quantity, `${path}.quantity`);
  return quantityShapes[name](json, path);
};
export const quantities: Check<readonly QuantityOutput[]> = listOf(quantity);
const elasticNet = record({ lambda: positive, mix: optional(within(0, 1)) });
const crossValidated = record({
  crossValidate: record({
    folds: optional(whole(2)),
    seed: optional(whole()),
    mix: optional(within(0, 1)),
    rule: optional(oneOf('min', 'one-standard-error')),
    group: optional(text),
    lambdas: optional(listOf(positive)),
  }),
});
export const penalty: Check<NonNullable<LogisticOptions<string, string>['penalty']>> = (json, path) =>
  typeof json === 'object' && json !== null && 'crossValidate' in json
    ? crossValidated(json, path)
    : elasticNet(json, path);
export const classWeight: Check<'balanced' | { readonly event: number; readonly nonEvent: number }> = either(
  oneOf('balanced'),
  record({ event: positive, nonEvent: positive }),
  '"balanced" or { event, nonEvent }',
);
export const offset: Check<string | { readonly column: string; readonly fitOnly: true }> = either(
  text,
  record({ column: text, fitOnly: oneOf(true) }),
  'a column or { column, fitOnly: true }',
);
export const errors: Check<'model' | 'HC0' | 'HC1' | { readonly cluster: string }> = either(
  oneOf('model', 'HC0', 'HC1'),
  record({ cluster: text }),
  '"model", "HC0", "HC1" or { cluster }',
);
/** The options that the buy-till-you-die estimators share. */
export const history: {
  readonly frequency: Optional<string>;
  readonly recency: Optional<string>;
  readonly T: Optional<string>;
  readonly unit: Check<TimeUnit>;
  readonly outputs: Optional<readonly QuantityOutput[]>;
  readonly weight: Optional<string>;
  readonly covariates: Optional<{ readonly [process: string]: readonly string[] }>;
  readonly equal: Optional<readonly string[]>;
  readonly ridge: Optional<{ readonly [process: string]: number }>;
  readonly priors: Optional<{ readonly [parameter: string]: { readonly median: number; readonly sd: number } }>;
} = {
  frequency: optional(text),
  recency: optional(text),
  T: optional(text),
  unit,
  outputs: optional(quantities),
  weight: optional(text),
  covariates: optional(dictionaryOf(listOf(text))),
  equal: optional(listOf(text)),
  ridge: optional(dictionaryOf(finite)),
  priors: optional(dictionaryOf(record({ median: positive, sd: positive }))),
};
export const profitColumns: Check<string | readonly string[]> = either(
  text,
  listOf(text),
  'a column name or a list of them',
);
export const offerProfit: Check<number | string> = either(finite, text, 'an amount or a column name');
export const scores: Check<{ readonly recency: number; readonly frequency: number; readonly monetary: number }> =
  record({ recency: finite, frequency: finite, monetary: finite });

const maps = {
  linear: record({ kind: oneOf('linear'), low: finite, high: finite }),
  piecewise: record({ kind: oneOf('piecewise'), knots: listOf(listOf(finite, 2)) }),
  logistic: record({ kind: oneOf('logistic'), midpoint: finite, slope: finite }),
  step: record({ kind: oneOf('step'), cuts: listOf(finite), scores: listOf(finite), closed: oneOf('left', 'right') }),
} as const;
const map: Check<ScoreMap> = (json, path) => {
  const kind = oneOf(...(Object.keys(maps) as (keyof typeof maps)[]))(
    (json as { kind?: unknown } | null)?.kind,
    `${path}.kind`,
  );
  return maps[kind](json, path) as ScoreMap;
};
export const indicator: Check<Indicator> = record({
  column: text,
  weight: finite,
  map: optional(map),
  standardise: optional(oneOf('z-sample', 'z-population', 'min-max', 'robust-z', 'sum', 'vector', 'max')),
  cost: optional(flag),
  group: optional(text),
});

export const threeLimits: Check<readonly [number, number, number]> = listOf(finite, 3) as Check<
  readonly [number, number, number]
>;
