import { copyFinite } from '../columns/input-lane.ts';
import { type Lane, WHY } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import { BLOCK } from './block.ts';
import { majorities, type Tree } from './tree.ts';

/** Writes a test's column for rows `from … from + count`: the row goes right where it is above the split's threshold. */
export interface TestColumn {
  (lanes: readonly Lane[], from: number, count: number, out: Float64Array, at: number): void;
  /** The input whose numbers these are; columns of one input differ in its nulls only. */
  readonly numbersOf?: number;
  /** The category whose levels are looked up, and in what. */
  readonly levelsOf?: { readonly at: number; readonly table: LevelTable };
}

/** 0 (left) or 1 (right) per level, then for a null, then for a level the model does not list. */
export type LevelTable = Uint8Array;

/** Every split of some trees as `column > threshold`, so that walking them needs no case for nulls and categories. */
export interface TreeTests {
  readonly columns: readonly TestColumn[];
  /** Per tree and split: the index of the column, and the threshold. */
  readonly trees: readonly { readonly column: Int32Array; readonly threshold: Float64Array }[];
}

/**
 * The distinct columns that the splits of trees compare. A null in a number becomes ∓∞, which goes the stated way at
 * every threshold; a split on a category compares a column of 0 (left) and 1 (right). Splits that agree share a column.
 */
export function treeTests(trees: readonly Tree[], inputs: readonly Field[]): TreeTests {
  const columns: TestColumn[] = [];
  const places = new Int32Array(BLOCK);
  const known = new Map<string, number>();
  const share = (key: string, make: () => TestColumn): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, columns.length);
    columns.push(make());
    return columns.length - 1;
  };
  return {
    columns,
    trees: trees.map((tree, t) => {
      const majority = majorities(tree);
      const surrogates = surrogatesOf(tree);
      const column = new Int32Array(tree.feature.length);
      const threshold = Float64Array.from(tree.threshold);
      for (let i = 0; i < column.length; i++) {
        const at = tree.feature[i]!;
        const nullLeft = tree.nullLeft[i] === 1;
        const number = inputs[at]!.type === 'number';
        const stand = surrogates.get(i);
        const table = number ? undefined : levelTable(tree, i, inputs[at]!.levels!.length, majority[i] === 1);
        const low = number ? Number.NEGATIVE_INFINITY : 0;
        const high = number ? Number.POSITIVE_INFINITY : 1;
        const own = table ? levels(at, table, places) : numbers(at, nullLeft ? low : high);
        if (stand) {
          const imitate = standIns(tree, stand, inputs, low, high, nullLeft);
          column[i] = share(`${t} ${i}`, () => withSurrogates(at, own, imitate));
        } else column[i] = share(`${at} ${nullLeft} ${table ? table.join('') : ''}`, () => own);
        if (table) threshold[i] = 0.5;
      }
      return { column, threshold };
    }),
  };
}

function surrogatesOf(tree: Tree): Map<number, number[]> {
  const out = new Map<number, number[]>();
  tree.surrogates.forEach(({ split }, k) => {
    const own = out.get(split);
    if (own) own.push(k);
    else out.set(split, [k]);
  });
  return out;
}

function numbers(at: number, ifNull: number): TestColumn {
  const write = (lanes: readonly Lane[], from: number, count: number, out: Float64Array, to: number): void => {
    const lane = lanes[at]!;
    if (copyFinite(lane, from, count, out, to)) return;
    const { values, why, clean } = lane;
    out.set(values.subarray(from, from + count), to);
    if (!clean) for (let i = 0; i < count; i++) if (why[from + i] !== WHY.valid) out[to + i] = ifNull;
  };
  return Object.assign(write, { numbersOf: at });
}

function levelTable(tree: Tree, split: number, count: number, majorityLeft: boolean): LevelTable {
  const table = new Uint8Array(count + 2).fill(1);
  for (const code of tree.subsets[tree.threshold[split]!]!) table[code] = 0;
  table[count] = tree.nullLeft[split] === 1 ? 0 : 1;
  table[count + 1] = majorityLeft ? 0 : 1;
  return table;
}

function levels(at: number, table: LevelTable, places: Int32Array): TestColumn {
  const write = (lanes: readonly Lane[], from: number, count: number, out: Float64Array, to: number): void => {
    for (let done = 0; done < count; done += BLOCK) {
      const some = Math.min(BLOCK, count - done);
      levelPlaces(lanes[at]!, from + done, some, table, places);
      for (let i = 0; i < some; i++) out[to + done + i] = table[places[i]!]!;
    }
  };
  return Object.assign(write, { levelsOf: { at, table } });
}

/** Where in a table of its levels each row of a category is looked up. */
export function levelPlaces(
  { codes, why, clean }: Lane,
  from: number,
  count: number,
  { length }: LevelTable,
  out: Int32Array,
): void {
  if (clean) out.set(codes.subarray(from, from + count));
  else
    for (let i = 0; i < count; i++) {
      const cause = why[from + i]!;
      out[i] = cause === WHY.valid ? codes[from + i]! : cause === WHY.unseenLevel ? length - 1 : length - 2;
    }
}

type StandIn = (lanes: readonly Lane[], row: number) => number;

/** The first surrogate that is known decides: `low` for left, `high` for right; when none is, the split's own rule. */
function standIns(
  tree: Tree,
  list: readonly number[],
  inputs: readonly Field[],
  low: number,
  high: number,
  nullLeft: boolean,
): StandIn {
  const tests = list.map((k) => {
    const { feature, threshold, reversed } = tree.surrogates[k]!;
    const left = inputs[feature]!.type === 'number' ? null : new Set(tree.subsets[threshold]!);
    return { feature, threshold, reversed, left };
  });
  return (lanes, row) => {
    for (const { feature, threshold, reversed, left } of tests) {
      const lane = lanes[feature]!;
      if (lane.why[row] !== WHY.valid) continue;
      const goesLeft = left === null ? lane.values[row]! <= threshold : left.has(lane.codes[row]!);
      return goesLeft !== reversed ? low : high;
    }
    return nullLeft ? low : high;
  };
}

function withSurrogates(at: number, own: TestColumn, imitate: StandIn): TestColumn {
  return (lanes, from, count, out, to) => {
    own(lanes, from, count, out, to);
    const { why, clean } = lanes[at]!;
    if (clean) return;
    for (let i = 0; i < count; i++) {
      const cause = why[from + i]!;
      if (cause !== WHY.valid && cause !== WHY.unseenLevel) out[to + i] = imitate(lanes, from + i);
    }
  };
}
