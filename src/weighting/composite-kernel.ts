import { allFinite } from '../columns/all-finite.ts';
import { cellsNear, settle } from '../kernels/cells-near.ts';
import { blankNulls, setNull } from '../kernels/nulls.ts';
import { scratchAt } from '../kernels/wasm/registry.ts';
import { type Lane, WHY } from '../model/batch.ts';
import type { Kernel } from '../model/contract.ts';
import { exp } from '../numerics/elementary.ts';
import type { Aggregation, CompositeIndexModel } from './composite-index-model.ts';
import { bindMaps, carry, type Part, partsOf } from './composite-terms.ts';

/**
 * Scores as if no cell were null: a null leaves no finite number behind, and only a block with such a score is looked at
 * for causes, and with `renormalise` scored again. Sums need no look at the cells beforehand; in products and closenesses
 * an infinite one may not show, so they take the cells as the lane gives them, with NaN for it.
 */
export function bindIndex(model: CompositeIndexModel): Kernel {
  const { aggregate, missing } = model;
  const mapped = bindMaps(model);
  const parts = model.outputs.map((_, o) => partsOf(model, o));
  const partAt = parts.map((list) => model.indicators.map((_, at) => list.find((part) => part.at === at) ?? null));
  const finish = FINISH[aggregate];
  let room = 0;
  let own = new Float64Array(0);
  let piece = own;
  let besidePiece = own;
  let beside = model.outputs.map(() => own);

  function add(rows: number, inputs: readonly Lane[], outputs: readonly Lane[]): void {
    const scratch = outputs.length === 0 ? undefined : scratchAt(outputs[0]!.values.buffer);
    const mark = scratch?.mark() ?? 0;
    const scores = scratch?.numbers() ?? own;
    const inner = scratch?.mark() ?? 0;
    const only = outputs.length === 1 ? partAt[0]! : null;
    for (let at = 0; at < inputs.length; at++) {
      const input = inputs[at]!;
      const cells = aggregate === 'sum' ? cellsNear(scratch, rows, input) : input.values;
      const addMapped = only === null ? null : only[at]!.addMapped;
      if (addMapped !== null) addMapped(rows, cells, outputs[0]!.values);
      else {
        const x = mapped(rows, at, cells, scores);
        for (let o = 0; o < outputs.length; o++) partAt[o]![at]?.add(rows, x, outputs[o]!.values, beside[o]!);
      }
      scratch?.release(inner);
    }
    scratch?.release(mark);
  }

  /** Scores a block that holds a null, or a score beyond the largest number. */
  function repair(rows: number, inputs: readonly Lane[], o: number, out: Lane): void {
    const share = carry(rows, inputs, parts[o]!, missing, out);
    if (share !== null) {
      out.values.fill(0, 0, rows);
      beside[o]!.fill(0);
      for (const { at, add } of parts[o]!) {
        const input = inputs[at]!;
        piece.fill(0, 0, rows);
        besidePiece.fill(0, 0, rows);
        add(rows, mapped(rows, at, input.values, own), piece, besidePiece);
        addShares(rows, piece, share, input, out.values);
        if (aggregate === 'topsis') addShares(rows, besidePiece, share, input, beside[o]!);
      }
      finish(rows, out.values, beside[o]!);
    }
    blankNulls(rows, out);
  }

  return (rows, inputs, outputs) => {
    if (room < rows) {
      room = rows;
      own = new Float64Array(rows);
      piece = new Float64Array(rows);
      besidePiece = new Float64Array(rows);
      beside = beside.map(() => new Float64Array(aggregate === 'topsis' ? rows : 0));
    }
    for (let o = 0; o < outputs.length; o++) {
      outputs[o]!.values.fill(0, 0, rows);
      beside[o]!.fill(0);
    }
    add(rows, inputs, outputs);
    for (let o = 0; o < outputs.length; o++) {
      const out = outputs[o]!;
      finish(rows, out.values, beside[o]!);
      if (allFinite(out.values, 0, rows)) settle(out);
      else repair(rows, inputs, o, out);
    }
  };
}

/** One output per part, which add up to the score, for a product to its logarithm. */
export function bindTerms(model: CompositeIndexModel, parts: readonly Part[]): Kernel {
  const mapped = bindMaps(model);
  let piece = new Float64Array(0);
  let scores = piece;
  let total = piece;
  return (rows, inputs, outputs) => {
    const [whole] = outputs;
    const share = carry(rows, inputs, parts, model.missing, whole!);
    if (piece.length < rows) {
      piece = new Float64Array(rows);
      scores = new Float64Array(rows);
      total = new Float64Array(rows);
    }
    total.fill(0, 0, rows);
    parts.forEach((part, t) => {
      const { values } = outputs[t]!;
      const input = inputs[part.at]!;
      values.fill(0, 0, rows);
      const to = share === null ? values : piece.fill(0, 0, rows);
      part.add(rows, mapped(rows, part.at, input.values, scores), to, to);
      if (share !== null) addShares(rows, piece, share, input, values);
      for (let i = 0; i < rows; i++) total[i]! += values[i]!;
    });
    refuseInfinite(rows, total, whole!);
    for (const out of outputs) {
      out.why.set(whole!.why.subarray(0, rows));
      out.clean = whole!.clean;
      blankNulls(rows, out);
    }
  };
}

/** What makes the sums of parts a score. A row at no distance from both ideals is not finite, hence null. */
const FINISH: { readonly [A in Aggregation]: (rows: number, to: Float64Array, from: Float64Array) => void } = {
  sum: () => {},
  product: (rows, to) => {
    for (let i = 0; i < rows; i++) to[i] = exp(to[i]!);
  },
  topsis: (rows, to, from) => {
    for (let i = 0; i < rows; i++) {
      const near = Math.sqrt(to[i]!);
      to[i] = near / (near + Math.sqrt(from[i]!));
    }
  },
};

function addShares(rows: number, piece: Float64Array, share: Float64Array, input: Lane, to: Float64Array): void {
  for (let i = 0; i < rows; i++) if (input.why[i] === WHY.valid) to[i]! += share[i]! * piece[i]!;
}

/** A score beyond the largest number is null, and so is one that a value leaves without meaning. */
function refuseInfinite(rows: number, values: Float64Array, out: Lane): void {
  for (let i = 0; i < rows; i++)
    if (!Number.isFinite(values[i]!) && out.why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
}
