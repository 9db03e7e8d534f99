import { fail } from '../errors.ts';
import { cellsNear, settle } from '../kernels/cells-near.ts';
import { bindCondition, type Condition, NO, storedCondition, UNKNOWN, YES } from '../kernels/condition.ts';
import { blankNulls, setNull } from '../kernels/nulls.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { type Lane, WHY } from '../model/batch.ts';
import {
  annuity as annuityCheck,
  either,
  fields,
  finite,
  fitReport,
  listOf,
  modelHead,
  nullable,
  oneOf,
  optional,
  record,
  text,
} from '../model/checks.ts';
import type { Kind, ModelBase } from '../model/contract.ts';
import type { AnnuityTerms } from '../model/field.ts';
import type { When } from '../model/when.ts';
import { annuityFactor } from './annuity.ts';
import { checkImplied } from './implied-fields.ts';
import { type MoneyField, moneyField } from './money-field.ts';

/** An optional service that a customer may take up. */
export interface Offer {
  readonly name: string;
  /** Column of the probability that the customer takes it, in [0, 1]. */
  readonly probability: string;
  /** Profit when taken: one amount for all, or a column. May be negative. */
  readonly profit: number | string;
  /** Who already has it: closed, contributes 0. */
  readonly owned?: When;
  /** Who can have it at all. Default: everyone. */
  readonly eligible?: When;
}

/** Customer potential value: the offers, and the terms when their profits are per period. */
export interface PotentialValueModel<In extends string = string, O extends string = string>
  extends ModelBase<'potentialValue', In, MoneyField<O>> {
  readonly offers: readonly Offer[];
  /** Terms that turn a profit per period into a present value; `null`: the profits are present values already. */
  readonly annuity: AnnuityTerms | null;
  readonly assumption: 'no-churn';
}

/** The number columns of an offer. */
export function offerNumbers({ probability, profit }: Offer): readonly string[] {
  return typeof profit === 'string' ? [probability, profit] : [probability];
}

/** The conditions of an offer. */
export function offerConditions({ owned, eligible }: Offer): readonly When[] {
  return [owned, eligible].filter((when) => when !== undefined);
}

const offer = record({
  name: text,
  probability: text,
  profit: either(finite, text, 'an amount or a column name'),
  owned: optional(storedCondition),
  eligible: optional(storedCondition),
});
const stored = record({
  ...modelHead('potentialValue', 1),
  inputs: fields,
  outputs: fields<MoneyField>,
  offers: listOf(offer),
  annuity: nullable(annuityCheck),
  assumption: oneOf('no-churn'),
  fit: fitReport,
});

/** How potential-value models are read and scored; explained in money, one term per offer. */
export const potentialValueKind: Kind<PotentialValueModel> = {
  kind: 'potentialValue',
  version: 1,
  parse(json, path) {
    const model = stored(json, path) as PotentialValueModel;
    const { inputs, outputs, offers, annuity } = model;
    checkImplied(outputs, [moneyField(outputs[0]?.name ?? '', annuity)], `${path}.outputs`);
    if (new Set(offers.map(({ name }) => name)).size !== offers.length)
      fail('invalid-model', `${path}.offers: a name is repeated`);
    const numbers = new Set(offers.flatMap(offerNumbers));
    const needed = new Set([...numbers, ...offers.flatMap(offerConditions).map((when) => when.column)]);
    if (needed.size !== inputs.length || !inputs.every(({ name }) => needed.has(name)))
      fail('invalid-model', `${path}.inputs: expected ${[...needed].join(', ')}`);
    for (const { name, type } of inputs)
      if (numbers.has(name) && type !== 'number') fail('invalid-model', `${path}.inputs: "${name}" must be a number`);
    for (const one of offers) bindOffer(one, model);
    return model;
  },
  bind(model) {
    const offers = model.offers.map((one) => bindOffer(one, model));
    return (rows, inputs, outputs) => {
      const out = outputs[0]!;
      clear(rows, out);
      for (let k = 0; k < offers.length; k++) offers[k]!(rows, inputs, out.values, out);
      blankNulls(rows, out);
    };
  },
  explain(model) {
    const offers = model.offers.map((one) => bindOffer(one, model));
    return {
      scale: 'money',
      base: 0,
      terms: model.offers.map((one) => ({
        name: one.name,
        columns: [...new Set([...offerNumbers(one), ...offerConditions(one).map((when) => when.column)])],
      })),
      kernel(rows, inputs, outputs) {
        for (const out of outputs) clear(rows, out);
        const [whole] = outputs;
        offers.forEach((add, j) => {
          add(rows, inputs, outputs[j]!.values, whole!);
        });
        for (const out of outputs) {
          if (out !== whole) out.why.set(whole!.why.subarray(0, rows));
          out.clean = whole!.clean;
          blankNulls(rows, out);
        }
      },
    };
  },
};

function clear(rows: number, out: Lane): void {
  out.values.fill(0, 0, rows);
  settle(out);
}

/** Adds an offer's Prob·Profit to `sum` where the offer is open, and marks the rows of `out` where it is not known. */
type AddOffer = (rows: number, inputs: readonly Lane[], sum: Float64Array, out: Lane) => void;

const OPEN = 0;
const CLOSED = 255;

function bindOffer(
  { probability, profit, owned, eligible }: Offer,
  { inputs, annuity }: PotentialValueModel,
): AddOffer {
  const at = (column: string): number => inputs.findIndex(({ name }) => name === column);
  const bound = (when: When | undefined): Condition | null =>
    when ? bindCondition(when, inputs[at(when.column)]!) : null;
  const factor = annuity ? annuityFactor(annuity) : 1;
  const p = at(probability);
  const amount = typeof profit === 'string' ? at(profit) : -1;
  const fixed = typeof profit === 'number' ? profit * factor : 0;
  const isOwned = bound(owned);
  const isEligible = bound(eligible);
  const ownedAt = owned ? at(owned.column) : -1;
  const eligibleAt = eligible ? at(eligible.column) : -1;
  const barred = isOwned !== null || isEligible !== null;
  let own = new Int32Array(0);
  let answer = new Uint8Array(0);

  /** Per row: open, closed, or the reason why that is not known. One known bar closes the offer. */
  function resolve(rows: number, inputs: readonly Lane[], state: Int32Array): void {
    state.fill(OPEN, 0, rows);
    if (isOwned) bar(rows, isOwned, inputs[ownedAt]!, YES, state);
    if (isEligible) bar(rows, isEligible, inputs[eligibleAt]!, NO, state);
  }
  function bar(rows: number, condition: Condition, lane: Lane, closing: number, state: Int32Array): void {
    if (answer.length < rows) answer = new Uint8Array(rows);
    condition(rows, lane, answer);
    close(rows, answer, closing, state);
    if (lane.clean) return;
    for (let i = 0; i < rows; i++) if (answer[i] === UNKNOWN && state[i] === OPEN) state[i] = lane.why[i]!;
  }
  /** Where the offer is open, but something of it is not known. */
  function causes(rows: number, inputs: readonly Lane[], state: Int32Array, out: Lane): void {
    const chance = inputs[p]!;
    const money = amount < 0 ? null : inputs[amount]!;
    const { why } = out;
    for (let i = 0; i < rows; i++) {
      if (state[i] === CLOSED) continue;
      const q = chance.values[i]!;
      let cause: number = state[i]!;
      if (cause === OPEN && !chance.clean) cause = chance.why[i]!;
      if (cause === OPEN && money && !money.clean) cause = money.why[i]!;
      if (cause === OPEN && !(q >= 0 && q <= 1)) cause = WHY.outOfRange;
      if (cause !== OPEN && why[i] === WHY.valid) setNull(out, i, cause);
    }
  }

  return (rows, inputs, sum, out) => {
    const scratch = scratchAt(sum.buffer);
    const mark = scratch?.mark() ?? 0;
    if (own.length < rows) own = new Int32Array(rows);
    const state = scratch?.codes() ?? own;
    resolve(rows, inputs, state);
    const q = cellsNear(scratch, rows, inputs[p]!);
    const money = amount < 0 ? null : cellsNear(scratch, rows, inputs[amount]!);
    const { buffer } = sum;
    const near = q.buffer === buffer && state.buffer === buffer && (money === null || money.buffer === buffer);
    let usual = false;
    if (scratch !== undefined && near) {
      const states = barred ? state.byteOffset : 0;
      const value = money === null ? fixed : factor;
      usual = scratch.kernels.addOffer(sum.byteOffset, q.byteOffset, money?.byteOffset ?? 0, states, rows, value) === 1;
    } else if (money === null) addFixed(rows, sum, q, fixed, state);
    else addAmounts(rows, sum, q, money, factor, state);
    if (!usual) causes(rows, inputs, state, out);
    scratch?.release(mark);
  };
}

// Which offers are open cannot be foretold, and a branch that is guessed wrongly costs more than the work of a row.

function close(rows: number, answer: Uint8Array, closing: number, state: Int32Array): void {
  for (let i = 0; i < rows; i++) state[i] = state[i]! | (CLOSED & -Number(answer[i] === closing));
}

function addFixed(rows: number, sum: Float64Array, q: Float64Array, value: number, state: Int32Array): void {
  for (let i = 0; i < rows; i++) if (state[i] !== CLOSED) sum[i] = sum[i]! + q[i]! * value;
}

function addAmounts(
  rows: number,
  sum: Float64Array,
  q: Float64Array,
  money: Float64Array,
  factor: number,
  state: Int32Array,
): void {
  for (let i = 0; i < rows; i++) if (state[i] !== CLOSED) sum[i] = sum[i]! + q[i]! * (money[i]! * factor);
}
