import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { complaintCodes } from './complaint-codes.ts';
import { complaintDimensions } from './complaint-dimensions.ts';
import { deliveredValue } from './delivered-value.ts';

interface Golden {
  readonly value: {
    readonly product: number;
    readonly service: number;
    readonly personnel: number;
    readonly image: number;
  };
  readonly cost: { readonly money: number; readonly time: number; readonly energy: number; readonly psychic: number };
  readonly total: number;
  readonly totalCost: number;
  readonly delivered: number;
  readonly ratio: number;
}
const golden = fixture<{ readonly smallFormulas: { readonly deliveredValue: Golden } }>('value-golden.json')
  .smallFormulas.deliveredValue;

describe('deliveredValue (S12)', () => {
  const value = { product: [50, 50], service: [20, null], personnel: [8, 8], image: [12, 12] };
  const cost = { money: [40, 40], time: [5, 5], energy: [6, 6], psychic: [3, 3] };

  it('gives the golden value, cost, difference and ratio (S12)', () => {
    const found = deliveredValue(value, cost);
    expect([found.totalValue[0], found.totalCost[0], found.delivered[0]]).toEqual([
      golden.total,
      golden.totalCost,
      golden.delivered,
    ]);
    expect(Math.abs(found.ratio[0]! - golden.ratio)).toBeLessThanOrEqual(1e-10);
    expect([value.product[0], cost.psychic[0]]).toEqual([golden.value.product, golden.cost.psychic]);
  });

  it('does without psychic cost, its eighth item (S12, by hand: 90 − 51)', () => {
    const { psychic: _, ...seven } = cost;
    expect(deliveredValue(value, seven).delivered[0]).toBe(39);
  });

  it('makes a total with a missing dimension null, or counts it as 0 when told to (S12)', () => {
    const strict = deliveredValue(value, cost);
    expect([strict.totalValue[1], strict.totalCost[1], strict.delivered[1], strict.nulls]).toEqual([
      Number.NaN,
      54,
      Number.NaN,
      1,
    ]);
    const zero = deliveredValue(value, cost, { missing: 'zero' });
    expect([zero.totalValue[1], zero.delivered[1], zero.nulls]).toEqual([70, 16, 0]);
    const none = { product: [null], service: [null], personnel: [null], image: [null] };
    const one = { money: [1], time: [1], energy: [1] };
    expect(deliveredValue(none, one, { missing: 'zero' }).delivered[0]).toBeNaN();
  });

  it('has no ratio to a cost of 0 (S12)', () => {
    const free = { money: [0, 0], time: [0, 0], energy: [0, 0] };
    const found = deliveredValue(value, free);
    expect([found.delivered[0], found.ratio[0]]).toEqual([90, Number.NaN]);
  });

  it('refuses missing and unknown dimensions and columns of other lengths', () => {
    const { image: _, ...three } = value;
    expect(() => deliveredValue(three as typeof value, cost)).toThrow('missing dimension "image"');
    expect(() => deliveredValue({ ...value, price: [1] } as typeof value, cost)).toThrow('unknown dimension "price"');
    expect(() => deliveredValue(value, { ...cost, time: [1] })).toThrow('column "time" has 1 rows');
    expect(() => deliveredValue(value, cost, { missing: 'mean' as 'zero' })).toThrow('invalid missing: mean');
  });
});

describe('complaintDimensions (S13)', () => {
  it('holds the worked codes of the seeds: five themes, paid installation with two dimensions (S13)', () => {
    const found = Object.entries(complaintCodes).map(([theme, codes]) => [
      theme,
      ...codes.map((code) => code.dimension),
    ]);
    expect(found).toEqual([
      ['complexFunction', 'energyCost'],
      ['slowAnswer', 'serviceValue'],
      ['slowDelivery', 'timeCost'],
      ['paidInstallation', 'moneyCost', 'imageValue'],
      ['dearSpareParts', 'moneyCost'],
    ]);
    for (const { dimension, sign } of Object.values(complaintCodes).flat())
      expect(sign).toBe(dimension.endsWith('Cost') ? 1 : -1);
  });

  it('counts hits, severities and shares by dimension and department (S13, by hand)', () => {
    const found = complaintDimensions({
      theme: ['slowAnswer', 'paidInstallation', 'dearSpareParts', 'rude staff', null, 'paidInstallation', 'slowAnswer'],
      severity: [1, 2, 3, 9, 9, 4, null],
    });
    // Hits: one slow answer, two paid installations with two dimensions each, one spare part.
    expect(found).toEqual({
      complaints: 4,
      hits: 6,
      dimensions: [
        { dimension: 'moneyCost', sign: 1, count: 3, severity: 9, share: 3 / 6, severityShare: 9 / 16 },
        { dimension: 'imageValue', sign: -1, count: 2, severity: 6, share: 2 / 6, severityShare: 6 / 16 },
        { dimension: 'serviceValue', sign: -1, count: 1, severity: 1, share: 1 / 6, severityShare: 1 / 16 },
      ],
      departments: [
        { department: 'after-sales service', count: 5, severity: 15, share: 5 / 6, severityShare: 15 / 16 },
        { department: 'customer service', count: 1, severity: 1, share: 1 / 6, severityShare: 1 / 16 },
      ],
      top: 'moneyCost',
      unknown: [{ theme: 'rude staff', count: 1 }],
      nulls: 2,
    });
  });

  it('counts each complaint once without severities, and names no top without a known theme (S13)', () => {
    expect(complaintDimensions({ theme: ['slowDelivery', 'slowDelivery'] }).dimensions).toEqual([
      { dimension: 'timeCost', sign: 1, count: 2, severity: 2, share: 1, severityShare: 1 },
    ]);
    expect(complaintDimensions({ theme: ['toString', 'x'] })).toMatchObject({
      complaints: 0,
      hits: 0,
      dimensions: [],
      top: null,
      unknown: [
        { theme: 'toString', count: 1 },
        { theme: 'x', count: 1 },
      ],
    });
    expect(complaintDimensions({ theme: ['slowAnswer'], severity: [0] }).dimensions[0]!.severityShare).toBeNull();
  });

  it('takes codes of one’s own, and refuses one dimension with two signs, and negative severities', () => {
    const codes = { late: [{ dimension: 'timeCost', sign: 1, department: null }] } as const;
    expect(complaintDimensions({ theme: ['late'] }, codes).departments[0]).toMatchObject({
      department: null,
      count: 1,
    });
    const torn = { ...codes, soon: [{ dimension: 'timeCost', sign: -1, department: null }] } as const;
    expect(() => complaintDimensions({ theme: ['late'] }, torn)).toThrow('"timeCost" is coded with both signs');
    expect(() => complaintDimensions({ theme: ['late'], severity: [-1] }, codes)).toThrow('severity, row 0: -1');
    expect(() => complaintDimensions({ theme: ['late'], severity: [] }, codes)).toThrow('severity has 0 rows');
  });
});
