import { allFinite } from '../columns/all-finite.ts';
import { fail } from '../errors.ts';
import { cellsNear, settle } from '../kernels/cells-near.ts';
import { blankNulls, carryWhy } from '../kernels/nulls.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { fields, fitReport, listOf, modelHead, optional, record, text, whole } from '../model/checks.ts';
import type { Explanation, FitReport, Kernel, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { type Closed, closedSide, storedCuts } from '../numerics/cuts.ts';
import { nextDown } from '../numerics/next-down.ts';
import type { Segment } from './cells.ts';
import { segment } from './segment-checks.ts';

/** One cut column. `levels` run from the lowest values to the highest: one more than there are cuts. */
export interface GridAxis {
  readonly column: string;
  readonly cuts: readonly number[];
  /** `'right'`: above a cut means strictly greater. */
  readonly closed: Closed;
  readonly levels: readonly string[];
  /** The level itself is written too, under this name. */
  readonly as?: string;
}

/** A category output that explains itself by its distance to the cuts. */
export type Segmented<N extends string = string> = Field<N, 'category'> & { readonly explained: 'margin' };

/** How a grid was fitted: the sizes on the fitted rows, by segment. */
export interface GridFit extends FitReport {
  readonly sizes: readonly number[];
}

/** Columns cut into levels, and a segment for every combination of levels. */
export interface GridModel<In extends string = string, Out extends string = string>
  extends ModelBase<'grid', In, Segmented<Out>> {
  readonly axes: readonly GridAxis[];
  readonly segments: readonly Segment[];
  /** Per combination of levels, first axis slowest, its index in `segments`. */
  readonly cells: readonly number[];
  readonly fit: GridFit;
}

const shape = record({
  ...modelHead('grid', 1),
  inputs: fields<Field>,
  outputs: fields<Segmented>,
  axes: listOf(
    record({ column: text, closed: closedSide, levels: listOf(text), as: optional(text), cuts: storedCuts }),
  ),
  segments: listOf(segment),
  cells: listOf(whole()),
  fit: fitReport<GridFit>,
});

/** Scores and reads grids. Null in an axis gives null, unless every level of that axis leads to the same segment. */
export const gridKind: Kind<GridModel> = {
  kind: 'grid',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    const { axes, segments, cells } = model;
    axes.forEach(({ cuts, levels }, a) => {
      if (cuts.length === 0 || levels.length !== cuts.length + 1 || new Set(levels).size !== levels.length)
        fail('invalid-model', `${path}.axes[${a}]: expected cuts and one more distinct level than cuts`);
    });
    if (axes.length === 0 || cells.length !== axes.reduce((n, axis) => n * axis.levels.length, 1))
      fail('invalid-model', `${path}.cells: expected one per combination of levels, got ${cells.length}`);
    cells.forEach((cell, i) => {
      if (cell >= segments.length) fail('invalid-model', `${path}.cells[${i}]: there is no segment ${cell}`);
    });
    const implied = gridFields(axes, segments, model.outputs[0]?.name ?? '');
    if (JSON.stringify(implied.inputs) !== JSON.stringify(model.inputs))
      fail('invalid-model', `${path}.inputs: expected the columns of the axes`);
    if (JSON.stringify(implied.outputs) !== JSON.stringify(model.outputs))
      fail('invalid-model', `${path}.outputs: expected the segment keys, then the levels of the axes with "as"`);
    return model;
  },
  bind: bindGrid,
  explain(model, output): Explanation {
    const at = model.axes.findIndex((axis) => axis.as === output);
    const told = at >= 0 ? [at] : axesThatMatter(model);
    return {
      scale: 'margin',
      base: 0,
      terms: told.map((a) => ({ name: model.axes[a]!.column, columns: [model.axes[a]!.column] })),
      kernel: margins(model.axes, told),
    };
  },
};

/** The kernel of a grid. */
export function bindGrid(model: GridModel): Kernel {
  const { axes } = model;
  const cells = Int32Array.from(model.cells);
  const table = new Uint8Array(cells.buffer);
  const same = cells.every((cell, code) => cell === code);
  const strides = stridesOf(axes);
  const matter = axesThatMatter(model);
  const own = axes.flatMap((axis, a) => (axis.as === undefined ? [] : [a]));
  const levels = axes.map(bindLevels);
  const told: Lane[] = [];

  function cut(rows: number, inputs: readonly Lane[], out: Lane): void {
    let finite = true;
    if (matter.length === 0) out.codes.fill(0, 0, rows);
    for (let m = 0; m < matter.length; m++) {
      const a = matter[m]!;
      if (!levels[a]!(rows, inputs[a]!, strides[a]!, m === 0, out.codes)) finite = false;
    }
    if (finite) settle(out);
    else {
      for (let m = 0; m < matter.length; m++) told[m] = inputs[matter[m]!]!;
      told.length = matter.length;
      carryWhy(rows, told, out);
      if (!out.clean) settleNulls(rows, axes, strides, cells, matter, inputs, out);
    }
    if (!same) lookUp(rows, out.codes, cells, table);
    if (!finite) blankNulls(rows, out);
  }
  function level(rows: number, input: Lane, a: number, out: Lane): void {
    if (levels[a]!(rows, input, 1, true, out.codes)) {
      settle(out);
      return;
    }
    told.length = 1;
    told[0] = input;
    carryWhy(rows, told, out);
    blankNulls(rows, out);
  }

  return (rows, inputs, outputs) => {
    cut(rows, inputs, outputs[0]!);
    for (let o = 0; o < own.length; o++) level(rows, inputs[own[o]!]!, own[o]!, outputs[o + 1]!);
  };
}

/** The fields that axes and segments imply. */
export function gridFields(
  axes: readonly GridAxis[],
  segments: readonly Segment[],
  as: string,
): { readonly inputs: readonly Field[]; readonly outputs: readonly Segmented[] } {
  const category = (name: string, levels: readonly string[]): Segmented => ({
    name,
    type: 'category',
    levels,
    explained: 'margin',
  });
  return {
    inputs: axes.map(({ column }) => ({ name: column, type: 'number' })),
    outputs: [
      category(
        as,
        segments.map(({ key }) => key),
      ),
      ...axes.flatMap((axis) => (axis.as === undefined ? [] : [category(axis.as, axis.levels)])),
    ],
  };
}

function stridesOf(axes: readonly GridAxis[]): readonly number[] {
  return axes.map((_, a) => axes.slice(a + 1).reduce((n, axis) => n * axis.levels.length, 1));
}

/** The axes along which the segment changes somewhere. */
function axesThatMatter({ axes, cells }: GridModel): readonly number[] {
  return stridesOf(axes).flatMap((stride, a) => {
    const levels = axes[a]!.levels.length;
    const changes = cells.some((cell, i) => Math.floor(i / stride) % levels > 0 && cell !== cells[i - stride]);
    return changes ? [a] : [];
  });
}

/** Adds stride·level to codes, which count from 0 if `first`. False when one of the cells is null. */
type AddLevels = (rows: number, lane: Lane, stride: number, first: boolean, into: Int32Array) => boolean;

function bindLevels({ cuts, closed }: GridAxis): AddLevels {
  // What is not below a cut is above the number before it.
  const limits = Float64Array.from(cuts, (cut) => (closed === 'right' ? cut : nextDown(cut)));
  const program = new Uint8Array(limits.buffer);
  return (rows, lane, stride, first, into) => {
    const scratch = scratchAt(into.buffer);
    const mark = scratch?.mark() ?? 0;
    const cells = cellsNear(scratch, rows, lane);
    const at = scratch === undefined || cells.buffer !== into.buffer ? -1 : scratch.program(program);
    let finite: boolean;
    if (at >= 0) {
      const { byteOffset } = cells;
      finite =
        scratch!.kernels.addLevels(byteOffset, into.byteOffset, rows, at, limits.length, stride, first ? 1 : 0) === 1;
    } else {
      if (first) into.fill(0, 0, rows);
      for (let c = 0; c < limits.length; c++) countAbove(rows, cells, limits[c]!, stride, into);
      finite = allFinite(cells, 0, rows);
    }
    scratch?.release(mark);
    return finite;
  };
}

/** A comparison as a number keeps the loop free of branches. NaN compares to 0. */
function countAbove(rows: number, cells: Float64Array, limit: number, stride: number, into: Int32Array): void {
  for (let i = 0; i < rows; i++) into[i] = into[i]! + stride * Number(cells[i]! > limit);
}

function lookUp(rows: number, codes: Int32Array, cells: Int32Array, table: Uint8Array): void {
  const scratch = scratchAt(codes.buffer);
  const at = scratch === undefined || rows === 0 ? -1 : scratch.program(table);
  if (at >= 0) scratch!.kernels.lookUp(codes.byteOffset, rows, at);
  else for (let i = 0; i < rows; i++) codes[i] = cells[codes[i]!]!;
}

/** A null axis does not matter in a row where all its levels lead to one segment, such as spend for a new customer. */
function settleNulls(
  rows: number,
  axes: readonly GridAxis[],
  strides: readonly number[],
  cells: Int32Array,
  matter: readonly number[],
  inputs: readonly Lane[],
  out: Lane,
): void {
  for (let i = 0; i < rows; i++) {
    if (out.why[i] === WHY.valid) continue;
    // Null axes count as level 0 in the code so far; every combination that differs from it only in them must agree.
    const code = out.codes[i]!;
    let agreed = true;
    for (let other = 0; other < cells.length && agreed; other++) {
      let same = true;
      for (const a of matter) {
        if (inputs[a]!.why[i] !== WHY.valid && !inputs[a]!.clean) continue;
        const levels = axes[a]!.levels.length;
        if (Math.floor(other / strides[a]!) % levels !== Math.floor(code / strides[a]!) % levels) same = false;
      }
      if (same && cells[other] !== cells[code]) agreed = false;
    }
    if (agreed) out.why[i] = WHY.valid;
  }
}

/** Per told axis: value − nearest cut. Above 0 lies above the cut. */
function margins(axes: readonly GridAxis[], told: readonly number[]): Kernel {
  return (rows, inputs, outputs) => {
    const lanes = told.map((a) => inputs[a]!);
    told.forEach((a, t) => {
      const { cuts } = axes[a]!;
      const { values } = lanes[t]!;
      const out = outputs[t]!;
      carryWhy(rows, lanes, out);
      for (let i = 0; i < rows; i++) {
        let nearest = values[i]! - cuts[0]!;
        for (let c = 1; c < cuts.length; c++) {
          const margin = values[i]! - cuts[c]!;
          if (Math.abs(margin) < Math.abs(nearest)) nearest = margin;
        }
        out.values[i] = nearest;
      }
      blankNulls(rows, out);
    });
  };
}
