import { fail } from '../errors.ts';
import { blankNulls, carryWhy, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import {
  type Check,
  fields,
  finite,
  fitReport,
  listOf,
  modelHead,
  optional,
  positive,
  record,
  text,
  whole,
} from '../model/checks.ts';
import type { Explanation, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';

/** `points` for every `per` units of a column: ⌊points·value/per⌋, at most `cap`. */
export interface LinearPoints {
  readonly name: string;
  readonly column: string;
  readonly points: number;
  readonly per: number;
  readonly cap?: number;
}

/** The points of the highest step that the value reaches (closed: a value equal to `from` reaches it), 0 below the first. */
export interface SteppedPoints {
  readonly name: string;
  readonly column: string;
  readonly steps: readonly { readonly from: number; readonly points: number }[];
}

export type PointsRule = LinearPoints | SteppedPoints;

/** Number of whole points, explained rule by rule. */
export interface PointsField<O extends string = string> extends Field<O, 'number'> {
  readonly unit: 'points';
  readonly explained: 'points';
}

/** Rules that turn columns into points. */
export interface PointsRulesModel<In extends string = string, O extends string = string>
  extends ModelBase<'pointsRules', In, PointsField<O>> {
  readonly rules: readonly PointsRule[];
}

const linear = record({ name: text, column: text, points: positive, per: positive, cap: optional(whole()) });
const stepped = record({ name: text, column: text, steps: listOf(record({ from: finite, points: whole() })) });

/** A rule, its steps rising. */
export const pointsRule: Check<PointsRule> = (json, path) => {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'steps')) return linear(json, path);
  const rule = stepped(json, path);
  if (rule.steps.length === 0) fail('invalid-model', `${path}.steps: at least one is needed`);
  rule.steps.forEach(({ from }, s) => {
    if (s > 0 && from <= rule.steps[s - 1]!.from) fail('invalid-model', `${path}.steps: "from" must rise`);
  });
  return rule;
};

const stored = record({
  ...modelHead('pointsRules', 1),
  inputs: fields,
  outputs: fields<PointsField>,
  rules: listOf(pointsRule),
  fit: fitReport,
});

/** How points rules are read and scored; explained in points, one term per rule. */
export const pointsRulesKind: Kind<PointsRulesModel> = {
  kind: 'pointsRules',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    const { inputs, outputs, rules } = model;
    if (rules.length === 0 || new Set(rules.map(({ name }) => name)).size < rules.length)
      fail('invalid-model', `${path}.rules: expected at least one, each with a name of its own`);
    const needed = pointsColumns(rules);
    if (needed.length !== inputs.length || inputs.some(({ name, type }, i) => name !== needed[i] || type !== 'number'))
      fail('invalid-model', `${path}.inputs: expected the numbers ${needed.join(', ')}`);
    const [out] = outputs;
    if (outputs.length !== 1 || out!.type !== 'number' || out!.unit !== 'points' || out!.explained !== 'points')
      fail('invalid-model', `${path}.outputs: expected one number of points`);
    return model;
  },
  bind({ inputs, rules }) {
    const bound = rules.map((rule) => bindRule(rule, inputs));
    return (rows, lanes, [out]) => {
      carryWhy(rows, lanes, out!);
      out!.values.fill(0, 0, rows);
      for (const add of bound) add(rows, lanes, out!.values);
      for (let i = 0; i < rows; i++)
        if (out!.why[i] === WHY.valid && !Number.isSafeInteger(out!.values[i])) setNull(out!, i, WHY.outOfRange);
      blankNulls(rows, out!);
    };
  },
  explain({ inputs, rules }): Explanation {
    const bound = rules.map((rule) => bindRule(rule, inputs));
    return {
      scale: 'points',
      base: 0,
      terms: rules.map(({ name, column }) => ({ name, columns: [column] })),
      kernel(rows, lanes, outputs) {
        outputs.forEach((out, r) => {
          carryWhy(rows, lanes, out);
          out.values.fill(0, 0, rows);
          bound[r]!(rows, lanes, out.values);
          blankNulls(rows, out);
        });
      },
    };
  },
};

/** The columns of rules, each once. */
export function pointsColumns(rules: readonly PointsRule[]): string[] {
  return [...new Set(rules.map(({ column }) => column))];
}

function bindRule(
  rule: PointsRule,
  inputs: readonly Field[],
): (rows: number, lanes: readonly Lane[], sum: Float64Array) => void {
  const at = inputs.findIndex(({ name }) => name === rule.column);
  if ('steps' in rule) {
    const { steps } = rule;
    return (rows, lanes, sum) => {
      const { values } = lanes[at]!;
      for (let i = 0; i < rows; i++) {
        let s = steps.length - 1;
        while (s >= 0 && !(values[i]! >= steps[s]!.from)) s--;
        if (s >= 0) sum[i]! += steps[s]!.points;
      }
    };
  }
  const { points, per, cap = Number.MAX_VALUE } = rule;
  return (rows, lanes, sum) => {
    const { values } = lanes[at]!;
    for (let i = 0; i < rows; i++) {
      const exact = (points * values[i]!) / per;
      const near = Math.round(exact);
      // 3·0.1/0.3 is a rounding error below 1 and means it.
      const earned = Math.abs(exact - near) <= 4 * Number.EPSILON * near ? near : Math.floor(exact);
      if (earned > 0) sum[i]! += Math.min(earned, cap);
    }
  };
}
