import { chosenFit } from '../columns/chosen.ts';
import { fail } from '../errors.ts';
import { checked, listOf } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, names } from '../model/options.ts';
import {
  type PointsRule,
  type PointsRulesModel,
  pointsColumns,
  pointsRule,
  pointsRulesKind,
} from './points-rules-kind.ts';

export interface PointsRulesOptions<R extends readonly PointsRule[], O extends string> {
  readonly rules: R;
  /** Name of the output. Default: `points`. */
  readonly as?: O;
}

/**
 * Points that a customer earns: Σ over the rules (S67). A linear rule gives ⌊points·value/per⌋, at most `cap`; a stepped one
 * the points of the highest step reached, so that `from` itself is in. Points are whole and never negative: a value
 * below what a rule asks, one below 0 among them, earns nothing. A null in any rule's column gives null.
 *
 * @throws invalid-option for rules without points, steps that do not rise and repeated names; unknown-column and wrong-type
 *   when fitted.
 * @example
 * pointsRules({
 *   rules: [
 *     { name: 'balance', column: 'balance', points: 1, per: 100, cap: 500 },
 *     { name: 'tenure', column: 'years', steps: [{ from: 1, points: 50 }, { from: 5, points: 200 }] },
 *   ],
 * }).fit({ balance: [1250], years: [5] }); // scores that customer as 12 + 200 = 212
 */
export function pointsRules<const R extends readonly PointsRule[], const O extends string = 'points'>(
  options: PointsRulesOptions<R, O>,
): Estimator<PointsRulesModel<R[number]['column'], O>> {
  const { as: name = 'points' as O } = knownOptions(options, 'pointsRules', 'rules as');
  const rules = checked('invalid-option', listOf(pointsRule), options.rules, 'rules');
  names({ as: name });
  rules.forEach((rule, r) => {
    names({ [`rules[${r}].name`]: rule.name, [`rules[${r}].column`]: rule.column });
  });
  if (rules.length === 0) fail('invalid-option', 'invalid rules: name at least one');
  rules.forEach((rule, r) => {
    if (rules.findIndex((other) => other.name === rule.name) !== r)
      fail('invalid-option', `invalid rules: "${rule.name}" is repeated`);
  });
  return {
    kind: pointsRulesKind,
    fit(data) {
      const columns = pointsColumns(rules);
      return {
        kind: 'pointsRules',
        version: 1,
        inputs: columns.map((column) => ({ name: column, type: 'number' })) as Field<R[number]['column']>[],
        outputs: [{ name, type: 'number', unit: 'points', explained: 'points' }],
        rules,
        fit: chosenFit(data, columns),
      };
    },
  };
}
