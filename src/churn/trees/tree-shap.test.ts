import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { bindRun } from '../../kernels/run.ts';
import type { Tree } from '../../kernels/tree.ts';
import type { Field } from '../../model/field.ts';
import { telco } from '../../regression/telco.test-support.ts';
import { engine } from '../../scoring/engine.ts';
import { decisionTree } from './decision-tree.ts';
import { randomForestKind } from './forest-kind.ts';
import { interventionalContributions } from './interventional-shap.ts';
import { randomForest } from './random-forest.ts';
import { type DecisionTreeModel, decisionTreeKind } from './tree-kind.ts';
import { explainTrees } from './tree-shap.ts';
import { type Cells, draws, rows, walkTree } from './trees.test-support.ts';

const { compile } = engine({ decisionTree: decisionTreeKind, randomForest: randomForestKind });
const label = { column: 'y', churned: 1, horizon: null } as const;
const rule = { missing: 'direction', unseen: 'majority', nulls: 0 } as const;

interface XgbNode {
  readonly nodeid: number;
  readonly split?: string;
  readonly split_condition?: number;
  readonly yes?: number;
  readonly leaf?: number;
  readonly cover: number;
  readonly children?: readonly XgbNode[];
}
interface Golden {
  readonly trees_ensembles_calibration_metrics_shap: {
    readonly shap_small_tree: {
      readonly nodes: readonly {
        readonly left: number;
        readonly right: number;
        readonly feature: number;
        readonly threshold: number;
        readonly n: number;
        readonly p: number;
      }[];
      readonly rows: readonly {
        readonly x: readonly number[];
        readonly p: number;
        readonly path_dependent_base: number;
        readonly path_dependent: readonly number[];
        readonly interventional_base: number;
        readonly interventional: readonly number[];
      }[];
      readonly xgboost_3trees: {
        readonly dump_json: readonly XgbNode[];
        readonly 'pred_contribs_margin_rows_0_1_5_10_20_100(last=bias)': readonly (readonly number[])[];
        readonly margins: readonly number[];
      };
    };
  };
}
const golden = fixture<Golden>('churn-golden.json').trees_ensembles_calibration_metrics_shap.shap_small_tree;
const names = ['tenure', 'mtm', 'fiber'];
const inputs: readonly Field[] = names.map((name) => ({ name, type: 'number' }));

/** A stored tree from nodes that know their children. */
function store<N>(
  root: N,
  read: (node: N) => { value: number; weight: number } | { feature: number; threshold: number; left: N; right: N },
): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const value: number[] = [];
  const weight: number[] = [];
  const put = (node: N): number => {
    const own = read(node);
    if ('value' in own) {
      weight.push(own.weight);
      return ~(value.push(own.value) - 1);
    }
    const at = feature.push(own.feature) - 1;
    threshold.push(own.threshold);
    left.push(0);
    right.push(0);
    left[at] = put(own.left);
    right[at] = put(own.right);
    return at;
  };
  put(root);
  const nullLeft = feature.map(() => 1);
  return { feature, threshold, left, right, nullLeft, subsets: [], surrogates: [], value, weight };
}

function asModel(tree: Tree, fields: readonly Field[]): DecisionTreeModel {
  return {
    kind: 'decisionTree',
    version: 1,
    inputs: fields,
    outputs: [{ name: 'p', type: 'number', horizon: null, explained: 'probability' }],
    rules: fields.map(() => rule),
    tree,
    fit: {
      status: 'converged',
      rows: 1,
      warnings: [],
      baseRate: 0.5,
      leaves: 1,
      depth: 1,
      importance: [],
      complexity: 0,
      smoothing: 0,
      pruning: null,
    },
  };
}

const small = asModel(
  store(0, (id) => {
    const node = golden.nodes[id]!;
    return node.left < 0
      ? { value: node.p, weight: node.n }
      : { feature: node.feature, threshold: node.threshold, left: node.left, right: node.right };
  }),
  inputs,
);
const batch = Object.fromEntries(names.map((name, k) => [name, golden.rows.map(({ x }) => x[k]!)]));

describe('explain of trees', () => {
  it('gives the path-dependent Shapley values of a brute force (golden file)', () => {
    const { base, contributions } = compile(small).explain(batch, 'p');
    golden.rows.forEach((row, i) => {
      expect(base).toBeCloseTo(row.path_dependent_base, 12);
      contributions.forEach((own, k) => {
        expect(Math.abs(own[i]! - row.path_dependent[k]!)).toBeLessThan(1e-12);
      });
    });
  });

  it('gives the contributions of xgboost to its margin (golden file; xgboost calculates in float32)', () => {
    const { dump_json: dump, margins, ...rest } = golden.xgboost_3trees;
    const expected = rest['pred_contribs_margin_rows_0_1_5_10_20_100(last=bias)'];
    const trees = dump.map((root) =>
      store(root, (node) => {
        if (node.leaf !== undefined) return { value: node.leaf, weight: node.cover };
        const [a, b] = node.children as readonly [XgbNode, XgbNode];
        const yes = a.nodeid === node.yes ? a : b;
        // x < 0.5 is x <= 0.5 here, where no value lies on a threshold.
        const feature = names.indexOf(node.split!);
        return { feature, threshold: node.split_condition!, left: yes, right: yes === a ? b : a };
      }),
    );
    const explained = explainTrees(
      trees,
      inputs,
      inputs.map(() => rule),
      { scale: 'log-odds', base: 0 },
    );
    const fields = explained.terms.map(({ name }): Field => ({ name, type: 'number' }));
    const { columns } = bindRun(explained.kernel, inputs, fields)(batch);
    expected.forEach((row, i) => {
      columns.forEach(({ values }, k) => {
        expect(values[i]).toBeCloseTo(row[k]!, 5);
      });
      const total = columns.reduce((all, { values }) => all + values[i]!, explained.base);
      // base_score .5 is a margin of 0.
      expect(total).toBeCloseTo(margins[i]!, 5);
    });
  });

  it('gives Shapley values by their definition, for deep trees with repeated features, categories and nulls', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { data } = draws(seed, 300, { nulls: true });
      const model = decisionTree({ label, features: ['a', 'b', 'c'], maxDepth: 9, minLeaf: 2 }).fit(data);
      const fresh = draws(seed + 50, 12, { nulls: true }).data;
      const { base, contributions } = compile(model).explain(fresh, 'churnProbability');
      for (let row = 0; row < 12; row++) {
        const value = (known: readonly boolean[]): number => expectation(model, fresh, row, known);
        expect(base).toBeCloseTo(value([false, false, false]), 12);
        contributions.forEach((own, k) => {
          expect(Math.abs(own[row]! - shapley(k, 3, value))).toBeLessThan(1e-12);
        });
      }
    }
  });

  it('adds up to the score within 1e-12, of a forest to its mean before calibration', () => {
    const { data } = draws(4, 500, { nulls: true });
    const options = { label, features: ['a', 'b', 'c'], maxDepth: 20, minLeaf: 1 } as const;
    const single = decisionTree({ ...options, smoothing: 0 }).fit(data);
    const forest = randomForest({ ...options, trees: 20, seed: 3, calibrated: false }).fit(data);
    for (const plan of [compile(single), compile(forest)]) {
      const p = plan.score(data).columns.churnProbability;
      const { base, contributions } = plan.explain(data, 'churnProbability');
      for (let i = 0; i < p.length; i++) {
        const total = contributions.reduce((all, own) => all + own[i]!, base);
        expect(Math.abs(total - p[i]!)).toBeLessThan(1e-12);
      }
    }
  });

  it('has no contributions where the score is null', () => {
    const { data } = draws(4, 60, {});
    const model = decisionTree({ label, features: ['a', 'b'], missing: 'null', minLeaf: 2 }).fit(data);
    const { contributions } = compile(model).explain({ a: [0.5, null], b: [0.2, 0.2] }, 'churnProbability');
    for (const own of contributions) expect([...own].map(Number.isNaN)).toEqual([false, true]);
  });
});

describe('interventionalContributions', () => {
  it.skipIf(!hasShared('telco-churn.csv'))('gives the values of a brute force (golden file)', () => {
    const data = rows(telco(), (i) => i < 100);
    const background = {
      tenure: data.tenure!,
      mtm: (data.Contract as string[]).map((cell) => (cell === 'Month-to-month' ? 1 : 0)),
      fiber: (data.InternetService as string[]).map((cell) => (cell === 'Fiber optic' ? 1 : 0)),
    };
    const { base, contributions } = interventionalContributions(small, batch, background);
    golden.rows.forEach((row, i) => {
      expect(Math.abs(base - row.interventional_base)).toBeLessThan(1e-12);
      contributions.forEach((own, k) => {
        expect(Math.abs(own[i]! - row.interventional[k]!)).toBeLessThan(1e-12);
      });
    });
  });

  it('gives Shapley values by their definition, over a background with nulls and categories', () => {
    const { data } = draws(9, 300, { nulls: true });
    const model = decisionTree({ label, features: ['a', 'b', 'c'], maxDepth: 8, minLeaf: 2 }).fit(data);
    const fresh = draws(60, 5, { nulls: true }).data;
    const background = draws(61, 7, { nulls: true }).data;
    const { base, contributions } = interventionalContributions(model, fresh, background);
    const order = ['a', 'b', 'c'];
    for (let row = 0; row < 5; row++) {
      const value = (known: readonly boolean[]): number => {
        const mixed = Object.fromEntries(
          order.map((name, k) => [
            name,
            (background as Cells)[name]!.map((cell) => (known[k] ? (fresh as Cells)[name]![row]! : cell)),
          ]),
        );
        return walkTree(model, mixed).reduce((a, b) => a + b, 0) / 7;
      };
      expect(base).toBeCloseTo(value([false, false, false]), 12);
      contributions.forEach((own, k) => {
        expect(Math.abs(own[row]! - shapley(k, 3, value))).toBeLessThan(1e-12);
      });
    }
  });

  it('refuses a background without a row that has a score', () => {
    expect(() => interventionalContributions(small, batch, { tenure: [], mtm: [], fiber: [] })).toThrow(/background/);
  });
});

/** Σ over coalitions without k of |S|!(m−|S|−1)!/m!·(v(S ∪ k) − v(S)). */
function shapley(k: number, m: number, value: (known: readonly boolean[]) => number): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  let total = 0;
  for (let set = 0; set < 2 ** m; set++) {
    if ((set >> k) & 1) continue;
    const known = Array.from({ length: m }, (_, j) => ((set >> j) & 1) === 1);
    const size = known.filter(Boolean).length;
    const weight = (factorial(size) * factorial(m - size - 1)) / factorial(m);
    total += weight * (value(known.map((own, j) => own || j === k)) - value(known));
  }
  return total;
}

/** The score with unknown features averaged along the tree by the weights of the fit. */
function expectation(model: DecisionTreeModel, data: Cells, row: number, known: readonly boolean[]): number {
  const { tree } = model;
  const one = Object.fromEntries(Object.entries(data).map(([name, cells]) => [name, [cells[row]!]]));
  const below = (child: number): number =>
    child < 0 ? tree.weight[~child]! : below(tree.left[child]!) + below(tree.right[child]!);
  const visit = (child: number): number => {
    if (child < 0) return tree.value[~child]!;
    const l = tree.left[child]!;
    const r = tree.right[child]!;
    if (!known[tree.feature[child]!]) return (below(l) * visit(l) + below(r) * visit(r)) / below(child);
    // The side is found by scoring a stump of this split.
    const stump = {
      ...tree,
      feature: [tree.feature[child]!],
      threshold: [tree.threshold[child]!],
      left: [-1],
      right: [-2],
      nullLeft: [tree.nullLeft[child]!],
      value: [0, 1],
      weight: [below(l), below(r)],
    };
    return visit(walkTree({ ...model, tree: stump }, one)[0] === 0 ? l : r);
  };
  return visit(tree.feature.length > 0 ? 0 : ~0);
}
