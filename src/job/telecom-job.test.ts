// docs/examples/telecom.json on the bundled base. Figures are counted here a second time, from the CSV files themselves
// (fixtures/telecom/load.ts, which shares no code with the library's reader) and from the scored columns.
import { beforeAll, describe, expect, it } from 'vitest';
import { telecom } from '../../fixtures/telecom/load.ts';
import { logisticRegression } from '../churn/index.ts';
import { pipeline } from '../scoring/index.ts';
import { type JobRun, parseJob, parseJobModel, runJob, scoreJob } from './index.ts';
import { bytes, example, pieces, rejection, sameBits, telecomFile, telecomReaders } from './job.test-support.ts';
import { isCategory, type Table, texts } from './table.ts';

const customers = telecom('customers') as { [name: string]: string[] } & {
  [N in 'tenure' | 'monthlyProfit']: Float64Array;
};
const log = telecom('transactions') as { [name: string]: string[] } & { amount: Float64Array };
const stays = customers.churned!.flatMap((churned, row) => (churned === 'no' ? [row] : []));
const idsOf = (rows: readonly number[]): string[] => rows.map((row) => customers.customer![row]!);

/** Days with a purchase and their money per customer, before and after the end of 2024. */
function purchases(): Map<string, { before: Set<string>; after: Set<string>; spentAfter: number }> {
  const all = new Map<string, { before: Set<string>; after: Set<string>; spentAfter: number }>();
  log.customer!.forEach((id, row) => {
    const own = all.get(id) ?? { before: new Set(), after: new Set(), spentAfter: 0 };
    all.set(id, own);
    const day = log.date![row]!;
    if (day <= '2024-12-31') own.before.add(day);
    else {
      own.after.add(day);
      own.spentAfter += log.amount[row]!;
    }
  });
  return all;
}

const add = (values: Iterable<number>): number => [...values].reduce((sum, x) => (Number.isNaN(x) ? sum : sum + x), 0);
const number = (table: Table, name: string): Float64Array => {
  const column = table[name]!;
  if (isCategory(column)) throw new Error(name);
  return column;
};

describe('the telecom job', () => {
  const job = parseJob(example('telecom'));
  let run: JobRun;
  let scored: Table;
  let p: Float64Array;
  let value: Float64Array;
  let segments: readonly (string | null)[];
  const steps: string[] = [];
  beforeAll(async () => {
    run = await runJob(job, telecomReaders, {
      onProgress: (done, total, what) => steps.push(`${done}/${total} ${what}`),
    });
    scored = run.scored.columns;
    p = number(scored, 'churnProbability');
    value = number(scored, 'currentValue');
    segments = texts(scored, 'segment');
  });

  it('scores those who stay, in the order of the file, and nobody else', () => {
    expect(texts(scored, 'customer')).toEqual(idsOf(stays));
    expect([...run.scored.rows]).toEqual(stays);
    expect(run.scored.inactive).toBe(476);
    expect(run.summary.customers).toEqual({ trained: 4976, scored: 4500, inactive: 476 });
    expect(Object.keys(scored).slice(0, 6)).toEqual([
      'customer',
      'tenure',
      'plan',
      'contract',
      'monthlyCharge',
      'churnProbability',
    ]);
  });

  it('counts what the joins and summaries left out', () => {
    const bought = purchases();
    const known = [...bought.values()].filter(({ before }) => before.size > 0).length;
    const [summarised, joined, derived] = run.summary.tables;
    expect(summarised).toMatchObject({ table: 'purchases', rows: known });
    expect(summarised).toMatchObject({ summarize: { rows: 23_888, used: 23_888, holdoutOnly: bought.size - known } });
    expect(joined).toEqual({
      table: 'customersAndPurchases',
      rows: 4976,
      join: { leftUnmatched: 4976 - known, rightUnmatched: 0 },
    });
    expect(derived).toEqual({ table: 'base', rows: 4976, derive: ['quarterProfit'] });
  });

  it('values customers by the annuity formula: 8 quarters at 3 %, three months of profit each', () => {
    const factor = (1 - 1.03 ** -8) / 0.03;
    stays.forEach((row, i) => {
      expect(Math.abs(value[i]! - 3 * customers.monthlyProfit[row]! * factor)).toBeLessThan(1e-9);
    });
  });

  it('judges the churn model on held-out rows as the same step does in a pipeline of its own', () => {
    const base = {
      ...customers,
      dataGb: customers.dataGb as unknown as Float64Array,
      minutes: customers.minutes as unknown as Float64Array,
    };
    const { model, heldOut } = pipeline(
      [
        logisticRegression({
          label: { column: 'churned', churned: 'yes', horizon: { every: 3, unit: 'month' } },
          features: [
            'tenure',
            { column: 'contract', reference: 'monthly' },
            'complaints',
            'arrears',
            { column: 'dataGb', missing: 'impute' },
            { column: 'minutes', missing: 'impute' },
            { column: 'plan', reference: 'basic' },
            { column: 'hasFiber', reference: 'no' },
            { column: 'hasTv', reference: 'no' },
            { column: 'hasSecurity', reference: 'no' },
            { column: 'hasRoaming', reference: 'no' },
            { column: 'payment', reference: 'auto' },
          ],
        }),
      ],
      { folds: { count: 5, seed: 1, by: 'customer' } },
    ).crossFit(base);
    const { summary } = run;
    expect(summary.heldOut[0]).toEqual(model.fit.heldOut[0]);
    expect(summary.heldOut[0]!.metrics.baseRate).toBe(476 / 4976);
    expect(summary.heldOut.map(({ output }) => output)).toEqual([
      'churnProbability',
      'p_fiber',
      'p_tv',
      'p_security',
      'p_roaming',
    ]);
    // Current value learns nothing from a label: held out, only the probability is another one.
    const risk = add(stays.map((row, i) => heldOut.churnProbability[row]! * value[i]!));
    expect(summary.valueAtRisk!.heldOut.atRisk).toBeCloseTo(risk, 6);
  });

  it('adds up value at risk, in all and by segment, and totals, from the scored columns', () => {
    const { valueAtRisk, segments: table, totals } = run.summary;
    expect(valueAtRisk!.stored.atRisk).toBeCloseTo(add(p.map((x, i) => x * value[i]!)), 6);
    expect(valueAtRisk!.stored.value).toBeCloseTo(add(value), 6);
    expect(valueAtRisk!.stored.rows).toBe(4500);
    for (const { key, customers: count, share, meanChurn, value: worth, atRisk } of table) {
      const own = segments.flatMap((segment, i) => (segment === key ? [i] : []));
      expect([count.stored, share]).toEqual([own.length, own.length / 4500]);
      expect(meanChurn).toBeCloseTo(add(own.map((i) => p[i]!)) / own.length, 12);
      expect(worth).toBeCloseTo(add(own.map((i) => value[i]!)), 6);
      expect(atRisk!.stored).toBeCloseTo(add(own.map((i) => p[i]! * value[i]!)), 6);
    }
    expect(table.map(({ key }) => key)).toEqual([
      'platinum',
      'gold',
      'loyal',
      'potential',
      'churn-prone',
      'short-term',
      'least-valuable',
      'developable',
    ]);
    expect(add(table.map(({ customers: n }) => n.stored))).toBe(4500);
    expect(add(table.map(({ customers: n }) => n.heldOut))).toBe(4500);
    for (const { column, total } of totals) expect(total.stored).toBeCloseTo(add(number(scored, column)), 6);
  });

  it('classifies each customer by the stored cuts, strictly above is high', () => {
    const grid = run.file.model.steps.find(({ outputs }) => outputs[0]!.name === 'segment') as unknown as {
      axes: readonly { cuts: readonly number[] }[];
    };
    const cuts = grid.axes.map(({ cuts: [cut] }) => cut!);
    expect(cuts[0]).toBeCloseTo(add(value) / 4500, 8);
    const names: { readonly [highs: string]: string } = {
      HHH: 'platinum',
      HLH: 'gold',
      LLH: 'loyal',
      LHH: 'potential',
      HHL: 'churn-prone',
      HLL: 'short-term',
      LLL: 'least-valuable',
      LHL: 'developable',
    };
    const columns = ['currentValue', 'potentialValue', 'loyalty'].map((name) => number(scored, name));
    stays.forEach((_, i) => {
      expect(segments[i]).toBe(names[columns.map((column, a) => (column[i]! > cuts[a]! ? 'H' : 'L')).join('')]);
      expect(columns[2]![i]).toBe(1 - p[i]!);
    });
    expect(run.summary.newCustomers).toBe(stays.filter((row) => customers.tenure[row]! < 4).length);
  });

  it('lists the customers with most value at risk first, with base rate, class, strategy and reasons', () => {
    const ids = texts(scored, 'customer');
    const order = [...stays.keys()].sort((a, b) => p[b]! * value[b]! - p[a]! * value[a]!).slice(0, 15);
    const { warnings, segments: table } = run.summary;
    expect(warnings.map(({ id }) => id)).toEqual(order.map((i) => ids[i]));
    warnings.forEach((row, k) => {
      const i = order[k]!;
      expect(row).toMatchObject({
        probability: p[i],
        baseRate: 476 / 4976,
        value: value[i],
        valueAtRisk: p[i]! * value[i]!,
        segment: segments[i],
        strategy: table.find(({ key }) => key === segments[i])!.strategy!.text.en,
      });
      expect(row.reasons.length).toBe(3);
      for (const reason of row.reasons) {
        const [column, told] = reason.split(' = ') as [string, string];
        expect(told).toBe(String(customers[column]![stays[i]!]));
      }
    });
    const gone = new Set(customers.customer!.filter((_, row) => customers.churned![row] === 'yes'));
    expect(warnings.filter(({ id }) => gone.has(String(id)))).toEqual([]);
  });

  it('reports class shares by columns that no model reads', () => {
    expect(run.file.model.inputs.map(({ name }) => name)).not.toContain('household');
    expect(run.summary.sensitive.map(({ column }) => column)).toEqual(['household', 'region']);
    for (const { column, levels } of run.summary.sensitive) {
      expect(add(levels.map(({ customers: n }) => n))).toBe(4500);
      for (const { level, customers: count, shares } of levels) {
        const own = stays.flatMap((row, i) => (customers[column]![row] === level ? [segments[i]] : []));
        expect(count).toBe(own.length);
        expect(shares).toEqual(
          run.summary.segments.map(({ key }) => own.filter((segment) => segment === key).length / own.length),
        );
      }
    }
  });

  it('sets what was expected of the shop beside what came, counted from the log', () => {
    const bought = purchases();
    const buyers = idsOf(stays).flatMap((id, i) => ((bought.get(id)?.before.size ?? 0) > 0 ? [i] : []));
    const ids = idsOf(stays);
    const [comparison] = run.summary.compare;
    expect(comparison).toMatchObject({
      rows: buyers.length,
      actualTotal: add(buyers.map((i) => bought.get(ids[i]!)!.after.size)),
    });
    expect(comparison!.expectedTotal).toBeCloseTo(add(number(scored, 'expectedPurchases')), 6);
    const tiers = texts(scored, 'shopTier');
    const [means] = run.summary.means;
    for (const { group, customers: count, mean } of means!.groups) {
      const own = [...stays.keys()].filter((i) => tiers[i] === group);
      expect(count).toBe(own.length);
      if (group === null) expect(mean).toBeNull();
      else expect(mean).toBeCloseTo(add(own.map((i) => bought.get(ids[i]!)!.spentAfter)) / own.length, 8);
    }
    const without = stays.length - buyers.length;
    expect(means!.groups.at(-1)).toMatchObject({ group: null, customers: without });
    expect(run.summary.nulls.expectedPurchases).toEqual({ missing: without });
    expect(run.summary.nulls.shopTier).toEqual({ missing: without });
    expect(Object.keys(run.summary.nulls)).not.toContain('churnProbability');
  });

  it('is plain JSON data: file and summary survive being written down', () => {
    for (const part of [run.file, run.summary]) expect(JSON.parse(JSON.stringify(part))).toEqual(part);
  });

  it('tells its progress, piece by piece up to the last', () => {
    expect(steps[0]).toBe('0/1 reading the sources');
    const rest = steps.slice(1).map((step) => step.split(' ')[0]);
    expect(rest).toEqual(rest.map((_, i) => `${i}/${rest.length}`));
  });

  it('gives the same bits when its file scores the same sources, whatever their pieces', async () => {
    const file = parseJobModel(JSON.parse(JSON.stringify(run.file)));
    const again = await scoreJob(file, {
      customers: pieces(telecomFile('customers'), 9973),
      log: pieces(telecomFile('transactions'), 4099),
    });
    expect(sameBits(again.columns, scored)).toBe(true);
    expect(again.report).toEqual(run.scored.report);
    expect(again.inactive).toBe(476);
  });

  it('scores everyone when the outcome is not in the file, each as before', async () => {
    const text = new TextDecoder().decode(telecomFile('customers'));
    const lines = text.trim().split('\n');
    const known = lines[0]!.split(',').indexOf('churned');
    const cut = lines.map((line) => line.split(',').slice(0, known).join(',')).join('\n');
    const { columns, inactive } = await scoreJob(run.file, { ...telecomReaders, customers: () => bytes(cut) });
    expect(inactive).toBe(0);
    expect(texts(columns, 'customer')).toEqual(customers.customer);
    const all = number(columns, 'lifetimeValue');
    expect(Float64Array.from(stays, (row) => all[row]!)).toEqual(number(scored, 'lifetimeValue'));
    expect(all.every(Number.isFinite)).toBe(true);
  });

  it('refuses a reader too few or too many', async () => {
    const { customers: one, log: other } = telecomReaders;
    expect(await rejection(scoreJob(run.file, { customers: one! }))).toBe(
      'invalid-job: source "log" has no reader: give one for each of customers, log',
    );
    expect(await rejection(scoreJob(run.file, { customers: one!, log: other!, more: one! }))).toBe(
      'invalid-job: there is no source "more"; the job has customers, log',
    );
  });
});
