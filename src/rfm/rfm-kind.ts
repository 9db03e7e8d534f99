import { allFinite } from '../columns/all-finite.ts';
import { makeLane } from '../columns/lane.ts';
import { fail } from '../errors.ts';
import { cellsNear, settle } from '../kernels/cells-near.ts';
import { blankNulls, carryWhy } from '../kernels/nulls.ts';
import { kernelsAt, scratchAt } from '../kernels/wasm/registry.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { fields, fitReport, listOf, modelHead, oneOf, record, within } from '../model/checks.ts';
import type { Explanation, FitReport, Kernel, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { type Closed, closedSide, codeOf, storedCuts } from '../numerics/cuts.ts';
import { nextDown } from '../numerics/next-down.ts';

/** How one column is scored 1 … n. */
export interface Measure {
  /** One list of cuts; in a nested model one per combination of the earlier scores, first slowest. */
  readonly cuts: readonly (readonly number[])[];
  readonly closed: Closed;
  /** Whether the lowest values have the highest score, as recency does. */
  readonly best: 'low' | 'high';
  readonly weight: number;
}

/** How an RFM model was fitted: customers per score 1 … n, by measure. */
export interface RfmFit extends FitReport {
  readonly customers: {
    readonly recency: readonly number[];
    readonly frequency: readonly number[];
    readonly monetary: readonly number[];
  };
}

/** Cuts of recency, frequency and monetary value, in this order. */
export interface RfmModel<In extends string = string, Out extends Field = Field> extends ModelBase<'rfm', In, Out> {
  readonly measures: readonly Measure[];
  /** Customers with frequency 0 and no recency: no score, or the lowest. */
  readonly noPurchase: 'exclude' | 'lowest';
  readonly fit: RfmFit;
}

const shape = record({
  ...modelHead('rfm', 1),
  inputs: fields<Field>,
  outputs: fields<Field>,
  measures: listOf(
    record({
      cuts: listOf(storedCuts),
      closed: closedSide,
      best: oneOf('low', 'high'),
      weight: within(0, Number.MAX_VALUE),
    }),
    3,
  ),
  noPurchase: oneOf('exclude', 'lowest'),
  fit: fitReport<RfmFit>,
});

/** Scores per measure; their combinations are the levels of the composite code. */
const MOST_SCORES = 20;

/** Scores and reads RFM models. */
export const rfmKind: Kind<RfmModel> = {
  kind: 'rfm',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    const { measures, inputs, outputs } = model;
    if (measures.length !== 3 || inputs.length !== 3 || outputs.length !== 5)
      fail('invalid-model', `${path}: expected three measures, three inputs and five outputs`);
    let combinations = 1;
    measures.forEach(({ cuts }, m) => {
      if (cuts.length !== 1 && cuts.length !== combinations)
        fail('invalid-model', `${path}.measures[${m}].cuts: expected 1 or ${combinations} lists, got ${cuts.length}`);
      if (!(cuts[0]!.length < MOST_SCORES))
        fail('invalid-model', `${path}.measures[${m}].cuts: at most ${MOST_SCORES - 1}`);
      if (cuts.some((list) => list.length !== cuts[0]!.length))
        fail('invalid-model', `${path}.measures[${m}].cuts: expected lists of one length`);
      combinations *= cuts[0]!.length + 1;
    });
    if (!(totalWeight(measures) > 0)) fail('invalid-model', `${path}.measures: no weight is above 0`);
    const implied = rfmFields(
      inputs.map((field) => field.name),
      outputs.map((field) => field.name),
      measures,
    );
    if (JSON.stringify(implied) !== JSON.stringify({ inputs, outputs }))
      fail('invalid-model', `${path}: inputs and outputs are not those of three measures with these scores`);
    return model;
  },
  bind: bindRfm,
  explain(model): Explanation {
    const score = bindRfm(model);
    const { measures } = model;
    const total = totalWeight(measures);
    return {
      scale: 'score',
      base: 0,
      terms: model.inputs.map(({ name }) => ({ name, columns: [name] })),
      kernel(rows, inputs, outputs) {
        const lanes = model.outputs.map((field) => makeLane(field, rows));
        score(rows, inputs, lanes);
        outputs.forEach((out, m) => {
          carryWhy(rows, [lanes[4]!], out);
          for (let i = 0; i < rows; i++) out.values[i] = (measures[m]!.weight * lanes[m]!.values[i]!) / total;
          blankNulls(rows, out);
        });
      },
    };
  },
};

/** The fields of a model: three inputs; the scores, the composite code and the weighted score. */
export function rfmFields(
  columns: readonly string[],
  names: readonly string[],
  measures: readonly Measure[],
): { readonly inputs: readonly Field[]; readonly outputs: readonly Field[] } {
  const [r = 1, f = 1, m = 1] = measures.map(({ cuts }) => cuts[0]!.length + 1);
  const join = Math.max(r, f, m) > 9 ? '-' : '';
  const levels = Array.from({ length: r * f * m }, (_, code) =>
    [Math.floor(code / (f * m)), Math.floor(code / m) % f, code % m].map((c) => c + 1).join(join),
  );
  return {
    inputs: columns.map((name) => ({ name, type: 'number' })),
    outputs: names.map((name, o) =>
      o === 3
        ? { name, type: 'category', levels }
        : { name, type: 'number', ...(o === 4 ? { explained: 'score' } : {}) },
    ),
  };
}

/** Score 1 … n of a value. */
export function scoreOf(value: number, { cuts, closed, best }: Measure, group: number): number {
  const own = cuts[group]!;
  const code = codeOf(value, own, closed);
  return best === 'high' ? code + 1 : own.length + 1 - code;
}

function totalWeight(measures: readonly Measure[]): number {
  return measures.reduce((total, { weight }) => total + weight, 0);
}

function bindRfm(model: RfmModel): Kernel {
  const { measures, noPurchase } = model;
  const sizes = measures.map(({ cuts }) => cuts[0]!.length + 1);
  const score = measures.map((measure, m) =>
    measure.cuts.length > 1 ? bindNested(measure, m, sizes) : bindFlat(measure, m),
  );
  const total = bindTotals(sizes, measures);
  const before: Lane[] = [];
  return (rows, inputs, outputs) => {
    let finite = true;
    for (let m = 0; m < 3; m++) if (!score[m]!(rows, inputs, outputs)) finite = false;
    if (finite) for (let o = 0; o < 5; o++) settle(outputs[o]!);
    else {
      for (let m = 0; m < 3; m++) {
        const nested = measures[m]!.cuts.length > 1;
        before.length = 0;
        for (let p = nested ? 0 : m; p <= m; p++) before.push(inputs[p]!);
        carryWhy(rows, before, outputs[m]!);
      }
      carryWhy(rows, inputs, outputs[3]!);
      carryWhy(rows, inputs, outputs[4]!);
      if (!inputs[0]!.clean) markNoPurchase(rows, inputs, outputs, noPurchase);
    }
    total(rows, outputs);
    for (let o = finite ? 4 : 0; o < 5; o++) blankNulls(rows, outputs[o]!);
  };
}

/** Writes the score of one measure; false when one of its cells is null. */
type Score = (rows: number, inputs: readonly Lane[], outputs: readonly Lane[]) => boolean;

function bindFlat({ cuts, closed, best }: Measure, m: number): Score {
  const own = cuts[0]!;
  // What is not below a cut is above the number before it; no number is above infinity.
  const limits = Float64Array.from(own.length > 0 ? own : [Number.POSITIVE_INFINITY], (cut) =>
    closed === 'right' || own.length === 0 ? cut : nextDown(cut),
  );
  const program = new Uint8Array(limits.buffer);
  const start = best === 'high' ? 1 : own.length + 1;
  const step = best === 'high' ? 1 : -1;
  return (rows, inputs, outputs) => {
    const { values } = outputs[m]!;
    const scratch = scratchAt(values.buffer);
    const mark = scratch?.mark() ?? 0;
    const cells = cellsNear(scratch, rows, inputs[m]!);
    const at = scratch === undefined || cells.buffer !== values.buffer ? -1 : scratch.program(program);
    let finite: boolean;
    if (at >= 0)
      finite = scratch!.kernels.scores(cells.byteOffset, values.byteOffset, rows, at, limits.length, start, step) === 1;
    else {
      values.fill(start, 0, rows);
      for (let c = 0; c < limits.length; c++) addAbove(rows, cells, limits[c]!, step, values);
      finite = allFinite(cells, 0, rows);
    }
    scratch?.release(mark);
    return finite;
  };
}

function addAbove(rows: number, cells: Float64Array, limit: number, step: number, to: Float64Array): void {
  for (let i = 0; i < rows; i++) to[i] = to[i]! + step * Number(cells[i]! > limit);
}

/** Cuts that hang on the scores before. */
function bindNested(measure: Measure, m: number, sizes: readonly number[]): Score {
  return (rows, inputs, outputs) => {
    const input = inputs[m]!;
    const to = outputs[m]!.values;
    for (let i = 0; i < rows; i++) {
      let group = 0;
      for (let p = 0; p < m; p++) group = group * sizes[p]! + outputs[p]!.values[i]! - 1;
      to[i] = scoreOf(input.values[i]!, measure, group);
    }
    return input.clean;
  };
}

/** The code of the three scores, and their weighted mean. */
function bindTotals(
  sizes: readonly number[],
  measures: readonly Measure[],
): (rows: number, outputs: readonly Lane[]) => void {
  const total = totalWeight(measures);
  const [, sizeF, sizeM] = sizes as [number, number, number];
  const [wr, wf, wm] = measures.map((measure) => measure.weight) as [number, number, number];
  return (rows, outputs) => {
    const r = outputs[0]!.values;
    const f = outputs[1]!.values;
    const m = outputs[2]!.values;
    const { codes } = outputs[3]!;
    const { values } = outputs[4]!;
    const { buffer } = values;
    const near = r.buffer === buffer && f.buffer === buffer && m.buffer === buffer && codes.buffer === buffer;
    const wasm = near ? kernelsAt(buffer) : undefined;
    if (wasm)
      wasm.rfmTotals(
        r.byteOffset,
        f.byteOffset,
        m.byteOffset,
        codes.byteOffset,
        values.byteOffset,
        rows,
        sizeF,
        sizeM,
        wr,
        wf,
        wm,
        total,
      );
    else
      for (let i = 0; i < rows; i++) {
        codes[i] = ((r[i]! - 1) * sizeF + f[i]! - 1) * sizeM + m[i]! - 1;
        values[i] = (wr * r[i]! + wf * f[i]! + wm * m[i]!) / total;
      }
  };
}

/** Without a purchase there is no last one: frequency is 0 and recency is null. */
function markNoPurchase(
  rows: number,
  inputs: readonly Lane[],
  outputs: readonly Lane[],
  rule: RfmModel['noPurchase'],
): void {
  const [recency, frequency] = inputs as [Lane, Lane];
  for (let i = 0; i < rows; i++) {
    if (recency.why[i] === WHY.valid || frequency.values[i] !== 0) continue;
    for (let o = 0; o < outputs.length; o++) {
      const out = outputs[o]!;
      out.clean = false;
      out.why[i] = rule === 'lowest' ? WHY.valid : WHY.noPurchase;
      if (o < 3) out.values[i] = 1;
    }
  }
}
