import { beforeAll, describe, expect, it } from 'vitest';
import { runJob, type Summary } from '../job/index.ts';
import { smallJob, smallReaders } from '../job/job.test-support.ts';
import { renderSummary } from './render-summary.ts';

describe('a summary with a campaign, intervals and an owner', () => {
  let summary: Summary;
  let printed: string;
  beforeAll(async () => {
    const job = smallJob({
      'pipeline.steps.0.intervals': true,
      'pipeline.steps.3': { step: 'threeDimensional', potential: 'yearly' },
      'outputs.summary': {
        churn: 'churnProbability',
        value: 'currentValue',
        segment: 'segment',
        tier: 'plan',
        warnings: 5,
        owner: 'sex',
        totals: ['yearly'],
        campaign: { acceptance: 0.2, offerCost: 15, contactCost: 2, budget: 60 },
        intervals: { seed: 1, resamples: 50, level: 0.9 },
      },
    });
    ({ summary } = await runJob(job, smallReaders));
    printed = renderSummary(summary, []);
  });

  it('prints every figure beside its interval, and says what the interval covers', () => {
    const part = (head: string) => printed.split('\n\n').find((text) => text.startsWith(head))!;
    expect(part('Totals')).toMatch(/^ +stored model +90 % +held out$/m);
    expect(part('Totals')).toMatch(/^ {2}yearly +[\d,]+ +[\d,]+ … [\d,]+ +[\d,]+$/m);
    expect(part('Totals')).toContain('50 bootstrap samples of the customers');
    expect(part('Segments')).toMatch(/share +90 % +borderline +mean p/);
    expect(part('Segments')).toContain(`Borderline: ${summary.borderline!.count} customers`);
    expect(part('Value at risk by tier and segment')).toMatch(/^ {2}tier .* all$/m);
  });

  it('prints the campaign, and that risk is not persuadability', () => {
    const { campaign } = summary;
    expect(printed).toContain(`Worth a contact: ${campaign!.worthIt} customers`);
    expect(printed).toContain('without a hold-out no uplift is claimed');
    const { ids, replacement } = campaign!.budget!;
    expect(printed).toContain(`A budget of 60 buys ${ids.length} contacts`);
    expect(printed).toContain(`takes ${replacement.need!.neededWhole} customers worth `);
    expect(printed).toContain(`for ${campaign!.overruled.contacted} customers to contact`);
    expect(printed).toMatch(/id +p +interval +borderline +base rate +value +at risk +saving +segment +contact/);
    for (const { id, owner } of summary.warnings) {
      const line = printed.split('\n').find((text) => text.trim().startsWith(String(id)))!;
      expect(line).toContain(` ${owner} `);
      expect(line).toContain(' 1 year ');
    }
  });

  it('prints nothing of it when nothing was asked for', async () => {
    const plain = renderSummary((await runJob(smallJob(), smallReaders)).summary, []);
    for (const word of ['Campaign', 'budget', 'bootstrap', 'Borderline', 'saving', 'interval', 'tier and segment'])
      expect(plain).not.toContain(word);
  });
});
