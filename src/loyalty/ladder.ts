import { chosenFit } from '../columns/chosen.ts';
import { readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import { conditionFields } from '../kernels/condition-field.ts';
import { checked, listOf, oneOf } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, names, object } from '../model/options.ts';
import type { When } from '../model/when.ts';
import { isLimit, type LadderCondition, ladderCondition } from './ladder-condition.ts';
import { type LadderRules, type LoyaltyLadderModel, ladderColumns, loyaltyLadderKind, stage } from './ladder-kind.ts';
import { LADDER_STAGES, type LadderStage, STAGES, type StageKey, type StageStrategy } from './ladder-stages.ts';

type Conditions = readonly LadderCondition[];

export interface LoyaltyLadderOptions<
  N extends string,
  Q extends Conditions,
  D extends Conditions,
  C extends Conditions,
  A extends Conditions,
  O extends string,
> {
  /** Column of the number of orders, buying occasions that is. Default: `orders`. */
  readonly orders?: N;
  /** Who needs it and can pay, among those without an order: all must hold. Default: nobody is known to. */
  readonly qualified?: Q;
  /** Who was studied and has no need or no means for now, among those without an order. Goes before `qualified`. */
  readonly disqualified?: D;
  /**
   * Which repeat buyers buy all they need here, periodically, such as
   * `[{ column: 'categories', atLeast: 3 }, { column: 'gapVariation', atMost: 0.5 }]`.
   */
  readonly client?: C;
  /** Which of these clients also refer others, such as `[{ column: 'referrals', atLeast: 1 }]`. Needs `client`. */
  readonly advocate?: A;
  /** A condition on a null cell gives null where it matters (`'null'`, default), or counts as not met (`'no'`). */
  readonly unknown?: 'null' | 'no';
  /** Changes to the strategies of single stages. */
  readonly strategies?: { readonly [K in StageKey]?: Partial<StageStrategy> };
  /** Changes to the names of single stages. */
  readonly names?: { readonly [K in StageKey]?: LadderStage['names'] };
  /** Name of the output. Default: `ladderStage`. */
  readonly as?: O;
}

/**
 * The loyalty ladder (S61): suspect, prospect, disqualified prospect, first-time buyer, repeat buyer, long-term client,
 * advocate. Without an order: disqualified prospect when `disqualified` holds, else prospect when `qualified` holds, else
 * suspect. One order: first-time buyer. More: repeat buyer, whether of one product or of several; long-term client when
 * `client` holds; advocate when `advocate` holds as well. An order of several products is one occasion.
 *
 * Null orders give null; orders that are not a whole number of at least 0 give null with the reason `out-of-range`. Of a
 * list of conditions one that is known not to hold decides; a null that leaves the stage open gives null (see `unknown`).
 * The model lists the stages with names and strategies (S71).
 *
 * @throws invalid-option for `advocate` without `client`, an unknown stage or a limit that is not finite; unknown-column,
 *   wrong-type and all-null when fitted.
 * @example
 * const ladder = loyaltyLadder({ client: [{ column: 'categories', atLeast: 3 }] });
 * ladder.fit({ orders: [0, 1, 4, 4], categories: [0, 2, 2, 3] });
 * // scores them as suspect, first-time-buyer, repeat-buyer, long-term-client
 */
export function loyaltyLadder<
  const N extends string = 'orders',
  const Q extends Conditions = [],
  const D extends Conditions = [],
  const C extends Conditions = [],
  const A extends Conditions = [],
  const O extends string = 'ladderStage',
>(
  options: LoyaltyLadderOptions<N, Q, D, C, A, O> = {},
): Estimator<LoyaltyLadderModel<N | (Q | D | C | A)[number]['column'], O>> {
  type In = N | (Q | D | C | A)[number]['column'];
  const { orders = 'orders' as N, as: name = 'ladderStage' as O } = knownOptions(
    options,
    'loyaltyLadder',
    'orders qualified disqualified client advocate unknown strategies names as',
  );
  names({ orders, as: name });
  const unknown = checked('invalid-option', oneOf('null', 'no'), options.unknown ?? 'null', 'unknown');
  const list = (of: 'qualified' | 'disqualified' | 'client' | 'advocate'): Conditions =>
    checked('invalid-option', listOf(ladderCondition), options[of] ?? [], of);
  const rules: LadderRules = {
    qualified: list('qualified'),
    disqualified: list('disqualified'),
    client: list('client'),
    advocate: list('advocate'),
  };
  if (rules.advocate.length > 0 && rules.client.length === 0)
    fail('invalid-option', 'advocate: an advocate is a long-term client first; give the conditions of client as well');
  const stages = changedStages(options.names, options.strategies);
  return {
    kind: loyaltyLadderKind,
    fit(data, upstream) {
      const conditions = Object.values(rules).flat() as Conditions;
      const whens = conditions.filter((condition): condition is When => !isLimit(condition));
      const limited = new Set(conditions.filter(isLimit).map(({ column }) => column));
      const fitted = conditionFields(data, whens, upstream);
      for (const column of limited) readNumbers(data, column);
      const inputs = ladderColumns(orders, rules).map((column): Field => {
        const field = fitted.find((own) => own.name === column);
        const number = column === orders || limited.has(column);
        if (number && field?.type === 'category')
          fail('wrong-type', `column "${column}" holds categories where numbers are needed`);
        return field ?? { name: column, type: 'number' };
      });
      return {
        kind: 'loyaltyLadder',
        version: 1,
        inputs: inputs as Field<In>[],
        outputs: [{ name, type: 'category', levels: STAGES }],
        orders,
        rules,
        unknown,
        stages,
        fit: chosenFit(data, [orders], { low: 0 }),
      };
    },
  };
}

function changedStages(
  named: { readonly [key: string]: LadderStage['names'] } = {},
  strategies: { readonly [key: string]: Partial<StageStrategy> } = {},
): readonly LadderStage[] {
  for (const key of [...Object.keys(object(named, 'names')), ...Object.keys(object(strategies, 'strategies'))])
    if (!STAGES.includes(key as StageKey))
      fail('invalid-option', `unknown stage ${JSON.stringify(key)}; the ladder has ${STAGES.join(', ')}`);
  const changed = LADDER_STAGES.map((own) => ({
    key: own.key,
    names: named[own.key] ?? own.names,
    strategy: { ...own.strategy, ...object(strategies[own.key] ?? {}, `strategies.${own.key}`) },
  }));
  return checked('invalid-option', listOf(stage), changed, 'stages');
}
