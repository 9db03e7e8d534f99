import { allCoded } from '../columns/all-coded.ts';
import { allFinite } from '../columns/all-finite.ts';
import { rowCount } from '../columns/batch.ts';
import { InputLane } from '../columns/input-lane.ts';
import { makeLane, NO_CODES, NO_VALUES } from '../columns/lane.ts';
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

/** One output column of a run. */
export interface RunColumn {
  readonly field: Field;
  readonly values: Float64Array;
  readonly codes: Int32Array;
  /** A reason code per row; null when no cell is null. */
  readonly why: Uint8Array | null;
  /** Whether no cell is null: all numbers are known to be finite, all codes to stand for a level. */
  readonly full: boolean;
}

export interface Ran {
  readonly columns: readonly RunColumn[];
  readonly report: ScoreReport;
}

/** A function that runs a kernel over a batch, block by block. Nothing of one batch is left in the next. */
export function bindRun(kernel: Kernel, inputs: readonly Field[], outputs: readonly Field[]): (batch: Columns) => Ran {
  let idle: Lanes | undefined;
  return (batch) => {
    const rows = rowCount(batch);
    const readers = inputs.map((field) => openRows(batch, field, rows));
    // A batch may ask for scores while it is read.
    const lanes = idle ?? new Lanes(inputs, outputs);
    idle = undefined;
    try {
      return lanes.run(kernel, readers, rows);
    } finally {
      lanes.forget();
      idle = lanes;
    }
  };
}

function openRows(batch: Columns, field: Field, rows: number): Reader {
  const reader = openField(batch, field);
  return reader.rows === rows
    ? reader
    : fail('wrong-length', `column "${field.name}" has ${reader.rows} rows, the batch has ${rows}`);
}

/** The lanes of a run. They are used again for the next batch: V8 keeps the code that it made for their shapes. */
class Lanes {
  private readonly inputs: readonly Field[];
  private readonly outputs: readonly Field[];
  private readonly ins: readonly Lane[];
  private readonly outs: readonly Lane[];
  private readonly unseen: Uint32Array;

  constructor(inputs: readonly Field[], outputs: readonly Field[]) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.ins = inputs.map((field) => (field.type === 'number' ? new InputLane(BLOCK) : makeLane(field, BLOCK)));
    this.outs = outputs.map((field) => makeLane(field, 0));
    for (const lane of this.outs) lane.why = new Uint8Array(BLOCK);
    this.unseen = new Uint32Array(inputs.length);
  }

  run(kernel: Kernel, readers: readonly Reader[], rows: number): Ran {
    // Work goes where most of the columns lie: in the memory of a resident batch, or in that of this thread.
    const scratch = residentScratch(readers) ?? sharedScratch();
    const mark = scratch.mark();
    this.ins.forEach((lane, c) => {
      if (lane instanceof InputLane) lane.reset(c < MOST_DECODED ? scratch : null);
    });
    this.outs.forEach((lane, c) => {
      if (this.outputs[c]!.type === 'number') lane.values = scratch.numbers();
      else lane.codes = scratch.codes();
    });
    this.unseen.fill(0);
    const results = this.outputs.map((field) => new Result(field, rows));
    try {
      for (let start = 0; start < rows; start += BLOCK) {
        const count = Math.min(BLOCK, rows - start);
        this.read(readers, start, count);
        kernel(count, this.ins, this.outs);
        this.keep(results, start, count);
      }
    } finally {
      scratch.release(mark);
    }
    return { columns: results, report: this.report(results, rows) };
  }

  private read(readers: readonly Reader[], start: number, count: number): void {
    const { ins, inputs, unseen } = this;
    for (let c = 0; c < ins.length; c++) {
      const lane = ins[c]!;
      readers[c]!.read(start, count, lane);
      if (inputs[c]!.type === 'category' && !lane.clean) unseen[c]! += countOf(lane.why, count, WHY.unseenLevel);
    }
  }

  private keep(results: readonly Result[], start: number, count: number): void {
    const { outs } = this;
    for (let c = 0; c < outs.length; c++) results[c]!.keep(outs[c]!, start, count);
  }

  /** Lets go of the caller's columns; a reader that threw may have left causes behind, which the next one is to wipe out. */
  forget(): void {
    for (const lane of this.ins) {
      if (lane instanceof InputLane) lane.reset(null);
      else lane.clean = false;
    }
    for (const lane of this.outs) {
      if (!lane.clean) lane.why.fill(WHY.valid);
      lane.clean = true;
    }
  }

  private report(results: readonly Result[], rows: number): ScoreReport {
    return {
      rows,
      nulls: Object.fromEntries(
        results
          .map(({ field, nulls }) => [field.name, nulls === null ? {} : byReason(nulls)] as const)
          .filter(([, n]) => Object.keys(n).length > 0),
      ),
      unseenLevels: Object.fromEntries(
        this.inputs.map((field, c) => [field.name, this.unseen[c]!] as const).filter(([, n]) => n > 0),
      ),
    };
  }
}

class Result implements RunColumn {
  static readonly kept: Result = new Result({ name: '', type: 'number' }, 0);
  readonly field: Field;
  readonly values: Float64Array;
  readonly codes: Int32Array;
  why: Uint8Array | null = null;
  full = true;
  nulls: Uint32Array | null = null;
  private readonly rows: number;

  constructor(field: Field, rows: number) {
    const number = field.type === 'number';
    this.field = field;
    this.values = number ? new Float64Array(rows) : NO_VALUES;
    this.codes = number ? NO_CODES : new Int32Array(rows);
    this.rows = rows;
  }

  keep(lane: Lane, start: number, count: number): void {
    if (this.field.type === 'number') {
      this.values.set(count === BLOCK ? lane.values : lane.values.subarray(0, count), start);
      this.full &&= lane.clean && allFinite(lane.values, 0, count);
    } else {
      this.codes.set(count === BLOCK ? lane.codes : lane.codes.subarray(0, count), start);
      this.full &&= lane.clean && allCoded(lane.codes, count);
    }
    if (lane.clean) return;
    this.why ??= new Uint8Array(this.rows);
    this.nulls ??= new Uint32Array(REASONS.length);
    this.why.set(lane.why.subarray(0, count), start);
    for (let i = 0; i < count; i++) this.nulls[lane.why[i]!]!++;
    lane.why.fill(WHY.valid);
    lane.clean = true;
  }
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
