import { rowCount } from '../../columns/batch.ts';
import { InputLane } from '../../columns/input-lane.ts';
import { makeLane } from '../../columns/lane.ts';
import { openField } from '../../columns/open.ts';
import { fail } from '../../errors.ts';
import { isLeaf, type Tree } from '../../kernels/tree.ts';
import { nullRows } from '../../kernels/tree-sum.ts';
import { type TreeTests, treeTests } from '../../kernels/tree-tests.ts';
import { type Columns, type Lane, WHY } from '../../model/batch.ts';
import type { Term } from '../../model/contract.ts';
import type { RandomForestModel } from './forest-kind.ts';
import type { DecisionTreeModel } from './tree-kind.ts';

/** Contributions per row and input: `base + Σ` is the score on `scale`. Fits `topReasons`. */
export interface TreeContributions {
  readonly scale: string;
  readonly base: number;
  readonly terms: readonly Term[];
  readonly contributions: readonly Float64Array[];
}

/**
 * Interventional Shapley values: a coalition's value is the mean score over background rows, each with the coalition's
 * features taken from the explained row (Lundberg et al. 2020). `base` is the mean score of the background. Unlike the
 * path-dependent values of `explain` nothing is inferred from correlated features; the cost grows with the background.
 *
 * A leaf that is reached when the features U come from the row and V from a background row (the others lead there either
 * way) gives v·(|U|−1)!·|V|!/(|U|+|V|)! to each of U, and −v·|U|!·(|V|−1)!/(|U|+|V|)! to each of V.
 *
 * Rows that the model scores null have no contributions (NaN), and stand in no background.
 * @throws empty-input when the background has no row with a score.
 */
export function interventionalContributions(
  model: DecisionTreeModel | RandomForestModel,
  rows: Columns,
  background: Columns,
): TreeContributions {
  const trees = 'trees' in model ? model.trees : [model.tree];
  const { inputs } = model;
  const tests = treeTests(trees, inputs);
  const own = testCells(tests, model, rows);
  const other = testCells(tests, model, background);
  const stand = [...other.scored.keys()].filter((b) => other.scored[b] === 1);
  if (stand.length === 0) fail('empty-input', 'the background has no row that the model can score');
  const contributions = inputs.map(() => new Float64Array(own.rows));
  let base = 0;
  trees.forEach((tree, t) => {
    const walk = new Walk(tree, tests.trees[t]!, inputs.length);
    for (const b of stand) base += walk.value(other, b) / stand.length;
    for (let i = 0; i < own.rows; i++) {
      walk.out.fill(0);
      for (const b of stand) walk.pair(own, i, other, b);
      for (let k = 0; k < inputs.length; k++)
        contributions[k]![i] = own.scored[i] === 1 ? contributions[k]![i]! + walk.out[k]! / stand.length : Number.NaN;
    }
  });
  return {
    scale: model.outputs[0]!.explained,
    base,
    terms: inputs.map(({ name }) => ({ name, columns: [name] })),
    contributions,
  };
}

/** The tests' columns of a whole batch, column by column. */
interface Cells {
  readonly rows: number;
  readonly cells: Float64Array;
  /** 1 where the model gives a score. */
  readonly scored: Uint8Array;
}

function testCells(
  { columns }: TreeTests,
  { inputs, rules }: Pick<DecisionTreeModel, 'inputs' | 'rules'>,
  batch: Columns,
): Cells {
  const rows = rowCount(batch);
  const lanes = inputs.map((field): Lane => {
    const lane = field.type === 'number' ? new InputLane(rows) : makeLane(field, rows);
    openField(batch, field).read(0, rows, lane);
    return lane;
  });
  const cells = new Float64Array(columns.length * rows);
  for (let c = 0; c < columns.length; c++) columns[c]!(lanes, 0, rows, cells, c * rows);
  const out = makeLane({ type: 'number' }, rows);
  nullRows(rows, lanes, rules, out);
  return { rows, cells, scored: out.why.map((why) => (why === WHY.valid ? 1 : 0)) };
}

class Walk {
  readonly out: Float64Array;
  private readonly tree: Tree;
  private readonly column: Int32Array;
  private readonly threshold: Float64Array;
  /** Per feature: 1 – on the path by the row alone, 2 – by the background row alone, 0 – by neither or both so far. */
  private readonly state: Uint8Array;
  private readonly path: Int32Array;

  constructor(tree: Tree, { column, threshold }: TreeTests['trees'][number], inputs: number) {
    this.tree = tree;
    this.column = column;
    this.threshold = threshold;
    this.out = new Float64Array(inputs);
    this.state = new Uint8Array(inputs);
    this.path = new Int32Array(inputs);
  }

  private right({ cells, rows }: Cells, row: number, split: number): boolean {
    return cells[this.column[split]! * rows + row]! > this.threshold[split]!;
  }

  value(of: Cells, row: number): number {
    const { left, right, value } = this.tree;
    let at = left.length > 0 ? 0 : ~0;
    while (!isLeaf(at)) at = this.right(of, row, at) ? right[at]! : left[at]!;
    return value[~at]!;
  }

  /** Adds the contributions of one row against one background row. */
  pair(own: Cells, i: number, other: Cells, b: number): void {
    if (this.tree.feature.length > 0) this.visit(0, own, i, other, b, 0, 0);
  }

  private visit(at: number, own: Cells, i: number, other: Cells, b: number, ours: number, theirs: number): void {
    const { state, path, out } = this;
    const { left, right, feature, value } = this.tree;
    if (isLeaf(at)) {
      const v = value[~at]!;
      const count = ours + theirs;
      const plus = ours > 0 ? v * share(ours - 1, theirs) : 0;
      const minus = theirs > 0 ? v * share(ours, theirs - 1) : 0;
      for (let k = 0; k < count; k++) {
        const f = path[k]!;
        out[f] = out[f]! + (state[f] === 1 ? plus : -minus);
      }
      return;
    }
    const f = feature[at]!;
    const a = this.right(own, i, at);
    const c = this.right(other, b, at);
    const known = state[f]!;
    if (a === c || known !== 0) {
      const goesRight = known === 2 ? c : a;
      this.visit(goesRight ? right[at]! : left[at]!, own, i, other, b, ours, theirs);
      return;
    }
    path[ours + theirs] = f;
    state[f] = 1;
    this.visit(a ? right[at]! : left[at]!, own, i, other, b, ours + 1, theirs);
    state[f] = 2;
    this.visit(c ? right[at]! : left[at]!, own, i, other, b, ours, theirs + 1);
    state[f] = 0;
  }
}

/** a!·b!/(a + b + 1)!. */
function share(a: number, b: number): number {
  let out = 1 / (a + b + 1);
  for (let k = 1; k <= Math.min(a, b); k++) out *= k / (Math.max(a, b) + k);
  return out;
}
