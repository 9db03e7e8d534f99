// The randomised campaign of the simulated telecom base (fixtures/README.md): both fates and the true effect are known.
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { telecom } from '../../fixtures/telecom/load.ts';
import { mean, sum } from '../numerics/sum.ts';
import { type PipelineEstimator, pipeline } from '../scoring/index.ts';
import {
  type BasePart,
  bootstrapInterval,
  campaignLedger,
  classTransformation,
  logisticRegression,
  profileIntervals,
  qiniCurve,
  tLearner,
  xLearner,
} from './index.ts';

const truth = fixture<{
  campaign: { readonly [name: string]: number };
}>('telecom/truth.json').campaign;
const raw = telecom('campaign');
const nums = (column: string): Float64Array => raw[column] as Float64Array;
const flags = (column: string, yes: string): Float64Array =>
  Float64Array.from(raw[column] as string[], (cell) => (cell === yes ? 1 : 0));

const treated = flags('treated', 'yes');
const kept = flags('churned', 'no');
const old = nums('tenure').map((months) => (months >= 36 ? 1 : 0));
const complaints = nums('complaints');
const data = {
  ...raw,
  logTenure: nums('tenure').map((months) => Math.log(1 + months)),
  logDataGb: nums('dataGb').map(Math.log),
  old,
  called: treated,
  calledComplaints: treated.map((call, i) => call * complaints[i]!),
  calledOld: treated.map((call, i) => call * old[i]!),
};
const label = { column: 'churned', churned: 'yes', horizon: { every: 3, unit: 'month' } } as const;
const treatment = { column: 'treated', treated: 'yes' } as const;
/** The columns the hazard is made of. */
const known = ['logTenure', 'contract', 'complaints', 'arrears', 'services', 'monthlyCharge', 'logDataGb'] as const;
const effect = nums('effect').map((x) => -x);
const inside = (x: number, low: number, high: number): void => {
  expect(x).toBeGreaterThan(low);
  expect(x).toBeLessThan(high);
};

describe('the campaign of the simulated telecom base', () => {
  it('has its true mean effect within the 95 % interval of the treated against the rest', () => {
    const { fit } = tLearner({
      label,
      treatment,
      base: (part) => logisticRegression({ ...part, features: known }),
    }).fit(data);
    inside(mean(effect), ...fit.averageEffect.interval);
    // And the interval is worth something: it does not hold 0.
    expect(fit.averageEffect.interval[0]).toBeGreaterThan(0);
  });

  it('has the shift of the log-odds by complaints and tenure within the profile intervals of a logistic regression', () => {
    const found = profileIntervals(data, {
      label,
      features: [...known, 'called', 'calledComplaints', 'calledOld'],
      coefficients: ['called', 'calledComplaints', 'calledOld'],
    });
    const exact = [truth.effect!, truth.complaints!, truth.tenureFrom36!];
    expect(found.map(({ name }) => name)).toEqual(['called', 'calledComplaints', 'calledOld']);
    found.forEach(({ low, high }, k) => {
      inside(exact[k]!, low!, high!);
    });
  });

  it('saved as many customers as the ledger counts, within its interval: both fates of each are known', () => {
    const { entries } = campaignLedger(raw, {
      holdOut: { column: 'treated', equals: 'no' },
      contacted: { column: 'treated', equals: 'yes' },
      accepted: { column: 'treated', equals: 'yes' },
      kept: { column: 'churned', equals: 'no' },
      cost: 5,
      value: 'monthlyProfit',
    });
    const stayed = flags('churnedIfTreated', 'no');
    const otherwise = flags('churnedIfUntreated', 'no');
    const saved = sum(stayed.map((stay, i) => treated[i]! * (stay - otherwise[i]!)));
    inside(saved, ...entries[0]!.incrementalKept!.interval!);
    inside(mean(effect), ...entries[0]!.uplift!.interval!);
  });

  const base = (part: BasePart) => logisticRegression({ ...part, features: [...known, 'old'] });
  const options = { label, treatment, base };
  it.each([
    ['tLearner', tLearner(options)],
    ['xLearner', xLearner(options)],
    ['classTransformation', classTransformation(options)],
  ] as const)(
    '%s: uplifts of rows it had not seen have a mean within the interval of the effect, as the true ones have, and rank no better than those',
    (_name, learner) => {
      const { heldOut } = (pipeline([learner]) as unknown as PipelineEstimator<never>).crossFit(data);
      const { interval } = learner.fit(data).fit.averageEffect;
      const uplift = (heldOut as unknown as { uplift: Float64Array }).uplift;
      inside(mean(uplift), ...interval);
      inside(mean(effect), ...interval);
      const gap = bootstrapInterval(
        (y, arm, own, exact) =>
          qiniCurve({ kept: y, treated: arm, uplift: own }).qini -
          qiniCurve({ kept: y, treated: arm, uplift: exact }).qini,
        [kept, treated, uplift, effect],
        { seed: 2, resamples: 50, strata: treated },
      );
      expect(gap.low).toBeLessThan(0);
      expect(qiniCurve({ kept, treated, uplift }).qini).toBeGreaterThan(0);
    },
  );
});
