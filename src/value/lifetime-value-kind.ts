import { fail } from '../errors.ts';
import { blankNulls, carryWhy, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import {
  annuity as annuityCheck,
  fields,
  fitReport,
  listOf,
  modelHead,
  nullable,
  oneOf,
  record,
} from '../model/checks.ts';
import type { Kind, ModelBase } from '../model/contract.ts';
import type { AnnuityTerms } from '../model/field.ts';
import { annuityFactor, retained, sameAnnuity } from './annuity.ts';
import { checkImplied } from './implied-fields.ts';
import { type MoneyField, moneyField } from './money-field.ts';

/** What a value supposes of customers who leave within its horizon (S16). */
export type ChurnAssumption = 'no-churn' | 'survival-adjusted';

/** How the retained value is made from the third input. */
export interface RetainedValue {
  /** The third input: Σ S(t)/(1+d)^t of each customer, or a constant retention rate per period. */
  readonly by: 'survivalAnnuity' | 'retention';
  /** Terms of the current value, whose plain factor the survival takes the place of. */
  readonly annuity: AnnuityTerms;
  /** The potential value follows the same survival, or is multiplied by the fourth input. */
  readonly potentialBy: 'survival' | 'loyalty';
}

/**
 * Lifetime value as current plus potential value; with `retained`, adjusted for churn beside it. The inputs are current and
 * potential value, survival annuity or retention, and loyalty where it is a column of its own.
 */
export interface LifetimeValueModel<In extends string = string, Out extends MoneyField = MoneyField>
  extends ModelBase<'lifetimeValue', In, Out> {
  readonly retained: RetainedValue | null;
  /** One per output. */
  readonly assumptions: readonly ChurnAssumption[];
}

const stored = record({
  ...modelHead('lifetimeValue', 1),
  inputs: fields,
  outputs: fields<MoneyField>,
  retained: nullable(
    record({
      by: oneOf('survivalAnnuity', 'retention'),
      annuity: annuityCheck,
      potentialBy: oneOf('survival', 'loyalty'),
    }),
  ),
  assumptions: listOf(oneOf('no-churn', 'survival-adjusted')),
  fit: fitReport,
});

/** How lifetime-value models are read and scored; explained in money, by current and potential value. */
export const lifetimeValueKind: Kind<LifetimeValueModel> = {
  kind: 'lifetimeValue',
  version: 1,
  parse(json, path) {
    const model = stored(json, path) as LifetimeValueModel;
    const { inputs, outputs, retained, assumptions } = model;
    const count = retained ? (retained.potentialBy === 'loyalty' ? 4 : 3) : 2;
    const shared = count === 4 && retained?.by === 'retention' && inputs.length === 3;
    if (inputs.length !== count && !shared)
      fail('invalid-model', `${path}.inputs: expected ${count}, got ${inputs.length}`);
    checkImplied(
      inputs,
      inputs.map(({ name }) => ({ name, type: 'number' })),
      `${path}.inputs`,
    );
    const plain = moneyField(outputs[0]?.name ?? '', outputs[0]?.annuity ?? null);
    const adjusted = retained ? [moneyField(outputs[1]?.name ?? '', null)] : [];
    checkImplied(outputs, [plain, ...adjusted], `${path}.outputs`);
    if (retained && plain.annuity && !sameAnnuity(plain.annuity, retained.annuity))
      fail('invalid-model', `${path}.outputs[0].annuity: differs from the terms of "retained"`);
    const wanted = retained ? 'no-churn,survival-adjusted' : 'no-churn';
    if (assumptions.join() !== wanted) fail('invalid-model', `${path}.assumptions: expected ${wanted}`);
    return model;
  },
  bind(model) {
    const split = model.retained ? bindRetained(model.retained) : null;
    let potential = new Float64Array(0);
    return (rows, inputs, [plain, adjusted]) => {
      const current = inputs[0]!;
      const possible = inputs[1]!;
      carryWhy(rows, [current, possible], plain!);
      for (let i = 0; i < rows; i++) plain!.values[i] = current.values[i]! + possible.values[i]!;
      blankNulls(rows, plain!);
      if (!split) return;
      if (potential.length < rows) potential = new Float64Array(rows);
      const { values } = adjusted!;
      split(rows, inputs, values, potential, adjusted!);
      for (let i = 0; i < rows; i++) values[i]! += potential[i]!;
      blankNulls(rows, adjusted!);
    };
  },
  explain(model, output) {
    const [current, potential, third, fourth] = model.inputs.map(({ name }) => name);
    const split = output === model.outputs[1]?.name ? bindRetained(model.retained!) : copyBoth;
    const by = split === copyBoth ? [] : [third!];
    return {
      scale: 'money',
      base: 0,
      terms: [
        { name: current!, columns: [current!, ...by] },
        { name: potential!, columns: [potential!, ...(fourth && by.length > 0 ? [fourth] : by)] },
      ],
      kernel(rows, inputs, outputs) {
        const a = outputs[0]!;
        const b = outputs[1]!;
        split(rows, inputs, a.values, b.values, a);
        b.why.set(a.why.subarray(0, rows));
        b.clean = a.clean;
        blankNulls(rows, a);
        blankNulls(rows, b);
      },
    };
  },
};

/** Fills the two parts of a value and marks in `out` the rows that are null. */
type Split = (rows: number, inputs: readonly Lane[], current: Float64Array, potential: Float64Array, out: Lane) => void;

const copyBoth: Split = (rows, inputs, current, potential, out) => {
  carryWhy(rows, inputs.slice(0, 2), out);
  current.set(inputs[0]!.values.subarray(0, rows));
  potential.set(inputs[1]!.values.subarray(0, rows));
};

function bindRetained({ by, annuity, potentialBy }: RetainedValue): Split {
  const { periods, discount, timing } = annuity;
  const whole = annuityFactor(annuity);
  const perUnit = whole > 0 ? 1 / whole : 0;
  // A survival annuity may exceed the plain one by rounding only.
  const most = by === 'retention' ? 1 : whole * (1 + 1e-9);
  return (rows, inputs, current, potential, out) => {
    carryWhy(rows, inputs, out);
    const ccv = inputs[0]!.values;
    const cpv = inputs[1]!.values;
    const third = inputs[2]!.values;
    for (let i = 0; i < rows; i++) {
      const x = third[i]!;
      const share = (by === 'retention' ? retained(periods, discount, x, timing, timing) : x) * perUnit;
      current[i] = ccv[i]! * share;
      potential[i] = cpv[i]! * share;
      if (!(x >= 0 && x <= most) && out.why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
    }
    if (potentialBy === 'survival') return;
    const loyalty = (inputs[3] ?? inputs[2])!.values;
    for (let i = 0; i < rows; i++) {
      potential[i] = cpv[i]! * loyalty[i]!;
      if (!(loyalty[i]! >= 0 && loyalty[i]! <= 1) && out.why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
    }
  };
}
