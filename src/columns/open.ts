import { fail } from '../errors.ts';
import { type Columns, type Lane, WHY } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { arrowCategories, arrowNumbers } from './arrow.ts';
import { isArrowLike, plainColumn, requireColumn } from './batch.ts';
import { plainCategories, plainNumbers } from './plain.ts';
import type { DictionaryReader, Reader } from './reader.ts';

/** A block reader for the numbers of one column. */
export function openNumbers(batch: Columns, name: string): Reader {
  requireColumn(batch, name);
  return isArrowLike(batch) ? arrowNumbers(batch, name) : plainNumbers(plainColumn(batch, name), name);
}

/** A block reader for the categories of one column, in the column's own levels. */
export function openCategories(batch: Columns, name: string): DictionaryReader {
  requireColumn(batch, name);
  return isArrowLike(batch) ? arrowCategories(batch, name) : plainCategories(plainColumn(batch, name), name);
}

/** A block reader for a model's input: categories come in the field's levels, a level it lacks as `unseen-level`. */
export function openField(batch: Columns, field: Field): Reader {
  if (field.type === 'number') return openNumbers(batch, field.name);
  const levels = field.levels ?? fail('invalid-model', `input "${field.name}" is a category without levels`);
  return relevel(openCategories(batch, field.name), levels);
}

/** Maps codes by value, once per batch. */
export function relevel(reader: DictionaryReader, levels: readonly string[]): Reader {
  return new MappedCodes(reader, levelMap(reader.levels, levels));
}

class MappedCodes implements Reader {
  static readonly kept: MappedCodes = new MappedCodes({ rows: 0, read: () => {} }, new Int32Array(0));
  readonly rows: number;
  private readonly reader: Reader;
  private readonly map: Int32Array;

  constructor(reader: Reader, map: Int32Array) {
    this.rows = reader.rows;
    this.reader = reader;
    this.map = map;
  }
  read(start: number, count: number, lane: Lane): void {
    const { map } = this;
    this.reader.read(start, count, lane);
    const { codes, why } = lane;
    let { clean } = lane;
    for (let i = 0; i < count; i++) {
      const own = codes[i]!;
      if (own < 0) continue;
      const code = map[own]!;
      codes[i] = code;
      if (code < 0) {
        why[i] = WHY.unseenLevel;
        clean = false;
      }
    }
    lane.clean = clean;
  }
}

/** For every level of `from` its index in `to`, or −1. */
export function levelMap(from: readonly string[], to: readonly string[]): Int32Array {
  const index = new Map(to.map((level, code) => [level, code]));
  return Int32Array.from(from, (level) => index.get(level) ?? -1);
}
