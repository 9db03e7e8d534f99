/** A cell of the customer quality grid: a segment and the levels of frequency and bond that it covers. */
export interface QualityCell {
  readonly key: 'new' | 'sympathiser' | 'repeat' | 'fan';
  readonly names: { readonly en: string; readonly zh: string };
  /** Level of frequency, level of emotional bond. */
  readonly when: readonly ['low' | 'high', 'low' | 'high'];
}

/**
 * Customer quality by frequency × emotional bond (S48): new, repeat and fan, and the sympathisers, who feel more than they
 * buy. They are the `cells` of a `grid` over the two columns, frequency first; the bond is a score of survey, referral or
 * interaction.
 * @example
 * grid({
 *   axes: [
 *     { column: 'orders', cut: { fixed: 1 } },
 *     { column: 'bond', cut: 'mean' },
 *   ],
 *   cells: QUALITY_CELLS,
 *   as: 'quality',
 * });
 */
export const QUALITY_CELLS: readonly QualityCell[] = [
  { key: 'new', names: { en: 'New customer', zh: '新客' }, when: ['low', 'low'] },
  { key: 'sympathiser', names: { en: 'Sympathiser', zh: '好感客户' }, when: ['low', 'high'] },
  { key: 'repeat', names: { en: 'Repeat customer', zh: '老客' }, when: ['high', 'low'] },
  { key: 'fan', names: { en: 'Fan', zh: '粉丝' }, when: ['high', 'high'] },
];
