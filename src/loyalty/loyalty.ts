import { chosenFit } from '../columns/chosen.ts';
import { fail } from '../errors.ts';
import { type CellKernel, eachCell, settle } from '../kernels/cells-near.ts';
import { blankNulls, carryWhy, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { checked, fields, fitReport, modelHead, nullable, record, span } from '../model/checks.ts';
import type { Estimator, Kind, ModelBase } from '../model/contract.ts';
import type { Field, Span } from '../model/field.ts';
import { knownOptions, names } from '../model/options.ts';
import { describeSpan, sameSpan } from '../value/horizon.ts';

/** Loyalty as a retention probability; its horizon stands in the output field. */
export interface LoyaltyModel<P extends string = string, O extends string = string>
  extends ModelBase<'loyalty', P, LoyaltyField<O>> {}

/** The output of {@link loyalty}: always with a horizon, `null` when it is unknown. */
export interface LoyaltyField<O extends string = string> extends Field<O, 'number'> {
  readonly horizon: Span | null;
}

export interface LoyaltyOptions<P extends string, O extends string> {
  /** Column of the churn probability. Default: `churnProbability`. */
  readonly probability?: P;
  /**
   * The span within which the probability is of leaving; `null` for unknown. In a pipeline it comes with the probability
   * and need not be given; standing alone it is unknown unless given.
   */
  readonly horizon?: Span | null;
  /** Name of the output. Default: `loyalty`. */
  readonly as?: O;
}

/**
 * Loyalty of each customer: the probability of not leaving, 1 − p (S3). It carries the horizon of its probability, since a
 * monthly .98 is not a yearly .98; one whose horizon is unknown may rank and cut, and is refused as a retention rate.
 * A probability outside [0, 1] gives null with the reason `out-of-range`.
 *
 * @throws horizon-mismatch when the given horizon is not the one of the probability in the pipeline; invalid-option for a
 *   horizon that is no span; unknown-column, wrong-type and all-null when fitted.
 * @example
 * loyalty({ horizon: { every: 1, unit: 'month' } }).fit({ churnProbability: [0.2] }); // scores that customer as 0.8
 */
export function loyalty<const P extends string = 'churnProbability', const O extends string = 'loyalty'>(
  options: LoyaltyOptions<P, O> = {},
): Estimator<LoyaltyModel<P, O>> {
  const { probability = 'churnProbability' as P, as: name = 'loyalty' as O } = knownOptions(
    options,
    'loyalty',
    'probability horizon as',
  );
  names({ probability, as: name });
  const given =
    options.horizon === undefined ? undefined : checked('invalid-option', nullable(span), options.horizon, 'horizon');
  return {
    kind: loyaltyKind,
    fit: (data, upstream) => ({
      kind: 'loyalty',
      version: 1,
      inputs: [{ name: probability, type: 'number' }],
      outputs: [{ name, type: 'number', horizon: horizonOf(probability, given, upstream) }],
      fit: chosenFit(data, [probability], { low: 0, high: 1 }),
    }),
  };
}

function horizonOf(column: string, given: Span | null | undefined, upstream: readonly Field[] = []): Span | null {
  const known = upstream.find(({ name }) => name === column)?.horizon;
  if (known === undefined) return given ?? null;
  if (given !== undefined && !sameSpan(known, given))
    fail(
      'horizon-mismatch',
      `"${column}" has the horizon ${describeSpan(known)}, not ${describeSpan(given)}: leave the option out, or give the horizon where the probability is made`,
    );
  return known;
}

const stored = record({ ...modelHead('loyalty', 1), inputs: fields, outputs: fields, fit: fitReport });

/** How loyalty models are read and scored. */
export const loyaltyKind: Kind<LoyaltyModel> = {
  kind: 'loyalty',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    const [input] = model.inputs;
    const [output] = model.outputs;
    if (model.inputs.length !== 1 || input!.type !== 'number')
      fail('invalid-model', `${path}.inputs: expected one number, the churn probability`);
    if (model.outputs.length !== 1 || output!.type !== 'number' || output!.horizon === undefined)
      fail('invalid-model', `${path}.outputs: expected one number with a horizon`);
    return model as LoyaltyModel;
  },
  bind: () => score,
};

function score(rows: number, inputs: readonly Lane[], outputs: readonly Lane[]): void {
  const out = outputs[0]!;
  if (eachCell(rows, inputs[0]!, out, inBulk) === 1) {
    settle(out);
    return;
  }
  carryWhy(rows, inputs, out);
  const p = inputs[0]!.values;
  const { values, why } = out;
  for (let i = 0; i < rows; i++) {
    values[i] = 1 - p[i]!;
    if (!(p[i]! >= 0 && p[i]! <= 1) && why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
  }
  blankNulls(rows, out);
}

const inBulk: CellKernel = (kernels, from, to, rows) => kernels.complements(from, to, rows);
