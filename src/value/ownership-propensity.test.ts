import { describe, expect, it } from 'vitest';
import { hasShared } from '../../fixtures/load.ts';
import { logisticKind } from '../churn/logistic-kind.ts';
import { logisticRegression } from '../churn/logistic-regression.ts';
import { auc } from '../numerics/auc.ts';
import { outOfFold, subset, telco, telcoFeatures } from '../regression/telco.test-support.ts';
import { engine } from '../scoring/engine.ts';
import { ownershipPropensity } from './ownership-propensity.ts';
import { ownershipPropensityKind } from './ownership-propensity-kind.ts';

const { compile, parseModel } = engine({
  ownershipPropensity: ownershipPropensityKind,
  logisticRegression: logisticKind,
});
const small = {
  tv: ['yes', 'no', 'no', 'yes', 'no', 'yes', 'no', 'no', 'yes', 'none', 'none'],
  net: ['dsl', 'dsl', 'fibre', 'fibre', 'dsl', 'fibre', 'dsl', 'fibre', 'dsl', 'no', 'no'],
  age: [30, 42, 35, 61, 50, 24, 33, 58, 47, 29, 71],
  price: [9, 1, 2, 8, 2, 8, 1, 1, 9, 0, 0],
  flat: [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
};
const tv = { name: 'tv', owned: { column: 'tv', equals: 'yes' }, eligible: { column: 'net', not: 'no' } } as const;

describe('ownershipPropensity', () => {
  const model = ownershipPropensity({
    offers: [tv],
    features: ['tv', 'net', 'age', 'price', 'flat'],
    exclude: ['price'],
  }).fit(small);

  it('is the logistic regression on the eligible rows without the own column, the excluded and the constant ones', () => {
    const eligible = Object.fromEntries(
      Object.entries(small).map(([name, column]) => [name, (column as (string | number)[]).slice(0, 9)]),
    ) as typeof small;
    const logistic = logisticRegression({
      label: { column: 'tv', churned: 'yes', horizon: null },
      features: ['net', 'age'],
    }).fit(eligible);
    const want = compile(logistic).score(eligible).columns.churnProbability;
    const got = compile(model).score(small).columns.p_tv;
    expect(got.length).toBe(11);
    for (let i = 0; i < 9; i++) expect(got[i]!).toBeCloseTo(want[i]!, 12);
    expect(model.inputs.map((f) => f.name)).toEqual(['net', 'age']);
    expect(model.fit.rows).toBe(9);
  });

  it('gives null with the reason not-eligible to those who cannot have it, and scores owners', () => {
    const { columns, report } = compile(model).score(small);
    expect([...columns.p_tv].map(Number.isNaN)).toEqual([...Array(9).fill(false), true, true]);
    expect(JSON.stringify(report)).toContain('not-eligible');
  });

  it('judges eligible rows alone: 1 owns, 0 does not, NaN not eligible', () => {
    const estimator = ownershipPropensity({ offers: [tv], features: ['age'] });
    expect(estimator.targets!.map((t) => t.output)).toEqual(['p_tv']);
    expect([...estimator.targets![0]!.actual(small)]).toEqual([1, 0, 0, 1, 0, 1, 0, 0, 1, Number.NaN, Number.NaN]);
  });

  it('says what several offers have in common once, and nothing of constants, which it drops by contract', () => {
    const twin = small.age.map((age) => 2 * age);
    const music = ['no', 'yes', 'no', 'yes', 'no', 'no', 'yes', 'no', 'yes', 'none', 'none'];
    const offers = [tv, { ...tv, name: 'music', owned: { column: 'music', equals: 'yes' } }] as const;
    const { fit } = ownershipPropensity({ offers, features: ['age', 'twin', 'flat'] }).fit({ ...small, twin, music });
    expect(fit.warnings).toEqual([
      'offers "tv", "music": left out with weight 0 – combination of earlier columns: "twin"',
    ]);
  });

  it('names its outputs by the prefix, carries no horizon and explains them', () => {
    const renamed = ownershipPropensity({ offers: [tv], features: ['age'], as: 'own_' }).fit(small);
    expect(renamed.outputs).toEqual([{ name: 'own_tv', type: 'number', horizon: null, explained: 'log-odds' }]);
    const { base, contributions } = compile(renamed).explain(small, 'own_tv');
    const p = compile(renamed).score(small).columns.own_tv;
    for (let i = 0; i < 9; i++) expect(1 / (1 + Math.exp(-base - contributions[0]![i]!))).toBeCloseTo(p[i]!, 13);
    expect(contributions[0]![9]).toBeNaN();
  });

  it('warns of leakage when a price tells who owns it, and stays finite', () => {
    const leaky = ownershipPropensity({ offers: [tv], features: ['age', 'price'] }).fit(small);
    expect(leaky.fit.status).toBe('not-identified');
    expect(leaky.fit.warnings.join()).toMatch(/offer "tv": leakage/);
    expect(leaky.fit.warnings.join()).toMatch(/separation by .*"price"/);
    expect(JSON.stringify(leaky)).not.toContain('null,null');
    expect(parseModel(JSON.parse(JSON.stringify(leaky)))).toEqual(leaky);
    expect(leaky.fit.offers[0]!.inSampleAuc).toBe(1);
  });

  it('refuses an offer nobody owns, a repeated offer and no offers', () => {
    const nobody = { ...tv, owned: { column: 'tv', equals: 'gold' } } as const;
    expect(() => ownershipPropensity({ offers: [nobody], features: ['age'] }).fit(small)).toThrow(
      /offer "tv": all 9 rows/,
    );
    expect(() => ownershipPropensity({ offers: [tv, tv], features: ['age'] })).toThrow(/repeated/);
    expect(() => ownershipPropensity({ offers: [], features: ['age'] })).toThrow(/at least one/);
  });

  it('names the path of what is wrong in a stored model', () => {
    const broken = JSON.parse(JSON.stringify(model));
    broken.offers[0].terms[0].weights.push(1);
    expect(() => parseModel(broken)).toThrow(/offers\[0\]\.terms\[0\]\.weights/);
  });
});

describe.skipIf(!hasShared('telco-churn.csv'))('ownershipPropensity on the telco set', () => {
  const internet = { column: 'InternetService', not: 'No' } as const;
  const addOns = {
    lines: 'MultipleLines',
    security: 'OnlineSecurity',
    backup: 'OnlineBackup',
    protection: 'DeviceProtection',
    support: 'TechSupport',
    tv: 'StreamingTV',
    films: 'StreamingMovies',
  } as const;
  const offers = Object.entries(addOns).map(([name, column]) => ({
    name,
    owned: { column, equals: 'Yes' },
    eligible: name === 'lines' ? ({ column: 'PhoneService', equals: 'Yes' } as const) : internet,
  }));

  it('gives out of fold (row % 5) the eligible rows, AUC, open stayers and mean q of portraits.md §3', () => {
    const data = telco();
    const estimator = ownershipPropensity({
      offers,
      features: telcoFeatures,
      exclude: ['MonthlyCharges', 'TotalCharges'],
    });
    const models = [0, 1, 2, 3, 4].map((fold) => estimator.fit(subset(data, (i) => i % 5 !== fold)));
    const scored = models.map((m) => compile(m).score(data).columns);
    const table = [
      ['lines', 6361, 0.788, 2541, 0.346],
      ['security', 5517, 0.781, 2037, 0.352],
      ['backup', 5517, 0.742, 1855, 0.419],
      ['protection', 5517, 0.776, 1884, 0.383],
      ['support', 5517, 0.796, 2027, 0.337],
      ['tv', 5517, 0.794, 1868, 0.377],
      ['films', 5517, 0.795, 1847, 0.382],
    ] as const;
    table.forEach(([name, eligible, area, open, meanQ], j) => {
      let fold = 0;
      const q = outOfFold(
        7043,
        () => scored[fold++]!,
        (columns) => columns[`p_${name}`]!,
      );
      const owns = estimator.targets![j]!.actual(data);
      const stays = (data.Churn as string[]).map((v) => v === 'No');
      const free = [...q.keys()].filter((i) => owns[i] === 0 && stays[i]);
      expect(owns.filter((v) => v === v)).toHaveLength(eligible);
      expect(auc(owns, q)).toBeCloseTo(area, 3);
      expect(free).toHaveLength(open);
      expect(free.reduce((sum, i) => sum + q[i]!, 0) / open).toBeCloseTo(meanQ, 3);
    });
  });

  it('warns of leakage when the charges are features (portraits.md §4: AUC .999–1.000; TV and films separate)', () => {
    const model = ownershipPropensity({ offers, features: telcoFeatures }).fit(telco());
    expect(model.fit.warnings.filter((w) => w.includes('leakage'))).toHaveLength(7);
    // The add-ons all drop the level without telephone, the lines those without internet.
    expect(model.fit.warnings.filter((w) => w.includes('left out'))).toHaveLength(2);
    expect(model.fit.status).toBe('not-identified');
    expect(JSON.stringify(model)).not.toMatch(/NaN|Infinity/);
    for (const { inSampleAuc } of model.fit.offers) expect(inSampleAuc).toBeGreaterThanOrEqual(0.9985);
  });
});
