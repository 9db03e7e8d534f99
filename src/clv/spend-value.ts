import { rowCount } from '../columns/index.ts';
import { fail } from '../errors.ts';
import { blankNulls, carryWhy } from '../kernels/nulls.ts';
import { checked, fields, finite, fitReport, modelHead, optional, record } from '../model/checks.ts';
import type { Estimator, FitReport, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, names } from '../model/options.ts';

/** Options of {@link spendValue}. */
export interface SpendValueOptions<N extends string = string, S extends string = string, O extends string = string> {
  /** Column of a number of purchases, such as a BG/NBD's discounted transactions. Default `discountedResidualTransactions`. */
  readonly transactions?: N;
  /** Column of the spend per purchase. Default `expectedSpend`. */
  readonly spend?: S;
  /** Profit per unit of spend; 1 leaves revenue. */
  readonly margin: number;
  /** Taken off every customer's value, in the unit of the spend: for those still to be won. Default 0. */
  readonly acquisitionCost?: number;
  /** Output column. Default `lifetimeValue`. */
  readonly as?: O;
}

/** Purchases × spend × margin − acquisition cost. */
export interface SpendValueModel<In extends string = string, Out extends string = string>
  extends ModelBase<'spendValue', In, Field<Out, 'number'>> {
  readonly margin: number;
  readonly acquisitionCost?: number;
  readonly fit: FitReport;
}

const VERSION = 1;

/**
 * Lifetime value from a purchase model and a spend model: value = transactions × spend × margin − acquisitionCost. With discounted
 * transactions over a horizon it is the expected value of the customer's purchases in it, discounted to the end of the
 * observation; the purchase at acquisition is not in it. It takes number and size of purchases to be independent given
 * the history. Nothing is learned from data. One step per horizon.
 * @throws ClienteleError `invalid-option`
 * @example
 * pipeline([
 *   bgNbd({ unit: 'week', outputs: [
 *     { quantity: 'discountedResidualTransactions', periods: 52, rate: { discount: 0.15, per: 'year' } }] }),
 *   gammaGamma(),
 *   spendValue({ margin: 1 }),
 * ]).fit(customers); // lifetimeValue sums to 71,077 on the CDNOW sample
 */
export function spendValue<
  const N extends string = 'discountedResidualTransactions',
  const S extends string = 'expectedSpend',
  const O extends string = 'lifetimeValue',
>(options: SpendValueOptions<N, S, O>): Estimator<SpendValueModel<N | S, O>> {
  const transactions = (knownOptions(options, 'spendValue', 'transactions spend margin acquisitionCost as')
    .transactions ?? 'discountedResidualTransactions') as N;
  const spend = (options.spend ?? 'expectedSpend') as S;
  const as = (options.as ?? 'lifetimeValue') as O;
  names({ transactions, spend, as });
  const margin = checked('invalid-option', finite, options.margin, 'margin');
  const acquisitionCost = checked('invalid-option', finite, options.acquisitionCost ?? 0, 'acquisitionCost');
  if (new Set<string>([transactions, spend, as]).size < 3)
    fail('invalid-option', `transactions, spend and as need three names, got ${transactions}, ${spend}, ${as}`);
  return {
    kind: spendValueKind,
    fit(data, upstream = []) {
      const money = upstream.find((f) => f.name === spend)?.unit;
      const unit = money === undefined ? {} : { unit: money };
      return {
        kind: 'spendValue',
        version: VERSION,
        inputs: [
          { name: transactions, type: 'number' },
          { name: spend, type: 'number', ...unit },
        ],
        outputs: [{ name: as, type: 'number', ...unit }],
        margin: margin + 0,
        ...(acquisitionCost === 0 ? {} : { acquisitionCost }),
        fit: { status: 'converged', rows: rowCount(data), warnings: [] },
      };
    },
  };
}

const shape = record({
  ...modelHead('spendValue', VERSION),
  inputs: (json, path) => fields<Field<string, 'number'>>(json, path),
  outputs: (json, path) => fields<Field<string, 'number'>>(json, path),
  margin: finite,
  acquisitionCost: optional(finite),
  fit: (json, path) => fitReport<FitReport>(json, path),
});

/** Reads and scores {@link SpendValueModel}. */
export const spendValueKind: Kind<SpendValueModel> = {
  kind: 'spendValue',
  version: VERSION,
  parse(json, path) {
    const model = shape(json, path);
    const { inputs, outputs } = model;
    if (inputs.length !== 2 || outputs.length !== 1 || [...inputs, ...outputs].some((f) => f.type !== 'number'))
      fail('invalid-model', `${path}: expected the inputs transactions and spend and one output, all numbers`);
    return model;
  },
  bind:
    ({ margin, acquisitionCost = 0 }) =>
    (rows, inputs, outputs) => {
      const output = outputs[0]!;
      const transactions = inputs[0]!.values;
      const spend = inputs[1]!.values;
      carryWhy(rows, inputs, output);
      for (let i = 0; i < rows; i++) output.values[i] = transactions[i]! * spend[i]! * margin - acquisitionCost;
      blankNulls(rows, output);
    },
};
