// The telco portrait, worked through independently of the library (Python, own Newton logistic): definitions and figures
// stand in fixtures/portraits.json.
import { describe, expect, it } from 'vitest';
import { fixture, hasShared } from '../../fixtures/load.ts';
import { discreteTimeHazard, logisticRegression } from '../churn/index.ts';
import { valueAtRisk } from '../economics/index.ts';
import { loyalty } from '../loyalty/index.ts';
import { sum } from '../numerics/sum.ts';
import { telco, telcoFeatures, telcoLabel } from '../regression/telco.test-support.ts';
import { segmentSizes, threeDimensional } from '../segments/index.ts';
import { currentValue, lifetimeValue, ownershipPropensity, potentialValue } from '../value/index.ts';
import { compile, parseModel } from './all-kinds.ts';
import { pipeline } from './pipeline.ts';

interface Portrait {
  readonly margin: number;
  readonly heldOut: {
    readonly rocAuc: number;
    readonly logLoss: number;
    readonly brier: number;
    readonly topDecileLift: number;
  };
  readonly meanProbability: { readonly all: number; readonly stayers: number };
  readonly addOns: readonly {
    readonly name: string;
    readonly price: number;
    readonly auc: number;
    readonly open: number;
    readonly meanQ: number;
  }[];
  readonly cuts: readonly number[];
  readonly classes: readonly {
    readonly key: string;
    readonly n: number;
    readonly ccv: number;
    readonly cpv: number;
    readonly p: number;
    readonly atRisk: number;
  }[];
  readonly totals: { readonly [name: string]: number };
}
const portrait = fixture<{ telco: Portrait }>('portraits.json').telco;

const internet = { column: 'InternetService', not: 'No' } as const;
const phone = { column: 'PhoneService', equals: 'Yes' } as const;
const flags = {
  lines: 'MultipleLines',
  security: 'OnlineSecurity',
  backup: 'OnlineBackup',
  protection: 'DeviceProtection',
  support: 'TechSupport',
  tv: 'StreamingTV',
  films: 'StreamingMovies',
} as const;
const offers = portrait.addOns.map(({ name, price }) => ({
  name,
  price,
  owned: { column: flags[name as keyof typeof flags], equals: 'Yes' },
  eligible: name === 'lines' ? phone : internet,
}));
const months = { periods: 24, rate: { discount: 0.01, per: 'month' } } as const;
const withoutCharges = telcoFeatures.filter((f) => typeof f !== 'string' || !/Charges/.test(f));

const steps = [
  logisticRegression({ label: telcoLabel, features: telcoFeatures }),
  ownershipPropensity({
    offers: offers.map(({ name, owned, eligible }) => ({ name, owned, eligible })),
    features: telcoFeatures,
    exclude: ['MonthlyCharges', 'TotalCharges'],
  }),
  discreteTimeHazard({
    duration: 'tenure',
    event: { column: 'Churn', churned: 'Yes' },
    period: 'month',
    features: withoutCharges.filter((f) => f !== 'tenure'),
    outputs: { survivalProbability: { periods: 24 }, survivalAnnuity: months },
  }),
  loyalty(),
  currentValue({ profit: 'profit', ...months }),
  potentialValue({
    offers: offers.map(({ name, price, owned, eligible }) => ({
      name,
      probability: `p_${name}`,
      profit: portrait.margin * price,
      owned,
      eligible,
    })),
    ...months,
  }),
  lifetimeValue({ survivalAnnuity: 'survivalAnnuity' }),
  threeDimensional({ cut: 'mean', newBelow: { column: 'tenure', below: 4 } }),
] as const;

type Table = { [name: string]: Float64Array | string[] };

describe.skipIf(!hasShared('telco-churn.csv'))(
  'the telco portrait through the pipeline, out of fold by row % 5',
  () => {
    const raw: Table = hasShared('telco-churn.csv') ? telco() : {};
    const data: Table = {
      ...raw,
      profit: Float64Array.from((raw.MonthlyCharges ?? []) as Float64Array, (x) => portrait.margin * x),
    };
    const stays = ((data.Churn ?? []) as string[]).flatMap((churn, row) => (churn === 'No' ? [row] : []));
    const fitted = pipeline(steps, {
      active: { column: 'Churn', equals: 'No' },
      folds: { count: 5, rule: 'row-modulo' },
    }).crossFit(data);
    const heldOut = fitted.heldOut as unknown as { [name: string]: Float64Array } & {
      segment: { codes: Int32Array; levels: readonly string[] };
    };
    const of = (name: string) => Float64Array.from(stays, (row) => heldOut[name]![row]!);
    const segment = {
      codes: Int32Array.from(stays, (row) => heldOut.segment.codes[row]!),
      levels: heldOut.segment.levels,
    };

    it('judges the churn model by the held-out figures', () => {
      const { metrics } = fitted.model.fit.heldOut[0]!;
      expect(metrics.rocAuc).toBeCloseTo(portrait.heldOut.rocAuc, 6);
      expect(metrics.logLoss).toBeCloseTo(portrait.heldOut.logLoss, 6);
      expect(metrics.brier).toBeCloseTo(portrait.heldOut.brier, 6);
      expect(metrics.topDecileLift).toBeCloseTo(portrait.heldOut.topDecileLift, 4);
      expect(metrics.meanProbability).toBeCloseTo(portrait.meanProbability.all, 6);
      expect(sum(of('churnProbability')) / stays.length).toBeCloseTo(portrait.meanProbability.stayers, 6);
    });

    it('finds how much each customer looks like an owner of each add-on', () => {
      portrait.addOns.forEach(({ name, auc, open, meanQ }, j) => {
        const { output, metrics } = fitted.model.fit.heldOut[j + 1]!;
        expect(output).toBe(`p_${name}`);
        expect(metrics.rocAuc).toBeCloseTo(auc, 3);
        const owned = data[flags[name as keyof typeof flags]]!;
        const q = stays.flatMap((row) => {
          const value = heldOut[`p_${name}`]![row]!;
          return owned[row] !== 'Yes' && !Number.isNaN(value) ? [value] : [];
        });
        expect(q.length).toBe(open);
        expect(sum(q) / q.length).toBeCloseTo(meanQ, 3);
      });
    });

    it('cuts at the means of the stayers and counts the eight classes exactly', () => {
      const step = fitted.model.steps.at(-1) as unknown as { axes: readonly { cuts: readonly number[] }[] };
      expect(step.axes.slice(0, 3).map((axis) => axis.cuts[0]!)).toEqual(
        portrait.cuts.map((cut) => expect.closeTo(cut, 3)),
      );
      const sizes = segmentSizes(segment, fitted.model.steps.at(-1) as never);
      expect(sizes.segments.map(({ key, count }) => [key, count])).toEqual(
        portrait.classes.map(({ key, n }) => [key, n]),
      );
      expect(sizes.warnings.map(({ key, usually }) => [key, usually])).toEqual([
        ['churn-prone', 'small'],
        ['least-valuable', 'large'],
      ]);
    });

    it('values each class, and what is at risk in it', () => {
      const risk = valueAtRisk({ probability: of('churnProbability'), value: of('currentValue') }, segment);
      portrait.classes.forEach(({ ccv, cpv, p, atRisk }, k) => {
        const rows = stays.flatMap((_, i) => (segment.codes[i] === k ? [i] : []));
        const mean = (name: string) => {
          const column = of(name);
          return sum(rows.map((i) => column[i]!)) / rows.length;
        };
        expect(mean('currentValue')).toBeCloseTo(ccv, 1);
        expect(mean('potentialValue')).toBeCloseTo(cpv, 1);
        expect(Math.abs(mean('churnProbability') - p)).toBeLessThan(0.0006);
        expect(Math.round(risk.groups[k]!.atRisk)).toBe(atRisk);
      });
      expect(Math.round(risk.atRisk)).toBe(portrait.totals.valueAtRisk);
      expect(Math.round(sum(of('currentValue')))).toBe(portrait.totals.currentValue);
      expect(Math.round(sum(of('potentialValue')))).toBe(portrait.totals.potentialValue);
      expect(Math.round(sum(of('retainedLifetimeValue')))).toBe(
        portrait.totals.retainedCurrent! + portrait.totals.retainedPotential!,
      );
    });

    it('scores the same bits from its JSON file', () => {
      const file = JSON.parse(JSON.stringify(fitted.model));
      const inputs = Object.fromEntries(fitted.model.inputs.map(({ name }) => [name, data[name]!]));
      expect(compile(parseModel(file)).score(inputs)).toEqual(compile(fitted.model).score(inputs));
    });

    it('explains the churn score so that base and contributions add up to the log-odds', () => {
      const inputs = Object.fromEntries(fitted.model.inputs.map(({ name }) => [name, data[name]!]));
      const plan = compile(fitted.model);
      const { base, contributions } = plan.explain(inputs, 'churnProbability' as never);
      const { churnProbability } = plan.score(inputs).columns as unknown as { churnProbability: Float64Array };
      churnProbability.forEach((p, row) => {
        const logOdds = contributions.reduce((total, term) => total + term[row]!, base);
        expect(Math.abs(logOdds - Math.log(p / (1 - p)))).toBeLessThan(1e-10);
      });
    });
  },
);
