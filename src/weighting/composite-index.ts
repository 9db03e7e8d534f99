import { readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import { checked } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import { knownOptions, list as listOption, names as namesOf, object } from '../model/options.ts';
import { ascending } from '../numerics/rank.ts';
import { bindScoreMap } from './bind-score-map.ts';
import { compositeIndexKind, misfit } from './composite-index-kind.ts';
import {
  type Aggregation,
  type CompositeIndexModel,
  compositeFields,
  groupsOf,
  type MissingIndicator,
  type StoredIndicator,
} from './composite-index-model.ts';
import { type ScoreMap, scoreMapCheck } from './score-map.ts';
import { fitStandard, STANDARD_KINDS, type StandardKind } from './standardise.ts';
import { checkedWeights } from './weights.ts';

/** One indicator of a composite index. */
export interface Indicator {
  readonly column: string;
  /** Share in the index: a number, or a leaf of a {@link hierarchy} with its composite weight. */
  readonly weight: number | { readonly weight: number };
  /** Maps the column to a score of 0 to 100. */
  readonly map?: ScoreMap;
  /** Takes the unit away, with parameters learned when fitted (after the map, if there is one). */
  readonly standardise?: StandardKind;
  /** Less is better: mirrors the map (100 − score), or without a map reverses the standardisation (least value over x for `max`). */
  readonly cost?: boolean;
  /** Name of a further output with the score of this branch, such as `currentValue`. */
  readonly group?: string;
}

export interface CompositeIndexOptions<I extends readonly Indicator[], O extends string, A extends Aggregation> {
  readonly indicators: I;
  /** Default: `sum`. */
  readonly aggregate?: A;
  /** A row with a null indicator is null, or is scored over those that are there. Default: `null`. */
  readonly missing?: MissingIndicator;
  /** Brings weights to sum 1. Default: false, weights that do not sum to 1 within 1e-9 are refused. */
  readonly renormalise?: boolean;
  /** Name of the output. Default: `score`. */
  readonly as?: O;
}

/** The group outputs that indicators ask for. */
export type GroupOf<I> = I extends { readonly group?: infer G } ? Extract<G, string> : never;

/**
 * Composite score of each customer from weighted indicators, Σ R_i = 1 (S8), where X_i is the indicator as it is, mapped to
 * 0–100 (S9), standardised (S10), or both in this order. `aggregate`:
 * - `sum` (default): Y = Σ X_i·R_i. A group's score is the mean of its indicators by their weights, so that the index is the
 *   sum of branch weight times branch score. Explained by one term per indicator.
 * - `product`: Y = Π X_i^R_i, for X above 0; a value below makes the score null. Explained on the scale of ln Y.
 * - `topsis`: closeness to the ideal, 0 to 1 (Hwang & Yoon 1981). Ideal and anti-ideal are the best and worst of the fitted
 *   rows and are stored: later batches are measured against the same two.
 *
 * An indicator without spread counts the same in every row, with a warning: as 0, in a product as 1. With
 * `missing: 'renormalise'` the weights of the indicators that are there are brought to sum 1; a row without any is null, as
 * is a score that is not a finite number (`out-of-range`).
 *
 * @throws ClienteleError `invalid-option` for weights, maps or names that do not fit; `all-null`, `invalid-value`,
 *   unknown-column and wrong-type when fitted.
 * @example
 * compositeIndex({ indicators: [
 *   { column: 'profit', weight: 0.7, map: { kind: 'linear', low: 200, high: 1200 } },
 *   { column: 'recency', weight: 0.3, map: { kind: 'linear', low: 0, high: 90 }, cost: true },
 * ] }).fit({ profit: [450], recency: [45] }); // scores that customer as 0.7·25 + 0.3·50 = 32.5
 */
export function compositeIndex<
  const I extends readonly Indicator[],
  const O extends string = 'score',
  const A extends Aggregation = 'sum',
>(
  options: CompositeIndexOptions<I, O, A>,
): Estimator<CompositeIndexModel<I[number]['column'], O | GroupOf<I[number]>, A>> {
  type In = I[number]['column'];
  type Out = O | GroupOf<I[number]>;
  const { missing = 'null', renormalise = false } = knownOptions(
    options,
    'compositeIndex',
    'indicators aggregate missing renormalise as',
  );
  const aggregate = options.aggregate ?? ('sum' as A);
  const list: readonly Indicator[] = listOption(options.indicators, 'indicators');
  list.forEach((indicator, i) => {
    const { column, weight } = knownOptions(
      object(indicator, `indicators[${i}]`),
      `indicators[${i}]`,
      'column weight map standardise cost group',
    );
    namesOf({ [`indicators[${i}].column`]: column });
    if (typeof weight !== 'number') object(weight, `indicators[${i}].weight`);
  });
  const name = options.as ?? ('score' as O);
  if (list.length === 0) fail('invalid-option', 'invalid indicators: name at least one');
  if (aggregate !== 'sum' && aggregate !== 'product' && aggregate !== 'topsis')
    fail('invalid-option', `unknown aggregate "${aggregate}"; use 'sum', 'product' or 'topsis'`);
  const weights = checkedWeights(
    list.map(({ weight }) => (typeof weight === 'number' ? weight : weight.weight)),
    renormalise,
    'indicators',
  );
  const unfitted = list.map((indicator, i) => plain(indicator, weights[i]!, aggregate));
  const columns = unfitted.map(({ column }) => column);
  const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
  if (repeated !== undefined) fail('invalid-option', `invalid indicators: "${repeated}" is repeated`);
  const names = [name, ...groupsOf(unfitted)] as Out[];
  if (names.indexOf(name, 1) > 0) fail('invalid-option', `invalid group "${name}": the index itself has this name`);
  if (missing !== 'null' && missing !== 'renormalise')
    fail('invalid-option', `invalid missing: "${missing}"; use 'null' or 'renormalise'`);
  return {
    kind: compositeIndexKind,
    fit(data) {
      const warnings: string[] = [];
      let rows = 0;
      const ideal: number[] = [];
      const antiIdeal: number[] = [];
      const indicators = unfitted.map((indicator, i): StoredIndicator => {
        const { column, map, cost } = indicator;
        const kind = list[i]!.standardise;
        const values = readNumbers(data, column);
        rows = values.length;
        const scores = map ? scored(map, cost, values) : values;
        if (aggregate === 'topsis') {
          const sorted = ascending(scores);
          if (sorted.length === 0) fail('all-null', `column "${column}" holds nothing but nulls`);
          const ends = [sorted[sorted.length - 1]! + 0, sorted[0]! + 0];
          const [best, worst] = cost && !map ? ends.reverse() : ends;
          ideal.push(best!);
          antiIdeal.push(worst!);
        }
        if (kind === undefined) return indicator;
        const standard = fitStandard(scores, kind, cost && !map, column);
        if (standard.spread === 0)
          warnings.push(
            `"${column}" has no spread (${kind}): it counts as ${aggregate === 'product' ? 1 : 0} in every row`,
          );
        return { ...indicator, standard };
      });
      return {
        kind: 'compositeIndex',
        version: 1,
        inputs: columns.map((column) => ({ name: column as In, type: 'number' })),
        outputs: compositeFields(names, aggregate),
        indicators,
        aggregate,
        reference: aggregate === 'topsis' ? { ideal, antiIdeal } : null,
        missing,
        fit: { status: 'converged', rows, warnings },
      };
    },
  };
}

/** A checked copy with the keys of a stored indicator. */
function plain(
  { column, map, standardise, cost = false, group }: Indicator,
  weight: number,
  aggregate: Aggregation,
): StoredIndicator {
  const place = `indicator "${column}"`;
  if (standardise !== undefined && !STANDARD_KINDS.includes(standardise))
    fail('invalid-option', `${place}: unknown standardise "${standardise}"; use one of ${STANDARD_KINDS.join(', ')}`);
  const indicator: StoredIndicator = {
    column,
    weight,
    map: map ? checked('invalid-option', scoreMapCheck, map, `${place}: map`) : null,
    standard: null,
    cost,
    group: group ?? null,
  };
  const reason = misfit(indicator, standardise, aggregate);
  if (reason !== null) fail('invalid-option', `${place}: ${reason}`);
  return indicator;
}

function scored(map: ScoreMap, cost: boolean, values: Float64Array): Float64Array {
  const scores = new Float64Array(values.length);
  bindScoreMap(map)(values.length, values, scores);
  return cost ? scores.map((score) => 100 - score) : scores;
}
