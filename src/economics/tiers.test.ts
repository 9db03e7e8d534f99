import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { churnSensitivity } from './churn-sensitivity.ts';
import { customerTierTable } from './customer-tier-table.ts';
import { lossEquivalence } from './loss-equivalence.ts';
import { breakEvenSpend, type Tier, tierTable } from './tier-table.ts';
import { valueAtRisk } from './value-at-risk.ts';

type ByTier = { readonly [tier: string]: number };
interface Golden {
  readonly tierEconomics: {
    readonly revenue: ByTier;
    readonly revenueShare: readonly number[];
    readonly profitPerCustomer: readonly number[];
    readonly profit: readonly number[];
    readonly profitShare: readonly number[];
    readonly oneDiamondEquals: ByTier;
    readonly plusFivePoints: {
      readonly customersLost: readonly number[];
      readonly shareOfAllCustomers: readonly number[];
      readonly profitLost: readonly number[];
      readonly baselineLoss: number;
      readonly shareOfNewLoss: readonly number[];
      readonly relativeIncrease: readonly number[];
    };
    readonly printed: { readonly lossGrowth: ByTier; readonly equivalents: ByTier };
  };
  readonly identifiedRatios: {
    readonly profitPerCustomerInDiamonds: { readonly silver: number; readonly ordinary: number; readonly new: number };
  };
}
const golden = fixture<Golden>('value-golden.json');
const cards = golden.tierEconomics;
const reconstructed = fixture<{
  readonly origin: string;
  readonly reconstructed: readonly string[];
  readonly churn: number;
  readonly tiers: readonly Tier[];
}>('tier-table.json');
const table = tierTable(reconstructed.tiers);

const close = (found: readonly (number | null)[], wanted: readonly number[], relative = 1e-10): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => {
    expect(Math.abs(x! - wanted[i]!)).toBeLessThanOrEqual(relative * Math.abs(wanted[i]!));
  });
};

describe('tierTable', () => {
  it('gives the golden revenue, profit and shares of five card tiers (S51, S52)', () => {
    expect(table.tiers.map(({ count }) => count)).toEqual([300, 1000, 2000, 4700, 2000]);
    close(
      table.tiers.map(({ share }) => share),
      [0.03, 0.1, 0.2, 0.47, 0.2],
    );
    close(
      table.tiers.map(({ revenue }) => revenue),
      Object.values(cards.revenue),
    );
    close(
      table.tiers.map(({ revenueShare }) => revenueShare),
      cards.revenueShare,
    );
    close(
      table.tiers.map(({ profitPerHead }) => profitPerHead),
      cards.profitPerCustomer,
    );
    close(
      table.tiers.map(({ profit }) => profit),
      cards.profit,
    );
    close(
      table.tiers.map(({ profitShare }) => profitShare),
      cards.profitShare,
    );
    close(
      [table.total.count, table.total.revenue, table.total.profit, table.total.share],
      [10_000, 2_905_000, 338_750, 1],
    );
    expect(table.tiers[0]!.unprofitable).toBeNull();
  });

  it('marks spend and margin of that table as reconstructed, with their origin (S55)', () => {
    expect(reconstructed.reconstructed).toEqual(['averageSpend', 'margin', 'churn']);
    expect(reconstructed.origin).toMatch(/RECONSTRUCTED.*41 integer-percent solutions/);
    const [diamond, gold, silver, ordinary, fresh] = table.tiers.map(({ profitPerHead }) => profitPerHead!);
    const fixed = golden.identifiedRatios.profitPerCustomerInDiamonds;
    // The text fixes 9.4 with one decimal, the rest exactly.
    expect(diamond! / silver!).toBeCloseTo(1 / fixed.silver, 1);
    close([ordinary! / diamond!, fresh! / diamond!], [fixed.ordinary, fixed.new]);
    expect(gold! / diamond!).toBeGreaterThan(0.277);
    expect(gold! / diamond!).toBeLessThan(0.281);
  });

  it('does not clip the share of a tier that costs more than it earns (S52, by hand: 240 and −90 of 150)', () => {
    const { tiers, total } = tierTable([
      { tier: 'gold', count: 10, averageSpend: 100, margin: 0.24 },
      { tier: 'basic', count: 90, averageSpend: 10, margin: 0.1, costToServe: 2 },
    ]);
    expect(tiers.map(({ profit }) => profit)).toEqual([240, -90]);
    expect(tiers.map(({ profitShare }) => profitShare)).toEqual([240 / 150, -90 / 150]);
    expect(total).toMatchObject({ count: 100, profit: 150, costToServe: 1.8, profitPerHead: 1.5, profitShare: 1 });
  });

  it('takes the cost to serve from the profit per head and tells the break-even spend (S59, by hand)', () => {
    const [tier] = tierTable([{ tier: 'mass', count: 4700, averageSpend: 150, margin: 0.05, costToServe: 9 }]).tiers;
    expect(tier!.profitPerHead).toBe(150 * 0.05 - 9);
    expect(tier!.breakEvenSpend).toBeCloseTo(180, 10);
    const at = tierTable([{ tier: 'mass', count: 1, averageSpend: 180, margin: 0.05, costToServe: 9 }]).tiers[0]!;
    expect(at.profitPerHead).toBe(0);
    expect(breakEvenSpend({ margin: 0.05, costToServe: 0 })).toBe(0);
    expect(breakEvenSpend({ margin: 0, costToServe: 9 })).toBeNull();
    expect(breakEvenSpend({ margin: -0.1, costToServe: 9 })).toBeNull();
    expect(() => breakEvenSpend({ margin: 0.1, costToServe: -1 })).toThrow('invalid costToServe: -1');
  });

  it('has null where the base is 0: an empty tier, a total profit of 0', () => {
    const { tiers } = tierTable([
      { tier: 'a', count: 0, averageSpend: 10, margin: 0.5 },
      { tier: 'b', count: 2, averageSpend: 10, margin: 0 },
    ]);
    expect(tiers[0]).toMatchObject({ averageSpend: null, margin: null, profitPerHead: null, share: 0 });
    expect(tiers[1]).toMatchObject({ profit: 0, profitShare: null, breakEvenSpend: null, share: 1 });
  });

  it('refuses tables without tiers, tiers given twice, and impossible figures', () => {
    const tier = { tier: 'a', count: 1, averageSpend: 1, margin: 0.1 };
    expect(() => tierTable([])).toThrow('no tier given');
    expect(() => tierTable([tier, tier])).toThrow('tier "a" is given twice');
    expect(() => tierTable([{ ...tier, count: -1 }])).toThrow('invalid count of "a": -1');
    expect(() => tierTable([{ ...tier, margin: Number.NaN }])).toThrow('invalid margin of "a": NaN');
  });
});

describe('customerTierTable', () => {
  const columns = {
    tier: ['gold', 'basic', 'basic', 'gold', 'basic', null],
    spend: [100, 10, 40, 60, 20, 5],
    margin: 0.25,
    costToServe: [5, 5, 5, 5, null, 5],
  };

  it('adds up the profit of every customer and counts the unprofitable ones (S51, S59, by hand)', () => {
    const found = customerTierTable(columns, { order: ['basic', 'gold', 'diamond'] });
    expect(found.tiers.map(({ tier, count, revenue, profit }) => [tier, count, revenue, profit])).toEqual([
      ['basic', 2, 50, 12.5 - 10],
      ['gold', 2, 160, 40 - 10],
      ['diamond', 0, 0, 0],
    ]);
    expect(found.tiers.map(({ unprofitable }) => unprofitable)).toEqual([1, 0, 0]);
    expect(found.total).toMatchObject({ count: 4, unprofitable: 1, profit: 32.5, margin: 0.25 });
    expect(found.base).toEqual({ rows: 6, active: 4, inactive: 0, nulls: 2, atLeast: null });
  });

  it('counts as active who has at least so many transactions: at the limit is in, below it is out (S51)', () => {
    const active = { column: [1, 0, 2, 1, 0, null] };
    expect(customerTierTable(columns, { active }).base).toEqual({
      rows: 6,
      active: 3,
      inactive: 2,
      nulls: 1,
      atLeast: 1,
    });
    expect(customerTierTable(columns, { active: { ...active, atLeast: 2 } }).total.count).toBe(1);
  });

  it('equals the table of the aggregates (S51, golden counts and figures)', () => {
    const rows = reconstructed.tiers.flatMap((tier) => Array.from({ length: tier.count / 100 }, () => tier));
    const found = customerTierTable({
      tier: rows.map(({ tier }) => tier),
      spend: rows.map(({ averageSpend }) => averageSpend),
      margin: rows.map(({ margin }) => margin),
    });
    close(
      found.tiers.map(({ profitShare }) => profitShare),
      cards.profitShare,
    );
    expect(found.tiers.map(({ count }) => count)).toEqual([3, 10, 20, 47, 20]);
  });

  it('refuses an unlisted tier, columns of other lengths and negative amounts', () => {
    expect(() => customerTierTable(columns, { order: ['gold'] })).toThrow(
      'tier "basic" is not in the order given: gold',
    );
    expect(() => customerTierTable({ ...columns, tier: ['gold'] })).toThrow('tier has 1 rows, expected 6');
    expect(() => customerTierTable({ ...columns, costToServe: -1 })).toThrow('costToServe, row 0: -1 is negative');
    expect(() => customerTierTable({ ...columns, spend: [-1, 1, 1, 1, 1, 1] })).toThrow('spend, row 0: -1 is negative');
    expect(() => customerTierTable({ tier: [null], spend: [1], margin: 1 })).toThrow('no tier given');
  });
});

describe('lossEquivalence', () => {
  it('gives the golden equivalents of one diamond, 9.375 silver, 50 ordinary, 125 new (S53)', () => {
    const found = lossEquivalence(table, 'diamond');
    expect(found[0]).toEqual({ tier: 'diamond', customers: 1, reason: null });
    close(
      found.slice(1).map(({ customers }) => customers),
      Object.values(cards.oneDiamondEquals),
    );
    expect(found[2]!.customers!.toFixed(1)).toBe(cards.printed.equivalents.silver!.toFixed(1));
  });

  it('is null with a reason for a tier that earns nothing, loses money or is empty (S53)', () => {
    const tiers = tierTable([
      { tier: 'a', count: 1, averageSpend: 10, margin: 0.5 },
      { tier: 'none', count: 1, averageSpend: 10, margin: 0.5, costToServe: 5 },
      { tier: 'loss', count: 1, averageSpend: 10, margin: 0.5, costToServe: 6 },
      { tier: 'thin', count: 1, averageSpend: 10, margin: 0.5, costToServe: 4 },
      { tier: 'empty', count: 0, averageSpend: 10, margin: 0.5 },
    ]);
    expect(lossEquivalence(tiers, 'a').map(({ customers, reason }) => [customers, reason])).toEqual([
      [1, null],
      [null, 'no-profit'],
      [null, 'no-profit'],
      [5, null],
      [null, 'no-customers'],
    ]);
    expect(() => lossEquivalence(tiers, 'empty')).toThrow('tier "empty" has no customers to lose');
    expect(() => lossEquivalence(tiers, 'x')).toThrow('unknown tier "x"');
  });
});

describe('churnSensitivity', () => {
  const wanted = cards.plusFivePoints;
  const found = churnSensitivity(table, { churn: reconstructed.churn });

  it('gives the golden effect of five more points in both readings, and the printed 13.1, 12.3, 9.7 % (S54)', () => {
    close([found.baselineLoss, found.baselineLossShare], [wanted.baselineLoss, 0.11]);
    close(
      found.tiers.map(({ profitLost }) => profitLost),
      wanted.profitLost,
    );
    close(
      found.tiers.map(({ shareOfNewLoss }) => shareOfNewLoss),
      wanted.shareOfNewLoss,
    );
    close(
      found.tiers.map(({ growth }) => growth),
      wanted.relativeIncrease,
    );
    Object.values(cards.printed.lossGrowth).forEach((printed, t) => {
      expect(found.tiers[t]!.shareOfNewLoss!.toFixed(3)).toBe(printed.toFixed(3));
    });
  });

  it('tells how few customers are behind it: 15, 50 and 100 of 10,000 are 0.15, 0.5 and 1 % (S60, golden)', () => {
    expect(found.tiers.map(({ customersLost }) => customersLost)).toEqual(wanted.customersLost);
    close(
      found.tiers.map(({ shareOfAllCustomers }) => shareOfAllCustomers),
      wanted.shareOfAllCustomers,
    );
  });

  it('takes churn per tier; 5/10/15/20/35 % fit the printed figures too (S54, decoded example of the seeds)', () => {
    const churn = { diamond: 0.05, gold: 0.1, silver: 0.15, ordinary: 0.2, new: 0.35 };
    const { tiers, baselineLoss } = churnSensitivity(table, { churn });
    expect(baselineLoss).toBeCloseTo(5625 + 10_500 + 12_000 + 7050 + 2100, 8);
    expect(tiers.map(({ churn }) => churn)).toEqual(Object.values(churn));
    expect(tiers.slice(0, 3).map(({ shareOfNewLoss }) => shareOfNewLoss!.toFixed(3))).toEqual([
      '0.131',
      '0.123',
      '0.097',
    ]);
  });

  it('has as baseline the value at risk, p being the churn and value the profit per head (S82, S54)', () => {
    const risk = valueAtRisk({
      probability: table.tiers.map(() => 0.11),
      value: table.tiers.map(({ profit }) => profit),
    });
    close([risk.atRisk], [found.baselineLoss]);
  });

  it('has no growth over a loss of 0 and shares of it only while there is a new one', () => {
    const [none] = churnSensitivity(table, { churn: 0 }).tiers;
    expect([none!.growth, none!.shareOfNewLoss]).toEqual([null, 1]);
    const losing = tierTable([{ tier: 'a', count: 10, averageSpend: 1, margin: 0, costToServe: 1 }]);
    expect(churnSensitivity(losing, { churn: 0.5 }).tiers[0]).toMatchObject({
      profitLost: -0.5,
      growth: null,
      shareOfNewLoss: null,
    });
  });

  it('refuses rates out of range, unknown tiers, and more churn than there are customers', () => {
    expect(() => churnSensitivity(table, { churn: 1.1 })).toThrow('invalid churn of "diamond": 1.1');
    expect(() => churnSensitivity(table, { churn: { diamond: 0.1 } })).toThrow('no churn is given for tier "gold"');
    expect(() => churnSensitivity(table, { churn: { platinum: 0.1 } })).toThrow('churn is given for "platinum"');
    expect(() => churnSensitivity(table, { churn: 0.1, points: 0 })).toThrow('invalid points: 0');
    expect(() => churnSensitivity(table, { churn: 0.96 })).toThrow('beyond all customers of "diamond"');
    expect(churnSensitivity(table, { churn: 0.95 }).points).toBe(5);
  });
});
