import { allFinite } from '../columns/all-finite.ts';
import { rowCount } from '../columns/batch.ts';
import { InputLane } from '../columns/input-lane.ts';
import { makeLane } from '../columns/lane.ts';
import { openField } from '../columns/open.ts';
import type { Reader } from '../columns/reader.ts';
import { fail } from '../errors.ts';
import { type CategoryColumn, type Columns, type Lane, REASONS, type Reason, WHY } from '../model/batch.ts';
import type { Kernel } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { BLOCK } from './block.ts';
import { type Scratch, scratchAt } from './wasm/registry.ts';
import { sharedScratch } from './wasm/scratch.ts';

/** Columns decoded into the scratch room, so that half of it stays for outputs and kernels. */
const MOST_DECODED = 96;

/** What happened while a batch was scored. */
export interface ScoreReport {
  readonly rows: number;
  /** Null cells by output column and reason; outputs without nulls are absent. */
  readonly nulls: { readonly [output: string]: { readonly [R in Reason]?: number } };
  /** Cells whose category the model does not know, by input column; inputs without any are absent. */
  readonly unseenLevels: { readonly [input: string]: number };
}

/** One output column of a run; `why` holds a reason code per row. */
export interface RunColumn {
  readonly field: Field;
  readonly values: Float64Array;
  readonly codes: Int32Array;
  readonly why: Uint8Array;
  /** Whether all numbers are known to be finite. */
  readonly full: boolean;
}

/** Runs a kernel over a batch block by block. Holds no state between calls. */
export function run(
  kernel: Kernel,
  inputs: readonly Field[],
  outputs: readonly Field[],
  batch: Columns,
): { readonly columns: readonly RunColumn[]; readonly report: ScoreReport } {
  const rows = rowCount(batch);
  const readers = inputs.map((field) => {
    const reader = openField(batch, field);
    return reader.rows === rows
      ? reader
      : fail('wrong-length', `column "${field.name}" has ${reader.rows} rows, the batch has ${rows}`);
  });
  const room = Math.min(BLOCK, rows);
  const whole = outputs.map((field) => makeLane(field, rows));
  // Work goes where most of the columns lie: in the memory of a resident batch, or in that of this thread.
  const scratch = residentScratch(readers) ?? sharedScratch();
  const mark = scratch.mark();
  const decoded = (): Float64Array => scratch.numbers();
  const inLanes = inputs.map((field, c) =>
    field.type === 'number' ? new InputLane(room, c < MOST_DECODED ? decoded : undefined) : makeLane(field, room),
  );
  const outLanes: Lane[] = outputs.map(({ type }, c) => ({
    ...whole[c]!,
    ...(type === 'number' ? { values: scratch.numbers() } : { codes: scratch.codes() }),
  }));
  const nulls = outputs.map(() => new Uint32Array(REASONS.length));
  const unseen = new Uint32Array(inputs.length);
  const full = outputs.map(({ type }) => type === 'number');

  try {
    for (let start = 0; start < rows; start += BLOCK) {
      const count = Math.min(BLOCK, rows - start);
      for (let c = 0; c < readers.length; c++) {
        const lane = inLanes[c]!;
        readers[c]!.read(start, count, lane);
        if (inputs[c]!.type === 'category' && !lane.clean) unseen[c]! += countOf(lane.why, count, WHY.unseenLevel);
      }
      for (let c = 0; c < outLanes.length; c++) {
        const lane = outLanes[c]!;
        const all = whole[c]!;
        lane.why = all.why.subarray(start, start + count);
        lane.clean = true;
      }
      kernel(count, inLanes, outLanes);
      for (let c = 0; c < outLanes.length; c++) {
        const lane = outLanes[c]!;
        const all = whole[c]!;
        if (outputs[c]!.type === 'number') all.values.set(lane.values.subarray(0, count), start);
        else all.codes.set(lane.codes.subarray(0, count), start);
        full[c] &&= lane.clean && allFinite(lane.values, 0, count);
        if (!lane.clean) tally(lane.why, count, nulls[c]!);
      }
    }
  } finally {
    scratch.release(mark);
  }

  return {
    columns: outputs.map((field, c) => ({
      field,
      values: whole[c]!.values,
      codes: whole[c]!.codes,
      why: whole[c]!.why,
      full: full[c]!,
    })),
    report: {
      rows,
      nulls: Object.fromEntries(
        outputs
          .map((field, c) => [field.name, byReason(nulls[c]!)] as const)
          .filter(([, n]) => Object.keys(n).length > 0),
      ),
      unseenLevels: Object.fromEntries(
        inputs.map((field, c) => [field.name, unseen[c]!] as const).filter(([, n]) => n > 0),
      ),
    },
  };
}

/** The scratch of the memory that the first of the columns in any such memory lies in. */
function residentScratch(readers: readonly Reader[]): Scratch | undefined {
  for (const { buffer } of readers) {
    const scratch = buffer && scratchAt(buffer);
    if (scratch) return scratch;
  }
  return undefined;
}

function countOf(why: Uint8Array, count: number, code: number): number {
  let n = 0;
  for (let i = 0; i < count; i++) if (why[i] === code) n++;
  return n;
}

function tally(why: Uint8Array, count: number, into: Uint32Array): void {
  for (let i = 0; i < count; i++) into[why[i]!]!++;
}

function byReason(counts: Uint32Array): { [R in Reason]?: number } {
  const out: { [R in Reason]?: number } = {};
  REASONS.forEach((reason, code) => {
    if (code !== WHY.valid && counts[code]! > 0) out[reason] = counts[code]!;
  });
  return out;
}

/** A run's column as the plain result column: numbers, or codes with their levels. */
export function plainResult(column: RunColumn): Float64Array | CategoryColumn {
  return column.field.type === 'number' ? column.values : { codes: column.codes, levels: column.field.levels! };
}
