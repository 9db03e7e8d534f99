import { type AddScores, bindPieces, bindSteps } from '../kernels/piecewise.ts';
import { kernelsAt } from '../kernels/wasm/registry.ts';
import { expInto } from '../numerics/elementary.ts';
import { nextDown } from '../numerics/next-down.ts';
import type { ScoreMap } from './score-map.ts';

// The loops are functions of their own: V8 reads what a closure holds anew in every step of a loop, an argument but once.
type Cells = Float64Array;

/** A score map as loops over a block. Without factor and offset the scores themselves are added. */
export function bindScoreMap(map: ScoreMap, factor = 1, offset = 0): AddScores {
  switch (map.kind) {
    case 'linear':
      return bindPiecewise([map.low, map.high], [0, 100], factor, offset);
    case 'piecewise':
      return bindPiecewise(
        map.knots.map(([value]) => value),
        map.knots.map(([, height]) => height),
        factor,
        offset,
      );
    case 'logistic':
      return bindLogistic(map.midpoint, map.slope, factor, offset);
    case 'step':
      return bindSteps(
        map.closed === 'left' ? map.cuts.map(nextDown) : map.cuts,
        Float64Array.from(map.scores, (score) => factor * (score - offset)),
      );
  }
}

/** ½ where the span of two finite numbers is beyond the largest one, else 1. */
const unitOf = (low: number, high: number): number => (Number.isFinite(high - low) ? 1 : 0.5);

/**
 * The score is base + way/span·rise by the segment, with the way x·slope + shift from the start of the segment. Below all
 * knots it is 0 and above them the whole span, whatever x is: its slope is 0 there.
 */
function bindPiecewise(
  values: readonly number[],
  scores: readonly number[],
  factor: number,
  offset: number,
): AddScores {
  const last = values.length - 1;
  const unit = unitOf(values[0]!, values[last]!);
  const start = values.map((value) => value * unit);
  const spanTo = (at: number): number => start[at]! - start[at - 1]!;
  const table = (of: (passed: number) => number): Float64Array =>
    Float64Array.from({ length: last + 2 }, (_, p) => of(p));
  const inside = (passed: number): number => Math.min(Math.max(passed, 1), last);
  const slope = table((passed) => (passed > 0 && passed <= last ? unit : 0));
  const shift = table((passed) => (passed === 0 ? 0 : passed > last ? spanTo(last) : -start[passed - 1]!));
  const span = table((passed) => spanTo(inside(passed)));
  const rise = table((passed) => scores[inside(passed)]! - scores[inside(passed) - 1]!);
  const base = table((passed) => scores[inside(passed) - 1]!);
  if (last === 1) {
    const [low, high] = values as [number, number];
    return (rows, from, to) => {
      const wasm = from.buffer === to.buffer ? kernelsAt(to.buffer) : undefined;
      if (wasm)
        wasm.addRamp(
          from.byteOffset,
          to.byteOffset,
          rows,
          low,
          high,
          unit,
          shift[1]!,
          shift[2]!,
          span[1]!,
          rise[1]!,
          base[1]!,
          factor,
          offset,
        );
      else addLinear(rows, from, to, low, high, slope, shift, span[1]!, rise[1]!, base[1]!, factor, offset);
    };
  }
  return bindPieces(values, { slope, shift, span, rise, base }, factor, offset);
}

function addLinear(
  rows: number,
  from: Cells,
  to: Cells,
  low: number,
  high: number,
  slope: Cells,
  shift: Cells,
  span: number,
  rise: number,
  base: number,
  factor: number,
  offset: number,
): void {
  for (let i = 0; i < rows; i++) {
    const x = from[i]!;
    const passed = Number(x > low) + Number(x > high);
    to[i]! += factor * (base + ((x * slope[passed]! + shift[passed]!) / span) * rise - offset);
  }
}

function bindLogistic(midpoint: number, slope: number, factor: number, offset: number): AddScores {
  let exponent = new Float64Array(0);
  let power = exponent;
  return (rows, from, to) => {
    const wasm = from.buffer === to.buffer ? kernelsAt(to.buffer) : undefined;
    if (wasm) {
      wasm.addCurve(from.byteOffset, to.byteOffset, rows, -slope, midpoint, factor, offset);
      return;
    }
    if (power.length < rows) {
      exponent = new Float64Array(rows);
      power = new Float64Array(rows);
    }
    exponents(rows, from, exponent, midpoint, slope);
    expInto(rows, exponent, power);
    addSigmoids(rows, from, power, to, factor, offset);
  };
}

function exponents(rows: number, from: Cells, to: Cells, midpoint: number, slope: number): void {
  for (let i = 0; i < rows; i++) to[i] = -slope * (from[i]! - midpoint);
}

function addSigmoids(rows: number, from: Cells, power: Cells, to: Cells, factor: number, offset: number): void {
  for (let i = 0; i < rows; i++) to[i]! += factor * (100 / (1 + power[i]!) - offset) + from[i]! * 0;
}
