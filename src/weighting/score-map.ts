import { fail } from '../errors.ts';
import { type Check, finite, listOf, oneOf, record } from '../model/checks.ts';

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
