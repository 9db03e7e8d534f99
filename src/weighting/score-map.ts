import { fail } from '../errors.ts';
import { type Check, finite, listOf, oneOf, record } from '../model/checks.ts';
import { exp } from '../numerics/elementary.ts';

/** How an indicator is mapped to a score of 0 to 100 (S9), constant beyond its range. */
export type ScoreMap =
  /** 0 up to `low`, 100 from `high` on, a straight line between. */
  | { readonly kind: 'linear'; readonly low: number; readonly high: number }
  /** Straight lines through `[value, score]` knots, values strictly increasing. */
  | { readonly kind: 'piecewise'; readonly knots: readonly (readonly [value: number, score: number])[] }
  /** 100 / (1 + e^(−slope·(x − midpoint))). */
  | { readonly kind: 'logistic'; readonly midpoint: number; readonly slope: number }
  /**
   * One score more than there are strictly increasing cuts. `closed: 'left'`: a value on a cut has the score above it;
   * `'right'`: the score below.
   */
  | {
      readonly kind: 'step';
      readonly cuts: readonly number[];
      readonly scores: readonly number[];
      readonly closed: 'left' | 'right';
    };

const number: Check<number> = (json, path) => finite(json, path) + 0;
const score: Check<number> = (json, path) => {
  const value = finite(json, path);
  return value >= 0 && value <= 100
    ? value + 0
    : fail('invalid-model', `${path}: expected a score of 0 to 100, got ${value}`);
};
const knot: Check<readonly [number, number]> = (json, path) => {
  const [value, height] = listOf(number, 2)(json, path);
  return [value!, score(height, `${path}[1]`)];
};
const increasing = (values: readonly number[], path: string): void => {
  values.forEach((value, i) => {
    if (i > 0 && !(value > values[i - 1]!))
      fail('invalid-model', `${path}: must be strictly increasing, ${value} stands after ${values[i - 1]}`);
  });
};

const linear = record({ kind: oneOf('linear'), low: number, high: number });
const piecewise = record({ kind: oneOf('piecewise'), knots: listOf(knot) });
const logistic = record({ kind: oneOf('logistic'), midpoint: number, slope: number });
const step = record({
  kind: oneOf('step'),
  cuts: listOf(number),
  scores: listOf(score),
  closed: oneOf('left', 'right'),
});

/** A score map with its rules: increasing knots and cuts, scores within 0 to 100. */
export const scoreMapCheck: Check<ScoreMap> = (json, path) => {
  const kind = oneOf(
    'linear',
    'piecewise',
    'logistic',
    'step',
  )((json as { kind?: unknown } | null)?.kind, `${path}.kind`);
  if (kind === 'linear') {
    const map = linear(json, path);
    increasing([map.low, map.high], `${path}: low and high`);
    return map;
  }
  if (kind === 'piecewise') {
    const map = piecewise(json, path);
    if (map.knots.length < 2) fail('invalid-model', `${path}.knots: at least two are needed`);
    increasing(
      map.knots.map(([value]) => value),
      `${path}.knots`,
    );
    return map;
  }
  if (kind === 'logistic') {
    const map = logistic(json, path);
    if (map.slope === 0) fail('invalid-model', `${path}.slope: must not be 0`);
    return map;
  }
  const map = step(json, path);
  increasing(map.cuts, `${path}.cuts`);
  if (map.scores.length !== map.cuts.length + 1)
    fail(
      'invalid-model',
      `${path}.scores: ${map.cuts.length} cuts need ${map.cuts.length + 1} scores, got ${map.scores.length}`,
    );
  return map;
};

/** Fills `to` with the scores of the first `rows` cells of `from`. What a null cell gets has no meaning. */
export type Transform = (rows: number, from: Float64Array, to: Float64Array) => void;

export function bindScoreMap(map: ScoreMap): Transform {
  switch (map.kind) {
    case 'linear':
      return bindPiecewise([map.low, map.high], [0, 100]);
    case 'piecewise':
      return bindPiecewise(
        map.knots.map(([value]) => value),
        map.knots.map(([, height]) => height),
      );
    case 'logistic': {
      const { midpoint, slope } = map;
      return (rows, from, to) => logisticScores(rows, from, to, midpoint, slope);
    }
    case 'step':
      return bindStep(map.cuts, map.scores, map.closed === 'left');
  }
}

// The loops are functions of their own: V8 reads what a closure holds anew in every step of a loop, an argument but once.
function logisticScores(rows: number, from: Float64Array, to: Float64Array, midpoint: number, slope: number): void {
  for (let i = 0; i < rows; i++) to[i] = 100 / (1 + exp(-slope * (from[i]! - midpoint)));
}

/** ½ where the span of two finite numbers is beyond the largest one, else 1. */
const unitOf = (low: number, high: number): number => (Number.isFinite(high - low) ? 1 : 0.5);

function bindPiecewise(values: readonly number[], scores: readonly number[]): Transform {
  const last = values.length - 1;
  const x = Float64Array.from(values);
  const unit = unitOf(x[0]!, x[last]!);
  const scaled = x.map((value) => value * unit);
  const span = scaled.map((value, at) => value - (scaled[at - 1] ?? 0));
  const y = Float64Array.from(scores);
  const rise = y.map((height, at) => height - (y[at - 1] ?? 0));
  if (last === 1) return (rows, from, to) => linearScores(rows, from, to, x[0]!, x[1]!, unit, y[0]!, rise[1]!);
  const table = searchTable(values.slice(1, last));
  return (rows, from, to) => piecewiseScores(rows, from, to, table, { x, unit, scaled, span, y, rise });
}

function linearScores(
  rows: number,
  from: Float64Array,
  to: Float64Array,
  low: number,
  high: number,
  unit: number,
  base: number,
  climb: number,
): void {
  const start = low * unit;
  const width = high * unit - start;
  for (let i = 0; i < rows; i++)
    to[i] = base + ((Math.min(Math.max(from[i]!, low), high) * unit - start) / width) * climb;
}

interface Knots {
  readonly x: Float64Array;
  readonly unit: number;
  readonly scaled: Float64Array;
  readonly span: Float64Array;
  readonly y: Float64Array;
  readonly rise: Float64Array;
}

function piecewiseScores(
  rows: number,
  from: Float64Array,
  to: Float64Array,
  { limits, first, offset, scale }: SearchTable,
  { x, unit, scaled, span, y, rise }: Knots,
): void {
  const low = x[0]!;
  const high = x[x.length - 1]!;
  for (let i = 0; i < rows; i++) {
    const value = Math.min(Math.max(from[i]!, low), high);
    let at = first[Math.min(Math.max(value / 2 - offset, 0) * scale, SLOTS) | 0]!;
    while (value > limits[at]!) at++;
    to[i] = y[at]! + ((value * unit - scaled[at]!) / span[at + 1]!) * rise[at + 1]!;
  }
}

function bindStep(cuts: readonly number[], scores: readonly number[], left: boolean): Transform {
  const y = Float64Array.from(scores);
  const table = searchTable(cuts);
  return (rows, from, to) => stepScores(rows, from, to, table, y, left);
}

function stepScores(
  rows: number,
  from: Float64Array,
  to: Float64Array,
  { limits, first, offset, scale }: SearchTable,
  y: Float64Array,
  left: boolean,
): void {
  for (let i = 0; i < rows; i++) {
    const value = from[i]!;
    let at = first[Math.min(Math.max(value / 2 - offset, 0) * scale, SLOTS) | 0]!;
    while (value > limits[at]! || (left && value === limits[at])) at++;
    to[i] = y[at]!;
  }
}

const SLOTS = 64;

interface SearchTable {
  /** And +Infinity, where every search ends. */
  readonly limits: Float64Array;
  readonly first: Int32Array;
  readonly offset: number;
  readonly scale: number;
}

/**
 * For a search that seldom mispredicts a branch: `first[slot]` is how many of the limits lie in lower slots. A value's slot
 * never falls as the value rises, so all of these are below the value, and the rest are looked at one by one.
 */
function searchTable(limits: readonly number[]): SearchTable {
  const offset = (limits[0] ?? 0) / 2;
  const width = (limits[limits.length - 1] ?? 0) / 2 - offset;
  const scale = width > 0 ? Math.min(SLOTS / width, Number.MAX_VALUE) : 0;
  const slot = (value: number): number => Math.min(Math.max(value / 2 - offset, 0) * scale, SLOTS) | 0;
  const first = new Int32Array(SLOTS + 1).map((_, at) => limits.filter((limit) => slot(limit) < at).length);
  return { limits: Float64Array.from([...limits, Number.POSITIVE_INFINITY]), first, offset, scale };
}
