import { describe, expect, it } from 'vitest';
import { engine } from '../scoring/engine.ts';
import { pipeline } from '../scoring/pipeline.ts';
import { pipelineKind } from '../scoring/pipeline-kind.ts';
import { potentialValue } from '../value/potential-value.ts';
import { potentialValueKind } from '../value/potential-value-kind.ts';
import { nextProduct } from './next-product.ts';
import { nextProductKind } from './next-product-kind.ts';
import { productLinkage } from './product-linkage.ts';

const { compile, parseModel } = engine({
  nextProduct: nextProductKind,
  pipeline: pipelineKind,
  potentialValue: potentialValueKind,
});
const flag = <const N extends string>(name: N): { name: N; owned: { column: N; equals: 1 } } => ({
  name,
  owned: { column: name, equals: 1 },
});
const products = [flag('water'), flag('power'), flag('phone')] as const;
const data = {
  water: [1, 1, 1, 1, 0, 0, 0, 0, null],
  power: [1, 1, 1, 0, 1, 1, 0, 0, 1],
  phone: [1, 0, 0, 0, 1, 0, 0, 0, 0],
};

describe('productLinkage (S69)', () => {
  it('gives penetration, products per customer, co-ownership and lift (S69, by hand)', () => {
    const found = productLinkage(data, { products });
    expect(found.products).toEqual([
      { name: 'water', owners: 4, eligible: 8, penetration: 0.5 },
      { name: 'power', owners: 6, eligible: 9, penetration: 6 / 9 },
      { name: 'phone', owners: 2, eligible: 9, penetration: 2 / 9 },
    ]);
    expect([...found.productsHeld]).toEqual([3, 2, 2, 1, 2, 1, 0, 0, Number.NaN]);
    expect(found).toMatchObject({ distribution: [2, 2, 3, 1], productsPerCustomer: 11 / 8, nulls: 1 });
    // Of the 8 with both known: water 4, power 5, both 3.
    expect(found.both[0]).toEqual([4, 3, 1]);
    expect(found.conditional[0]).toEqual([1, 3 / 4, 1 / 4]);
    expect(found.conditional[1]![0]).toBe(3 / 5);
    expect(found.lift[0]![1]).toBeCloseTo(3 / 8 / ((4 / 8) * (5 / 8)), 15);
    expect(found.lift[1]![0]).toBe(found.lift[0]![1]);
    // Of all 9: power 6, phone 2, both 2.
    expect(found.lift[1]![2]).toBeCloseTo(2 / 9 / ((6 / 9) * (2 / 9)), 15);
  });

  it('counts a pair over those who can have both, and has no lift without holders (S69)', () => {
    const found = productLinkage(
      { tv: ['yes', 'no', 'none', 'none'], net: ['dsl', 'dsl', 'no', 'no'], fax: [0, 0, 0, 0] },
      {
        products: [
          { name: 'tv', owned: { column: 'tv', equals: 'yes' }, eligible: { column: 'net', not: 'no' } },
          { name: 'net', owned: { column: 'net', not: 'no' } },
          flag('fax'),
        ],
      },
    );
    expect(found.products[0]).toEqual({ name: 'tv', owners: 1, eligible: 2, penetration: 0.5 });
    // Among the two who can have television both have the net: no more together than by chance.
    expect(found.lift[0]![1]).toBe(1);
    expect(found.lift[0]![2]).toBeNull();
    expect(found.conditional[2]).toEqual([null, null, null]);
    expect(found.nulls).toBe(0);
  });
});

describe('nextProduct (S69)', () => {
  it('averages conditional ownership over what is held, or falls back to prevalence (S69, by hand)', () => {
    const model = nextProduct({ products }).fit(data);
    const { columns, report } = compile(model).score(data);
    // phone | water 1/4, phone | power 2/6: customers 1 and 2 hold both.
    const both = (1 / 4 + 2 / 6) / 2;
    expect([...columns.p_phone]).toEqual([NaN, both, both, 1 / 4, NaN, 2 / 6, 2 / 9, 2 / 9, NaN]);
    // water | power 3/5, water | phone 1/2 for customer 4; power | water 3/4 for customer 3.
    expect(columns.p_water[4]).toBeCloseTo((3 / 5 + 1 / 2) / 2, 15);
    expect(columns.p_power[3]).toBe(3 / 4);
    const next = [...columns.nextProduct.codes].map((code) => columns.nextProduct.levels[code] ?? null);
    expect(next).toEqual([null, 'phone', 'phone', 'power', 'water', 'water', 'power', 'power', null]);
    expect(report.nulls.nextProduct).toEqual({ missing: 1, 'not-eligible': 1 });
    expect(model.outputs[0]).toEqual({ name: 'p_water', type: 'number', horizon: null });
    expect(model.fit.warnings).toEqual(['a holding is unknown in 1 of 9 rows: so is the result']);
  });

  it('scores the same bits in many blocks as in one', () => {
    const plan = compile(nextProduct({ products }).fit(data));
    const many = Object.fromEntries(
      Object.entries(data).map(([name, cells]) => [name, Array.from({ length: 600 }, () => cells).flat()]),
    ) as typeof data;
    const once = plan.score(data).columns;
    const often = plan.score(many).columns;
    expect([...often.p_phone]).toEqual(Array.from({ length: 600 }, () => [...once.p_phone]).flat());
    expect([...often.nextProduct.codes]).toEqual(Array.from({ length: 600 }, () => [...once.nextProduct.codes]).flat());
  });

  it('pulls the share of few holders towards the prevalence (S69, by hand)', () => {
    const { conditional } = nextProduct({ products, shrinkage: 2 }).fit(data);
    // water | phone: (1 + 2·1/2) / (2 + 2); power | phone: (2 + 2·6/9) / (2 + 2).
    expect(conditional[2]![0]).toBeCloseTo(0.5, 15);
    expect(conditional[2]![1]).toBeCloseTo((2 + 12 / 9) / 4, 15);
  });

  it('feeds potentialValue: what is held adds nothing, what is open its probability times its profit (S69)', () => {
    const model = pipeline([
      nextProduct({ products }),
      potentialValue({
        offers: [
          { name: 'water', probability: 'p_water', profit: 100, owned: { column: 'water', equals: 1 } },
          { name: 'phone', probability: 'p_phone', profit: 40, owned: { column: 'phone', equals: 1 } },
        ],
      }),
    ]).fit(data);
    const { potentialValue: value } = compile(model).score(data).columns;
    // Customer 0 holds both; 3 holds water only; 5 holds power: 100·3/5 + 40·2/6.
    expect(value[0]).toBe(0);
    expect(value[3]).toBe(10);
    expect(value[5]).toBeCloseTo(60 + 40 / 3, 12);
    expect(value[8]).toBeNaN();
  });

  it('keeps offers closed to those who cannot have them (S69)', () => {
    const table = {
      tv: ['yes', 'no', 'none', 'no'],
      net: ['dsl', 'dsl', 'no', null],
      radio: ['no', 'no', 'no', 'no'],
    };
    const model = nextProduct({
      products: [
        { name: 'tv', owned: { column: 'tv', equals: 'yes' }, eligible: { column: 'net', not: 'no' } },
        { name: 'radio', owned: { column: 'radio', equals: 'yes' } },
      ],
      as: 'next_',
      next: 'offer',
    }).fit(table);
    expect(model.fit.warnings).toContain('product "radio": nobody has it, so that its probability is 0');
    const { columns, report } = compile(model).score({ tv: table.tv, net: table.net, radio: table.radio });
    expect([...columns.offer.codes]).toEqual([1, 0, 1, -1]);
    expect(report.nulls).toEqual({
      next_tv: { 'not-eligible': 2, missing: 1 },
      next_radio: { missing: 1 },
      offer: { missing: 1 },
    });
  });

  it('names the first of equally probable products: a and b at 1/3 each', () => {
    const table = { b: [1, 0, 0], a: [0, 1, 0] };
    const { nextProduct: next } = compile(nextProduct({ products: [flag('a'), flag('b')] }).fit(table)).score(
      table,
    ).columns;
    expect(next.levels[next.codes[2]!]).toBe('a');
  });

  it('returns from JSON, and is refused when its tables do not fit', () => {
    const model = nextProduct({ products, shrinkage: 1 }).fit(data);
    const file = JSON.parse(JSON.stringify(model));
    expect(parseModel(file)).toEqual(model);
    for (const broken of [
      { ...file, prevalence: [0.5] },
      { ...file, conditional: [[2]] },
      { ...file, products: file.products.slice(1) },
      { ...file, outputs: file.outputs.slice(1) },
    ])
      expect(() => parseModel(broken)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
    expect(() => nextProduct({ products: [flag('a')] })).toThrow('at least two');
    expect(() => nextProduct({ products: [flag('a'), flag('a')] })).toThrow('"a" is repeated');
    expect(() => nextProduct({ products, shrinkage: -1 })).toThrow('invalid shrinkage');
    expect(() => nextProduct({ products }).fit({ water: [null], power: [1], phone: [1] })).toThrow(
      expect.objectContaining({ code: 'all-null' }),
    );
  });
});
