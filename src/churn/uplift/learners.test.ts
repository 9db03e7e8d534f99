import { describe, expect, it } from 'vitest';
import { takeRows } from '../../columns/whole.ts';
import type { PlainColumn } from '../../model/batch.ts';
import type { ModelBase } from '../../model/contract.ts';
import { seededRandom } from '../../numerics/random.ts';
import { engine } from '../../scoring/engine.ts';
import { pipeline } from '../../scoring/pipeline.ts';
import { pipelineKind } from '../../scoring/pipeline-kind.ts';
import { logisticKind } from '../logistic-kind.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { neuralNetwork, neuralNetworkKind } from '../neural/index.ts';
import { decisionTree } from '../trees/decision-tree.ts';
import { decisionTreeKind } from '../trees/tree-kind.ts';
import {
  type BasePart,
  classTransformation,
  classTransformationKind,
  qiniCurve,
  tLearner,
  tLearnerKind,
  xLearner,
  xLearnerKind,
} from './index.ts';

const { compile, parseModel } = engine({
  tLearnerKind,
  xLearnerKind,
  classTransformationKind,
  logisticKind,
  neuralNetworkKind,
  decisionTreeKind,
  pipelineKind,
});
type Plain = { readonly [name: string]: PlainColumn };
const score = (model: ModelBase, data: Plain): Float64Array =>
  (compile(model).score(data).columns as unknown as { uplift: Float64Array }).uplift;

const label = { column: 'left', churned: 'yes', horizon: { every: 3, unit: 'month' } } as const;
const treatment = { column: 'offer', treated: 'sent' } as const;
const onPlan = (part: BasePart) => logisticRegression({ ...part, features: ['plan'] });
const learners = { tLearner, xLearner, classTransformation };

/** A campaign with known uplift: churn .45 left alone; the offer takes .3·x off it, x uniform on [−.5, 1]; `share` treated. */
function campaign(rows: number, share: number, seed = 1): { data: Plain; truth: Float64Array } {
  const random = seededRandom(seed);
  const x = Float64Array.from({ length: rows }, () => 1.5 * random.uniform() - 0.5);
  const noise = x.map(() => random.uniform());
  const sent = x.map(() => (random.uniform() < share ? 1 : 0));
  const truth = x.map((v) => 0.3 * v);
  const left = x.map((_, i) => (random.uniform() < 0.45 - sent[i]! * truth[i]! ? 1 : 0));
  const words = (flags: Float64Array, yes: string, no: string): string[] => Array.from(flags, (f) => (f ? yes : no));
  return { data: { x, noise, offer: words(sent, 'sent', 'none'), left: words(left, 'yes', 'no') }, truth };
}

/** Three plans with their own counts of [treated churned, treated stayed, control churned, control stayed]. */
const CELLS = { a: [3, 17, 20, 20], b: [10, 10, 5, 15], c: [4, 36, 2, 8] } as const;
function cells(): { [name: string]: string[] | Float64Array } {
  const rows = Object.entries(CELLS).flatMap(([plan, [tl, tk, cl, ck]]) =>
    (
      [
        ['sent', 'yes', tl],
        ['sent', 'no', tk],
        ['none', 'yes', cl],
        ['none', 'no', ck],
      ] as const
    ).flatMap(([offer, left, n]) =>
      Array.from({ length: n }, () => ({ plan, offer, left, e: (tl + tk) / (tl + tk + cl + ck) })),
    ),
  );
  return {
    plan: rows.map((r) => r.plan),
    offer: rows.map((r) => r.offer),
    left: rows.map((r) => r.left),
    e: Float64Array.from(rows, (r) => r.e),
  };
}
/** Rate of churn left alone less that treated, by hand. */
const byHand = Object.values(CELLS).map(([tl, tk, cl, ck]) => cl / (cl + ck) - tl / (tl + tk));

describe('uplift learners', () => {
  it('give the difference of the rates of each plan where the base can fit every plan by itself, arms of unequal size', () => {
    const data = cells();
    for (const [name, estimator] of [
      ['tLearner', tLearner({ label, treatment, base: onPlan })],
      ['xLearner', xLearner({ label, treatment, base: onPlan, propensity: 0.3 })],
      ['classTransformation', classTransformation({ label, treatment, base: onPlan, propensity: 'e' })],
    ] as const) {
      const model: ModelBase = estimator.fit(data);
      const uplift = score(model, { plan: ['a', 'b', 'c'] });
      byHand.forEach((effect, k) => {
        expect(Math.abs(uplift[k]! - effect), `${name} ${k}`).toBeLessThan(1e-8);
      });
    }
  });

  it('recover a simulated uplift of −.15 to .3 with a fifth of the rows treated, by logistic regression', () => {
    const { data } = campaign(40_000, 0.2);
    const fresh = campaign(2_000, 0.5, 2);
    for (const [name, learner] of Object.entries(learners)) {
      const model: ModelBase = learner({
        label,
        treatment,
        base: (part) => logisticRegression({ ...part, features: ['x', 'noise'] }),
      }).fit(data);
      const uplift = score(model, fresh.data);
      const error = Math.sqrt(uplift.reduce((all, u, i) => all + (u - fresh.truth[i]!) ** 2, 0) / uplift.length);
      expect(error, name).toBeLessThan(0.025);
    }
  });

  it('rank customers by it: the Qini area of fresh customers is close to that of the true uplift', () => {
    const { data } = campaign(20_000, 0.5, 3);
    const fresh = campaign(20_000, 0.3, 4);
    const kept = (fresh.data.left as string[]).map((v) => (v === 'no' ? 1 : 0));
    const treated = (fresh.data.offer as string[]).map((v) => (v === 'sent' ? 1 : 0));
    const area = (uplift: ArrayLike<number>): number => qiniCurve({ kept, treated, uplift }).qini;
    const best = area(fresh.truth);
    expect(best).toBeGreaterThan(0.02);
    for (const learner of Object.values(learners)) {
      const model: ModelBase = learner({
        label,
        treatment,
        base: (part) => logisticRegression({ ...part, features: ['x'] }),
      }).fit(data);
      expect(area(score(model, fresh.data))).toBeGreaterThan(0.97 * best);
    }
  });

  it('are the two fits they say they are: a T-learner of trees is the difference of trees of the arms', () => {
    const { data } = campaign(2_000, 0.4);
    const rows = (arm: string): number[] => (data.offer as string[]).flatMap((v, i) => (v === arm ? [i] : []));
    const tree = decisionTree({ label, features: ['x', 'noise'] });
    const model = tLearner({
      label,
      treatment,
      base: (part) => decisionTree({ ...part, features: ['x', 'noise'] }),
    }).fit(data);
    const p = ['none', 'sent'].map((arm) => {
      const own = tree.fit(takeRows(data, rows(arm), Object.keys(data)));
      return compile(own).score(data).columns as unknown as { churnProbability: Float64Array };
    });
    expect(score(model, data)).toEqual(p[0]!.churnProbability.map((q, i) => q - p[1]!.churnProbability[i]!));
    expect(model.fit.averageEffect.difference).toBeCloseTo(0.075, 1);
  });

  it('take any kind of classifier, a neural network among them, and survive their files bit for bit', () => {
    const { data } = campaign(1_500, 0.5);
    for (const learner of Object.values(learners)) {
      const model: ModelBase = learner({
        label,
        treatment,
        base: (part) => neuralNetwork({ ...part, features: ['x', 'noise'], hidden: [2], epochs: 15 }),
      }).fit(data);
      const parsed = parseModel(JSON.parse(JSON.stringify(model))) as ModelBase;
      expect(parsed).toEqual(model);
      expect(score(parsed, data)).toEqual(score(model, data));
    }
  });

  it('map a level that one arm lacks: it scores as the reference there, and a null as null', () => {
    const data = cells();
    const kept = takeRows(
      data,
      (data.plan as string[]).flatMap((plan, i) => (plan === 'b' && (data.offer as string[])[i] === 'none' ? [] : [i])),
      Object.keys(data),
    );
    const base = (part: BasePart) => logisticRegression({ ...part, features: [{ column: 'plan', reference: 'a' }] });
    const model = tLearner({ label, treatment, base }).fit(kept);
    const uplift = score(model, { plan: ['b', 'c', 'a', null] });
    // b: reference a of the control arm, .5, less its own .5.
    expect(uplift[0]).toBeCloseTo(0.5 - 0.5, 8);
    expect(uplift[1]).toBeCloseTo(byHand[2]!, 8);
    expect(uplift[2]).toBeCloseTo(byHand[0]!, 8);
    expect(uplift[3]).toBeNaN();
    expect(model.inputs).toEqual([{ name: 'plan', type: 'category', levels: ['a', 'b', 'c'] }]);
  });

  it('feed later steps of a pipeline with the uplift of fits that had not seen the row, and refuse the treatment as an input', () => {
    const { data } = campaign(600, 0.5);
    const estimator = tLearner({
      label,
      treatment,
      base: (part) => decisionTree({ ...part, features: ['noise'], minLeaf: 5 }),
    });
    const { model, heldOut } = pipeline([estimator]).crossFit(data);
    expect((heldOut as unknown as { uplift: Float64Array }).uplift).not.toEqual(score(model, data));
    expect(() =>
      pipeline([
        tLearner({ label, treatment, base: (part) => logisticRegression({ ...part, features: ['x', 'offer'] }) }),
      ]).fit(data),
    ).toThrow(/offer/);
  });

  it('stop when an arm is empty or has one outcome, and at options that cannot be used', () => {
    const data = { ...cells() };
    const all = { ...data, offer: (data.offer as string[]).map(() => 'sent') };
    expect(() => tLearner({ label, treatment, base: onPlan }).fit(all)).toThrow(/no control row has an outcome/);
    const stayed = {
      ...data,
      left: (data.left as string[]).map((v, i) => ((data.offer as string[])[i] === 'sent' ? 'no' : v)),
    };
    expect(() => xLearner({ label, treatment, base: onPlan }).fit(stayed)).toThrow(/of 80 treated rows 0 churned/);
    expect(() => classTransformation({ label, treatment, base: onPlan, propensity: 1 })).toThrow(
      /invalid propensity: 1/,
    );
    expect(() =>
      classTransformation({ label, treatment, base: onPlan, propensity: 'e' }).fit({
        ...data,
        e: data.e!.map(() => 2) as Float64Array,
      }),
    ).toThrow(/propensity "e", row 0: 2/);
    expect(() => tLearner({ label, treatment: { column: 'left', treated: 'yes' }, base: onPlan })).toThrow(
      /is the label as well/,
    );
    // @ts-expect-error: an estimator is not a function of its part
    expect(() => tLearner({ label, treatment, base: onPlan({ label }) })).toThrow(/invalid base: use a function/);
  });

  it('refuse files whose inputs are not those of the models within', () => {
    const model = JSON.parse(JSON.stringify(tLearner({ label, treatment, base: onPlan }).fit(cells())));
    expect(() => parseModel({ ...model, inputs: [] })).toThrow(/differ from what the models within read/);
    expect(() => parseModel({ ...model, treated: {} })).toThrow(/treated: expected a model/);
    expect(() => parseModel({ ...model, control: { ...model.control, intercept: 'x' } })).toThrow(
      /model.control.intercept/,
    );
  });
});
