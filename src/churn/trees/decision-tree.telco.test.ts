import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { telco, telcoFeatures, telcoLabel } from '../../regression/telco.test-support.ts';
import { engine } from '../../scoring/engine.ts';
import { compareClassifiers } from '../compare/index.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { rocAuc } from '../metrics.ts';
import { decisionTree } from './decision-tree.ts';
import { type DecisionTreeModel, decisionTreeKind } from './tree-kind.ts';
import { oneHot, rows } from './trees.test-support.ts';

const { compile } = engine({ decisionTree: decisionTreeKind });
const exact = { minLeaf: 1, smoothing: 0 } as const;

interface GoldenNode {
  readonly id: number;
  readonly left: number;
  readonly right: number;
  readonly feature: string | null;
  readonly threshold: number | null;
  readonly n: number;
  readonly n_pos: number;
}
type Golden = {
  readonly trees_ensembles_calibration_metrics_shap: {
    readonly columns45: readonly string[];
    readonly cart: {
      readonly [depth: string]: { readonly leaves: number; readonly test_auc_over_5_seeds: readonly number[] };
    } & { readonly gini_depth_3: { readonly nodes_seed0: readonly GoldenNode[] } } & {
      readonly [alpha: string]: { readonly leaves: number; readonly test_auc: number };
    } & { readonly ccp_last8_alphas: readonly number[] };
  };
  readonly r: {
    readonly 'rpart_depth4_cp0.001': {
      readonly nodes: readonly { readonly rule: string; readonly n: number; readonly p_yes: number }[];
    };
    readonly rpart_splits_with_surrogates: readonly {
      readonly var: string;
      readonly count: number;
      readonly ncat: number;
      readonly improve_or_agreement: number;
      readonly index: number;
    }[];
  };
};
const golden = fixture<Golden>('churn-golden.json');
const cart = golden.trees_ensembles_calibration_metrics_shap.cart;

describe.skipIf(!hasShared('telco-churn.csv'))('decisionTree on the telco data', () => {
  const whole = telco();
  const hot = { ...oneHot(whole, telcoFeatures), Churn: whole.Churn as string[] };
  const train = rows(hot, (i) => i % 5 !== 0);
  const test = rows(hot, (i) => i % 5 === 0);
  const y = (test.Churn as string[]).map((churn) => (churn === 'Yes' ? 1 : 0));
  const features = golden.trees_ensembles_calibration_metrics_shap.columns45;
  const auc = (model: DecisionTreeModel): number => rocAuc(y, compile(model).score(test).columns.churnProbability!);

  it('has the AUC and the leaves of scikit-learn to depth 5, where its seed does not matter (golden file)', () => {
    for (const maxDepth of [2, 3, 4, 5]) {
      const model = decisionTree({ label: telcoLabel, features, maxDepth, ...exact }).fit(train);
      const reference = cart[`gini_depth_${maxDepth}`]!;
      expect(auc(model)).toBeCloseTo(reference.test_auc_over_5_seeds[0]!, 12);
      expect(model.fit.leaves).toBe(reference.leaves);
    }
  });

  it('has the splits, counts and shares of scikit-learn at depth 3 (golden file; its thresholds are float32)', () => {
    const { tree } = decisionTree({ label: telcoLabel, features, maxDepth: 3, ...exact }).fit(train);
    const nodes = cart.gini_depth_3.nodes_seed0;
    const same = (child: number, id: number): void => {
      const node = nodes[id]!;
      if (child < 0) {
        expect(node.feature).toBe(null);
        expect(tree.weight[~child]).toBe(node.n);
        expect(tree.value[~child]).toBe(node.n_pos / node.n);
        return;
      }
      expect(features[tree.feature[child]!]).toBe(node.feature);
      expect(tree.threshold[child]).toBeCloseTo(node.threshold!, 4);
      same(tree.left[child]!, node.left);
      same(tree.right[child]!, node.right);
    };
    same(0, 0);
  });

  it('by its defaults is calibrated, though no default was chosen on these data: slope .95–1.05, 5 folds of two seeds', () => {
    const options = { label: telcoLabel, features: telcoFeatures };
    const raw = { label: telcoLabel, features: telcoFeatures.map((f) => (typeof f === 'string' ? f : f.column)) };
    for (const seed of [11, 12]) {
      const { candidates } = compareClassifiers(
        whole,
        { logistic: logisticRegression(options), tree: decisionTree(raw) },
        { validation: { seed } },
      );
      const slope = candidates.find(({ name }) => name === 'tree')!.evaluation.calibrationSlope!;
      expect(slope).toBeGreaterThan(0.95);
      expect(slope).toBeLessThan(1.05);
    }
  });

  it('is pruned as by ccp_alpha of scikit-learn, where ties do not matter (golden file)', () => {
    for (const complexity of [0.001, 0.002, 0.005]) {
      const model = decisionTree({ label: telcoLabel, features, maxDepth: 64, ...exact, prune: { complexity } }).fit(
        train,
      );
      const reference = cart[`ccp_alpha_${complexity}`]!;
      expect(model.fit.leaves).toBe(reference.leaves);
      expect(auc(model)).toBeCloseTo(reference.test_auc, 12);
    }
  });

  it('has the last complexities of the pruning sequence of scikit-learn (golden file)', () => {
    const model = decisionTree({
      label: telcoLabel,
      features,
      maxDepth: 64,
      ...exact,
      prune: { folds: 2, rule: 'lowest' },
    }).fit(train);
    const found = model.fit.pruning!.slice(-8).map(({ complexity }) => complexity);
    found.forEach((complexity, k) => {
      expect(complexity).toBeCloseTo(cart.ccp_last8_alphas[k]!, 13);
    });
  });

  it('splits categories by subsets and finds the surrogates of rpart (golden file)', () => {
    const raw = rows(whole, (i) => i % 5 !== 0);
    const model = decisionTree({
      label: telcoLabel,
      features: telcoFeatures.map((feature) => (typeof feature === 'string' ? feature : feature.column)),
      maxDepth: 2,
      minLeaf: 7,
      smoothing: 0,
      missing: 'surrogate',
    }).fit(raw);
    const { tree, inputs } = model;
    const name = (k: number): string => inputs[k]!.name;
    const contract = inputs[tree.feature[0]!]!;
    expect(contract.name).toBe('Contract');
    expect(tree.subsets[tree.threshold[0]!]!.map((code) => contract.levels![code])).toEqual(['One year', 'Two year']);
    const stayers = golden.r['rpart_depth4_cp0.001'].nodes[1]!;
    expect(stayers.rule).toBe('Contract=One year,Two year');
    const below = (child: number): number =>
      child < 0 ? tree.weight[~child]! : below(tree.left[child]!) + below(tree.right[child]!);
    expect(below(tree.left[0]!)).toBe(stayers.n);
    const internet = tree.right[0]!;
    expect(name(tree.feature[internet]!)).toBe('InternetService');
    const table = golden.r.rpart_splits_with_surrogates;
    for (const [split, from] of [
      [0, 0],
      [internet, 4],
    ] as const) {
      const own = tree.surrogates.filter((stand) => stand.split === split).slice(0, 3);
      const reference = table.slice(from + 1, from + 4);
      expect(own.map(({ feature }) => name(feature))).toEqual(reference.map((row) => row.var));
      own.forEach(({ threshold, feature, reversed }, k) => {
        if (inputs[feature]!.type !== 'number') return;
        expect(threshold).toBeCloseTo(reference[k]!.index, 12);
        // rpart: ncat 1 sends x >= index the way of the split's left.
        expect(reversed).toBe(reference[k]!.ncat === 1);
      });
    }
  });
});
