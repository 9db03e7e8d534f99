import { readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import { checked } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import {
  type CompositeIndexModel,
  compositeFields,
  compositeIndexKind,
  groupsOf,
  type MissingIndicator,
  type StoredIndicator,
} from './composite-index-kind.ts';
import { bindScoreMap, type ScoreMap, scoreMapCheck } from './score-map.ts';
import { fitStandard, REVERSIBLE, STANDARD_KINDS, type StandardKind } from './standardise.ts';
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
  /** Less is better: mirrors the map (100 − score), or without a map reverses the standardisation. */
  readonly cost?: boolean;
  /** Name of a further output with the score of this branch, such as `currentValue`. */
  readonly group?: string;
}

export interface CompositeIndexOptions<I extends readonly Indicator[], O extends string> {
  readonly indicators: I;
  /** A row with a null indicator is null, or is scored over those that are there. Default: `null`. */
  readonly missing?: MissingIndicator;
  /** Brings weights to sum 1. Default: false, weights that do not sum to 1 within 1e-9 are refused. */
  readonly renormalise?: boolean;
  /** Name of the output. Default: `score`. */
  readonly as?: O;
}

/** The group outputs that indicators ask for. */
export type GroupOf<I> = I extends { readonly group: infer G extends string } ? G : never;

/**
 * Weighted score of each customer, Y = Σ X_i·R_i with Σ R_i = 1 (S8), where X_i is the indicator as it is, mapped to 0–100
 * (S9), standardised (S10), or both in this order. A group's score is the mean of its indicators by their weights, so that
 * the index is the sum of branch weight times branch score. Each output is explained by one term per indicator.
 *
 * An indicator without spread counts as 0 in every row, with a warning. With `missing: 'renormalise'` Y is Σ X_i·R_i / Σ R_i
 * over the indicators that are there; a row without any is null, as is a score beyond the largest number (`out-of-range`).
 *
 * @throws ClienteleError `invalid-option` for weights, maps or names that do not fit; `all-null`, `invalid-value`,
 *   unknown-column and wrong-type when fitted.
 * @example
 * compositeIndex({ indicators: [
 *   { column: 'profit', weight: 0.7, map: { kind: 'linear', low: 200, high: 1200 } },
 *   { column: 'recency', weight: 0.3, map: { kind: 'linear', low: 0, high: 90 }, cost: true },
 * ] }).fit({ profit: [450], recency: [45] }); // scores that customer as 0.7·25 + 0.3·50 = 32.5
 */
export function compositeIndex<const I extends readonly Indicator[], const O extends string = 'score'>(
  options: CompositeIndexOptions<I, O>,
): Estimator<CompositeIndexModel<I[number]['column'], O | GroupOf<I[number]>>> {
  type In = I[number]['column'];
  type Out = O | GroupOf<I[number]>;
  const { missing = 'null', renormalise = false } = options;
  const list: readonly Indicator[] = options.indicators;
  const name = options.as ?? ('score' as O);
  if (list.length === 0) fail('invalid-option', 'invalid indicators: name at least one');
  const weights = checkedWeights(
    list.map(({ weight }) => (typeof weight === 'number' ? weight : weight.weight)),
    renormalise,
    'indicators',
  );
  const unfitted = list.map((indicator, i) => plain(indicator, weights[i]!));
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
      const indicators = unfitted.map((indicator, i): StoredIndicator => {
        const values = readNumbers(data, indicator.column);
        rows = values.length;
        return learn(indicator, list[i]!.standardise, values, warnings);
      });
      return {
        kind: 'compositeIndex',
        version: 1,
        inputs: columns.map((column) => ({ name: column as In, type: 'number' })),
        outputs: compositeFields(names),
        indicators,
        missing,
        fit: { status: 'converged', rows, warnings },
      };
    },
  };
}

/** A checked copy with the keys of a stored indicator. */
function plain({ column, map, standardise, cost = false, group }: Indicator, weight: number): StoredIndicator {
  const place = `indicator "${column}"`;
  if (standardise !== undefined && !STANDARD_KINDS.includes(standardise))
    fail('invalid-option', `${place}: unknown standardise "${standardise}"; use one of ${STANDARD_KINDS.join(', ')}`);
  if (cost && !map && !(standardise && REVERSIBLE.includes(standardise)))
    fail('invalid-option', `${place}: a cost needs a map, or standardise by one of ${REVERSIBLE.join(', ')}`);
  return {
    column,
    weight,
    map: map ? checked('invalid-option', scoreMapCheck, map, `${place}: map`) : null,
    standard: null,
    cost,
    group: group ?? null,
  };
}

function learn(
  indicator: StoredIndicator,
  kind: StandardKind | undefined,
  values: Float64Array,
  warnings: string[],
): StoredIndicator {
  if (kind === undefined) return indicator;
  const { column, map, cost } = indicator;
  let scores = values;
  if (map) {
    scores = new Float64Array(values.length);
    bindScoreMap(map)(values.length, values, scores);
    // a step map gives every cell a score
    for (let i = 0; i < values.length; i++)
      scores[i] = values[i] === values[i] ? (cost ? 100 - scores[i]! : scores[i]!) : Number.NaN;
  }
  const standard = fitStandard(scores, kind, cost && !map, column);
  if (standard.spread === 0) warnings.push(`"${column}" has no spread (${kind}): it counts as 0 in every row`);
  return { ...indicator, standard };
}
