import { isArrowLike } from '../columns/batch.ts';
import { formatDay } from '../columns/days.ts';
import { makeLane } from '../columns/lane.ts';
import { openCategories, openNumbers } from '../columns/open.ts';
import { isNumeric } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import { type Columns, type Lane, WHY } from '../model/batch.ts';
import { isNumberText } from './csv-number.ts';

/** The cells of one column as CSV text, block by block. */
export interface CellWriter {
  /** Reads rows `start … start + count`. */
  read(start: number, count: number): void;
  /** The text of row `start + i`. */
  cell(i: number): string;
}

const DATE = 8;
const TIMESTAMP = 10;

export function cellWriter(batch: Columns, name: string, block: number, text: (value: string) => string): CellWriter {
  if (!isNumeric(batch, name)) return categoryWriter(batch, name, block, text);
  const typeId = arrowTypeId(batch, name);
  if (typeId === TIMESTAMP)
    fail(
      'wrong-type',
      `column "${name}" holds points in time, CSV would lose the time of day: cast it to dates or text`,
    );
  return numberWriter(batch, name, block, typeId === DATE ? formatDay : String);
}

function numberWriter(batch: Columns, name: string, block: number, format: (value: number) => string): CellWriter {
  const reader = openNumbers(batch, name);
  const lane = makeLane({ type: 'number' }, block);
  let first = 0;
  return {
    read(start, count) {
      first = start;
      reader.read(start, count, lane);
    },
    cell(i) {
      if (lane.why[i] === WHY.valid) return format(lane.values[i]!);
      if (lane.why[i] === WHY.outOfRange)
        fail(
          'invalid-value',
          `column "${name}", row ${first + i}: beyond 2^53 − 1, not exact as a number: cast the column to text`,
        );
      return '';
    },
  };
}

function categoryWriter(batch: Columns, name: string, block: number, text: (value: string) => string): CellWriter {
  const reader = openCategories(batch, name);
  const levels = reader.levels.map(text);
  const lane: Lane = makeLane({ type: 'category' }, block);
  return {
    read: (start, count) => reader.read(start, count, lane),
    cell: (i) => (lane.why[i] === WHY.valid ? levels[lane.codes[i]!]! : ''),
  };
}

function arrowTypeId(batch: Columns, name: string): number | undefined {
  if (!isArrowLike(batch)) return undefined;
  const field = batch.schema.fields.find((f) => f.name === name) as { type?: { typeId?: number } } | undefined;
  return field?.type?.typeId;
}

// What spreadsheets take for the start of a formula, its full-width forms, and control characters they skip before it.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A function that writes text as a CSV cell (RFC 4180), see `writeCsv` for `formulaSafe`. */
export function textCell(delimiter: string, formulaSafe: boolean): (value: string) => string {
  return (value) => {
    const safe = formulaSafe && FORMULA.test(value) && !isNumberText(value) ? `'${value}` : value;
    const quoted = safe === '' || safe.includes(delimiter) || /["\r\n]/.test(safe);
    return quoted ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
}
