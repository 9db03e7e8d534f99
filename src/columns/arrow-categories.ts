import { fail } from '../errors.ts';
import { type CategoryColumn, type Lane, WHY } from '../model/batch.ts';
import { numberReader } from './arrow-numbers.ts';
import { type ArrowColumn, type BigArray, type Chunk, ChunkWalker, markMissing, TYPE } from './arrow-shape.ts';
import { encodeText } from './arrow-text.ts';
import { formatDay } from './days.ts';
import { allCodes, allNumbers } from './each-block.ts';
import { encodeCells, plainCategories } from './plain.ts';
import type { DictionaryReader } from './reader.ts';

/** A block reader for an Arrow column as categories. */
export function categoryReader(column: ArrowColumn, name: string): DictionaryReader {
  return column.type.typeId === TYPE.dictionary
    ? dictionaryReader(column, name)
    : plainCategories(encodeColumn(column, name), name);
}

/** All cells of a column as codes and levels. */
function encodeColumn(column: ArrowColumn, name: string): CategoryColumn {
  switch (column.type.typeId) {
    case TYPE.dictionary: {
      const reader = dictionaryReader(column, name);
      return { codes: allCodes(reader), levels: reader.levels };
    }
    case TYPE.utf8:
    case TYPE.largeUtf8:
    case TYPE.utf8View:
      return encodeText(column, name);
    case TYPE.int:
      // Exact digits: 64-bit ids need not fit into a double.
      if (column.type.bitWidth === 64) return encodeCells(wideCells(column), name);
      break;
    case TYPE.bool:
      return encodeCells(
        Array.from(allNumbers(numberReader(column, name)), (cell) => (cell === cell ? cell === 1 : null)),
        name,
      );
    case TYPE.date:
    case TYPE.timestamp: {
      const { codes, levels } = encodeCells(allNumbers(numberReader(column, name)), name);
      return { codes, levels: levels.map((day) => formatDay(Number(day))) };
    }
  }
  return encodeCells(allNumbers(numberReader(column, name)), name);
}

function wideCells(column: ArrowColumn): (bigint | null)[] {
  const cells: (bigint | null)[] = [];
  for (const chunk of column.data) {
    const why = new Uint8Array(chunk.length);
    markMissing(chunk, 0, chunk.length, why, 0);
    const values = chunk.values as BigArray | undefined;
    for (let i = 0; i < chunk.length; i++) cells.push(why[i] === WHY.valid ? (values?.[i] ?? null) : null);
  }
  return cells;
}

/** Dictionaries are read once each; codes are mapped by value, so chunks with different dictionaries agree. */
function dictionaryReader(column: ArrowColumn, name: string): DictionaryReader {
  const levels: string[] = [];
  const index = new Map<string, number>();
  const maps = new Map<ArrowColumn | undefined, Int32Array>([[undefined, new Int32Array(0)]]);
  for (const { dictionary } of column.data) {
    if (maps.has(dictionary)) continue;
    const entries = encodeColumn(dictionary!, name);
    const codes = entries.levels.map((level) => {
      const known = index.get(level);
      if (known !== undefined) return known;
      index.set(level, levels.length);
      return levels.push(level) - 1;
    });
    maps.set(
      dictionary,
      entries.codes.map((entry) => (entry < 0 ? -1 : codes[entry]!)),
    );
  }
  return new DictionaryCodes(column, levels, maps, name);
}

class DictionaryCodes implements DictionaryReader {
  static readonly kept: DictionaryCodes = new DictionaryCodes(
    { length: 0, type: { typeId: TYPE.dictionary }, data: [] },
    [],
    new Map(),
    '',
  );
  readonly rows: number;
  readonly levels: readonly string[];
  private readonly maps: ReadonlyMap<ArrowColumn | undefined, Int32Array>;
  private readonly name: string;
  private readonly walker: ChunkWalker;

  constructor(
    column: ArrowColumn,
    levels: readonly string[],
    maps: ReadonlyMap<ArrowColumn | undefined, Int32Array>,
    name: string,
  ) {
    this.rows = column.length;
    this.levels = levels;
    this.maps = maps;
    this.name = name;
    this.walker = new ChunkWalker(column.data);
  }

  read(start: number, count: number, lane: Lane): void {
    const { walker, maps, name } = this;
    if (!lane.clean) lane.why.fill(WHY.valid);
    lane.clean = true;
    for (let at = 0; at < count; at += walker.piece) {
      walker.seek(start + at, count - at);
      const { chunk, from, piece } = walker;
      const map = maps.get(chunk.dictionary)!;
      const valid = markMissing(chunk, from, piece, lane.why, at);
      if (!valid) lane.clean = false;
      if (!(valid && mapClean(chunk, map, from, piece, lane.codes, at)))
        mapCodes(chunk, map, from, piece, lane, at, name);
    }
  }
}

/** Maps codes while none is null; false at the first that is, or that no entry has. */
function mapClean(chunk: Chunk, map: Int32Array, from: number, count: number, codes: Int32Array, at: number): boolean {
  const indices = chunk.values as ArrayLike<number> | undefined;
  if (!indices) return count === 0;
  for (let i = 0; i < count; i++) {
    const code = map[indices[from + i]!]!;
    if (!(code >= 0)) return false;
    codes[at + i] = code;
  }
  return true;
}

function mapCodes(
  chunk: Chunk,
  map: Int32Array,
  from: number,
  count: number,
  lane: Lane,
  at: number,
  name: string,
): void {
  const { codes, why } = lane;
  const indices = chunk.values ?? new Int32Array(0);
  for (let i = 0; i < count; i++) {
    if (why[at + i] !== WHY.valid) {
      codes[at + i] = -1;
      continue;
    }
    const code = map[Number(indices[from + i])];
    if (code === undefined)
      fail(
        'corrupt-input',
        `column "${name}": index ${indices[from + i]} lies outside the dictionary of ${map.length}`,
      );
    codes[at + i] = code;
    if (code >= 0) continue;
    why[at + i] = WHY.missing;
    lane.clean = false;
  }
}
