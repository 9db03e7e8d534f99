import type { Tree } from '../../kernels/tree.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import type { ShapCodes } from './tree-shap-codes.ts';
import { failing, groupPaths, type Path, type PathGroup } from './tree-shap-paths.ts';

/** Entries of a table of several leaves: more would save few look-ups and leave the nearest cache. */
const MOST_ENTRIES = 1024;
/** Entries of the table of a leaf alone, of 14 features on its path. */
const MOST_OF_LEAF = 1 << 14;
/** Bytes of all tables of a model. */
const MOST_BYTES = 1 << 27;
/** Codes are held in 16 bits. */
const MOST_THRESHOLDS = 32_000;

/**
 * Leaves whose contributions are looked up together: the cells of a row matter to them only by the tests on their paths.
 * `entry = start + Σ weight[k]·(code[column[k]] > rank[k])`.
 */
export interface ShapTable {
  readonly start: number;
  readonly column: Int32Array;
  readonly rank: Int32Array;
  readonly weight: Int32Array;
  readonly entries: number;
  /** The inputs that the leaves' paths ask for. */
  readonly features: Int32Array;
  /** What each of them contributes, by feature and entry. */
  readonly cells: Float64Array;
}

/**
 * The tables of every tree; null for a tree that is not looked up. Tables are as large as the room for all of them allows;
 * when even small ones do not fit, the first trees have the room.
 */
export function shapTables(
  trees: readonly Tree[],
  { columns, trees: tests }: ShapCodes,
  mostBytes: number = MOST_BYTES,
): readonly (readonly ShapTable[] | null)[] {
  if (columns.some(({ thresholds }) => thresholds.length > MOST_THRESHOLDS)) return trees.map(() => null);
  const nullCodes = columns.map(({ nullCode }) => nullCode);
  let groups: readonly (readonly PathGroup[] | null)[] = [];
  for (const most of [MOST_ENTRIES, MOST_ENTRIES / 4]) {
    groups = trees.map((tree, t) => groupPaths(tree, tests[t]!, nullCodes, { most, mostOfLeaf: MOST_OF_LEAF }));
    if (groups.reduce((all, own) => all + bytesOf(own ?? []), 0) <= mostBytes) break;
  }
  let room = mostBytes;
  return groups.map((own) => {
    if (own === null || bytesOf(own) > room) return null;
    room -= bytesOf(own);
    return own.map((group) => shapTable(group));
  });
}

const bytesOf = (groups: readonly PathGroup[]): number =>
  groups.reduce((all, { entries, features }) => all + 8 * entries * features.length, 0);

function shapTable({ paths, digits, features, entries }: PathGroup): ShapTable {
  const column: number[] = [];
  const rank: number[] = [];
  const weight: number[] = [];
  let start = 0;
  let stride = 1;
  for (const { column: own, ranks, cases, examples } of digits) {
    start += stride * cases[0]!;
    ranks.forEach((r, k) => {
      if (cases[k] === cases[k + 1]) return;
      column.push(own);
      rank.push(r);
      weight.push(stride * (cases[k + 1]! - cases[k]!));
    });
    stride *= examples.length;
  }
  const cells = new Float64Array(entries * features.length);
  const pattern = new Uint16Array(entries);
  for (const path of paths) {
    const m = path.features.length;
    const own = pathContributions(path);
    // Which of the path's features pass, for every entry.
    pattern[0] = 2 ** m - 1;
    let filled = 1;
    for (const { column: c, examples } of digits) {
      const masks = examples.map((code) => ~failing(path, c, code));
      for (let d = examples.length - 1; d >= 0; d--) {
        const [mask, to] = [masks[d]!, d * filled];
        for (let e = 0; e < filled; e++) pattern[to + e] = pattern[e]! & mask;
      }
      filled *= examples.length;
    }
    for (let j = 0; j < m; j++) {
      const to = features.indexOf(path.features[j]!) * entries;
      const from = j * 2 ** m;
      for (let e = 0; e < entries; e++) cells[to + e] = cells[to + e]! + own[from + pattern[e]!]!;
    }
  }
  return {
    start,
    column: Int32Array.from(column),
    rank: Int32Array.from(rank),
    weight: Int32Array.from(weight),
    entries,
    features: Int32Array.from(features),
    cells,
  };
}

/** v·(o_i − z_i)·∫ Π_{j≠i} (z_j(1 − t) + o_j·t) dt by feature i and pattern of o. */
function pathContributions({ value, share }: Path): Float64Array {
  const m = share.length;
  const patterns = 2 ** m;
  const points = (m + 1) >> 1;
  const { nodes, weights } = gaussLegendre(points);
  const out = new Float64Array(patterns * m);
  const products = new Float64Array(patterns);
  const factor = new Float64Array(2);
  for (let q = 0; q < points; q++) {
    const t = (1 + nodes[q]!) / 2;
    products[0] = (value * weights[q]!) / 2;
    for (let j = 0; j < m; j++) {
      const no = share[j]! * (1 - t);
      const yes = no + t;
      const half = 2 ** j;
      for (let p = 0; p < half; p++) {
        products[half + p] = products[p]! * yes;
        products[p] = products[p]! * no;
      }
    }
    for (let i = 0; i < m; i++) {
      const z = share[i]!;
      factor[0] = -1 / (1 - t);
      factor[1] = (1 - z) / (z * (1 - t) + t);
      const at = i * patterns;
      for (let p = 0; p < patterns; p++) out[at + p] = out[at + p]! + products[p]! * factor[(p >> i) & 1]!;
    }
  }
  return out;
}
