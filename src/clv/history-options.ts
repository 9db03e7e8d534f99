import { fail } from '../errors.ts';
import { checked, oneOf } from '../model/checks.ts';
import { DAYS, type Field, type TimeUnit } from '../model/field.ts';
import { list, names as namesOf, object } from '../model/options.ts';
import type { HistoryColumns } from './history.ts';
import { type NameOf, type Quantity, type QuantityOutput, quantity, quantityField } from './quantities.ts';

/** Options that every buy-till-you-die estimator shares. */
export interface HistoryOptions<
  F extends string = string,
  R extends string = string,
  T extends string = string,
  Q extends readonly QuantityOutput[] = readonly QuantityOutput[],
> extends HistoryColumns<F, R, T> {
  /** Unit of recency and T; the model's parameters and horizons are in it. */
  readonly unit: TimeUnit;
  /** The columns the model emits when it scores. Default: `[{ quantity: 'probabilityAlive' }]`. */
  readonly outputs?: Q;
}

/** Outputs when none are chosen. */
export type DefaultOutputs = readonly [{ readonly quantity: 'probabilityAlive' }];

/** The parts of a model that follow from the options alone. */
export interface HistoryHead<In extends string, Out extends string> {
  readonly unit: TimeUnit;
  readonly inputs: readonly [Field<In>, Field<In>, Field<In>];
  readonly outputs: readonly Field<Out, 'number'>[];
  readonly quantities: readonly Quantity[];
}

/** Checks the options; `invalid-option` names what is wrong. */
export function historyHead<
  const F extends string = 'frequency',
  const R extends string = 'recency',
  const T extends string = 'T',
  const Q extends readonly QuantityOutput[] = DefaultOutputs,
>(options: HistoryOptions<F, R, T, Q>): HistoryHead<F | R | T, NameOf<Q[number]>> {
  type In = F | R | T;
  type Out = NameOf<Q[number]>;
  const {
    frequency = 'frequency',
    recency = 'recency',
    T = 'T',
    outputs = [{ quantity: 'probabilityAlive' }],
  } = object(options, 'options');
  namesOf({ frequency, recency, T });
  const unit = checked('invalid-option', oneOf(...(Object.keys(DAYS) as TimeUnit[])), options.unit, 'unit');
  const columns = [frequency, recency, T] as In[];
  if (new Set(columns).size < 3)
    fail('invalid-option', `frequency, recency and T need three columns, got ${columns.join(', ')}`);
  if (list<QuantityOutput>(outputs, 'outputs').length === 0) fail('invalid-option', 'outputs: choose at least one');
  const quantities = outputs.map((output: QuantityOutput, k) => {
    const { as, ...q } = object(output, `outputs[${k}]`);
    if (as !== undefined) namesOf({ [`outputs[${k}].as`]: as });
    return checked('invalid-option', quantity, q, `outputs[${k}]`);
  });
  const names = outputs.map((q: QuantityOutput) => (q.as ?? q.quantity) as Out);
  const twice = names.find((name, k) => names.indexOf(name) < k || columns.includes(name as string as In));
  if (twice !== undefined) fail('output-taken', `outputs: the name "${twice}" is taken; rename one by "as"`);
  const [x, t, end] = columns as [In, In, In];
  return {
    unit,
    inputs: [
      { name: x, type: 'number', unit: 'purchases' },
      { name: t, type: 'number', unit },
      { name: end, type: 'number', unit },
    ],
    outputs: quantities.map((q, k) => quantityField(q, names[k]!, unit)),
    quantities,
  };
}

/** Refuses columns that an earlier step states in another unit of time. */
export function checkUnits(head: HistoryHead<string, string>, upstream: readonly Field[] = []): void {
  for (const input of head.inputs.slice(1)) {
    const stated = upstream.find((f) => f.name === input.name)?.unit;
    if (stated !== undefined && stated in DAYS && stated !== head.unit)
      fail('horizon-mismatch', `column "${input.name}" is in ${stated}s, the model in ${head.unit}s: state one unit`);
  }
}
