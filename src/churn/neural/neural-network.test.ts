import { describe, expect, it } from 'vitest';
import { hasShared } from '../../../fixtures/load.ts';
import { takeRows } from '../../columns/whole.ts';
import type { PlainColumn } from '../../model/batch.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { buildDesign } from '../../regression/design.ts';
import { readFeatures } from '../../regression/feature.ts';
import { telco, telcoFeatures, telcoLabel } from '../../regression/telco.test-support.ts';
import { engine } from '../../scoring/engine.ts';
import { compareClassifiers } from '../compare/index.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { type NeuralNetworkModel, neuralNetwork, neuralNetworkKind, type Unit } from './index.ts';
import { minimiseLbfgs } from './l-bfgs.ts';
import { layersOf, networkLoss, sizeOf } from './network-loss.ts';
import { penalised } from './neural-network.ts';
import { tanhInPlace } from './tanh.ts';

const { compile, parseModel } = engine({ neuralNetwork: neuralNetworkKind });
const score = (model: NeuralNetworkModel, data: { readonly [name: string]: PlainColumn }): Float64Array =>
  compile(model).score(data).columns.churnProbability as Float64Array;

/** Numbers on two scales, a category, weights, customers of two rows each. */
function sample(rows: number, seed = 3): { [name: string]: Float64Array | string[] } {
  const random = seededRandom(seed);
  const x = Float64Array.from({ length: rows }, () => random.uniform() * 100);
  const z = Float64Array.from({ length: rows }, () => random.uniform() - 0.5);
  const plan = Array.from({ length: rows }, () => 'abc'[random.below(3)]!);
  const left = x.map((v, i) => (random.uniform() < (Math.abs(v - 50) > 25 ? 0.7 : 0.2) + 0.2 * z[i]! ? 1 : 0));
  return {
    left,
    x,
    z,
    plan,
    w: x.map(() => 0.5 + random.uniform()),
    customer: x.map((_, i) => i >> 1),
  };
}
const label = { column: 'left', churned: 1, horizon: { every: 1, unit: 'month' } } as const;
const base = { label, features: ['x', 'z', 'plan'] } as const;

describe('neuralNetwork', () => {
  it('has the gradient of its penalised loss: central differences, two hidden layers, weights', () => {
    const data = sample(300);
    const design = buildDesign(
      readFeatures(data, [{ column: 'x' }, { column: 'z' }, { column: 'plan' }], () => true),
      Int32Array.from({ length: 300 }, (_, i) => i),
    );
    const layers = layersOf(design.width, [4, 3]);
    const f = penalised(
      networkLoss(design, data.left as Float64Array, data.w as Float64Array, layers),
      layers,
      0.7,
      250,
    );
    const random = seededRandom(5);
    const at = Float64Array.from({ length: sizeOf(layers) }, () => 2 * random.uniform() - 1);
    const gradient = new Float64Array(at.length);
    f(at, gradient);
    const scratch = new Float64Array(at.length);
    at.forEach((w, k) => {
      const h = 1e-5;
      const value = (x: number): number => f(at.with(k, x), scratch);
      expect(Math.abs(gradient[k]! - (value(w + h) - value(w - h)) / (2 * h))).toBeLessThan(1e-6);
    });
    expect(at.length).toBe(4 * 5 + 3 * 5 + 4);
  });

  it('learns exclusive or, which no logistic regression can', () => {
    const xor = { left: [0, 1, 1, 0], a: [0, 0, 1, 1], b: [0, 1, 0, 1] };
    const model = neuralNetwork({
      label: { column: 'left', churned: 1, horizon: null },
      features: ['a', 'b'],
      hidden: [4],
      l2: 0.001,
      earlyStopping: false,
    }).fit(xor);
    const p = score(model, xor);
    for (const [row, y] of xor.left.entries()) expect(Math.abs(p[row]! - y)).toBeLessThan(0.05);
    expect(model.fit.size).toBe(17);
  });

  it('scores what its stored weights say: a forward pass by Math.tanh over raw columns, two layers', () => {
    const data = sample(500);
    const model = neuralNetwork({ ...base, hidden: [5, 3], l2: 0.5 }).fit(data);
    const p = score(model, data);
    for (let row = 0; row < 500; row += 7) {
      const h1 = model.first.map(({ bias, terms }) =>
        Math.tanh(
          terms.reduce((z, term) => {
            const cell = (data[term.column] as readonly (number | string)[])[row]!;
            return 'weights' in term
              ? z + term.weights['abc'.indexOf(String(cell))]!
              : z + term.weight * (cell as number);
          }, bias),
        ),
      );
      const [second, last] = model.layers as [readonly Unit[], readonly Unit[]];
      const h2 = second.map(({ bias, weights }) => Math.tanh(weights.reduce((z, w, k) => z + w * h1[k]!, bias)));
      const eta = last[0]!.weights.reduce((z, w, k) => z + w * h2[k]!, last[0]!.bias);
      expect(Math.abs(p[row]! - 1 / (1 + Math.exp(-eta)))).toBeLessThan(1e-12);
    }
  });

  it('is the same to the last bit in whatever order the rows are: sorted by content, held-out customers included', () => {
    const data = sample(600);
    const names = Object.keys(data);
    const order = shuffled(600, seededRandom(9));
    const estimator = neuralNetwork({ ...base, weight: 'w', group: 'customer', epochs: 40 });
    const model = estimator.fit(data);
    expect(estimator.fit(takeRows(data, order, names))).toEqual(model);
    expect(model.fit.heldOut!.rows).toBe(120);
  });

  it('holds customers out whole: without the group two rows of one may part, with it the held-out rows are even in number', () => {
    const data = sample(601);
    const { heldOut } = neuralNetwork({ ...base, group: 'customer', epochs: 5, earlyStopping: { share: 0.3 } }).fit(
      data,
    ).fit;
    expect(heldOut!.rows).toBeGreaterThanOrEqual(0.3 * 601);
    expect(heldOut!.rows).toBeLessThan(0.3 * 601 + 2);
  });

  it('takes a row of weight 2 for two rows: both fits come to the same minimum', () => {
    const data = sample(200);
    const twice = takeRows(
      data,
      Int32Array.from({ length: 400 }, (_, i) => i >> 1),
      Object.keys(data),
    );
    const options = { ...base, hidden: [2], l2: 2, earlyStopping: false, epochs: 3000 } as const;
    const weighted = neuralNetwork({ ...options, weight: 'two' }).fit({ ...data, two: new Float64Array(200).fill(2) });
    const doubled = neuralNetwork(options).fit(twice);
    expect(weighted.fit.status).toBe('converged');
    const [a, b] = [score(weighted, data), score(doubled, data)];
    a.forEach((p, i) => {
      expect(Math.abs(p - b[i]!)).toBeLessThan(1e-4);
    });
    expect(weighted.fit.logLoss).toBeCloseTo(doubled.fit.logLoss, 7);
  });

  it('gives everyone the base rate under a decay without measure', () => {
    const data = sample(400);
    const model = neuralNetwork({ ...base, l2: 1e9, earlyStopping: false }).fit(data);
    for (const p of score(model, data)) expect(p).toBeCloseTo(model.fit.baseRate, 6);
  });

  it('survives its file: the parsed model scores the same bits, whatever the batch', () => {
    const data = sample(5000);
    const model = neuralNetwork({ ...base, hidden: [6, 2], epochs: 20 }).fit(data);
    const parsed = parseModel(JSON.parse(JSON.stringify(model))) as NeuralNetworkModel;
    expect(parsed).toEqual(model);
    const all = score(model, data);
    expect(score(parsed, data)).toEqual(all);
    const plan = compile(model);
    for (const [from, to] of [
      [0, 1],
      [1, 2500],
      [2500, 5000],
    ] as const) {
      const rows = Int32Array.from({ length: to - from }, (_, i) => from + i);
      expect(plan.score(takeRows(data, rows, Object.keys(data))).columns.churnProbability).toEqual(all.slice(from, to));
    }
  });

  it('refuses files whose layers do not fit together', () => {
    const model = JSON.parse(JSON.stringify(neuralNetwork({ ...base, epochs: 2 }).fit(sample(100))));
    const broken = (change: (copy: typeof model) => void): (() => unknown) => {
      const copy = structuredClone(model);
      change(copy);
      return () => parseModel(copy);
    };
    expect(broken((m) => m.layers[0][0].weights.pop())).toThrow(/layers\[0\]\[0\].weights: expected 8, got 7/);
    expect(broken((m) => m.first[3].terms.pop())).toThrow(/first\[3\].terms: expected one per input/);
    expect(broken((m) => m.layers.pop())).toThrow(/the last one must be one unit/);
    expect(broken((m) => (m.first = []))).toThrow(/first: expected at least one unit/);
    expect(broken((m) => delete m.outputs[0].horizon)).toThrow(/expected one number with a horizon/);
  });

  it('gives null for a null without a rule, with its cause, and the reference level for one it has not seen', () => {
    const data = sample(200);
    const model = neuralNetwork({
      ...base,
      features: [{ column: 'x', missing: 'impute' }, 'z', { column: 'plan', reference: 'a' }],
      epochs: 10,
    }).fit(data);
    const { columns, report } = compile(model).score({
      x: [Number.NaN, 10, 10, 10],
      z: [0.1, Number.NaN, 0, 0],
      plan: ['a', 'a', 'new', 'a'],
    });
    const p = columns.churnProbability as Float64Array;
    expect(p[0]).toBeGreaterThan(0);
    expect(p[1]).toBeNaN();
    expect(p[2]).toBe(p[3]);
    expect(report.nulls.churnProbability).toEqual({ 'not-finite': 1 });
  });

  it('says when no row can be held out, and when the loss was still falling', () => {
    const few = neuralNetwork({ ...base, epochs: 3, l2: 0 }).fit(
      takeRows(sample(100), [0, 1, 2, 3, 4, 5], Object.keys(sample(1))),
    );
    expect(few.fit.warnings.join()).toMatch(/too few rows to hold any out/);
    expect(few.fit.status).toBe('iteration-limit');
    expect(few.fit.warnings.join()).toMatch(/still falling after 3 epochs/);
  });

  it('takes of the decays 100, 10, 1 and 0.1 the one whose held-out loss is least when each is fitted alone', () => {
    for (const data of [sample(700, 5), { ...sample(700, 6), left: sample(700, 7).left! }]) {
      const { fit } = neuralNetwork({ ...base, epochs: 60 }).fit(data);
      const alone = [100, 10, 1, 0.1].map((l2) => neuralNetwork({ ...base, epochs: 60, l2 }).fit(data).fit);
      const least = Math.min(...alone.map(({ heldOut }) => heldOut!.logLoss));
      const chosen = alone.find(({ heldOut }) => heldOut!.logLoss === least)!;
      expect(fit).toEqual(chosen);
    }
    expect(neuralNetwork({ ...base, earlyStopping: false, epochs: 5 }).fit(sample(200)).fit.l2).toBe(1);
  });

  it('refuses a feature whose weight no float64 holds', () => {
    const data = sample(200);
    const huge = { ...data, x: (data.x as Float64Array).map((v) => (v - 50) * 3e306) };
    expect(() => neuralNetwork(base).fit(huge)).toThrow(
      /feature "x" is too large or too small for float64: rescale it/,
    );
  });

  it('refuses options that cannot be used', () => {
    for (const [bad, message] of [
      [{ hidden: [] }, /0 layers/],
      [{ hidden: [0] }, /invalid hidden: 0/],
      [{ l2: -1 }, /invalid l2/],
      [{ l2: 'little' }, /invalid l2: little/],
      [{ epochs: 1.5 }, /invalid epochs/],
      [{ seed: 0.5 }, /invalid seed/],
      [{ earlyStopping: { share: 1 } }, /earlyStopping.share/],
      [{ weight: 'x' }, /weight "x" is the label or a feature/],
      [{ group: 'left' }, /group "left" is the label or a feature/],
      [{ features: ['left'] }, /label "left" is listed as a feature/],
    ] as const)
      expect(() => neuralNetwork({ ...base, ...(bad as object) })).toThrow(message);
  });
});

describe('minimiseLbfgs', () => {
  it('finds (1, 1) in Rosenbrock’s valley', () => {
    const { x, converged } = minimiseLbfgs(
      ([a, b], g) => {
        g[0] = -400 * a! * (b! - a! * a!) - 2 * (1 - a!);
        g[1] = 200 * (b! - a! * a!);
        return 100 * (b! - a! * a!) ** 2 + (1 - a!) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { maxIterations: 200, tolerance: 1e-9 },
    );
    expect(converged).toBe(true);
    expect(Math.abs(x[0]! - 1)).toBeLessThan(1e-8);
    expect(Math.abs(x[1]! - 1)).toBeLessThan(1e-8);
  });
});

describe('tanhInPlace', () => {
  it('is Math.tanh to 3e-16, odd, and 1 at infinity', () => {
    const z = Float64Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100);
    const out = z.slice();
    tanhInPlace(out.length, out);
    out.forEach((t, i) => {
      expect(Math.abs(t - Math.tanh(z[i]!))).toBeLessThan(3e-16);
      expect(t).toBe(-out[out.length - 1 - i]! + 0 || t);
    });
    const ends = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);
    tanhInPlace(3, ends);
    expect(ends).toEqual(Float64Array.of(1, -1, Number.NaN));
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('neuralNetwork on the telco set', () => {
  it('by its defaults is at most .008 of AUC below the logistic and calibrated, 5 folds of three seeds', {
    timeout: 120_000,
  }, () => {
    const data = telco();
    const options = { label: telcoLabel, features: telcoFeatures };
    const slopes: number[] = [];
    const differences: number[] = [];
    for (const seed of [11, 12, 13]) {
      const { candidates } = compareClassifiers(
        data,
        { logistic: logisticRegression(options), network: neuralNetwork(options) },
        { validation: { seed } },
      );
      const [logistic, network] = ['logistic', 'network'].map((name) => candidates.find((c) => c.name === name)!);
      for (const [k, own] of network!.folds.entries()) differences.push(own!.rocAuc - logistic!.folds[k]!.rocAuc);
      slopes.push(network!.evaluation.calibrationSlope!);
    }
    expect(differences.reduce((a, b) => a + b, 0) / differences.length).toBeGreaterThan(-0.008);
    for (const slope of slopes) {
      expect(slope).toBeGreaterThan(0.95);
      expect(slope).toBeLessThan(1.05);
    }
  });
});
