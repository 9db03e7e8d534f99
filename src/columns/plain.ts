import { fail } from '../errors.ts';
import { type CategoryColumn, type Lane, type PlainColumn, WHY } from '../model/batch.ts';
import { isFloat64Array } from '../numerics/float64.ts';
import { readFloat64, roomFor } from './input-lane.ts';
import type { ColumnKind, DictionaryReader, Reader } from './reader.ts';

export function isCategoryColumn(column: PlainColumn): column is CategoryColumn {
  return 'codes' in column && 'levels' in column;
}

export function plainLength(column: PlainColumn): number {
  return isCategoryColumn(column) ? column.codes.length : column.length;
}

/** What a plain column holds, told by its first cell that is not null. */
export function plainKind(column: PlainColumn): ColumnKind {
  if (isCategoryColumn(column)) return 'category';
  if (ArrayBuffer.isView(column)) return 'number';
  for (let i = 0; i < column.length; i++) {
    const cell = column[i];
    if (cell === null || cell === undefined) continue;
    return typeof cell === 'string' ? 'category' : typeof cell === 'boolean' ? 'boolean' : 'number';
  }
  return 'number';
}

/**
 * Numbers, booleans (as 0 and 1) and bigints of a plain column; null, undefined and NaN-as-null in results are null, and
 * so is an integer beyond ±(2⁵³ − 1) that comes as a bigint.
 */
export function plainNumbers(column: PlainColumn, name: string): Reader {
  if (isCategoryColumn(column)) return fail('wrong-type', `column "${name}" holds categories where numbers are needed`);
  if (isFloat64Array(column)) return new Float64Cells(column);
  return new PlainCells(column, name);
}

class PlainCells implements Reader {
  static readonly kept: PlainCells = new PlainCells([], '');
  readonly rows: number;
  private readonly column: ArrayLike<unknown>;
  private readonly name: string;
  private own: Float64Array;

  constructor(column: ArrayLike<unknown>, name: string) {
    this.rows = column.length;
    this.column = column;
    this.name = name;
    this.own = new Float64Array(0);
  }
  read(start: number, count: number, lane: Lane): void {
    const { column, name } = this;
    const scratch = roomFor(lane, count, this.own);
    this.own = scratch;
    lane.values = scratch;
    const { why: causes } = lane;
    if (!lane.clean) causes.fill(WHY.valid);
    let clean = true;
    for (let i = 0; i < count; i++) {
      const cell = column[start + i];
      const value = typeof cell === 'number' ? cell : toNumber(cell, name, start + i);
      const why = Number.isFinite(value) ? WHY.valid : causeOf(cell);
      scratch[i] = why === WHY.valid ? value : Number.NaN;
      causes[i] = why;
      if (why !== WHY.valid) clean = false;
    }
    lane.clean = clean;
  }
}

function toNumber(cell: unknown, name: string, row: number): number {
  switch (typeof cell) {
    case 'boolean':
      return Number(cell);
    case 'bigint': {
      const value = Number(cell);
      return Number.isSafeInteger(value) ? value : Number.NaN;
    }
    default:
      if (cell === null || cell === undefined) return Number.NaN;
      return fail('wrong-type', `column "${name}", row ${row}: expected a number, got ${shown(cell)}`);
  }
}

function causeOf(cell: unknown): number {
  if (cell === null || cell === undefined) return WHY.missing;
  return typeof cell === 'bigint' ? WHY.outOfRange : WHY.notFinite;
}

function shown(cell: unknown): string {
  if (typeof cell === 'string') return JSON.stringify(cell);
  const kind = Object.prototype.toString.call(cell).slice(8, -1);
  return kind === 'Date' ? 'a Date: write days since 1970-01-01, or yyyy-mm-dd as text' : `a cell of type ${kind}`;
}

class Float64Cells implements Reader {
  static readonly kept: Float64Cells = new Float64Cells(new Float64Array(0));
  readonly rows: number;
  readonly buffer: ArrayBufferLike;
  private readonly column: Float64Array;

  constructor(column: Float64Array) {
    this.rows = column.length;
    this.buffer = column.buffer;
    this.column = column;
  }
  read(start: number, count: number, lane: Lane): void {
    readFloat64(this.column, start, count, lane);
  }
}

/** Text, numbers and booleans of a plain column as categories; levels in order of first appearance. */
export function plainCategories(column: PlainColumn, name: string): DictionaryReader {
  const { codes, levels } = isCategoryColumn(column) ? distinctLevels(column, name) : encodeCells(column, name);
  return new PlainCodes(codes, levels, name);
}

class PlainCodes implements DictionaryReader {
  static readonly kept: PlainCodes = new PlainCodes(new Int32Array(0), [], '');
  readonly rows: number;
  readonly levels: readonly string[];
  private readonly own: Int32Array;
  private readonly name: string;

  constructor(codes: Int32Array, levels: readonly string[], name: string) {
    this.rows = codes.length;
    this.levels = levels;
    this.own = codes;
    this.name = name;
  }
  read(start: number, count: number, lane: Lane): void {
    const { own, levels, name } = this;
    const { codes, why } = lane;
    if (!lane.clean) why.fill(WHY.valid);
    let clean = true;
    for (let i = 0; i < count; i++) {
      const code = own[start + i]!;
      codes[i] = code;
      why[i] = code < 0 ? WHY.missing : WHY.valid;
      if (code < 0) clean = false;
      else if (code >= levels.length)
        fail('invalid-value', `column "${name}", row ${start + i}: code ${code} is beyond its ${levels.length} levels`);
    }
    lane.clean = clean;
  }
}

/** The same cells with every level once: two codes of one level are one category. */
function distinctLevels(column: CategoryColumn, name: string): CategoryColumn {
  const levels = [...new Set(column.levels)];
  for (const level of levels)
    if (typeof level !== 'string') fail('wrong-type', `column "${name}": its levels are to be text, got ${level}`);
  if (levels.length === column.levels.length) return column;
  const code = new Map(levels.map((level, k) => [level, k]));
  const map = column.levels.map((level) => code.get(level)!);
  return { codes: column.codes.map((own) => (own < 0 ? own : (map[own] ?? own))), levels };
}

/** Cells as codes and levels; null, undefined, NaN and ±Infinity are null. */
export function encodeCells(cells: ArrayLike<unknown>, name: string): CategoryColumn {
  const codes = new Int32Array(cells.length);
  const byCell = new Map<unknown, number>();
  const byText = new Map<string, number>();
  const levels: string[] = [];
  for (let i = 0; i < codes.length; i++) {
    const cell = cells[i];
    let code = byCell.get(cell);
    if (code === undefined) {
      const level = textOf(cell, name, i);
      code = level === null ? -1 : byText.get(level);
      if (code === undefined) {
        code = levels.push(level!) - 1;
        byText.set(level!, code);
      }
      byCell.set(cell, code);
    }
    codes[i] = code;
  }
  return { codes, levels };
}

function textOf(cell: unknown, name: string, row: number): string | null {
  switch (typeof cell) {
    case 'string':
      return cell;
    case 'number':
      return Number.isFinite(cell) ? String(cell) : null;
    case 'boolean':
    case 'bigint':
      return String(cell);
    default:
      if (cell === null || cell === undefined) return null;
      return fail('wrong-type', `column "${name}", row ${row}: expected text or a number, got ${shown(cell)}`);
  }
}
