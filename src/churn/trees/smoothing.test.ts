import { describe, expect, it } from 'vitest';
import { takeRows } from '../../columns/whole.ts';
import type { Columns, PlainColumn } from '../../model/batch.ts';
import { seededRandom } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { calibrationLine } from '../metrics.ts';
import { contentFolds } from './content-order.ts';
import { type DecisionTreeOptions, decisionTree } from './decision-tree.ts';
import { type DecisionTreeModel, decisionTreeKind } from './tree-kind.ts';
import { chooseTree, readTreeInput } from './tree-options.ts';
import { draws } from './trees.test-support.ts';

const { compile } = engine({ decisionTree: decisionTreeKind });
const label = { column: 'y', churned: 1, horizon: null } as const;
const features = ['a', 'b', 'c'] as const;
const tree = (more: Partial<DecisionTreeOptions<string, string>> = {}) => decisionTree({ label, features, ...more });
const p = (model: DecisionTreeModel, data: Columns): Float64Array =>
  compile(model).score(data as { readonly [name: string]: PlainColumn }).columns.churnProbability as Float64Array;

/** Ten numbers of which one tells a little. */
function faint(seed: number, rows: number): { [name: string]: number[] } {
  const random = seededRandom(seed);
  const out: { [name: string]: number[] } = { y: [] };
  for (let k = 0; k < 10; k++) out[`x${k}`] = Array.from({ length: rows }, () => random.uniform());
  out.y = out.x0!.map((x) => (random.uniform() < 0.15 + 0.3 * x ? 1 : 0));
  return out;
}

describe('the cross-validated smoothing of decisionTree', () => {
  it('gives slope 1 to what trees of that smoothing say of the fifth they have not seen, fitted one by one', () => {
    const { data, y } = draws(31, 1500, { nulls: true });
    const { smoothing } = tree({ minLeaf: 10 }).fit(data).fit;
    const limits = { maxDepth: 6, minLeaf: 10, smoothing: 0 };
    const input = readTreeInput(data, chooseTree({ label, features }, limits, 'direction', ['direction']));
    const foldOf = contentFolds(input, 5, 1)!;
    const names = Object.keys(data);
    const seen: number[] = [];
    const said: number[] = [];
    for (let fold = 0; fold < 5; fold++) {
      const rows = (own: boolean): number[] => y.flatMap((_, i) => ((foldOf[i] === fold) === own ? [i] : []));
      const model = tree({ minLeaf: 10, smoothing }).fit(takeRows(data, rows(false), names));
      said.push(...p(model, takeRows(data, rows(true), names)));
      seen.push(...rows(true).map((i) => y[i]!));
    }
    expect(smoothing).toBeGreaterThan(1);
    expect(Math.abs(calibrationLine(seen, said)!.slope - 1)).toBeLessThan(0.01);
  });

  it('calibrates a tree that has mostly chance to learn from, on fresh rows, where little smoothing does not', () => {
    const train = faint(1, 3000);
    const fresh = faint(2, 40_000);
    const names = Object.keys(train).filter((name) => name !== 'y');
    const slope = (smoothing: number | 'cross-validated'): number => {
      const model = tree({ features: names, minLeaf: 20, smoothing }).fit(train);
      return calibrationLine(fresh.y!, p(model, fresh))!.slope;
    };
    expect(slope(1)).toBeLessThan(0.6);
    // The standard deviation of the slope over seeds of the training rows is about .1.
    expect(Math.abs(slope('cross-validated') - 1)).toBeLessThan(0.3);
  });

  it('takes all that chance has made of noise back to near the base rate', () => {
    const train = faint(3, 2000);
    const random = seededRandom(4);
    const y = train.y!.map(() => (random.uniform() < 0.3 ? 1 : 0));
    const model = tree({ features: ['x0', 'x1', 'x2'] }).fit({ ...train, y });
    expect(model.fit.smoothing).toBeGreaterThan(200);
    for (const value of model.tree.value) expect(Math.abs(value - model.fit.baseRate)).toBeLessThan(0.1);
  });

  it('is 1 where a class has fewer rows than there are folds', () => {
    const x = Array.from({ length: 40 }, (_, i) => i);
    const { fit } = tree({ features: ['x'], minLeaf: 2 }).fit({ x, y: x.map((i) => (i < 4 ? 1 : 0)) });
    expect(fit.smoothing).toBe(1);
  });
});
