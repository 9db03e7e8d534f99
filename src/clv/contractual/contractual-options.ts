import { fail } from '../../errors.ts';
import { checked, oneOf } from '../../model/checks.ts';
import { DAYS, type Field, type TimeUnit } from '../../model/field.ts';
import { knownOptions, list, names as namesOf, object } from '../../model/options.ts';
import {
  type ContractualNameOf,
  type ContractualOutput,
  type ContractualQuantity,
  contractualField,
  contractualQuantity,
} from './contractual-quantities.ts';
import { checkRenewalColumns, outcomeColumns, type RenewalColumns } from './renewal-table.ts';

/**
 * Options of the contractual models. They are fitted to one row per customer (`tenure`, `churned`) or, with `counts`, to
 * one row per cohort and period; they always score customers by their `tenure`, the number of renewals made.
 */
export interface ContractualOptions<
  T extends string = string,
  Q extends readonly ContractualOutput[] = readonly ContractualOutput[],
> extends RenewalColumns<T> {
  /** Length of the time between two renewals. */
  readonly unit: TimeUnit;
  /** The columns the model emits when it scores. Default: `[{ quantity: 'retentionRate' }]`. */
  readonly outputs?: Q;
}

/** Outputs when none are chosen. */
export type DefaultContractualOutputs = readonly [{ readonly quantity: 'retentionRate' }];

/** What follows from the options alone. */
export interface ContractualHead<In extends string, Out extends string> {
  /** The parts of the model. */
  readonly model: {
    readonly unit: TimeUnit;
    readonly inputs: readonly [Field<In>];
    readonly outputs: readonly Field<Out, 'number'>[];
    readonly quantities: readonly ContractualQuantity[];
  };
  readonly columns: RenewalColumns;
  readonly labels: readonly string[];
}

/** Checks the options; `invalid-option` names what is wrong. */
export function contractualHead<T extends string, Q extends readonly ContractualOutput[]>(
  kind: string,
  options: ContractualOptions<T, Q>,
): ContractualHead<T, ContractualNameOf<Q[number]>> {
  type Out = ContractualNameOf<Q[number]>;
  const {
    outputs = [{ quantity: 'retentionRate' }],
    tenure,
    churned,
    counts,
  } = knownOptions(options, kind, 'tenure churned counts unit outputs');
  const unit = checked('invalid-option', oneOf(...(Object.keys(DAYS) as TimeUnit[])), options.unit, 'unit');
  const columns: RenewalColumns = {
    ...(tenure === undefined ? {} : { tenure }),
    ...(churned === undefined ? {} : { churned }),
    ...(counts === undefined ? {} : { counts }),
  };
  checkRenewalColumns(columns);
  const input = (tenure ?? 'tenure') as T;
  if (list<ContractualOutput>(outputs, 'outputs').length === 0) fail('invalid-option', 'outputs: choose at least one');
  const quantities = outputs.map((output: ContractualOutput, k) => {
    const { as, ...q } = object(output, `outputs[${k}]`);
    if (as !== undefined) namesOf({ [`outputs[${k}].as`]: as });
    return checked('invalid-option', contractualQuantity, q, `outputs[${k}]`);
  });
  const names = outputs.map((q: ContractualOutput) => (q.as ?? q.quantity) as Out);
  const twice = names.find((name, k) => names.indexOf(name) < k || String(name) === String(input));
  if (twice !== undefined) fail('output-taken', `outputs: the name "${twice}" is taken; rename one by "as"`);
  return {
    model: {
      unit,
      inputs: [{ name: input, type: 'number', unit: 'renewals' }],
      outputs: quantities.map((q, k) => contractualField(q, names[k]!, unit)),
      quantities,
    },
    columns,
    labels: outcomeColumns(columns),
  };
}
