// Other models than those of docs/examples, on the bundled base: calibrated boosting, and survival with a tree. Figures are
// worked out here a second time from the CSV file and the columns before.
import { beforeAll, describe, expect, it } from 'vitest';
import { telecom } from '../../fixtures/telecom/load.ts';
import { calibrationLine, rocAuc } from '../churn/index.ts';
import { type FittedJob, fitJob } from './fit-job.ts';
import { type JobRun, parseJob, parseJobModel, type Readers, runJob, scoreJob, summarise } from './index.ts';
import { bytes, pieces, sameBits, telecomFile } from './job.test-support.ts';
import { scoreTable } from './score-job.ts';
import { isCategory, type Table, texts } from './table.ts';

const customers = telecom('customers') as { [name: string]: string[] } & {
  [N in 'tenure' | 'monthlyProfit']: Float64Array;
};
const left = Float64Array.from(customers.churned!, (churned) => (churned === 'yes' ? 1 : 0));
const stays = [...left.keys()].filter((row) => left[row] === 0);
const readers: Readers = { customers: () => telecomFile('customers') };
const inPieces: Readers = { customers: pieces(telecomFile('customers'), 9973) };
const number = (table: Table, name: string): Float64Array => {
  const column = table[name]!;
  if (isCategory(column)) throw new Error(name);
  return column;
};

const label = { column: 'churned', churned: 'yes', horizon: { every: 3, unit: 'month' } };
const features = ['tenure', 'contract', 'complaints', 'arrears', 'plan', 'payment', 'hasFiber'];
const job = (steps: readonly object[], outputs: object = {}): unknown => ({
  version: 1,
  sources: {
    customers: {
      format: 'csv',
      columns: {
        customer: 'text',
        ...{ tenure: 'number', monthlyProfit: 'number', complaints: 'number', arrears: 'number' },
        ...{ plan: 'category', contract: 'category', payment: 'category', hasFiber: 'category' },
        ...{ household: 'category', churned: 'category', monthsObserved: 'number' },
      },
      fitOnly: ['churned', 'monthsObserved'],
    },
  },
  tables: [
    {
      table: 'base',
      from: 'customers',
      derive: {
        quarterProfit: { linear: { terms: { monthlyProfit: 3 } } },
        until: { linear: { terms: { tenure: 1, monthsObserved: 1 } } },
      },
    },
  ],
  pipeline: {
    table: 'base',
    id: 'customer',
    active: { column: 'churned', equals: 'no' },
    sensitive: ['household'],
    folds: { count: 3, seed: 1 },
    steps,
  },
  outputs: { csv: 'scored.csv', ...outputs },
});

describe('a job of boosting, Platt calibration, values and tiers', () => {
  const steps = [
    {
      step: 'gradientBoosting',
      label,
      features: [...features, 'household'],
      rounds: 40,
      learningRate: 0.1,
      monotone: { complaints: 1 },
      earlyStopping: false,
    },
    { step: 'plattCalibration', label, as: 'churn' },
    { step: 'loyalty', probability: 'churn' },
    { step: 'currentValue', profit: 'quarterProfit', periods: 8, rate: { discount: 0.03, per: 'quarter' } },
    {
      step: 'pyramid',
      column: 'currentValue',
      cut: { shareOfCustomers: [0.2] },
      tiers: [{ key: 'base' }, { key: 'top' }],
    },
  ];
  const summary = { churn: 'churn', value: 'currentValue', segment: 'tier', warnings: 10 };
  let run: JobRun;
  let fitted: FittedJob;
  let scored: Table;
  beforeAll(async () => {
    const parsed = parseJob(job(steps, { summary }));
    fitted = await fitJob(parsed, readers);
    const { file, base, tables } = fitted;
    const customersNow = scoreTable(file, base, tables);
    run = { file, scored: customersNow, summary: summarise(fitted, customersNow) };
    scored = customersNow.columns;
  });

  it('calibrates the held-out scores of boosting: their line is the identity, their ranking that of boosting', () => {
    const p = number(fitted.heldOut, 'churnProbability');
    const churn = number(fitted.heldOut, 'churn');
    const line = calibrationLine(left, churn)!;
    expect(Math.abs(line.intercept)).toBeLessThan(0.25);
    expect(line.slope).toBeGreaterThan(0.85);
    expect(line.slope).toBeLessThan(1.15);
    expect(Math.abs(rocAuc(left, churn)! - rocAuc(left, p)!)).toBeLessThan(0.005);
    expect(rocAuc(left, p)).toBeGreaterThan(0.7);
  });

  it('scores by the stored line: ln(p/(1 − p)) times slope plus intercept', () => {
    const { intercept, slope } = run.file.model.steps[1] as unknown as { intercept: number; slope: number };
    const p = number(scored, 'churnProbability');
    const churn = number(scored, 'churn');
    expect(p.length).toBe(stays.length);
    p.forEach((x, i) => {
      const wanted = 1 / (1 + Math.exp(-(intercept + slope * Math.log(x / (1 - x)))));
      expect(Math.abs(churn[i]! - wanted)).toBeLessThan(1e-12);
      expect(number(scored, 'loyalty')[i]).toBe(1 - churn[i]!);
    });
  });

  it('values by the annuity formula, and puts the upper fifth of those who stay into the top tier', () => {
    const value = number(scored, 'currentValue');
    const factor = (1 - 1.03 ** -8) / 0.03;
    stays.forEach((row, i) => {
      expect(Math.abs(value[i]! - 3 * customers.monthlyProfit[row]! * factor)).toBeLessThan(1e-9);
    });
    const tiers = texts(scored, 'tier');
    const least = Math.min(...value.filter((_, i) => tiers[i] === 'top'));
    expect(Math.max(...value.filter((_, i) => tiers[i] === 'base'))).toBeLessThan(least);
    expect(Math.abs(tiers.filter((tier) => tier === 'top').length - stays.length / 5)).toBeLessThan(10);
    expect(run.summary.segments.map(({ key }) => key)).toEqual(['base', 'top']);
    expect(run.summary.warnings.length).toBe(10);
  });

  it('reads no sensitive column', () => {
    expect(run.file.model.inputs.map(({ name }) => name)).not.toContain('household');
  });

  it('gives the same bits when its file scores the same customers', async () => {
    const file = parseJobModel(JSON.parse(JSON.stringify(run.file)));
    expect(sameBits((await scoreJob(file, inPieces)).columns, scored)).toBe(true);
  });
});

describe('a job of survival and a tree', () => {
  const steps = [
    {
      step: 'coxRegression',
      duration: 'until',
      entry: 'tenure',
      event: { column: 'churned', churned: 'yes' },
      period: 'month',
      features: features.slice(1),
      outputs: [{ quantity: 'relativeRisk' }, { quantity: 'survivalProbability', periods: 3, as: 'stays3' }],
    },
    { step: 'decisionTree', label, features, maxDepth: 4, prune: { folds: 5, seed: 1 } },
    { step: 'customerGrades', orders: 'tenure', score: 'monthlyProfit', cut: { fixed: [20, 40] } },
  ];
  let run: JobRun;
  beforeAll(async () => {
    run = await runJob(parseJob(job(steps)), readers);
  });

  it('fits every customer from the tenure at which the watching began', () => {
    const [cox] = run.file.model.steps;
    expect(cox!.fit.rows).toBe(left.length);
    expect((cox!.fit as unknown as { events: number }).events).toBe(476);
    expect(cox!.inputs.map(({ name }) => name)).toEqual([...features.slice(1), 'tenure']);
  });

  it('gives survival and grades of those who stay', () => {
    const { columns } = run.scored;
    const survival = number(columns, 'stays3');
    const known = survival.filter((s) => !Number.isNaN(s));
    expect(known.length).toBeGreaterThan(0.9 * stays.length);
    expect(known.every((s) => s > 0 && s <= 1)).toBe(true);
    const grades = texts(columns, 'grade');
    stays.forEach((row, i) => {
      const profit = customers.monthlyProfit[row]!;
      const bought = customers.tenure[row]! > 0;
      expect(grades[i]).toBe(!bought ? 'potential' : profit >= 40 ? 'vip' : profit >= 20 ? 'important' : 'ordinary');
    });
  });

  it('gives the same bits when its file scores the same customers, and needs no outcome', async () => {
    const file = parseJobModel(JSON.parse(JSON.stringify(run.file)));
    expect(sameBits((await scoreJob(file, inPieces)).columns, run.scored.columns)).toBe(true);
    const lines = new TextDecoder().decode(telecomFile('customers')).trim().split('\n');
    const known = lines[0]!.split(',').indexOf('churned');
    const cut = lines.map((line) => line.split(',').slice(0, known).join(',')).join('\n');
    const { columns } = await scoreJob(file, { customers: () => bytes(cut) });
    for (const name of ['churnProbability', 'stays3']) {
      const all = number(columns, name);
      expect(Float64Array.from(stays, (row) => all[row]!)).toEqual(number(run.scored.columns, name));
    }
  });
});
