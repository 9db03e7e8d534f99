import { fail } from '../errors.ts';
import { bindCondition, storedCondition, UNKNOWN, YES } from '../kernels/condition.ts';
import { blankNulls, carryWhy, setNull } from '../kernels/nulls.ts';
import { WHY } from '../model/batch.ts';
import { fields, fitReport, modelHead, nullable, record, text } from '../model/checks.ts';
import type { Kernel, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { When } from '../model/when.ts';

/** What is known of a customer's category spend. */
export const WALLET_FLAGS = ['measured', 'estimated', 'own-above-category'] as const;

/** Names of the three outputs. */
export interface WalletNames<S extends string = string, H extends string = string, F extends string = string> {
  readonly share: S;
  readonly headroom: H;
  readonly flag: F;
}

export type WalletOutputs<N extends WalletNames> =
  | Field<N['share'], 'number'>
  | Field<N['headroom'], 'number'>
  | Field<N['flag'], 'category'>;

/** Own spend as a share of what the customer spends in the category. */
export interface ShareOfWalletModel<In extends string = string, Out extends Field = Field>
  extends ModelBase<'shareOfWallet', In, Out> {
  readonly own: string;
  readonly category: string;
  /** Where the category spend is an estimate; null: nowhere. */
  readonly estimated: When | null;
}

const stored = record({
  ...modelHead('shareOfWallet', 1),
  inputs: fields,
  outputs: fields,
  own: text,
  category: text,
  estimated: nullable(storedCondition),
  fit: fitReport,
});

/** How shares of wallet are read and scored. */
export const shareOfWalletKind: Kind<ShareOfWalletModel> = {
  kind: 'shareOfWallet',
  version: 1,
  parse(json, path) {
    const model = stored(json, path);
    const { inputs, outputs, own, category, estimated } = model;
    const needed = [...new Set([own, category, ...(estimated ? [estimated.column] : [])])];
    if (own === category || needed.length !== inputs.length || needed.some((name, i) => inputs[i]!.name !== name))
      fail('invalid-model', `${path}.inputs: expected ${needed.join(', ')}`);
    if (inputs[0]!.type !== 'number' || inputs[1]!.type !== 'number')
      fail('invalid-model', `${path}.inputs: "${own}" and "${category}" must be numbers`);
    const [share, headroom, flag] = outputs;
    const right = share?.type === 'number' && headroom?.type === 'number' && flag?.type === 'category';
    if (outputs.length !== 3 || !right || JSON.stringify(flag.levels) !== JSON.stringify(WALLET_FLAGS))
      fail('invalid-model', `${path}.outputs: expected a share, a headroom and a flag of ${WALLET_FLAGS.join(', ')}`);
    bindShare(model);
    return model;
  },
  bind: bindShare,
};

function bindShare({ inputs, estimated }: ShareOfWalletModel): Kernel {
  const at = inputs.findIndex(({ name }) => name === estimated?.column);
  const isEstimated = estimated === null ? null : bindCondition(estimated, inputs[at]!);
  let answer = new Uint8Array(0);
  return (rows, lanes, [share, headroom, flag]) => {
    const [own, category] = lanes;
    const spends = [own!, category!];
    for (const out of [share!, headroom!, flag!]) carryWhy(rows, spends, out);
    if (answer.length < rows) answer = new Uint8Array(rows);
    isEstimated?.(rows, lanes[at]!, answer);
    for (let i = 0; i < rows; i++) {
      if (share!.why[i] !== WHY.valid) continue;
      const spent = own!.values[i]!;
      const total = category!.values[i]!;
      share!.values[i] = spent / total;
      headroom!.values[i] = total - spent;
      flag!.codes[i] = spent > total ? 2 : answer[i] === YES ? 1 : 0;
      const cause = !(spent >= 0 && total >= 0) ? WHY.outOfRange : total === 0 ? WHY.zeroBase : WHY.valid;
      if (cause !== WHY.valid) for (const out of [share!, headroom!, flag!]) setNull(out, i, cause);
      else if (spent > total) for (const out of [share!, headroom!]) setNull(out, i, WHY.outOfRange);
      else if (isEstimated !== null && answer[i] === UNKNOWN) setNull(flag!, i, lanes[at]!.why[i]!);
    }
    for (const out of [share!, headroom!, flag!]) blankNulls(rows, out);
  };
}
