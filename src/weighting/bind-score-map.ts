import { expInto } from '../numerics/elementary.ts';
import { nextDown } from '../numerics/next-down.ts';
import type { ScoreMap } from './score-map.ts';

/**
 * Adds factor·(score − offset) of the first `rows` cells of `from` to `to`. What is not a finite number – a null is NaN –
 * leaves something that is none either, so that a sum tells by itself whether any cell was null.
 */
export type AddScores = (rows: number, from: Float64Array, to: Float64Array) => void;

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
      return bindStep(map.closed === 'left' ? map.cuts.map(nextDown) : map.cuts, map.scores, factor, offset);
  }
}

/*
 * Where a value lies among knots or cuts cannot be foretold, and a branch that is guessed wrongly costs more than all the
 * arithmetic of a cell: no loop below has one that hangs on a value. A comparison is the number 0 or 1; limits
 * passed are counted, eight at once or in a binary search of a fixed number of steps, and tables are read by that count.
 *
 * The loops are functions of their own: V8 reads what a closure holds anew in every step of a loop, an argument but once.
 */
type Cells = Float64Array;

/** Filled up with +Infinity, which no value is above, to 8 limits or to 4^k − 1. */
function searchable(limits: readonly number[]): Float64Array {
  let room = 8;
  if (limits.length > room) for (room = 15; room < limits.length; ) room = 4 * room + 3;
  return new Float64Array(room).fill(Number.POSITIVE_INFINITY).map((end, at) => limits[at] ?? end);
}

/** How many of the limits each cell is above, 0 for NaN. */
function countPassed(rows: number, from: Cells, limits: Cells, passed: Int32Array): void {
  if (limits.length === 8) {
    passEight(
      rows,
      from,
      passed,
      limits[0]!,
      limits[1]!,
      limits[2]!,
      limits[3]!,
      limits[4]!,
      limits[5]!,
      limits[6]!,
      limits[7]!,
    );
    return;
  }
  passed.fill(0, 0, rows);
  for (let quarter = (limits.length + 1) >> 2; quarter > 0; quarter >>= 2)
    passQuarters(rows, from, limits, quarter, passed);
}

function passEight(
  rows: number,
  from: Cells,
  passed: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
): void {
  for (let i = 0; i < rows; i++) {
    const x = from[i]!;
    passed[i] =
      Number(x > a) +
      Number(x > b) +
      Number(x > c) +
      Number(x > d) +
      Number(x > e) +
      Number(x > f) +
      Number(x > g) +
      Number(x > h);
  }
}

function passQuarters(rows: number, from: Cells, limits: Cells, quarter: number, passed: Int32Array): void {
  const half = 2 * quarter;
  for (let i = 0; i < rows; i++) {
    const x = from[i]!;
    const start = passed[i]!;
    const middle = start + Number(x > limits[start + half - 1]!) * half;
    passed[i] = middle + Number(x > limits[middle + quarter - 1]!) * quarter;
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
    return (rows, from, to) =>
      addLinear(rows, from, to, low, high, slope, shift, span[1]!, rise[1]!, base[1]!, factor, offset);
  }
  const limits = searchable(values);
  let passed = new Int32Array(0);
  let share = new Float64Array(0);
  return (rows, from, to) => {
    if (passed.length < rows) {
      passed = new Int32Array(rows);
      share = new Float64Array(rows);
    }
    countPassed(rows, from, limits, passed);
    shareOfSpan(rows, from, passed, slope, shift, span, share);
    addHeights(rows, share, passed, rise, base, to, factor, offset);
  };
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

function shareOfSpan(
  rows: number,
  from: Cells,
  passed: Int32Array,
  slope: Cells,
  shift: Cells,
  span: Cells,
  share: Cells,
): void {
  for (let i = 0; i < rows; i++) {
    const at = passed[i]!;
    share[i] = (from[i]! * slope[at]! + shift[at]!) / span[at]!;
  }
}

function addHeights(
  rows: number,
  share: Cells,
  passed: Int32Array,
  rise: Cells,
  base: Cells,
  to: Cells,
  factor: number,
  offset: number,
): void {
  for (let i = 0; i < rows; i++) {
    const at = passed[i]!;
    to[i]! += factor * (base[at]! + share[i]! * rise[at]! - offset);
  }
}

/** Limits here are passed only by what is above them. */
function bindStep(above: readonly number[], scores: readonly number[], factor: number, offset: number): AddScores {
  const limits = searchable(above);
  const parts = Float64Array.from(scores, (score) => factor * (score - offset));
  let passed = new Int32Array(0);
  return (rows, from, to) => {
    if (passed.length < rows) passed = new Int32Array(rows);
    countPassed(rows, from, limits, passed);
    addSteps(rows, from, passed, parts, to);
  };
}

function addSteps(rows: number, from: Cells, passed: Int32Array, parts: Cells, to: Cells): void {
  for (let i = 0; i < rows; i++) to[i]! += parts[passed[i]!]! + from[i]! * 0;
}

function bindLogistic(midpoint: number, slope: number, factor: number, offset: number): AddScores {
  let exponent = new Float64Array(0);
  let power = exponent;
  return (rows, from, to) => {
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
