import { fail } from '../errors.ts';
import { knownOptions, list } from '../model/options.ts';

/** A judgement on one pair: how many times more important the first is than the second (below 1: less). */
export type PairJudgement = readonly [first: string, second: string, times: number];

/**
 * Judgements on all pairs: the upper triangle row by row (1·2, 1·3, …, 2·3, …), the whole matrix, or named pairs in any
 * order and direction.
 */
export type Judgements = readonly number[] | readonly (readonly number[])[] | readonly PairJudgement[];

/** A positive reciprocal matrix: `values[i][j]` tells how many times more important item i is than item j. */
export interface JudgementMatrix {
  readonly items: readonly string[];
  readonly values: readonly (readonly number[])[];
}

export interface JudgementOptions {
  /** Names of the items compared, in matrix order. Default: as they appear in the pairs, else `1`, `2`, …. */
  readonly items?: readonly string[];
  /** End of the scale; a judgement beyond it or its reciprocal is refused. Default: 9, Saaty's scale. `Infinity`: no end. */
  readonly largest?: number;
}

const TOLERANCE = 1e-9;

/**
 * The pairwise judgement matrix of the analytic hierarchy process (S18): a_ij > 0, a_ji = 1/a_ij, a_ii = 1. Reciprocals may
 * be off by 1e-9 (relative); the number above 1 of each pair is then the one that counts.
 *
 * @throws ClienteleError `invalid-value` that names the pair: not positive, not reciprocal, beyond the scale, missing or
 *   judged twice; `wrong-type` for what is no list; `wrong-length` when the numbers make no triangle or square; `invalid-option` for repeated items.
 * @example judgementMatrix([4, 5, 2]).values // [[1, 4, 5], [1/4, 1, 2], [1/5, 1/2, 1]]
 * @example judgementMatrix([['price', 'service', 3]]).values // [[1, 3], [1/3, 1]]
 */
export function judgementMatrix(judgements: Judgements, options: JudgementOptions = {}): JudgementMatrix {
  const { largest = 9 } = knownOptions(options, 'judgementMatrix', 'items largest');
  if (!(largest >= 1)) fail('invalid-option', `invalid largest: ${largest}; use the end of the scale, 1 or more`);
  const items = itemsOf(judgements, options.items);
  const n = items.length;
  const raw = spread(judgements, items);
  const values: number[][] = items.map((_, i) => items.map((_, j) => (i === j ? 1 : 0)));
  for (let i = 0; i < n; i++) {
    if (!(Math.abs(raw[i]![i]! - 1) <= TOLERANCE))
      fail('invalid-value', `"${items[i]}" against itself is ${raw[i]![i]}: the diagonal must be 1`);
    for (let j = i + 1; j < n; j++) {
      const pair = `"${items[i]}" against "${items[j]}"`;
      const there = raw[i]![j]!;
      const back = raw[j]![i]!;
      for (const judgement of [there, back])
        if (!(judgement > 0 && judgement < Number.POSITIVE_INFINITY))
          fail('invalid-value', `${pair} is ${judgement}: judgements must be above 0 and finite`);
      if (!(Math.abs(there * back - 1) <= TOLERANCE))
        fail('invalid-value', `${pair} is ${there} and the reverse ${back}: make one the reciprocal of the other`);
      const larger = Math.max(there, back);
      if (larger > largest * (1 + TOLERANCE))
        fail('invalid-value', `${pair} is beyond the scale of 1 to ${largest}: correct it, or give a wider "largest"`);
      values[i]![j] = there >= back ? larger : 1 / larger;
      values[j]![i] = there >= back ? 1 / larger : larger;
    }
  }
  return { items, values };
}

/**
 * The matrix itself, which must be square with judgements above 0: one that was read from a file, or made by hand, may be
 * anything.
 */
export function checkedMatrix<M extends JudgementMatrix>(matrix: M): M {
  const { items, values } = (matrix ?? {}) as Partial<JudgementMatrix>;
  if (!Array.isArray(items) || !Array.isArray(values))
    fail('wrong-type', 'expected a judgement matrix with items and values: make it with judgementMatrix(…)');
  const n = items.length;
  if (values.length !== n || values.some((row) => !Array.isArray(row) || row.length !== n))
    fail(
      'wrong-length',
      `a judgement matrix on ${n} items has ${n} lists of ${n} values: make it with judgementMatrix(…)`,
    );
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const judgement: unknown = values[i]![j];
      if (!(typeof judgement === 'number' && judgement > 0 && judgement < Number.POSITIVE_INFINITY))
        fail(
          'invalid-value',
          `"${items[i]}" against "${items[j]}" is ${judgement}: judgements must be above 0 and finite`,
        );
    }
  return matrix;
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);

/** Stops unless the judgements are a list, and all of them lists where the first is one. */
function checkLists(judgements: Judgements): void {
  const odd = isList(judgements)
    ? isList(judgements[0])
      ? judgements.findIndex((one) => !isList(one))
      : -1
    : fail('wrong-type', `judgements are ${judgements}: give a triangle, a matrix or named pairs, as a list`);
  if (odd >= 0) fail('wrong-type', `judgement ${odd + 1} is ${judgements[odd]}, the first is a list: make them alike`);
}

function isPairs(judgements: Judgements): judgements is readonly PairJudgement[] {
  const first = judgements[0];
  return typeof first === 'object' && first !== null && typeof first[0] === 'string';
}
function isMatrix(judgements: Judgements): judgements is readonly (readonly number[])[] {
  return isList(judgements[0]) && !isPairs(judgements);
}

function itemsOf(judgements: Judgements, given: readonly string[] | undefined): readonly string[] {
  checkLists(judgements);
  if (given !== undefined) list(given, 'items');
  let n = given?.length ?? 0;
  if (!isPairs(judgements)) {
    n = isMatrix(judgements) ? judgements.length : Math.round((1 + Math.sqrt(1 + 8 * judgements.length)) / 2);
    const cells = isMatrix(judgements) ? n * n : (n * (n - 1)) / 2;
    const found = isMatrix(judgements) ? judgements.reduce((sum, row) => sum + row.length, 0) : judgements.length;
    if (found !== cells || (isMatrix(judgements) && judgements.some((row) => row.length !== n)))
      fail('wrong-length', `${found} judgements make no ${isMatrix(judgements) ? 'square' : 'upper triangle'}`);
    if (given && given.length !== n)
      fail('wrong-length', `${given.length} items are named, but the judgements are on ${n}: make them equal`);
  }
  return isPairs(judgements) ? itemsOfPairs(judgements, given) : distinct(given ?? count(n));
}

/** The items in the order given, else in the order in which the pairs name them. */
export function itemsOfPairs(pairs: readonly PairJudgement[], given?: readonly string[]): readonly string[] {
  checkLists(pairs);
  return distinct(given ?? [...new Set(pairs.flatMap((pair) => [pair[0], pair[1]]))]);
}

function distinct(items: readonly string[]): readonly string[] {
  const repeated = items.find((item, i) => items.indexOf(item) !== i);
  if (repeated !== undefined) fail('invalid-option', `invalid items: "${repeated}" is repeated`);
  return [...items];
}

const count = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => String(i + 1));

/** The judgements as a whole matrix, reciprocals filled in. */
function spread(judgements: Judgements, items: readonly string[]): readonly (readonly number[])[] {
  if (isMatrix(judgements)) return judgements;
  const values = items.map((_, i) => items.map((_, j) => (i === j ? 1 : Number.NaN)));
  const set = (i: number, j: number, times: number): void => {
    values[i]![j] = times;
    values[j]![i] = 1 / times;
  };
  if (isPairs(judgements)) {
    for (const [first, second, times] of judgements) {
      const i = items.indexOf(first);
      const j = items.indexOf(second);
      const pair = `"${first}" against "${second}"`;
      if (i < 0 || j < 0) fail('invalid-value', `${pair}: the items are ${items.join(', ')}`);
      if (i === j) fail('invalid-value', `${pair}: an item is not judged against itself`);
      if (!Number.isNaN(values[i]![j]!)) fail('invalid-value', `${pair} is judged twice: keep one`);
      if (!(times > 0)) fail('invalid-value', `${pair} is ${times}: judgements must be above 0 and finite`);
      set(i, j, times);
    }
    for (let i = 0; i < items.length; i++)
      for (let j = i + 1; j < items.length; j++)
        if (Number.isNaN(values[i]![j]!))
          fail('invalid-value', `"${items[i]}" against "${items[j]}" is not judged: every pair needs a judgement`);
  } else {
    let at = 0;
    for (let i = 0; i < items.length; i++)
      for (let j = i + 1; j < items.length; j++) set(i, j, (judgements as readonly number[])[at++]!);
  }
  return values;
}
