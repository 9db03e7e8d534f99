import { fail } from '../errors.ts';
import { NO, UNKNOWN, YES } from '../kernels/condition.ts';
import { blankNulls, carryWhy, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { type Check, fields, fitReport, listOf, modelHead, oneOf, record, text, whole } from '../model/checks.ts';
import type { Kernel, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { bindLadderCondition, type LadderCondition, ladderCondition } from './ladder-condition.ts';
import { type LadderStage, STAGES } from './ladder-stages.ts';

/** The rules of the ladder: lists of conditions, all of which must hold. An empty list holds for nobody. */
export interface LadderRules {
  readonly qualified: readonly LadderCondition[];
  readonly disqualified: readonly LadderCondition[];
  readonly client: readonly LadderCondition[];
  readonly advocate: readonly LadderCondition[];
}

/** The stage of each customer on the loyalty ladder. */
export interface LoyaltyLadderModel<In extends string = string, O extends string = string>
  extends ModelBase<'loyaltyLadder', In, Field<O, 'category'>> {
  readonly orders: string;
  readonly rules: LadderRules;
  /** How a condition on a null cell counts: as unknown, which gives null where it matters, or as not met. */
  readonly unknown: 'null' | 'no';
  /** The seven stages in their order, for display and action. */
  readonly stages: readonly LadderStage[];
}

const conditions = listOf(ladderCondition);
const names = record({ en: text, zh: text });
/** A stage as a model lists it. */
export const stage: Check<LadderStage> = record({
  key: text,
  names,
  strategy: record({ priority: whole(1), budget: text, actions: listOf(text), text: names }),
});
const stored = record({
  ...modelHead('loyaltyLadder', 1),
  inputs: fields,
  outputs: fields<Field<string, 'category'>>,
  orders: text,
  rules: record({ qualified: conditions, disqualified: conditions, client: conditions, advocate: conditions }),
  unknown: oneOf('null', 'no'),
  stages: listOf(stage, STAGES.length),
  fit: fitReport,
});

/** How ladders are read and scored. */
export const loyaltyLadderKind: Kind<LoyaltyLadderModel> = {
  kind: 'loyaltyLadder',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    const { inputs, outputs, orders, rules, stages } = model;
    if (stages.some(({ key }, s) => key !== STAGES[s])) fail('invalid-model', `${path}.stages: expected ${STAGES}`);
    if (rules.advocate.length > 0 && rules.client.length === 0)
      fail('invalid-model', `${path}.rules: an advocate is a client, and no rule tells clients`);
    const needed = ladderColumns(orders, rules);
    if (needed.length !== inputs.length || needed.some((name, i) => inputs[i]!.name !== name))
      fail('invalid-model', `${path}.inputs: expected ${needed.join(', ')}`);
    if (inputs[0]!.type !== 'number') fail('invalid-model', `${path}.inputs: "${orders}" must be a number`);
    const [output] = outputs;
    if (outputs.length !== 1 || JSON.stringify(output!.levels) !== JSON.stringify(STAGES))
      fail('invalid-model', `${path}.outputs: expected one category of ${STAGES.join(', ')}`);
    for (const list of Object.values(rules)) bindAll(list, inputs, model.unknown);
    return model;
  },
  bind: bindLadder,
};

/** The columns that a ladder reads: orders, then those of the conditions in the order of the rules. */
export function ladderColumns(orders: string, { qualified, disqualified, client, advocate }: LadderRules): string[] {
  const own = [qualified, disqualified, client, advocate].flat().map(({ column }) => column);
  return [...new Set([orders, ...own])];
}

const [SUSPECT, PROSPECT, DISQUALIFIED, FIRST, REPEAT, CLIENT, ADVOCATE] = [0, 1, 2, 3, 4, 5, 6] as const;

function bindLadder({ inputs, rules, unknown }: LoyaltyLadderModel): Kernel {
  const disqualified = bindAll(rules.disqualified, inputs, unknown);
  const qualified = bindAll(rules.qualified, inputs, unknown);
  const client = bindAll(rules.client, inputs, unknown);
  const advocate = bindAll(rules.advocate, inputs, unknown);
  return (rows, lanes, [out]) => {
    const orders = lanes[0]!;
    carryWhy(rows, [orders], out!);
    const { codes, why } = out!;
    const isOut = disqualified(rows, lanes);
    const isIn = qualified(rows, lanes);
    const isClient = client(rows, lanes);
    const refers = advocate(rows, lanes);
    // The first condition that decides; one that is unknown leaves the stage unknown.
    for (let i = 0; i < rows; i++) {
      if (why[i] !== WHY.valid) continue;
      const count = orders.values[i]!;
      let open: Answers | null = null;
      if (!(count >= 0 && Number.isInteger(count))) setNull(out!, i, WHY.outOfRange);
      else if (count === 0) {
        codes[i] = isOut.state[i] === YES ? DISQUALIFIED : isIn.state[i] === YES ? PROSPECT : SUSPECT;
        open = isOut.state[i] === UNKNOWN ? isOut : isOut.state[i] === NO && isIn.state[i] === UNKNOWN ? isIn : null;
      } else if (count === 1) codes[i] = FIRST;
      else {
        codes[i] = isClient.state[i] !== YES ? REPEAT : refers.state[i] === YES ? ADVOCATE : CLIENT;
        open =
          isClient.state[i] === UNKNOWN
            ? isClient
            : isClient.state[i] === YES && refers.state[i] === UNKNOWN
              ? refers
              : null;
      }
      if (open !== null) setNull(out!, i, open.why[i]!);
    }
    blankNulls(rows, out!);
  };
}

/** Per row whether all conditions of a list hold, and the cause where that is unknown. */
interface Answers {
  state: Uint8Array;
  why: Uint8Array;
}

/** All conditions of a list: one known no decides, whatever else is unknown. An empty list is no. */
function bindAll(
  list: readonly LadderCondition[],
  inputs: readonly Field[],
  unknown: 'null' | 'no',
): (rows: number, lanes: readonly Lane[]) => Answers {
  const bound = list.map((condition) => {
    const at = inputs.findIndex(({ name }) => name === condition.column);
    return { at, holds: bindLadderCondition(condition, inputs[at]!) };
  });
  const answers: Answers = { state: new Uint8Array(0), why: new Uint8Array(0) };
  let one = new Uint8Array(0);
  return (rows, lanes) => {
    if (one.length < rows) {
      one = new Uint8Array(rows);
      answers.state = new Uint8Array(rows);
      answers.why = new Uint8Array(rows);
    }
    const { state, why } = answers;
    state.fill(bound.length === 0 ? NO : YES, 0, rows);
    for (const { at, holds } of bound) {
      const lane = lanes[at]!;
      holds(rows, lane, one);
      for (let i = 0; i < rows; i++) {
        const answer = one[i] === UNKNOWN && unknown === 'no' ? NO : one[i]!;
        if (answer === NO) state[i] = NO;
        else if (answer === UNKNOWN && state[i] === YES) {
          state[i] = UNKNOWN;
          why[i] = lane.why[i]!;
        }
      }
    }
    return answers;
  };
}
