import { fail } from '../errors.ts';
import { either, field, fields, fitReport, listOf, modelHead, oneOf, record, within } from '../model/checks.ts';
import type { Kind, ModelBase } from '../model/contract.ts';
import { DAYS, type Field, type TimeUnit } from '../model/field.ts';
import { type BgNbdParameters, bgNbdPosterior } from './bg-nbd-posterior.ts';
import type { LikelihoodFit } from './fit-report.ts';
import { historyKernel } from './history-kernel.ts';
import { type Quantity, quantity, quantityField } from './quantities.ts';

/** How a BG/NBD fit ended. */
export interface BgNbdFit extends LikelihoodFit<'r' | 'alpha' | 'a' | 'b'> {
  /** Distinct histories (x, t_x, T): the rows the likelihood is summed over. */
  readonly distinctRows: number;
  /**
   * The limiting model at a boundary. `NBD`: nobody drops out (stored as a = 0, b = 1). `one dropout probability`:
   * a, b → ∞ at a fixed ratio. `all-or-none dropout`: a, b → 0 at a fixed ratio, a customer drops out at the first repeat
   * purchase or never. `one purchase rate`: r, α → ∞ at a fixed ratio. `no repeat purchase`: r = 0.
   */
  readonly limit?:
    | 'NBD'
    | 'one dropout probability'
    | 'all-or-none dropout'
    | 'one purchase rate'
    | 'no repeat purchase';
}

/** A fitted BG/NBD (Fader, Hardie & Lee 2005): purchase rate Gamma(r, alpha), dropout after a purchase Beta(a, b). */
export interface BgNbdModel<In extends string = string, Out extends string = string>
  extends ModelBase<'bgNbd', In, Field<Out, 'number'>>,
    BgNbdParameters {
  /** Unit of recency, T, alpha and every horizon. */
  readonly unit: TimeUnit;
  /** What each output is, in the order of `outputs`. */
  readonly quantities: readonly Quantity[];
  readonly fit: BgNbdFit;
}

export const BG_NBD_VERSION = 1;

/** No fit on real histories leaves this range; beyond it the integrals would overflow or never end. */
const usable = within(1e-15, 1e15);
const zeroOrUsable = either(oneOf(0), usable, '0 or a number in [1e-15, 1e15]');
const shape = record({
  ...modelHead('bgNbd', BG_NBD_VERSION),
  inputs: (json, path) => fields<Field<string, 'number'>>(json, path),
  outputs: (json, path) => fields<Field<string, 'number'>>(json, path),
  unit: oneOf(...(Object.keys(DAYS) as TimeUnit[])),
  r: zeroOrUsable,
  alpha: usable,
  a: zeroOrUsable,
  b: usable,
  quantities: listOf(quantity),
  fit: (json, path) => fitReport<BgNbdFit>(json, path),
});

/** Reads and scores BG/NBD models; nothing of fitting. */
export const bgNbdKind: Kind<BgNbdModel> = {
  kind: 'bgNbd',
  version: BG_NBD_VERSION,
  parse(json, path) {
    const model = shape(json, path);
    checkHistoryFields(model, path);
    return model;
  },
  bind: (model) => historyKernel(model.quantities, bgNbdPosterior(model, model.unit)),
};

/** The inputs are frequency, recency and T; each output is the field of its quantity. */
export function checkHistoryFields(
  model: {
    readonly inputs: readonly Field[];
    readonly outputs: readonly Field[];
    readonly quantities: readonly Quantity[];
    readonly unit: TimeUnit;
  },
  path: string,
): void {
  const { inputs, outputs, quantities, unit } = model;
  if (inputs.length !== 3 || inputs.some((f) => f.type !== 'number'))
    fail('invalid-model', `${path}.inputs: expected three numbers, frequency, recency and T`);
  if (outputs.length !== quantities.length || outputs.length === 0)
    fail('invalid-model', `${path}.outputs: ${outputs.length} for ${quantities.length} quantities`);
  outputs.forEach((output, k) => {
    const wanted = field(quantityField(quantities[k]!, output.name, unit), path);
    if (JSON.stringify(output) !== JSON.stringify(wanted))
      fail('invalid-model', `${path}.outputs[${k}]: not the field of its quantity, ${JSON.stringify(wanted)}`);
  });
}
