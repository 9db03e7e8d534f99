import type { AddScores } from '../kernels/piecewise.ts';
import { kernelsAt } from '../kernels/wasm/registry.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { log } from '../numerics/elementary.ts';
import { bindScoreMap } from './bind-score-map.ts';
import { type CompositeIndexModel, isReciprocal, type MissingIndicator } from './composite-index-model.ts';

/**
 * Adds one indicator's part of an index to every row: w·X (`sum`) or w·ln X (`product`) to `to`; with `topsis` its squared
 * weighted distance from the anti-ideal to `to`, and from the ideal to `from`.
 */
export type AddPart = (rows: number, mapped: Float64Array, to: Float64Array, from: Float64Array) => void;

/** An indicator's place in the model and its part in one output. */
export interface Part {
  readonly at: number;
  readonly weight: number;
  readonly add: AddPart;
  /** The same part of a sum in one go with the map; `null` for other aggregations, and where there is no map. */
  readonly addMapped: AddScores | null;
}

/** Output 0 is the index with the global weights; a group's output is the mean of its indicators by their weights. */
export function partsOf(model: CompositeIndexModel, output: number): readonly Part[] {
  const { indicators, outputs } = model;
  const group = output === 0 ? null : outputs[output]!.name;
  const members = indicators
    .map(({ weight }, at) => ({ at, weight }))
    .filter(({ at }) => group === null || indicators[at]!.group === group);
  const total = group === null ? 1 : members.reduce((sum, { weight }) => sum + weight, 0);
  return members.map(({ at, weight }) => {
    const share = total > 0 ? weight / total : 1 / members.length;
    return { at, weight: share, ...bindPart(model, at, share) };
  });
}

function bindPart(
  { indicators, aggregate, reference }: CompositeIndexModel,
  at: number,
  weight: number,
): Pick<Part, 'add' | 'addMapped'> {
  const indicator = indicators[at]!;
  const { standard, cost, map } = indicator;
  const spread = standard?.spread ?? 1;
  const alone = (add: AddPart): Pick<Part, 'add' | 'addMapped'> => ({ add, addMapped: null });
  if (weight === 0 || spread === 0) return alone(addNothing);
  // X = (score − centre)/spread with score = 100 − mapped for a mirrored map: both fold into one offset and one factor
  const mirrored = cost && map !== null;
  const centre = standard?.centre ?? 0;
  const sign = mirrored ? -1 : 1;
  const offset = mirrored ? 100 - centre : centre;
  const reciprocal = isReciprocal(indicator);
  if (aggregate === 'topsis') {
    const ideal = reference!.ideal[at]!;
    const antiIdeal = reference!.antiIdeal[at]!;
    const best = mirrored ? 100 - ideal : ideal;
    const worst = mirrored ? 100 - antiIdeal : antiIdeal;
    return alone(
      reciprocal
        ? (rows, x, to, from) => addReciprocalDistances(rows, x, to, from, weight * spread, best, worst)
        : (rows, x, to, from) => addDistances(rows, x, to, from, weight / spread, best, worst),
    );
  }
  if (aggregate === 'product')
    return alone(
      reciprocal
        ? (rows, x, to) => addReciprocalLogs(rows, x, to, weight, spread)
        : (rows, x, to) => addLogs(rows, x, to, weight, offset, sign * spread),
    );
  if (reciprocal) return alone((rows, x, to) => addReciprocals(rows, x, to, weight * spread));
  const factor = (sign * weight) / spread;
  return {
    add: (rows, x, to) => addScores(rows, x, to, factor, offset),
    addMapped: map && bindScoreMap(map, factor, offset),
  };
}

// The loops are functions of their own: V8 reads what a closure holds anew in every step of a loop, an argument but once.
type Cells = Float64Array;

/** Nothing but the trace of a null. */
function addNothing(rows: number, x: Cells, to: Cells): void {
  for (let i = 0; i < rows; i++) to[i]! += x[i]! * 0;
}

function addScores(rows: number, x: Cells, to: Cells, factor: number, offset: number): void {
  const wasm = x.buffer === to.buffer ? kernelsAt(to.buffer) : undefined;
  if (wasm) wasm.addScores(x.byteOffset, to.byteOffset, rows, factor, offset);
  else for (let i = 0; i < rows; i++) to[i]! += factor * (x[i]! - offset);
}

function addReciprocals(rows: number, x: Cells, to: Cells, factor: number): void {
  for (let i = 0; i < rows; i++) to[i]! += x[i]! > 0 ? factor / x[i]! + x[i]! * 0 : Number.NaN;
}

function addLogs(rows: number, x: Cells, to: Cells, weight: number, offset: number, spread: number): void {
  for (let i = 0; i < rows; i++) to[i]! += weight * log((x[i]! - offset) / spread);
}

function addReciprocalLogs(rows: number, x: Cells, to: Cells, weight: number, spread: number): void {
  for (let i = 0; i < rows; i++) to[i]! += weight * log(spread / x[i]!);
}

function addDistances(
  rows: number,
  x: Cells,
  to: Cells,
  from: Cells,
  factor: number,
  best: number,
  worst: number,
): void {
  for (let i = 0; i < rows; i++) {
    const above = factor * (x[i]! - worst);
    const below = factor * (x[i]! - best);
    to[i]! += above * above;
    from[i]! += below * below;
  }
}

function addReciprocalDistances(
  rows: number,
  x: Cells,
  to: Cells,
  from: Cells,
  factor: number,
  best: number,
  worst: number,
): void {
  for (let i = 0; i < rows; i++) {
    const above = factor * (1 / x[i]! - 1 / worst);
    const below = factor * (1 / x[i]! - 1 / best);
    to[i]! += x[i]! > 0 ? above * above : Number.NaN;
    from[i]! += below * below;
  }
}

/** The mapped scores of one indicator's cells, in `room` where there is a map. */
export type Mapped = (rows: number, at: number, cells: Float64Array, room: Float64Array) => Float64Array;

export function bindMaps({ indicators }: CompositeIndexModel): Mapped {
  const maps = indicators.map(({ map }) => map && bindScoreMap(map));
  return (rows, at, cells, room) => {
    const map = maps[at]!;
    if (map === null) return cells;
    map(rows, cells, room.fill(0, 0, rows));
    return room;
  };
}

/**
 * Gives `out` its causes of null. With renormalisation a row is null only when no indicator with weight is there; the factors
 * that make up for the absent ones are returned, or `null` when none is absent.
 */
export function carry(
  rows: number,
  inputs: readonly Lane[],
  parts: readonly Part[],
  missing: MissingIndicator,
  out: Lane,
): Float64Array | null {
  if (!out.clean) out.why.fill(WHY.valid);
  out.clean = true;
  for (const { at } of parts) {
    const { why, clean } = inputs[at]!;
    if (clean) continue;
    out.clean = false;
    for (let i = 0; i < rows; i++) if (out.why[i] === WHY.valid) out.why[i] = why[i]!;
  }
  if (out.clean || missing === 'null') return null;
  const share = new Float64Array(rows).fill(1);
  for (let i = 0; i < rows; i++) {
    if (out.why[i] === WHY.valid) continue;
    let present = 0;
    for (const { at, weight } of parts) if (inputs[at]!.why[i] === WHY.valid) present += weight;
    if (present > 0) {
      share[i] = 1 / present;
      out.why[i] = WHY.valid;
    }
  }
  return share;
}
