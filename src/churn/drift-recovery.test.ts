// The drift of the simulated telecom base (fixtures/README.md): the odds of churn by .10 a year, dataGb by .12 a year on the
// log scale, nothing else; and a base whose later months are known.
import { describe, expect, it } from 'vitest';
import { monthOf } from '../../fixtures/calendar.ts';
import { fixture } from '../../fixtures/load.ts';
import { poisson } from '../../fixtures/random-draws.ts';
import { join, live, type Subscriber } from '../../fixtures/subscriber.ts';
import { telecom } from '../../fixtures/telecom/load.ts';
import { TRUTH } from '../../fixtures/telecom-truth.ts';
import { takeRows } from '../columns/index.ts';
import { seededRandom } from '../numerics/random.ts';
import { mean } from '../numerics/sum.ts';
import { bootstrapInterval, customerTrend, drift, driftBaseline } from './index.ts';

const panel = telecom('panel');
const customers = telecom('customers');
const dates = panel.asOf as string[];
const columns = ['dataGb', 'minutes', 'plan', 'household', 'region', 'payment'] as const;
const asOf = (date: string) =>
  takeRows(
    panel,
    dates.flatMap((own, row) => (own === date ? [row] : [])),
    columns,
  );

describe('drift on the simulated telecom base', () => {
  const found = new Map(drift(driftBaseline(asOf('2022-12-31'), columns), customers).map((own) => [own.column, own]));

  it('finds the growth of dataGb over two years, ten times what chance would make', () => {
    expect(found.get('dataGb')!.psi).toBeGreaterThan(10 * found.get('dataGb')!.byChance);
  });

  it('finds none in minutes and in what is drawn on joining and has no effect on churn', () => {
    for (const name of ['minutes', 'household', 'region', 'payment'])
      expect(found.get(name)!.psi, name).toBeLessThan(5 * found.get(name)!.byChance);
    expect([...found.values()].filter(({ verdict }) => verdict === 'drifted')).toEqual([]);
  });

  it('has the true growth of .12 a year within the bootstrap interval of customers seen half a year apart', () => {
    const before = new Map<string, number>();
    const growth: number[] = [];
    (panel.customer as string[]).forEach((id, row) => {
      const now = Math.log((panel.dataGb as Float64Array)[row]!);
      const key = `${id} ${dates[row]}`;
      const next = TRUTH.dates.panel[TRUTH.dates.panel.indexOf(dates[row] as never) - 1];
      const then = next && before.get(`${id} ${next}`);
      // Rounded to .01, tiny usage loses its logarithm.
      if (then !== undefined && Number.isFinite(now - (then as number))) growth.push(2 * (now - (then as number)));
      before.set(key, now);
    });
    const { low, high } = bootstrapInterval(mean, [growth], { seed: 1, resamples: 400 });
    expect(TRUTH.usage.dataGrowthPerYear).toBeGreaterThan(low!);
    expect(TRUTH.usage.dataGrowthPerYear).toBeLessThan(high!);
    expect(low).toBeGreaterThan(0);
  });
});

describe('customerTrend on the simulated telecom base', () => {
  /** The life of everyone, by the generator of the fixture: who came and left in each month. */
  const random = seededRandom(fixture<{ seed: number }>('telecom/truth.json').seed);
  const everyone: Subscriber[] = [];
  const last = monthOf(TRUTH.dates.observedTo);
  for (let month = monthOf(TRUTH.dates.firstJoin); month <= last; month++)
    for (let i = poisson(random, TRUTH.joinsPerMonth); i > 0; i--) {
      const subscriber = join(random, everyone.length, month);
      live(random, subscriber, new Set());
      everyone.push(subscriber);
    }
  const leftIn = ({ left }: Subscriber): number =>
    left === null ? Number.POSITIVE_INFINITY : monthOf(new Date(86_400_000 * left).toISOString());
  const months = Array.from({ length: 42 }, (_, k) => monthOf('2022-01-01') + k);
  const count = (is: (subscriber: Subscriber) => boolean): number => everyone.filter(is).length;
  const series = {
    period: months.map(String),
    active: months.map((month) => count((one) => one.joinMonth <= month && leftIn(one) > month)),
    new: months.map((month) => count((one) => one.joinMonth === month)),
    lost: months.map((month) => count((one) => leftIn(one) === month)),
  };
  const until = <T>(column: readonly T[]): T[] => column.slice(0, 36);
  const trend = customerTrend(
    { period: until(series.period), active: until(series.active), new: until(series.new), lost: until(series.lost) },
    { ahead: 3 },
  );

  it('accounts for everyone: no customer comes or goes in another way', () => {
    expect(trend.periods.slice(1).every(({ unexplained }) => unexplained === 0)).toBe(true);
    expect(trend.periods.at(-1)!.period).toBe(String(monthOf('2024-12-01')));
  });

  it.each(['active', 'new', 'lost'] as const)(
    'has what became of the %s in the next three months within its 95 % intervals',
    (name) => {
      trend[name].points.forEach(({ low, high }, k) => {
        const later = series[name][36 + k]!;
        expect(later).toBeGreaterThanOrEqual(low);
        expect(later).toBeLessThanOrEqual(high);
      });
      expect(trend[name].points.length).toBe(3);
    },
  );
});
