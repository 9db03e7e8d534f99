import { type Lane, WHY } from '../model/batch.ts';

/** Fills `to` with a category lane in other levels; a level that has none there becomes an unseen one. */
export function remap(rows: number, from: Lane, map: Int32Array, to: Lane): Lane {
  to.clean = from.clean;
  for (let i = 0; i < rows; i++) {
    const code = from.codes[i]!;
    to.codes[i] = code < 0 ? -1 : map[code]!;
    to.why[i] = from.why[i]!;
    if (code >= 0 && map[code]! < 0) {
      to.why[i] = WHY.unseenLevel;
      to.clean = false;
    }
  }
  return to;
}
