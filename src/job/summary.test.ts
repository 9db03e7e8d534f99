// What a summary tells of a campaign and of its own uncertainty, counted a second time from the scored columns.
import { beforeAll, describe, expect, it } from 'vitest';
import { campaignProfit, targetList } from '../churn/index.ts';
import { type JobRun, parseJob, runJob } from './index.ts';
import {
  bytes,
  changed,
  example,
  failure,
  rejection,
  smallCustomers,
  smallJob,
  smallReaders,
  telecomReaders,
} from './job.test-support.ts';
import { numbersOf, texts } from './table.ts';

const add = (values: Iterable<number>): number => [...values].reduce((sum, x) => sum + x, 0);
const SUMMARY = 'outputs.summary';

describe('the summary of the telecom job with a campaign and intervals', () => {
  let run: JobRun;
  let p: Float64Array;
  let value: Float64Array;
  let segments: readonly (string | null)[];
  const sentences = { monthly: 'on a month-to-month contract' };
  beforeAll(async () => {
    const json = changed(example('telecom'), {
      'pipeline.steps.0.intervals': true,
      [`${SUMMARY}.campaign`]: { acceptance: 0.25, offerCost: 'monthlyCharge', contactCost: 4, onlyProfitable: true },
      [`${SUMMARY}.intervals`]: { seed: 3, resamples: 300 },
      [`${SUMMARY}.owner`]: 'region',
      [`${SUMMARY}.tier`]: 'shopTier',
      [`${SUMMARY}.features`]: [
        { column: 'tenure', actionable: false },
        { column: 'contract', actionable: true, levels: sentences },
        {
          column: 'complaints',
          actionable: true,
          bands: [{ below: 2, sentence: 'complained' }, { sentence: 'complained {value} times' }],
        },
      ],
    });
    run = await runJob(parseJob(json), telecomReaders);
    p = numbersOf(run.scored.columns, 'churnProbability');
    value = numbersOf(run.scored.columns, 'currentValue');
    segments = texts(run.scored.columns, 'segment');
  });

  it('lists by expected saving, one mechanism with campaignProfit, and only who is worth it', () => {
    const offerCost = numbersOf(run.scored.customers, 'monthlyCharge');
    const { profit, spend } = campaignProfit(p, { value, offerCost, acceptance: 0.25, contactCost: 4 });
    const ids = texts(run.scored.columns, 'customer');
    const order = [...profit.keys()].filter((i) => profit[i]! > 0).sort((a, b) => profit[b]! - profit[a]!);
    const { warnings, campaign } = run.summary;
    expect(warnings.length).toBe(15);
    warnings.forEach((row, k) => {
      const i = order[k]!;
      expect(row).toMatchObject({ id: ids[i], expectedSaving: profit[i], expectedSpend: spend[i], uplift: null });
      expect(row.action).toMatchObject({ contact: true, follows: 'saving', saving: true });
      expect(row.horizon).toEqual({ every: 3, unit: 'month' });
      expect(row.owner).toBe(texts(run.scored.customers, 'region')[i]);
    });
    expect(campaign).toMatchObject({ basis: 'acceptance', worthIt: order.length });
    expect(campaign!.everyone.expectedSaving).toBeCloseTo(add(order.map((i) => profit[i]!)), 6);
    expect(campaign!.everyone.expectedSpend).toBeCloseTo(add(order.map((i) => spend[i]!)), 6);
    expect(campaign!.expectedSaving).toBeCloseTo(add(warnings.map((row) => row.expectedSaving!)), 8);
    expect(Math.max(...campaign!.curve.map((point) => point.profit))).toBeLessThanOrEqual(
      campaign!.everyone.expectedSaving + 1e-6,
    );
    expect(campaign!.bestCut!.profit).toBeLessThanOrEqual(campaign!.everyone.expectedSaving + 1e-6);
    // Classes whose budget is none or low are not contacted by default.
    const spares = new Set(['loyal', 'short-term', 'least-valuable']);
    const known = [...profit.keys()];
    expect(campaign!.overruled).toEqual({
      contacted: known.filter((i) => profit[i]! > 0 && spares.has(segments[i]!)).length,
      spared: known.filter((i) => !(profit[i]! > 0) && !spares.has(segments[i]!)).length,
    });
    for (const { segment, action } of warnings) expect(action!.overruled).toBe(spares.has(segment!));
  });

  it('tells reasons in the sentences given, those that can be acted on apart from the others', () => {
    const { warnings } = run.summary;
    const reasons = warnings.flatMap((row) => row.reasons);
    expect(reasons.filter((reason) => reason.includes('tenure') || reason.includes('contract ='))).toEqual([]);
    expect(reasons).toContain('on a month-to-month contract');
    for (const { background } of warnings) for (const text of background!) expect(text).toMatch(/^tenure = /);
    expect(warnings.some(({ background }) => background!.length > 0)).toBe(true);
  });

  it('counts who is borderline: the interval of p holds 1 − the loyalty cut of the classes', () => {
    const { borderline, warnings, segments: rows } = run.summary;
    // The cut itself, learned from scores of folds that had not seen the customer, as the model file holds it.
    const grid = run.file.model.steps.find(({ outputs }) => outputs[0]!.name === 'segment') as unknown as {
      readonly axes: readonly { readonly cuts: readonly number[] }[];
    };
    expect(borderline!.cuts).toEqual([1 - grid.axes[2]!.cuts[0]!]);
    expect(borderline).toMatchObject({ rows: 4500, leftOut: 0, level: 0.95 });
    expect(add(borderline!.groups.map(({ count }) => count))).toBe(borderline!.count);
    expect(borderline!.groups.map(({ group }) => group)).toEqual(rows.map(({ key }) => key));
    expect(borderline!.share).toBeGreaterThan(0.02);
    expect(borderline!.share).toBeLessThan(0.5);
    for (const { interval, borderline: near, probability } of warnings) {
      expect(near).toBe(interval!.low <= borderline!.cuts[0]! && borderline!.cuts[0]! <= interval!.high);
      expect(interval!.low).toBeLessThan(probability);
      expect(interval!.high).toBeGreaterThan(probability);
    }
  });

  it('has intervals about as wide as the closed forms: √(p(1−p)/n) of shares, √n·sd of totals', () => {
    const { intervals, totals, valueAtRisk, segments: rows } = run.summary;
    const n = 4500;
    // A standard deviation of 300 resamples errs by 4 %: four of these.
    const near = (own: number | null, exact: number) => expect(Math.abs(own! / exact - 1)).toBeLessThan(0.17);
    intervals!.segments.forEach(({ key, share, value: worth, atRisk }, s) => {
      const row = rows[s]!;
      expect([key, share.estimate]).toEqual([row.key, row.share]);
      expect(worth!.estimate).toBeCloseTo(row.value!, 6);
      expect(atRisk!.estimate).toBeCloseTo(row.atRisk!.stored, 6);
      near(share.standardError, Math.sqrt((row.share! * (1 - row.share!)) / n));
    });
    expect(intervals!.valueAtRisk!.estimate).toBeCloseTo(valueAtRisk!.stored.atRisk, 6);
    const risk = [...p].map((x, i) => x * value[i]!);
    const centre = add(risk) / n;
    near(intervals!.valueAtRisk!.standardError, Math.sqrt(add(risk.map((x) => (x - centre) ** 2))));
    expect(intervals!.totals.map(({ column }) => column)).toEqual(totals.map(({ column }) => column));
  });

  it('has value at risk by tier and class, which adds up to the whole over those who have a tier', () => {
    const table = run.summary.riskByTier!;
    const tiers = texts(run.scored.columns, 'shopTier');
    table.rowLevels.forEach((tier, r) => {
      table.columnLevels.forEach((segment, c) => {
        const own = [...p.keys()].filter((i) => tiers[i] === tier && segments[i] === segment);
        expect(table.cells[r]![c]!.rows).toBe(own.length);
        expect(table.cells[r]![c]!.atRisk).toBeCloseTo(add(own.map((i) => p[i]! * value[i]!)), 6);
      });
    });
    expect(add(table.rowTotals.map(({ atRisk }) => atRisk))).toBeCloseTo(table.total.atRisk, 6);
    expect(table.nulls).toBe(tiers.filter((tier) => tier === null).length);
  });

  it('is plain data that JSON keeps', () => {
    expect(JSON.parse(JSON.stringify(run.summary))).toEqual(run.summary);
  });
});

describe('the summary of a small job', () => {
  const summaryOf = async (changes: { readonly [path: string]: unknown }) =>
    (await runJob(smallJob(changes), smallReaders)).summary;

  it('holds none of it unless asked, and gives the same again for the same seed', async () => {
    const plain = await summaryOf({});
    expect(plain).toMatchObject({ campaign: null, intervals: null, borderline: null, riskByTier: null });
    for (const key of ['interval', 'expectedSaving', 'action', 'owner', 'background'])
      expect(plain.warnings[0]).not.toHaveProperty(key);
    const intervals = { [`${SUMMARY}.intervals`]: { seed: 1, resamples: 20 } };
    const asked = await summaryOf(intervals);
    expect(await summaryOf(intervals)).toEqual(asked);
    expect(asked.notes.at(-1)).toContain('"churnProbability" has no interval');
    // A pyramid has no axis of loyalty: nobody is borderline there.
    const held = await summaryOf({ ...intervals, 'pipeline.steps.0.intervals': true });
    expect(held).toMatchObject({ borderline: null });
    expect(held.warnings[0]!.interval!.low).toBeLessThan(held.warnings[0]!.probability);
  });

  it('takes an uplift of a column, and the order and the owner asked for', async () => {
    const campaign = { acceptance: 0.3, offerCost: 1, uplift: 'share' };
    const { warnings, campaign: found } = await summaryOf({
      [`${SUMMARY}.campaign`]: campaign,
      [`${SUMMARY}.order`]: 'probability',
      [`${SUMMARY}.owner`]: 'sex',
      'tables.0.derive': {
        yearly: { linear: { terms: { profit: 12 } } },
        share: { linear: { terms: { tenure: 0.01 } } },
      },
    });
    expect(found!.basis).toBe('uplift');
    const order = warnings.map(({ probability }) => probability);
    expect(order).toEqual(order.toSorted((a, b) => b - a));
    for (const { owner, uplift } of warnings) {
      expect(['f', 'm']).toContain(owner);
      expect(uplift).toBeGreaterThanOrEqual(0);
    }
  });

  it('with a budget has the best list within it, and whom the value at risk takes to replace', async () => {
    const campaign = { acceptance: 0.4, offerCost: 30, contactCost: 2, budget: 200 };
    const isNew = {
      step: 'spendTiers',
      spend: 'yearly',
      limits: [100, 200, 300],
      newBelow: { column: 'tenure', below: 12 },
    };
    const run = await runJob(
      smallJob({ [`${SUMMARY}.campaign`]: campaign, [`${SUMMARY}.segment`]: undefined, 'pipeline.steps.3': isNew }),
      smallReaders,
    );
    const columns = run.scored.columns;
    const p = numbersOf(columns, 'churnProbability');
    const value = numbersOf(columns, 'currentValue');
    const ids = texts(columns, 'id');
    const { profit, spend } = campaignProfit(p, { value, acceptance: 0.4, offerCost: 30, contactCost: 2 });
    const { budget } = run.summary.campaign!;
    const list = targetList({ profit, spend }, { budget: 200 });
    expect(budget!.ids).toEqual([...list.rows].map((row) => ids[row]));
    expect(budget!.ids.length).toBeGreaterThan(3);
    expect(budget!.expectedSpend).toBeLessThanOrEqual(200);
    expect(budget!.expectedSaving).toBeLessThanOrEqual(budget!.bound);
    // lost · meanValueLost / meanValueNew, customers of less than a year being the new ones.
    const known = [...p.keys()].filter((row) => !Number.isNaN(p[row]! * value[row]!));
    const fresh = known.filter((row) => texts(columns, 'isNew')[row] === 'yes');
    const meanNew = add(fresh.map((row) => value[row]!)) / fresh.length;
    const atRisk = add(known.map((row) => p[row]! * value[row]!));
    const kept = add([...list.rows].map((row) => 0.4 * p[row]! * value[row]!));
    const { replacement } = budget!;
    expect(replacement.basis).toBe('new customers');
    expect(replacement.lost).toBeCloseTo(add(known.map((row) => p[row]!)), 10);
    expect(replacement.need!.needed).toBeCloseTo(atRisk / meanNew, 9);
    expect(replacement.needAfter!.needed).toBeCloseTo((atRisk - kept) / meanNew, 9);
    expect(replacement.needAfter!.neededWhole).toBe(Math.ceil((atRisk - kept) / meanNew));
    expect(JSON.parse(JSON.stringify(run.summary))).toEqual(run.summary);
  });

  it('has nobody without an id in the list of a budget, as in the warning list', async () => {
    const campaign = { acceptance: 0.4, offerCost: 0, budget: 1e6 };
    const csv = smallCustomers().replaceAll(/^K00\d,/gm, ',');
    const { summary } = await runJob(smallJob({ [`${SUMMARY}.campaign`]: campaign, [`${SUMMARY}.warnings`]: 200 }), {
      customers: () => bytes(csv),
    });
    expect(summary.campaign!.budget!.ids.length).toBeGreaterThan(50);
    expect(new Set(summary.campaign!.budget!.ids)).toEqual(new Set(summary.warnings.map(({ id }) => id)));
  });

  it('takes everyone for new where nobody is flagged, and a budget of nothing buys nobody', async () => {
    const campaign = { acceptance: 0.4, offerCost: 30, contactCost: 2, budget: 0 };
    const { campaign: found } = await summaryOf({ [`${SUMMARY}.campaign`]: campaign });
    expect(found!.budget).toMatchObject({ ids: [], expectedSaving: 0, expectedSpend: 0 });
    expect(found!.budget!.replacement.basis).toBe('all customers');
    expect(found!.budget!.replacement.needAfter).toEqual(found!.budget!.replacement.need);
    const { campaign: without } = await summaryOf({ [`${SUMMARY}.campaign`]: { acceptance: 0.4, offerCost: 30 } });
    expect(without!.budget).toBeNull();
    expect(failure(() => smallJob({ [`${SUMMARY}.campaign`]: { ...campaign, budget: -1 } }))).toContain(
      'campaign.budget',
    );
  });

  it('refuses what does not fit together, before or after the fit, with its place', async () => {
    const refused = (changes: { readonly [path: string]: unknown }) => failure(() => smallJob(changes));
    const campaign = { acceptance: 0.3, offerCost: 1 };
    expect(refused({ [`${SUMMARY}.campaign`]: campaign, [`${SUMMARY}.value`]: undefined })).toContain(
      'invalid-job: job.outputs.summary.campaign: needs "value"',
    );
    expect(refused({ [`${SUMMARY}.tier`]: 'plan', [`${SUMMARY}.segment`]: undefined })).toContain('needs "segment"');
    expect(refused({ [`${SUMMARY}.order`]: 'expectedSaving' })).toContain('order: needs "campaign"');
    expect(refused({ [`${SUMMARY}.campaign`]: { ...campaign, from: 'lots' } })).toContain('campaign.from');
    expect(refused({ [`${SUMMARY}.intervals`]: { resamples: 10 } })).toContain('missing key "seed"');
    expect(refused({ [`${SUMMARY}.features`]: [{ column: 'plan' }] })).toContain('missing key "actionable"');
    const run = (changes: { readonly [path: string]: unknown }) => rejection(runJob(smallJob(changes), smallReaders));
    expect(await run({ [`${SUMMARY}.campaign`]: { ...campaign, acceptance: 'rate' } })).toContain(
      'job.outputs.summary.campaign.acceptance: unknown column "rate"',
    );
    expect(await run({ [`${SUMMARY}.owner`]: 'agent' })).toContain('job.outputs.summary.owner');
    expect(await run({ [`${SUMMARY}.campaign`]: { ...campaign, acceptance: 3 } })).toContain('acceptance: 3');
    expect(await run({ [`${SUMMARY}.features`]: [{ column: 'age', actionable: true }] })).toContain('"age" is no term');
  });
});
