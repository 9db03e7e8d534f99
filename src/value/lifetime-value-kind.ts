import { allFinite } from '../columns/all-finite.ts';
import { fail } from '../errors.ts';
import { cellsNear, settle } from '../kernels/cells-near.ts';
import { blankNulls, carryWhy, setNull } from '../kernels/nulls.ts';
import { kernelsAt, type Scratch, scratchAt } from '../kernels/wasm/registry.ts';
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
  bind({ retained }) {
    const shares = retained && bindShares(retained);
    let room = new Float64Array(0);
    const pair: Lane[] = [];
    return (rows, inputs, outputs) => {
      const plain = outputs[0]!;
      const scratch = scratchAt(plain.values.buffer);
      const mark = scratch?.mark() ?? 0;
      const current = cellsNear(scratch, rows, inputs[0]!);
      const potential = cellsNear(scratch, rows, inputs[1]!);
      if (addColumns(rows, current, potential, plain.values)) settle(plain);
      else {
        pair[0] = inputs[0]!;
        pair[1] = inputs[1]!;
        carryWhy(rows, pair, plain);
        blankNulls(rows, plain);
      }
      if (shares) {
        if (room.length < 2 * rows) room = new Float64Array(2 * rows);
        const share = scratch?.numbers() ?? room;
        const loyalty = scratch?.numbers() ?? room.subarray(rows);
        const adjusted = outputs[1]!;
        const usual = shares.fill(rows, inputs, scratch, share, loyalty);
        const finite = addProducts(rows, current, share, potential, loyalty, adjusted.values);
        if (usual && finite) settle(adjusted);
        else {
          shares.causes(rows, inputs, adjusted);
          blankNulls(rows, adjusted);
        }
      }
      scratch?.release(mark);
    };
  },
  explain(model, output) {
    const [current, potential, third, fourth] = model.inputs.map(({ name }) => name);
    const shares = output === model.outputs[1]?.name ? bindShares(model.retained!) : null;
    const by = shares ? [third!] : [];
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
        const current = inputs[0]!.values;
        const potential = inputs[1]!.values;
        if (shares) {
          shares.fill(rows, inputs, undefined, a.values, b.values);
          shares.causes(rows, inputs, a);
          for (let i = 0; i < rows; i++) {
            a.values[i] = current[i]! * a.values[i]!;
            b.values[i] = potential[i]! * b.values[i]!;
          }
        } else {
          carryWhy(rows, inputs.slice(0, 2), a);
          a.values.set(current.subarray(0, rows));
          b.values.set(potential.subarray(0, rows));
        }
        b.why.set(a.why.subarray(0, rows));
        b.clean = a.clean;
        blankNulls(rows, a);
        blankNulls(rows, b);
      },
    };
  },
};

/** The shares of the current and of the potential value that stay. */
interface Shares {
  /** False when one of them is of a row that is null. */
  fill(
    rows: number,
    inputs: readonly Lane[],
    scratch: Scratch | undefined,
    current: Float64Array,
    potential: Float64Array,
  ): boolean;
  /** Says which rows are null. */
  causes(rows: number, inputs: readonly Lane[], out: Lane): void;
}

function bindShares({ by, annuity, potentialBy }: RetainedValue): Shares {
  const { periods, discount, timing } = annuity;
  const whole = annuityFactor(annuity);
  const perUnit = whole > 0 ? 1 / whole : 0;
  // A survival annuity may exceed the plain one by rounding only.
  const most = by === 'retention' ? 1 : whole * (1 + 1e-9);

  function retainedShares(rows: number, x: Float64Array, share: Float64Array): boolean {
    const wasm = periods > 0 && x.buffer === share.buffer ? kernelsAt(share.buffer) : undefined;
    const begin = timing === 'begin';
    const scale = begin ? 1 + discount : 1;
    const from = x.byteOffset;
    const to = share.byteOffset;
    if (wasm?.retainedShares(from, to, rows, periods, discount, scale, begin ? 1 : 0, perUnit) === 1) return true;
    let usual = true;
    for (let i = 0; i < rows; i++) {
      const r = x[i]!;
      if (!(r >= 0 && r <= 1)) {
        usual = false;
        share[i] = Number.NaN;
      } else if (!wasm || share[i] !== share[i]) share[i] = retained(periods, discount, r, timing, timing) * perUnit;
    }
    return usual;
  }
  return {
    fill(rows, inputs, scratch, current, potential) {
      const third = cellsNear(scratch, rows, inputs[2]!);
      const usual =
        by === 'retention' ? retainedShares(rows, third, current) : scale(rows, third, current, perUnit, most);
      if (potentialBy === 'loyalty')
        return scale(rows, cellsNear(scratch, rows, inputs[3] ?? inputs[2]!), potential, 1, 1) && usual;
      potential.set(current.length > rows ? current.subarray(0, rows) : current);
      return usual;
    },
    causes(rows, inputs, out) {
      carryWhy(rows, inputs, out);
      refuseBeyond(rows, inputs[2]!, most, out);
      if (potentialBy === 'loyalty') refuseBeyond(rows, inputs[3] ?? inputs[2]!, 1, out);
    },
  };
}

function refuseBeyond(rows: number, { values }: Lane, most: number, out: Lane): void {
  for (let i = 0; i < rows; i++)
    if (!(values[i]! >= 0 && values[i]! <= most) && out.why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
}

/** `to = x·factor`; whether all x are in [0, most]. */
function scale(rows: number, x: Float64Array, to: Float64Array, factor: number, most: number): boolean {
  const wasm = x.buffer === to.buffer ? kernelsAt(to.buffer) : undefined;
  if (wasm) return wasm.scaledShares(x.byteOffset, to.byteOffset, rows, factor, most) === 1;
  let usual = true;
  for (let i = 0; i < rows; i++) {
    usual &&= x[i]! >= 0 && x[i]! <= most;
    to[i] = x[i]! * factor;
  }
  return usual;
}

/** `to = a + b`; whether all are finite. */
function addColumns(rows: number, a: Float64Array, b: Float64Array, to: Float64Array): boolean {
  const wasm = a.buffer === to.buffer && b.buffer === to.buffer ? kernelsAt(to.buffer) : undefined;
  if (wasm) return wasm.addColumns(a.byteOffset, b.byteOffset, to.byteOffset, rows) === 1;
  for (let i = 0; i < rows; i++) to[i] = a[i]! + b[i]!;
  return allFinite(to, 0, rows);
}

/** `to = a·s + b·t`; whether all are finite. */
function addProducts(
  rows: number,
  a: Float64Array,
  s: Float64Array,
  b: Float64Array,
  t: Float64Array,
  to: Float64Array,
): boolean {
  const { buffer } = to;
  const near = a.buffer === buffer && s.buffer === buffer && b.buffer === buffer && t.buffer === buffer;
  const wasm = near ? kernelsAt(buffer) : undefined;
  if (wasm) return wasm.addProducts(a.byteOffset, s.byteOffset, b.byteOffset, t.byteOffset, to.byteOffset, rows) === 1;
  for (let i = 0; i < rows; i++) to[i] = a[i]! * s[i]! + b[i]! * t[i]!;
  return allFinite(to, 0, rows);
}
