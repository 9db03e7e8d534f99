import { heightsOf, isLeaf, type Tree } from './tree.ts';
import { layNodes } from './tree-nodes.ts';
import type { TreeTests } from './tree-tests.ts';

/** Rows that are coded and compared together. */
export const GROUP = 128;
/** Trees whose leaves are added together. */
export const FOUR = 4;
/** States of a tree that are told apart by selection; from there its rows walk on one by one. */
const MOST_STATES = 64;
/** What a level of the walk costs, and its beginning, in splits that are selected; an estimate. */
const LEVEL = 28;
const WALK = 8;
const ENDS_AT = MOST_STATES;
const RESULTS_AT = ENDS_AT + FOUR;
/** Bytes of what `selectTrees` selects from: constant results, the ends of four trees, results in between. */
export const OPERANDS: number = GROUP * (RESULTS_AT + (FOUR * MOST_STATES) / 2);
const HEAD = 64;

/** A row goes right where `code > limit`, codes being signed. */
interface Test {
  readonly column: number;
  readonly limit: number;
}

/**
 * Trees as `selectTrees` of trees.as.ts reads them: four by four, of each four the splits whose results need no others first.
 * Null where the nodes to walk do not fit their words.
 */
export function selectProgram(
  trees: readonly Tree[],
  tests: TreeTests,
  codeOf: (tree: number, split: number) => number,
): Uint8Array | null {
  const columns = tests.columns.length;
  const fours = Array.from({ length: Math.ceil(trees.length / FOUR) }, (_, four) => {
    const room = new Selection(columns);
    const own = Array.from({ length: FOUR }, (_, k) => {
      const t = FOUR * four + k;
      const tree = trees[t] ?? NOTHING;
      const testOf = (split: number): Test => ({
        column: tests.trees[t]!.column[split]!,
        limit: codeOf(t, split) - 128,
      });
      return layRest(tree, room.select(tree, topOf(tree), testOf, ENDS_AT + k), testOf);
    });
    return { room, own, walks: own.some(({ depth }) => depth > 0) };
  });
  for (const { own, walks } of fours)
    if (walks && (columns > 256 || own.some(({ values }) => values.length > 65535))) return null;

  let data = fours.reduce((all, { room }) => all + HEAD + room.size(), 0);
  const sizeOf = ({ values, nodes }: Rest): number => 8 * (values.length + ((nodes.length + 1) >> 1));
  const out = new Uint8Array(
    data + fours.reduce((all, { own }) => all + own.reduce((n, one) => n + sizeOf(one), 0), 0),
  );
  const view = new DataView(out.buffer);
  let at = 0;
  for (const { room, own, walks } of fours) {
    own.forEach((rest, k) => {
      const { depth, values, nodes } = rest;
      view.setUint32(at + 4 * k, data, true);
      view.setInt32(at + 16 + 4 * k, walks ? depth : -1, true);
      view.setUint32(at + 32 + 4 * k, data + 8 * values.length, true);
      for (let n = 0; n < values.length; n++) view.setFloat64(data + 8 * n, values[n]!, true);
      for (let n = 0; n < nodes.length; n++) view.setUint32(data + 8 * (values.length + n / 2), nodes[n]!, true);
      data += sizeOf(rest);
    });
    room.write(view, at + 48, out, at + HEAD);
    at += HEAD + room.size();
  }
  return out;
}

/** −0 added to any number gives that number. */
const NOTHING: Tree = {
  ...{ feature: [], threshold: [], left: [], right: [], nullLeft: [], subsets: [], surrogates: [], weight: [1] },
  value: [-0],
};

/**
 * The splits to select by: while it pays, the subtree of the deepest leaf is split, so that fewer levels are left to walk.
 */
function topOf(tree: Tree): ReadonlySet<number> {
  const { feature, left, right } = tree;
  const heights = heightsOf(tree);
  const order: number[] = [];
  const open = feature.length > 0 ? [0] : [];
  let best = { cost: Number.POSITIVE_INFINITY, splits: 0 };
  for (;;) {
    let deepest = 0;
    for (let k = 1; k < open.length; k++) if (heights[open[k]!]! > heights[open[deepest]!]!) deepest = k;
    const height = open.length > 0 ? heights[open[deepest]!]! : 0;
    const cost = order.length + (height > 0 ? WALK + LEVEL * height : 0);
    if (cost < best.cost) best = { cost, splits: order.length };
    if (open.length === 0 || order.length === MOST_STATES - 1) break;
    const split = open[deepest]!;
    order.push(split);
    open.splice(deepest, 1);
    for (const child of [left[split]!, right[split]!]) if (!isLeaf(child)) open.push(child);
  }
  return new Set(order.slice(0, best.splits));
}

/** What is left of a tree: values by state, or by node where its rows walk on from nodes that are the states. */
interface Rest {
  readonly depth: number;
  readonly values: readonly number[];
  readonly nodes: readonly number[];
}

function layRest(tree: Tree, states: readonly number[], testOf: (split: number) => Test): Rest {
  const values: number[] = [];
  const nodes: number[] = [];
  const depth = layNodes(
    tree,
    states,
    (node, left, split) => {
      const { column, limit } = split < 0 ? { column: 0, limit: 127 } : testOf(split);
      values[node] = 0;
      nodes[node] = ((left << 16) | (column << 8) | (limit & 255)) >>> 0;
    },
    (node, value) => {
      values[node] = value;
    },
  );
  return { depth, values, nodes: depth > 0 ? nodes : [] };
}

/** Operations of one kind, as many as four trees may have. */
class Operations {
  count = 0;
  private readonly size: number;
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly view: DataView;

  constructor(size: number) {
    this.size = size;
    this.bytes = new Uint8Array(size * FOUR * MOST_STATES);
    this.view = new DataView(this.bytes.buffer);
  }
  /** Columns in 4 bytes each, places of results in 2, limits and numbers of leaves in 1. */
  add(columns: readonly number[], places: readonly number[], small: readonly number[]): void {
    let at = this.size * this.count++;
    for (const column of columns) {
      this.view.setUint32(at, GROUP * column, true);
      at += 4;
    }
    for (const place of places) {
      this.view.setUint16(at, GROUP * place, true);
      at += 2;
    }
    for (const byte of small) this.view.setUint8(at++, byte & 255);
  }
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.size * this.count);
  }
}

/**
 * The splits of four trees by what they select from: two leaves (pairs); a leaf and a pair (chains); two pairs (fulls);
 * results (others). Leaves are numbered so that what lies right is more than what lies left: `right and mask`, or `left` if
 * that is more, then is the side a row goes to.
 */
class Selection {
  private readonly pairs = new Operations(8);
  private readonly chains = new Operations(16);
  private readonly fulls = new Operations(20);
  private readonly others = new Operations(12);
  private results = RESULTS_AT;
  private readonly columns: number;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** Adds the splits of `top`; gives the children that are the states, in their order. */
  select(tree: Tree, top: ReadonlySet<number>, testOf: (split: number) => Test, end: number): number[] {
    const states: number[] = [];
    const sides = (split: number): [number, number] => [tree.left[split]!, tree.right[split]!];
    const isEnd = (child: number): boolean => !top.has(child);
    const isPair = (child: number): boolean => !isEnd(child) && sides(child).every(isEnd);
    const number = (...children: number[]): number => states.push(...children) - children.length;
    const put = (child: number, end?: number): number => {
      const own = testOf(child);
      const [left, right] = sides(child);
      const to = (): number => end ?? this.results++;
      if (isEnd(left) && isEnd(right)) {
        const at = to();
        this.pairs.add([own.column], [at], [own.limit, number(left, right)]);
        return at;
      }
      if ((isEnd(left) && isPair(right)) || (isPair(left) && isEnd(right))) {
        const [leaf, pair] = isEnd(left) ? [left, right] : [right, left];
        // The pair is taken where the code is above the limit: of a mirrored code where the own one is not.
        const outer = isEnd(left) ? own : { column: own.column + this.columns, limit: -2 - own.limit };
        const inner = testOf(pair);
        const at = to();
        const least = number(leaf, ...sides(pair));
        this.chains.add([outer.column, inner.column], [at], [outer.limit, inner.limit, least]);
        return at;
      }
      if (isPair(left) && isPair(right)) {
        const [low, high] = [testOf(left), testOf(right)];
        const at = to();
        const least = number(...sides(left), ...sides(right));
        this.fulls.add([own.column, low.column, high.column], [at], [own.limit, low.limit, high.limit, least]);
        return at;
      }
      const first = isEnd(left) ? number(left) : put(left);
      const second = isEnd(right) ? number(right) : put(right);
      const at = end ?? Math.max(first, second);
      this.others.add([own.column], [first, second, at], [own.limit]);
      return at;
    };
    if (top.size > 0) put(0, end);
    else {
      number(tree.feature.length > 0 ? 0 : ~0);
      this.others.add([0], [0, 0, end], [0]);
    }
    return states;
  }

  private get lists(): readonly Operations[] {
    return [this.pairs, this.chains, this.fulls, this.others];
  }
  size(): number {
    return (this.lists.reduce((all, { written }) => all + written.length, 0) + 7) & ~7;
  }
  write(view: DataView, countsAt: number, out: Uint8Array, at: number): void {
    let next = at;
    this.lists.forEach(({ count, written }, k) => {
      view.setInt32(countsAt + 4 * k, count, true);
      out.set(written, next);
      next += written.length;
    });
  }
}
