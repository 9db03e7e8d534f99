// The simulated telecom base (fixtures/README.md) against the parameters it was made with, fixtures/telecom/truth.json.
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { telecom } from '../../fixtures/telecom/load.ts';
import { bgNbd, gammaGamma } from '../clv/index.ts';
import type { Columns } from '../model/batch.ts';
import { auc } from '../numerics/auc.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { compile } from '../scoring/all-kinds.ts';
import { summarize } from '../transactions/index.ts';
import { discreteTimeHazard } from './discrete-time-hazard.ts';
import { logisticRegression } from './logistic-regression.ts';
import { personPeriods } from './person-periods.ts';
import { probabilityInterval } from './probability-interval.ts';

const { hazard, shop } = fixture<{
  hazard: { readonly [name: string]: number };
  shop: { readonly [name: string]: number };
}>('telecom/truth.json');

type Table = { [column: string]: Float64Array | string[] } & Columns;
const nums = (table: Table, column: string): Float64Array => table[column] as Float64Array;
const texts = (table: Table, column: string): string[] => table[column] as string[];

/**
 * A table with the columns the hazard is made of. The drift runs with the calendar, y = (joining + t) in years from
 * January 2025, so that a fit has it twice: as the weight of the month of joining and as that of t/12.
 */
function base(name: 'customers' | 'panel'): Table {
  const raw: Table = telecom(name);
  const month = (date: string): number => 12 * Number(date.slice(0, 4)) + Number(date.slice(5, 7)) - 1;
  const services = ['hasFiber', 'hasTv', 'hasSecurity', 'hasRoaming'].map((has) => texts(raw, has));
  return {
    ...raw,
    joinedYear: Float64Array.from(texts(raw, 'joined'), (date) => (month(date) - month('2025-01-01')) / 12),
    services: nums(raw, 'tenure').map((_, i) => services.filter((has) => has[i] === 'yes').length),
    chargePer10: nums(raw, 'monthlyCharge').map((charge) => charge / 10),
    logDataGb: nums(raw, 'dataGb').map(Math.log),
  };
}

const truth: { readonly [coefficient: string]: number } = {
  '(intercept)': hazard.intercept!,
  'ln(t)': hazard.logTenure!,
  't/12': hazard.driftPerYear!,
  joinedYear: hazard.driftPerYear!,
  'contract=oneYear': hazard.oneYear!,
  'contract=twoYear': hazard.twoYear!,
  complaints: hazard.complaints!,
  arrears: hazard.arrears!,
  services: hazard.services!,
  chargePer10: hazard.chargePer10!,
  logDataGb: hazard.logDataGb!,
};
const numbers = ['joinedYear', 'complaints', 'arrears', 'services', 'chargePer10', 'logDataGb'] as const;

/** True log-odds of leaving in period t of row i; NaN where the use of data is not known. */
function logit(data: Table, i: number, t: number): number {
  const z = truth['(intercept)']! + truth['ln(t)']! * Math.log(t) + (truth['t/12']! * t) / 12;
  const own = numbers.reduce((sum, name) => sum + truth[name]! * nums(data, name)[i]!, z);
  return own + (truth[`contract=${texts(data, 'contract')[i]}`] ?? 0);
}

/** True probability of leaving within three months, per row. */
function leaving(data: Table): Float64Array {
  return nums(data, 'tenure').map((done, i) => {
    let stays = 1;
    for (let t = done + 1; t <= done + 3; t++) stays *= 1 - sigmoid(logit(data, i, t));
    return 1 - stays;
  });
}

const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / x.length;
const event = { column: 'churned', churned: 'yes' } as const;
const estimator = discreteTimeHazard({
  duration: 'tenure',
  event,
  observed: 'monthsObserved',
  period: 'month',
  features: [...numbers, { column: 'contract', reference: 'monthly' }],
  baseline: ['log', 'linear'],
  outputs: { survivalProbability: { periods: 3 } },
});

const customers = base('customers');
const panel = base('panel');
const both: Table = Object.fromEntries(
  Object.entries(customers).map(([name, a]) => {
    const b = panel[name]!;
    return [name, a instanceof Float64Array ? Float64Array.of(...a, ...nums(panel, name)) : a.concat(b as string[])];
  }),
);

describe('discreteTimeHazard on the simulated telecom base', () => {
  const model = estimator.fit(both);

  it('finds each true coefficient within 3 standard errors', () => {
    const { fit } = model;
    expect(fit.status).toBe('converged');
    expect(fit.coefficients.map((c) => c.name).sort()).toEqual(Object.keys(truth).sort());
    for (const { name, estimate, standardError } of fit.coefficients)
      expect(Math.abs(estimate - truth[name]!) / standardError!, name).toBeLessThan(3);
  });

  it('finds them in the panel alone as well, whose four dates carry the drift, and in the later base alone', () => {
    for (const table of [panel, customers])
      for (const { name, estimate, standardError } of estimator.fit(table).fit.coefficients)
        expect(Math.abs(estimate - truth[name]!) / standardError!, name).toBeLessThan(3);
  });

  it('covers the true monthly hazard of nine rows of ten, at least, by the 95 % interval of each probability', () => {
    const features = [...numbers, 'contract', 'ln(t)', 't/12'];
    const months = personPeriods(both, {
      duration: 'tenure',
      event,
      observed: 'monthsObserved',
      columns: [...numbers, 'contract'],
      baseline: ['log', 'linear'],
    });
    const hazards = logisticRegression({
      label: { column: 'event', churned: 1, horizon: { every: 1, unit: 'month' } },
      features,
      intervals: true,
    }).fit(months);
    const { probability, low, high } = probabilityInterval(hazards, months);
    const own = Object.fromEntries(
      Object.entries(months).map(([name, cells]) => [
        name,
        'codes' in cells ? Array.from(cells.codes, (code) => cells.levels[code]!) : cells,
      ]),
    ) as Table;
    let covered = 0;
    let known = 0;
    for (let row = 0; row < probability.length; row++) {
      if (probability[row] !== probability[row]) continue;
      const exact = sigmoid(logit(own, row, months.period[row]!));
      known++;
      if (exact > low[row]! && exact < high[row]!) covered++;
    }
    expect(known).toBe(hazards.fit.rows);
    expect(covered / known).toBeGreaterThan(0.9);
  });

  it('finds them together: the likelihood ratio of the truth is below 31.26, the 99.9 % point of χ² with 11 d.f. (tables)', () => {
    let exact = 0;
    let periods = 0;
    nums(both, 'tenure').forEach((done, i) => {
      if (Number.isNaN(logit(both, i, done + 1))) return;
      const last = done + nums(both, 'monthsObserved')[i]!;
      for (let t = done + 1; t <= last; t++, periods++) {
        const left = t === last && texts(both, 'churned')[i] === 'yes';
        exact += Math.log(sigmoid(left ? logit(both, i, t) : -logit(both, i, t)));
      }
    });
    expect(model.fit.personPeriods).toBe(periods);
    const ratio = 2 * (model.fit.logLikelihood - exact);
    expect(ratio).toBeGreaterThan(0);
    expect(ratio).toBeLessThan(31.26);
  });

  it('predicts from the panel as many leavers of the later base as there are (3 standard errors of a count)', () => {
    const earlier = estimator.fit(panel);
    const p = compile(earlier)
      .score(customers)
      .columns.survivalProbability.map((s) => 1 - s);
    const known = [...p.keys()].filter((i) => !Number.isNaN(p[i]!));
    const own = known.map((i) => p[i]!);
    const left = known.map((i) => (texts(customers, 'churned')[i] === 'yes' ? 1 : 0));
    const error = Math.sqrt(own.reduce((sum, q) => sum + q * (1 - q), 0)) / own.length;
    expect(Math.abs(mean(own) - mean(left))).toBeLessThan(3 * error);
    // The probabilities themselves: with 929 leavers to learn from, off by less than a tenth of the rate on average.
    const real = leaving(customers);
    expect(mean(known.map((i) => Math.abs(p[i]! - real[i]!))) / mean(left)).toBeLessThan(0.1);
  });
});

describe('logisticRegression on the simulated telecom base', () => {
  it('fitted on the panel ranks the later base no better than the true probability, but for noise (DeLong, 3 errors)', () => {
    const model = logisticRegression({
      label: { ...event, horizon: { every: 3, unit: 'month' } },
      features: ['tenure', ...numbers, 'contract', 'region', 'household', 'plan', 'payment'],
    }).fit(panel);
    const fitted = compile(model).score(customers).columns.churnProbability;
    const rows = [...fitted.keys()].filter((i) => !Number.isNaN(fitted[i]!));
    const real = leaving(customers);
    const y = rows.map((i) => (texts(customers, 'churned')[i] === 'yes' ? 1 : 0));
    const own = rows.map((i) => fitted[i]!);
    const best = rows.map((i) => real[i]!);
    const gain = auc(y, own) - auc(y, best);
    expect(gain).toBeLessThan(3 * deLongError(y, own, best));
    expect(gain).toBeGreaterThan(-0.02);
  });
});

/** Standard error of the difference of two AUCs on the same rows (DeLong, DeLong & Clarke-Pearson 1988), by counting pairs. */
function deLongError(y: readonly number[], a: readonly number[], b: readonly number[]): number {
  const of = (side: number): number[] => [...y.keys()].filter((i) => y[i] === side);
  const wins = (score: readonly number[], i: number, j: number): number =>
    score[i]! > score[j]! ? 1 : score[i] === score[j] ? 0.5 : 0;
  const [left, stayed] = [of(1), of(0)];
  const difference = (i: number, j: number): number => wins(a, i, j) - wins(b, i, j);
  const variance = (x: readonly number[]): number => {
    const m = mean(x);
    return x.reduce((sum, v) => sum + (v - m) ** 2, 0) / (x.length - 1) / x.length;
  };
  return Math.sqrt(
    variance(left.map((i) => mean(stayed.map((j) => difference(i, j))))) +
      variance(stayed.map((j) => mean(left.map((i) => difference(i, j))))),
  );
}

describe('bgNbd and gammaGamma on the simulated shop log', () => {
  const { customers: buyers } = summarize(telecom('transactions'), {
    customer: 'customer',
    date: 'date',
    amount: 'amount',
    unit: 'week',
    end: '2025-06-30',
  });

  it('find each true parameter within 3 standard errors', () => {
    const { fit, ...counts } = bgNbd({ unit: 'week' }).fit(buyers);
    expect(fit.status).toBe('converged');
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      expect(Math.abs(counts[name] - shop[name]!) / fit.standardErrors![name]!, name).toBeLessThan(3);
    const spend = gammaGamma().fit(buyers);
    expect(spend.fit.status).toBe('converged');
    for (const [name, exact] of [
      ['p', shop.p!],
      ['q', shop.q!],
      ['v', shop.gamma!],
    ] as const)
      expect(Math.abs(spend[name] - exact) / spend.fit.standardErrors![name]!, name).toBeLessThan(3);
  });
});
