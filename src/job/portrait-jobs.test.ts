// docs/examples/telco.json and cdnow.json on the reference data sets. The figures of fixtures/portraits.json were worked
// through independently of the library (Python).
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, hasShared, sharedColumns, sharedPath } from '../../fixtures/load.ts';
import { type JobRun, parseJob, runJob } from './index.ts';
import { example } from './job.test-support.ts';
import { type Table, texts } from './table.ts';

const portraits = fixture<{
  readonly telco: { readonly totals: { readonly [name: string]: number } };
  readonly cdnow: {
    readonly holdout: { readonly [name: string]: number };
    readonly probabilityAlive: { readonly mean: number };
    readonly probabilityOfPurchase: { readonly mean: number };
    readonly gammaGamma: { readonly correlation: number; readonly interval: readonly number[] };
    readonly lifetimeValue: readonly { weeks: number | string; transactions: number; total: number; mean: number }[];
    readonly meanHoldoutSpend: { readonly [score: string]: readonly (readonly [number, number])[] };
  };
}>('portraits.json');

const runOn = (name: string, source: string, data: string): Promise<JobRun> =>
  runJob(parseJob(example(name)), { [source]: () => readFileSync(sharedPath(data)) });
const add = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe.skipIf(!hasShared('telco-churn.csv'))('the telco job', () => {
  let run: JobRun;
  let scored: Table;
  let churn: ReadonlyMap<string, string>;
  beforeAll(async () => {
    run = await runOn('telco', 'customers', 'telco-churn.csv');
    scored = run.scored.columns;
    const { customerID, Churn } = sharedColumns('telco-churn.csv') as { [name: string]: string[] };
    churn = new Map(customerID!.map((id, row) => [id, Churn![row]!]));
  });

  it('scores the 5,174 who stay, and names no leaver anywhere', () => {
    const ids = texts(scored, 'customerID') as string[];
    expect(ids.length).toBe(5174);
    expect(ids.filter((id) => churn.get(id) !== 'No')).toEqual([]);
    expect(run.summary.customers).toEqual({ trained: 7043, scored: 5174, inactive: 1869 });
    const written = JSON.stringify([run.summary, run.file]);
    expect([...churn].filter(([id, left]) => left === 'Yes' && written.includes(id))).toEqual([]);
  });

  it('reads neither the monthly charge as a feature nor any of the four sensitive columns', () => {
    const churnStep = run.file.model.steps[0]!;
    const inputs = churnStep.inputs.map(({ name }) => name);
    expect(inputs.length).toBe(14);
    expect(inputs).not.toContain('MonthlyCharges');
    const all = run.file.model.inputs.map(({ name }) => name);
    for (const name of ['gender', 'SeniorCitizen', 'Partner', 'Dependents']) expect(all).not.toContain(name);
    expect(run.summary.sensitive.map(({ column, levels }) => [column, levels.length])).toEqual([
      ['gender', 2],
      ['SeniorCitizen', 2],
      ['Partner', 2],
      ['Dependents', 2],
    ]);
  });

  it('reaches a held-out AUC between .840 and .850, base rate 1,869 of 7,043', () => {
    const { output, metrics } = run.summary.heldOut[0]!;
    expect(output).toBe('churnProbability');
    expect(metrics.rocAuc).toBeGreaterThan(0.84);
    expect(metrics.rocAuc).toBeLessThan(0.85);
    expect(metrics.baseRate).toBe(1869 / 7043);
    expect(run.summary.folds).toBe(5);
  });

  it('warns that churn-prone is not small and least valuable not large here (S33), and flags 465 as new', () => {
    expect(run.summary.sizeWarnings.map(({ key, usually }) => [key, usually])).toEqual([
      ['churn-prone', 'small'],
      ['least-valuable', 'large'],
    ]);
    expect(run.summary.notes.filter((note) => note.includes('is usually'))).toEqual([]);
    expect(run.summary.newCustomers).toBe(465);
  });

  it('lists 20 customers by value at risk with base rate .2654, class, strategy and three reasons', () => {
    const { warnings, segments } = run.summary;
    expect(warnings.length).toBe(20);
    const risks = warnings.map(({ valueAtRisk }) => valueAtRisk!);
    expect(risks).toEqual(risks.toSorted((a, b) => b - a));
    for (const { id, probability, value, valueAtRisk, baseRate, segment, strategy, reasons } of warnings) {
      expect(churn.get(String(id))).toBe('No');
      expect(valueAtRisk).toBe(probability * value!);
      expect(baseRate!.toFixed(4)).toBe('0.2654');
      expect(strategy).toBe(segments.find(({ key }) => key === segment)!.strategy!.text.en);
      expect(reasons.length).toBe(3);
    }
  });

  it('adds up current value to the figure of the portrait, which no model takes part in', () => {
    const total = run.summary.totals.find(({ column }) => column === 'currentValue')!.total;
    expect(Math.round(total.stored)).toBe(portraits.telco.totals.currentValue);
    expect(total.heldOut).toBe(total.stored);
    expect(add(run.summary.segments.map(({ customers }) => customers.stored))).toBe(5174);
  });
});

describe.skipIf(!hasShared('cdnow-sample.csv'))('the CDNOW job', () => {
  const { cdnow } = portraits;
  let run: JobRun;
  let totals: ReadonlyMap<string, number>;
  beforeAll(async () => {
    run = await runOn('cdnow', 'log', 'cdnow-sample.csv');
    totals = new Map(run.summary.totals.map(({ column, total }) => [column, total.stored]));
  });
  const rounded = (x: number, like: number): number => Number(x.toFixed(String(like).split('.')[1]?.length ?? 0));

  it('expects the purchases and the spend of the portrait, and counts those that came', () => {
    const [purchases, spend] = run.summary.compare;
    expect(purchases).toMatchObject({ rows: 2357, actualTotal: cdnow.holdout.purchases });
    expect(rounded(purchases!.expectedTotal, cdnow.holdout.expectedPurchases!)).toBe(cdnow.holdout.expectedPurchases);
    expect(rounded(spend!.actualTotal, cdnow.holdout.spend!)).toBe(cdnow.holdout.spend);
    expect(rounded(spend!.expectedTotal, cdnow.holdout.expectedSpend!)).toBe(cdnow.holdout.expectedSpend);
  });

  it('gives lifetime values at 39, 52 and 156 weeks and without end', () => {
    const names = ['39', '52', '156', 'Ever'];
    cdnow.lifetimeValue.forEach(({ transactions, total, mean }, k) => {
      const value = totals.get(`lifetimeValue${names[k]}`.replace('Ever', ''))!;
      expect(rounded(totals.get(`discounted${names[k]}`)!, transactions)).toBe(transactions);
      expect(rounded(value, total)).toBe(total);
      expect(rounded(value / 2357, mean)).toBe(mean);
    });
  });

  it('gives the mean probabilities of being alive and of a purchase', () => {
    const buys = run.scored.columns.probabilityOfPurchase as Float64Array;
    expect(rounded(totals.get('probabilityAlive')! / 2357, 0.8134)).toBe(cdnow.probabilityAlive.mean);
    expect(rounded(add(buys) / 2357, 0.2618)).toBe(cdnow.probabilityOfPurchase.mean);
  });

  it('finds mean holdout spend by R, F and M scores', () => {
    for (const [score, rows] of Object.entries(cdnow.meanHoldoutSpend)) {
      const { groups } = run.summary.means.find(({ by }) => by === score)!;
      expect(groups.map(({ group }) => Number(group))).toEqual(rows.map(([group]) => group));
      expect(add(groups.map(({ customers }) => customers))).toBe(2357);
      // Printed to one digit; recency 4 is printed 28.7 and counted 28.6451.
      groups.forEach(({ mean }, k) => {
        expect(Math.abs(mean! - rows[k]![1])).toBeLessThan(0.06);
      });
    }
  });

  it('warns that spend and frequency are correlated', () => {
    const note = run.summary.notes.find((text) => text.startsWith('gammaGamma: '));
    expect(note).toContain(String(cdnow.gammaGamma.correlation));
    expect(note).toMatch(/correlat/);
  });

  it('learns from no label, so that there is nothing held out', () => {
    expect([run.summary.folds, run.summary.heldOut, run.summary.warnings]).toEqual([null, [], []]);
  });
});
