import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../../fixtures/load.ts';
import { telco, telcoFeatures, telcoLabel } from '../../regression/telco.test-support.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { devianceTest, goodnessOfFit, waldIntervals } from './inference.ts';
import { profileIntervals } from './profile-intervals.ts';

const label = { column: 'left', churned: 1, horizon: null } as const;
// Left or not under plan a and b: 9, 21; 4, 36.
const cells = { a: [9, 21], b: [4, 36] } as const;
const table = { left: [] as number[], plan: [] as string[] };
for (const [plan, [yes, no]] of Object.entries(cells))
  for (let i = 0; i < yes + no; i++) {
    table.left.push(i < yes ? 1 : 0);
    table.plan.push(plan);
  }
const features = [{ column: 'plan', reference: 'b' }] as const;
const Z = 1.959963984540054;
const logit = (yes: number, no: number): number => yes * Math.log(yes / (yes + no)) + no * Math.log(no / (yes + no));

/** Where a falling function is 0, by halving. */
function root(f: (x: number) => number, low: number, high: number): number {
  for (let step = 0; step < 200; step++) {
    const at = (low + high) / 2;
    if (f(at) > 0) low = at;
    else high = at;
  }
  return low;
}

describe('waldIntervals', () => {
  it('of a 2×2 table are ln(ad/bc) ± z·√(1/a + 1/b + 1/c + 1/d) (Woolf 1955)', () => {
    const { fit } = logisticRegression({ label, features }).fit(table);
    const slope = waldIntervals(fit)[1]!;
    const estimate = Math.log((9 * 36) / (21 * 4));
    const error = Math.sqrt(1 / 9 + 1 / 21 + 1 / 4 + 1 / 36);
    expect(slope.name).toBe('plan=a');
    expect(slope.low).toBeCloseTo(estimate - Z * error, 9);
    expect(slope.high).toBeCloseTo(estimate + Z * error, 9);
    expect(slope.oddsRatioHigh).toBeCloseTo(Math.exp(estimate + Z * error), 8);
    const narrow = waldIntervals(fit, { level: 0.5 })[1]!;
    expect(narrow.low).toBeCloseTo(estimate - 0.6744897501960817 * error, 9);
    expect(() => waldIntervals(fit, { level: 95 })).toThrow(/invalid level/);
  });

  it('are null without an error', () => {
    const { fit } = logisticRegression({ label, features, penalty: { lambda: 0.01 } }).fit(table);
    expect(waldIntervals(fit)[1]).toMatchObject({ low: null, high: null, oddsRatioLow: null });
  });
});

describe('goodnessOfFit', () => {
  it('of a saturated 2×2 table has the deviances, criteria and pseudo R² of its binomial likelihoods', () => {
    const { fit } = logisticRegression({ label, features }).fit(table);
    const full = logit(9, 21) + logit(4, 36);
    const none = logit(13, 57);
    const found = goodnessOfFit(fit);
    expect(found.deviance).toBeCloseTo(-2 * full, 11);
    expect(found.nullDeviance).toBeCloseTo(-2 * none, 11);
    expect(found.parameters).toBe(2);
    expect(found.aic).toBeCloseTo(4 - 2 * full, 11);
    expect(found.bic).toBeCloseTo(2 * Math.log(70) - 2 * full, 11);
    expect(found.mcFadden).toBeCloseTo(1 - full / none, 12);
    const coxSnell = 1 - Math.exp((2 / 70) * (none - full));
    expect(found.coxSnell).toBeCloseTo(coxSnell, 12);
    expect(found.nagelkerke).toBeCloseTo(coxSnell / (1 - Math.exp((2 / 70) * none)), 12);
    expect(found.likelihoodRatio!.statistic).toBeCloseTo(2 * (full - none), 11);
    expect(found.likelihoodRatio!.degreesOfFreedom).toBe(1);
  });

  it('counts a row of weight k as k observations', () => {
    const cell = { left: [1, 0, 1, 0], plan: [...'aabb'], w: [9, 21, 4, 36] };
    const ours = goodnessOfFit(logisticRegression({ label, features, weight: 'w' }).fit(cell).fit);
    const want = goodnessOfFit(logisticRegression({ label, features }).fit(table).fit);
    expect(ours.bic).toBeCloseTo(want.bic, 9);
    expect(ours.nagelkerke).toBeCloseTo(want.nagelkerke, 11);
  });

  it('has no test for a penalised fit', () => {
    expect(goodnessOfFit(logisticRegression({ label, features, l2: 1 }).fit(table).fit).likelihoodRatio).toBeNull();
  });
});

describe('devianceTest', () => {
  const of = (columns: readonly 'plan'[], l2 = 0) =>
    logisticRegression({ label, features: columns, l2 }).fit(table).fit;

  it('of a model inside another is their difference of deviance; P(χ²₁ > x) is twice the normal tail beyond √x, by Simpson', () => {
    const test = devianceTest(of([]), of(['plan']));
    const statistic = 2 * (logit(9, 21) + logit(4, 36) - logit(13, 57));
    expect(test.statistic).toBeCloseTo(statistic, 11);
    expect(test.degreesOfFreedom).toBe(1);
    const from = Math.sqrt(statistic);
    const steps = 2000;
    const width = (12 - from) / steps;
    let tail = 0;
    for (let k = 0; k <= steps; k++) {
      const at = from + k * width;
      tail += (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp((-at * at) / 2);
    }
    expect(test.pValue).toBeCloseTo((2 * tail * width) / 3 / Math.sqrt(2 * Math.PI), 11);
  });

  it('refuses penalised fits, other rows, and models the wrong way round', () => {
    expect(() => devianceTest(of([]), of(['plan'], 1))).toThrow(/penalty/);
    expect(() => devianceTest(of(['plan']), of([]))).toThrow(/fewer coefficients/);
    const fewer = logisticRegression({ label, features: [] }).fit({ left: table.left.slice(1) }).fit;
    expect(() => devianceTest(fewer, of(['plan']))).toThrow(/69 rows against 70/);
  });
});

describe('profileIntervals', () => {
  it('of an intercept alone are the log-odds at which the binomial likelihood has fallen by z²/2', () => {
    const [found] = profileIntervals(table, { label, features: [] });
    const ll = (b: number): number => 13 * b - 70 * Math.log(1 + Math.exp(b));
    const top = Math.log(13 / 57);
    const below = (b: number): number => ll(b) - ll(top) + Z ** 2 / 2;
    expect(found!.high).toBeCloseTo(root(below, top, 5), 9);
    expect(found!.low).toBeCloseTo(
      root((b) => -below(b), -9, top),
      9,
    );
    expect(found!.oddsRatioLow).toBeCloseTo(Math.exp(found!.low!), 12);
  });

  it('of a 2×2 table are those of the likelihood maximised over the other parameter by halving', () => {
    const [, found] = profileIntervals(table, { label, features, level: 0.9 });
    const z = 1.6448536269514722;
    const p = (eta: number): number => 1 / (1 + Math.exp(-eta));
    const profile = (c: number): number => {
      const b = root((at) => 13 - 30 * p(at + c) - 40 * p(at), -30, 30);
      return 9 * (b + c) - 30 * Math.log(1 + Math.exp(b + c)) + 4 * b - 40 * Math.log(1 + Math.exp(b));
    };
    const top = Math.log((9 * 36) / (21 * 4));
    const below = (c: number): number => profile(c) - profile(top) + z ** 2 / 2;
    expect(found!.high).toBeCloseTo(root(below, top, 9), 8);
    expect(found!.low).toBeCloseTo(
      root((c) => -below(c), -9, top),
      8,
    );
  });

  it('do not depend on the unit of a column, and for the named coefficients alone are the same', () => {
    const age = table.left.map((_, i) => (i * 7919) % 31);
    const all = profileIntervals({ ...table, age }, { label, features: ['age', 'plan'] });
    const named = profileIntervals(
      { ...table, age: age.map((v) => v / 100 + 5) },
      { label, features: ['age', 'plan'], coefficients: ['age'] },
    );
    expect(named).toHaveLength(1);
    expect(named[0]!.low! / 100).toBeCloseTo(all[1]!.low!, 9);
    expect(named[0]!.high! / 100).toBeCloseTo(all[1]!.high!, 9);
  });

  it('are null for a separated level, and leave the others as if its rows were away', () => {
    const separated = { left: [...table.left, 1, 1], plan: [...table.plan, 'c', 'c'] };
    const found = profileIntervals(separated, { label, features });
    const want = profileIntervals(table, { label, features });
    expect(found.find(({ name }) => name === 'plan=c')).toMatchObject({ low: null, high: null });
    expect(found.find(({ name }) => name === 'plan=a')!.high).toBeCloseTo(want[1]!.high!, 6);
  });

  it('exist although a cell is nearly empty, where Wald’s are symmetric and too wide on the far side', () => {
    const sparse = { left: [...table.left, ...Array(30).fill(0), 1], plan: [...table.plan, ...Array(31).fill('c')] };
    const found = profileIntervals(sparse, { label, features }).find(({ name }) => name === 'plan=c')!;
    expect(found.estimate - found.low!).toBeGreaterThan(found.high! - found.estimate);
  });

  it('are refused for penalised and class-weighted likelihoods and unknown coefficients', () => {
    const options = { label, features };
    expect(() => profileIntervals(table, { ...options, l2: 1 } as never)).toThrow(/^l2/);
    expect(() => profileIntervals(table, { ...options, classWeight: 'balanced' } as never)).toThrow(/^classWeight/);
    expect(() => profileIntervals(table, { ...options, coefficients: ['plan=z'] })).toThrow(/no coefficient "plan=z"/);
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('inference on the telco set', () => {
  const data = telco();
  const model = logisticRegression({ label: telcoLabel, features: telcoFeatures }).fit(data);

  it('has the golden null deviance of R glm, McFadden R² and AIC', () => {
    const golden = fixture<{
      readonly logistic: { readonly unpenalised_raw: { readonly mcfadden_r2: number; readonly aic: number } };
      readonly r: { readonly glm_raw: { readonly null_deviance: number } };
    }>('churn-golden.json');
    const found = goodnessOfFit(model.fit);
    expect(found.mcFadden).toBeCloseTo(golden.logistic.unpenalised_raw.mcfadden_r2, 10);
    expect(found.aic / golden.logistic.unpenalised_raw.aic).toBeCloseTo(1, 12);
    expect(found.nullDeviance / golden.r.glm_raw.null_deviance).toBeCloseTo(1, 12);
    expect(found.likelihoodRatio!.degreesOfFreedom).toBe(23);
  });

  it('has profile intervals at whose ends a fit with the coefficient held there is z²/2 below the maximum', () => {
    const names = ['tenure', 'Contract=Two year'];
    const found = profileIntervals(data, { label: telcoLabel, features: telcoFeatures, coefficients: names });
    found.forEach(({ name, low, high }) => {
      const [column, level] = name.split('=');
      const x = data[column!]!;
      for (const end of [low!, high!]) {
        // The coefficient held at its end is an offset; of a category the other levels remain.
        const held = Float64Array.from(x as ArrayLike<string | number>, (v) =>
          level === undefined ? end * Number(v) : v === level ? end : 0,
        );
        const rest = {
          ...data,
          held,
          Contract: (data.Contract as string[]).map((v) => (v === level ? 'Month-to-month' : v)),
        };
        const features = telcoFeatures.filter((f) => f !== column);
        const { logLikelihood } = logisticRegression({ label: telcoLabel, features, offset: 'held' }).fit(rest).fit;
        expect(2 * (model.fit.logLikelihood - logLikelihood)).toBeCloseTo(Z ** 2, 7);
      }
    });
  });
});
