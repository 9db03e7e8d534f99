import { allFinite } from '../../columns/all-finite.ts';
import { makeLane } from '../../columns/lane.ts';
import { cellsNear } from '../../kernels/cells-near.ts';
import { bindLinear, type CategoryTerm, type LinearTerm, type NumberTerm } from '../../kernels/linear.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { type Scratch, scratchAt } from '../../kernels/wasm/registry.ts';
import { type Lane, WHY } from '../../model/batch.ts';
import type { Kernel } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { sigmoidInPlace } from '../../numerics/sigmoid.ts';
import { tanhInPlace } from './tanh.ts';

/** A unit of the first hidden layer, tanh(bias + Σ weight·x + Σ weights[level]); weights are on the raw columns. */
export interface HiddenUnit {
  readonly bias: number;
  readonly terms: readonly LinearTerm[];
}

/** A unit that reads the layer below it. */
export interface Unit {
  readonly bias: number;
  readonly weights: readonly number[];
}

/** What is learned of a network. */
interface Network {
  readonly inputs: readonly Field[];
  readonly first: readonly HiddenUnit[];
  readonly layers: readonly (readonly Unit[])[];
}

/**
 * A layer after the other over a block. Where the block lies in the memory of WASM, four units at a time are summed on four
 * rows; else, and where a null has a rule of its own, unit by unit. The sums and their order are the same.
 */
export function bindNetwork({ first, layers, inputs }: Network): Kernel {
  const units = first.map(({ bias, terms }) => bindLinear({ intercept: bias, terms, groups: [] }, inputs));
  const sumFirst = bindFirst(first, inputs);
  const dense = layers.map(bindDense);
  const lanes = first.map(() => makeLane({ type: 'number' }, 0));
  const rooms: Float64Array[][] = [first, ...layers.slice(0, -1)].map((layer) => layer.map(() => new Float64Array(0)));
  const own: Float64Array[][] = rooms.map((layer) => [...layer]);
  const last: Float64Array[] = [];

  /** Room for the units of all layers but the last, in the memory of the outputs as far as it goes. */
  function takeRoom(rows: number, scratch: Scratch | undefined): void {
    for (let l = 0; l < rooms.length; l++)
      for (let j = 0; j < rooms[l]!.length; j++) {
        const near = scratch?.numbers();
        if (near !== undefined && near.buffer === scratch!.words.buffer) rooms[l]![j] = near;
        else {
          if (own[l]![j]!.length < rows) own[l]![j] = new Float64Array(rows);
          rooms[l]![j] = own[l]![j]!;
        }
      }
    for (let j = 0; j < lanes.length; j++) lanes[j]!.values = rooms[0]![j]!;
    if (lanes[0]!.why.length < rows) for (const lane of lanes) lane.why = new Uint8Array(rows);
  }

  return (rows, given, outputs) => {
    const out = outputs[0]!;
    const scratch = scratchAt(out.values.buffer);
    const mark = scratch?.mark() ?? 0;
    takeRoom(rows, scratch);
    const cause = lanes[0]!;
    if (scratch === undefined || !sumFirst(rows, given, scratch, rooms[0]!))
      for (let j = 0; j < units.length; j++) units[j]!(rows, given, lanes[j]!);
    // A null leaves no finite sum, in every unit: the first one tells the causes of all.
    else if (!allFinite(cause.values, 0, rows)) units[0]!(rows, given, cause);
    else if (!cause.clean) {
      cause.why.fill(WHY.valid);
      cause.clean = true;
    }
    for (let l = 0; l < layers.length; l++) {
      const below = rooms[l]!;
      for (let j = 0; j < below.length; j++) tanhInPlace(rows, below[j]!);
      last[0] = out.values;
      dense[l]!(rows, below, l + 1 < layers.length ? rooms[l + 1]! : last);
    }
    sigmoidInPlace(rows, out.values);
    takeWhy(rows, cause, out);
    blankNulls(rows, out);
    scratch?.release(mark);
  };
}

/** Sums of the units of the first layer; false where they have to be made one by one. */
type SumFirst = (rows: number, lanes: readonly Lane[], scratch: Scratch, outs: readonly Float64Array[]) => boolean;

function bindFirst(first: readonly HiddenUnit[], inputs: readonly Field[]): SumFirst {
  const at = new Map<string, number>(inputs.map(({ name }, i) => [name, i]));
  const columns = (first[0]?.terms ?? []).map(({ column }) => column);
  // Units that name their columns in another order sum them in another order.
  const alike = first.every(({ terms }) => terms.every(({ column }, k) => column === columns[k]));
  const isNumber = (term: LinearTerm): term is NumberTerm => !('weights' in term);
  const numbers = (first[0]?.terms ?? []).filter(isNumber);
  const numberAt = Int32Array.from(numbers, ({ column }) => at.get(column)!);
  const categoryAt = columns.map((column) => at.get(column)!).filter((i) => inputs[i]!.type === 'category');
  const ruled = numbers.map((_, k) => first.some(({ terms }) => terms.filter(isNumber)[k]!.missing !== null));
  const weights = new Uint8Array(
    Float64Array.from(first.flatMap(({ bias, terms }) => [bias, ...terms.filter(isNumber).map(({ weight }) => weight)]))
      .buffer,
  );
  const tables = first.map(({ terms }) =>
    terms
      .filter((term): term is CategoryTerm => !isNumber(term))
      .map((term) => new Uint8Array(Float64Array.from(term.weights).buffer)),
  );
  const cells: Float64Array[] = [];
  return (rows, lanes, scratch, outs) => {
    if (!alike || rows === 0) return false;
    for (let k = 0; k < numberAt.length; k++) if (ruled[k] && !lanes[numberAt[k]!]!.clean) return false;
    for (let c = 0; c < categoryAt.length; c++) if (!lanes[categoryAt[c]!]!.clean) return false;
    const mark = scratch.mark();
    for (let k = 0; k < numberAt.length; k++) cells[k] = cellsNear(scratch, rows, lanes[numberAt[k]!]!);
    let done = denseLayer(rows, scratch, cells, weights, outs);
    for (let c = 0; c < categoryAt.length && done; c++) {
      const codes = codesNear(scratch, rows, lanes[categoryAt[c]!]!.codes);
      for (let j = 0; j < outs.length && done; j++) {
        const table = codes.buffer === scratch.words.buffer ? scratch.program(tables[j]![c]!) : -1;
        done = table >= 0;
        if (done) scratch.kernels.addByCode(outs[j]!.byteOffset, codes.byteOffset, table, rows);
      }
    }
    scratch.release(mark);
    return done;
  };
}

function codesNear(scratch: Scratch, rows: number, codes: Int32Array): Int32Array {
  if (codes.buffer === scratch.words.buffer) return codes;
  const copy = scratch.codes();
  if (copy.length < rows) return codes;
  copy.set(codes.length > copy.length ? codes.subarray(0, rows) : codes);
  return copy;
}

function bindDense(
  units: readonly Unit[],
): (rows: number, below: readonly Float64Array[], outs: readonly Float64Array[]) => void {
  const weights = new Uint8Array(Float64Array.from(units.flatMap(({ bias, weights }) => [bias, ...weights])).buffer);
  return (rows, below, outs) => {
    const scratch = scratchAt(outs[0]!.buffer);
    if (scratch !== undefined && denseLayer(rows, scratch, below, weights, outs)) return;
    for (let j = 0; j < units.length; j++) combine(rows, units[j]!, below, outs[j]!);
  };
}

/** All units at once; false where a column lies elsewhere, or there is no room. */
function denseLayer(
  rows: number,
  scratch: Scratch,
  columns: readonly Float64Array[],
  weights: Uint8Array,
  outs: readonly Float64Array[],
): boolean {
  const { words } = scratch;
  const mark = scratch.mark();
  const at = scratch.bytes(4 * (columns.length + outs.length));
  const weightsAt = scratch.program(weights);
  let done = at >= 0 && weightsAt >= 0;
  let place = at >> 2;
  for (let k = 0; k < columns.length && done; k++) {
    done = columns[k]!.buffer === words.buffer;
    words[place++] = columns[k]!.byteOffset;
  }
  for (let j = 0; j < outs.length && done; j++) {
    done = outs[j]!.buffer === words.buffer;
    words[place++] = outs[j]!.byteOffset;
  }
  if (done) scratch.kernels.denseLayer(at, columns.length, weightsAt, outs.length, at + 4 * columns.length, rows);
  scratch.release(mark);
  return done;
}

/** `z = bias + Σ weight·x`, in the order of the units below. */
function combine(rows: number, { bias, weights }: Unit, below: readonly Float64Array[], z: Float64Array): void {
  z.fill(bias, 0, rows);
  for (let k = 0; k < weights.length; k++) addTo(rows, z, below[k]!, weights[k]!);
}

function addTo(rows: number, z: Float64Array, x: Float64Array, weight: number): void {
  for (let i = 0; i < rows; i++) z[i] = z[i]! + weight * x[i]!;
}

function takeWhy(rows: number, from: Lane, out: Lane): void {
  if (!out.clean) out.why.fill(WHY.valid);
  out.clean = from.clean;
  if (!from.clean) for (let i = 0; i < rows; i++) out.why[i] = from.why[i]!;
}
