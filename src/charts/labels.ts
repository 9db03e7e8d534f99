import type { Names, Segment } from '../segments/cells.ts';

/** How a tier, segment or state is called: by both languages where it has names, else by its key. */
export interface Label {
  readonly en: string | null;
  readonly zh: string | null;
  /** What stands at axes: `Gold 黄金客户`. */
  readonly label: string;
}

/** The name of customers who are in no group. */
const UNCLASSIFIED: Names = { en: 'Unclassified', zh: '未分类' };

/** The label of a key; null is the group of those who are in none. */
export function labelOf(key: string | null, segments: readonly Pick<Segment, 'key' | 'names'>[] = []): Label {
  const names = key === null ? UNCLASSIFIED : segments.find((segment) => segment.key === key)?.names;
  if (!names) return { en: null, zh: null, label: key ?? '' };
  return { en: names.en, zh: names.zh, label: `${names.en} ${names.zh}` };
}
