import { describe, expect, expectTypeOf, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import type { InputsOf, OutputsOf } from '../model/contract.ts';
import { engine } from '../scoring/engine.ts';
import { potentialValue } from './potential-value.ts';
import { potentialValueKind } from './potential-value-kind.ts';

interface Golden {
  readonly prob: readonly (readonly number[])[];
  readonly profit: readonly (readonly number[])[];
  readonly result: readonly number[];
}
const golden = fixture<{ potentialValue: Golden }>('value-golden.json').potentialValue;
const { compile, parseModel } = engine({ potentialValue: potentialValueKind });
const column = (table: readonly (readonly number[])[], j: number): number[] => table.map((row) => row[j]!);

describe('potentialValue (S2)', () => {
  it('gives the golden sums Σ_j Prob_ij·Profit_ij to 1e-10, a negative profit included', () => {
    const data = {
      q1: column(golden.prob, 0),
      q2: column(golden.prob, 1),
      q3: column(golden.prob, 2),
      m1: column(golden.profit, 0),
      m2: column(golden.profit, 1),
      m3: column(golden.profit, 2),
    };
    const model = potentialValue({
      offers: [
        { name: 'a', probability: 'q1', profit: 'm1' },
        { name: 'b', probability: 'q2', profit: 'm2' },
        { name: 'c', probability: 'q3', profit: 'm3' },
      ],
    }).fit(data);
    const { potentialValue: value } = compile(model).score(data).columns;
    golden.result.forEach((wanted, i) => {
      expect(value[i]).toBeCloseTo(wanted, 10);
    });
    const why = compile(model).explain(data, 'potentialValue');
    expect(why.terms.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(why.terms[0]!.columns).toEqual(['q1', 'm1']);
    golden.result.forEach((wanted, i) => {
      expect(why.base + why.contributions.reduce((sum, own) => sum + own[i]!, 0)).toBeCloseTo(wanted, 12);
    });
  });

  it('multiplies profits per period by the annuity factor (24 months at 1 %: 21.2433873)', () => {
    const data = { q: [0.5] };
    const model = potentialValue({
      offers: [{ name: 'a', probability: 'q', profit: 4 }],
      periods: 24,
      rate: { discount: 0.01, per: 'month' },
    }).fit(data);
    expect(compile(model).score(data).columns.potentialValue[0]).toBeCloseTo(2 * 21.2433873, 6);
    expect(model.outputs[0]!.annuity).toEqual({ periods: 24, unit: 'month', discount: 0.01, timing: 'end' });
    const present = potentialValue({ offers: [{ name: 'a', probability: 'q', profit: 4 }] }).fit(data);
    expect(present.outputs[0]!.annuity).toBeUndefined();
  });

  const offers = [
    {
      name: 'security',
      probability: 'q',
      profit: 10,
      owned: { column: 'security', equals: 'Yes' },
      eligible: { column: 'internet', not: 'No' },
    },
  ] as const;

  it('leaves out what is owned or not to be had, whatever its probability', () => {
    const data = {
      q: [0.5, 0.5, Number.NaN, Number.NaN, 7],
      security: ['No', 'Yes', 'No internet service', 'Yes', 'Yes'],
      internet: ['DSL', 'DSL', 'No', 'Fiber optic', 'DSL'],
    };
    const model = potentialValue({ offers }).fit(data);
    const { columns, report } = compile(model).score(data);
    expect([...columns.potentialValue]).toEqual([5, 0, 0, 0, 0]);
    expect(report).toEqual({ rows: 5, nulls: {}, unseenLevels: {} });
  });

  it('names its inputs and output in its type', () => {
    const data = { q: [0.5], security: ['No'], internet: ['DSL'] };
    const model = potentialValue({ offers, as: 'cpv' }).fit(data);
    expectTypeOf<InputsOf<typeof model>>().toEqualTypeOf<'q' | 'security' | 'internet'>();
    expectTypeOf<OutputsOf<typeof model>['name']>().toEqualTypeOf<'cpv'>();
    expect(model.inputs.map(({ name }) => name)).toEqual(['q', 'security', 'internet']);
  });

  it('gives null for an open offer without a usable probability, with the cause', () => {
    const data = {
      q: [Number.NaN, 1.0001, -0.0001, 1, 0],
      security: ['No', 'No', 'No', 'No', 'No'],
      internet: ['DSL', 'DSL', 'DSL', 'DSL', 'DSL'],
    };
    const { columns, report } = compile(potentialValue({ offers }).fit(data)).score(data);
    expect([...columns.potentialValue]).toEqual([Number.NaN, Number.NaN, Number.NaN, 10, 0]);
    expect(report.nulls).toEqual({ potentialValue: { 'not-finite': 1, 'out-of-range': 2 } });
  });

  it('gives null where it is unknown whether the offer is open, unless the other condition closes it', () => {
    const data = {
      q: [0.5, 0.5, 0.5],
      security: [null, null, 'Yes'],
      internet: ['DSL', 'No', null],
    };
    const fitted = potentialValue({ offers }).fit({ ...data, security: ['No', 'Yes', 'Yes'] });
    const { columns, report } = compile(fitted).score(data);
    expect([...columns.potentialValue]).toEqual([Number.NaN, 0, 0]);
    expect(report.nulls).toEqual({ potentialValue: { missing: 1 } });
    const why = compile(fitted).explain(data, 'potentialValue');
    expect([...why.contributions[0]!]).toEqual([Number.NaN, 0, 0]);
  });

  it('explains a row as null as a whole when one open offer is null', () => {
    const data = { a: [0.5, 0.5], b: [null, 0.5] };
    const two = [
      { name: 'a', probability: 'a', profit: 10 },
      { name: 'b', probability: 'b', profit: 20 },
    ] as const;
    const why = compile(potentialValue({ offers: two }).fit(data)).explain(data, 'potentialValue');
    expect(why.contributions.map((own) => [...own])).toEqual([
      [Number.NaN, 5],
      [Number.NaN, 10],
    ]);
  });

  it('treats a level that it never saw as a level that its conditions do not name', () => {
    const data = { q: [0.5], security: ['No'], internet: ['DSL'] };
    const plan = compile(potentialValue({ offers }).fit(data));
    const { columns, report } = plan.score({ q: [0.5, 0.5], security: ['Trial', 'No'], internet: ['Satellite', 'No'] });
    expect([...columns.potentialValue]).toEqual([5, 0]);
    expect(report.unseenLevels).toEqual({ security: 1, internet: 1 });
  });

  it('compares number columns as numbers, booleans included', () => {
    const data = { q: [0.5, 0.5, 0.5], has: [true, false, true], plan: [1, 2, 3] };
    const model = potentialValue({
      offers: [
        {
          name: 'a',
          probability: 'q',
          profit: 10,
          owned: { column: 'has', equals: 1 },
          eligible: { column: 'plan', equals: [1, '2'] },
        },
      ],
    }).fit(data);
    expect([...compile(model).score(data).columns.potentialValue]).toEqual([0, 5, 0]);
  });

  it('takes the type and levels of a condition column from the step that makes it', () => {
    const data = { q: [0.5], tier: ['gold'] };
    const upstream = [{ name: 'tier', type: 'category', levels: ['gold', 'lead'] }] as const;
    const offer = (level: string) =>
      potentialValue({
        offers: [{ name: 'a', probability: 'q', profit: 10, eligible: { column: 'tier', equals: level } }],
      });
    expect(offer('lead').fit(data, upstream).inputs[1]).toEqual(upstream[0]);
    expect(() => offer('silver').fit(data, upstream)).toThrow('"tier" is never "silver": its levels are gold, lead');
  });

  it('refuses contradictory options and columns', () => {
    const a = { name: 'a', probability: 'q', profit: 1 };
    expect(() => potentialValue({ offers: [] })).toThrow('name at least one');
    expect(() => potentialValue({ offers: [a, a] })).toThrow('"a" is repeated');
    expect(() => potentialValue({ offers: [{ ...a, profit: Number.NaN }] })).toThrow('invalid profit of offer "a"');
    expect(() => potentialValue({ offers: [a], periods: 3 })).toThrow('give both periods and rate');
    expect(() => potentialValue({ offers: [a], timing: 'begin' })).toThrow('need periods and rate');
    expect(() => potentialValue({ offers: [a] }).fit({ p: [1] })).toThrow('unknown column "q"');
    const owned = potentialValue({ offers: [{ ...a, owned: { column: 'flag', equals: 'Yes' } }] });
    expect(() => owned.fit({ q: [1], flag: [0] })).toThrow('column "flag" holds numbers; "Yes" is not one');
  });

  it('scores the same after a trip through JSON, and is refused when its parts contradict each other', () => {
    const data = { q: [0.5, 0.25], security: ['No', 'Yes'], internet: ['DSL', 'No'] };
    const model = potentialValue({ offers }).fit(data);
    const file = JSON.parse(JSON.stringify(model));
    expect(compile(parseModel(file)).score(data)).toEqual(compile(model).score(data));
    for (const broken of [
      { ...file, inputs: file.inputs.slice(1) },
      { ...file, inputs: [{ name: 'q', type: 'category', levels: [] }, ...file.inputs.slice(1)] },
      { ...file, offers: [file.offers[0], file.offers[0]] },
      { ...file, offers: [{ ...file.offers[0], profit: null }] },
      { ...file, offers: [{ ...file.offers[0], owned: { column: 'security' } }] },
      { ...file, annuity: { periods: 1, unit: 'month', discount: 0, timing: 'end' } },
    ])
      expect(() => parseModel(broken)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
  });
});
