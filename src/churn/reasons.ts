import { fail } from '../errors.ts';
import { topTerms } from '../kernels/top-terms.ts';
import type { CategoryColumn } from '../model/batch.ts';

/** What a plan's `explain` gives, as far as reasons need it. */
export interface Contributions {
  readonly terms: readonly { readonly name: string }[];
  /** One array per term, one value per row; NaN where the output is null. */
  readonly contributions: readonly Float64Array[];
}

/** The main reasons of each row, the strongest first. */
export interface Reasons {
  /** `k` category columns: the term names are the levels, −1 where fewer than that many terms push the score up. */
  readonly reasons: readonly CategoryColumn[];
  /** What each reason contributes, on the scale of the explanation; NaN where there is none. */
  readonly contributions: readonly Float64Array[];
}

/**
 * The `k` terms that push each row's score up most. A term is a reason only when it does push up (contribution above 0, from
 * 2^−1000 on), so a row may have fewer than `k`. Equal contributions: the earlier term first.
 *
 * @param explanation from `compile(model).explain(batch, output)`: towards churn when the output is a churn probability.
 * @throws invalid-option unless `k` is a whole number of at least 1; wrong-length when terms and contributions differ.
 * @example
 * topReasons({ terms: [{ name: 'tenure' }, { name: 'fibre' }], contributions: [Float64Array.of(-1), Float64Array.of(0.4)] }, 1)
 *   .reasons[0] // { codes: Int32Array [1], levels: ['tenure', 'fibre'] }
 */
export function topReasons({ terms, contributions }: Contributions, k = 3): Reasons {
  if (!(Number.isSafeInteger(k) && k >= 1)) fail('invalid-option', `invalid k: ${k}; use a whole number of at least 1`);
  if (terms.length !== contributions.length)
    fail('wrong-length', `${terms.length} terms, but contributions of ${contributions.length}`);
  const rows = contributions[0]?.length ?? 0;
  const levels = terms.map(({ name }) => name);
  const codes = Array.from({ length: k }, () => new Int32Array(rows));
  const amounts = Array.from({ length: k }, () => new Float64Array(rows));
  topTerms(contributions, rows, codes, amounts);
  return { reasons: codes.map((own) => ({ codes: own, levels })), contributions: amounts };
}
