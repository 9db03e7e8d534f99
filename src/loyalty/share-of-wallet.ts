import { chosenFit } from '../columns/chosen.ts';
import { fail } from '../errors.ts';
import { storedCondition } from '../kernels/condition.ts';
import { conditionFields } from '../kernels/condition-field.ts';
import { checked, nullable } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, names as namesOf, object } from '../model/options.ts';
import type { When } from '../model/when.ts';
import {
  type ShareOfWalletModel,
  shareOfWalletKind,
  WALLET_FLAGS,
  type WalletNames,
  type WalletOutputs,
} from './share-of-wallet-kind.ts';

export interface ShareOfWalletOptions<
  N extends string,
  C extends string,
  W extends When,
  S extends string,
  H extends string,
  F extends string,
> {
  /** Column of the spend with us. Default: `ownSpend`. */
  readonly own?: N;
  /** Column of the spend in the whole category, ours included, over the same window. Default: `categorySpend`. */
  readonly category?: C;
  /** Whose category spend is an estimate, such as `{ column: 'source', equals: 'model' }`. */
  readonly estimated?: W;
  /** Names of the outputs. Default: `shareOfWallet`, `walletHeadroom`, `walletFlag`. */
  readonly as?: Partial<WalletNames<S, H, F>>;
}

/**
 * Share of wallet of each customer: spend with us ÷ spend in the category over one window, the headroom category − own,
 * and a flag `measured`, `estimated` or `own-above-category` (S62).
 *
 * A category spend of 0 gives null with the reason `zero-base`, a null one null. Own spend above category spend is an
 * error of the data: share and headroom are null (`out-of-range`) and the flag says so. An amount below 0 gives null
 * (`out-of-range`). For groups see `walletSummary`: their share is not the mean of these.
 *
 * @throws invalid-option for one column in two roles or a repeated output name; unknown-column, wrong-type and all-null
 *   when fitted.
 * @example
 * shareOfWallet().fit({ ownSpend: [60], categorySpend: [100] }); // scores that customer as .6, 40, measured
 */
export function shareOfWallet<
  const N extends string = 'ownSpend',
  const C extends string = 'categorySpend',
  const W extends When = never,
  const S extends string = 'shareOfWallet',
  const H extends string = 'walletHeadroom',
  const F extends string = 'walletFlag',
>(
  options: ShareOfWalletOptions<N, C, W, S, H, F> = {},
): Estimator<ShareOfWalletModel<N | C | W['column'], WalletOutputs<WalletNames<S, H, F>>>> {
  type In = N | C | W['column'];
  const own = knownOptions(options, 'shareOfWallet', 'own category estimated as').own ?? ('ownSpend' as N);
  const category = options.category ?? ('categorySpend' as C);
  const estimated = checked('invalid-option', nullable(storedCondition), options.estimated ?? null, 'estimated');
  const as = object(options.as ?? {}, 'as');
  const names: WalletNames<S, H, F> = {
    share: as.share ?? ('shareOfWallet' as S),
    headroom: as.headroom ?? ('walletHeadroom' as H),
    flag: as.flag ?? ('walletFlag' as F),
  };
  namesOf({ own, category, 'as.share': names.share, 'as.headroom': names.headroom, 'as.flag': names.flag });
  if ((own as string) === category) fail('invalid-option', `own and category are both "${own}": name two columns`);
  if (new Set(Object.values(names)).size < 3) fail('invalid-option', 'as: an output name is repeated');
  return {
    kind: shareOfWalletKind,
    fit(data, upstream) {
      const fit = chosenFit(data, [own, category], { low: 0 });
      const numbers = [own, category].map((name): Field => ({ name, type: 'number' }));
      const conditions = conditionFields(data, estimated ? [estimated] : [], upstream);
      const rest = conditions.filter(({ name }) => name !== own && name !== category);
      return {
        kind: 'shareOfWallet',
        version: 1,
        inputs: [...numbers, ...rest] as Field<In>[],
        outputs: [
          { name: names.share, type: 'number' },
          { name: names.headroom, type: 'number' },
          { name: names.flag, type: 'category', levels: WALLET_FLAGS },
        ],
        own,
        category,
        estimated,
        fit,
      };
    },
  };
}
