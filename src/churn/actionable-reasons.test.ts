import { describe, expect, it } from 'vitest';
import { actionableReasons, type ReasonFeature } from './actionable-reasons.ts';

const terms = ['tenure', 'contract', 'calls', 'charge + fibre'].map((name) => ({ name, columns: name.split(' + ') }));
const data = {
  tenure: [2, 40, Number.NaN],
  contract: ['monthly', 'yearly', null],
  calls: [5, 0, 1.25],
  charge: [70, 20, 30],
  fibre: ['yes', 'no', 'no'],
};
const contributions = [
  Float64Array.of(2, 0.1, 0.4),
  Float64Array.of(0.9, -0.2, 0.3),
  Float64Array.of(0.5, 0, 0.2),
  Float64Array.of(0.7, -1, 0.1),
];
const features: readonly ReasonFeature[] = [
  { column: 'tenure', actionable: false, bands: [{ below: 12, sentence: 'with us for {value} months' }] },
  { column: 'contract', actionable: true, levels: { monthly: 'on a month-to-month contract' } },
  {
    column: 'calls',
    actionable: true,
    bands: [
      { below: 1, sentence: 'never calls' },
      { below: 3, sentence: 'called {value} times' },
      { sentence: 'often calls for help' },
    ],
  },
  { column: 'charge', actionable: false },
];
const words = (columns: readonly { codes: Int32Array; levels: readonly string[] }[], row: number) =>
  columns.flatMap(({ codes, levels }) => levels[codes[row]!] ?? []);

describe('actionableReasons', () => {
  it('lists what can be acted on, in words, the strongest first; the rest stands apart (by hand)', () => {
    const found = actionableReasons({ terms, contributions }, data, { features, k: 3 });
    // Of charge + fibre, told as one, only fibre can be acted on.
    expect(words(found.reasons, 0)).toEqual(['on a month-to-month contract', 'fibre = yes', 'often calls for help']);
    expect(words(found.background, 0)).toEqual(['with us for 2 months']);
    expect(found.contributions.map((own) => own[0])).toEqual([0.9, 0.7, 0.5]);
    // Nothing that can be acted on pushes this one up, and what lowers the risk is no reason.
    expect(words(found.reasons, 1)).toEqual([]);
    expect(words(found.background, 1)).toEqual(['tenure = 40']);
    expect(words(found.reasons, 2)).toEqual(['contract = missing', 'called 1.25 times', 'fibre = no']);
    expect(words(found.background, 2)).toEqual(['tenure = missing']);
  });

  it('tells every term without metadata, as topReasons picks them', () => {
    const found = actionableReasons({ terms, contributions }, data, { k: 2 });
    expect(words(found.reasons, 0)).toEqual(['tenure = 2', 'contract = monthly']);
    expect(words(found.background, 0)).toEqual([]);
    expect(words(actionableReasons({ terms, contributions }, data).reasons, 0)[2]).toBe('charge = 70 & fibre = yes');
  });

  it('has as many columns and rows when every term, or none, can be acted on', () => {
    const all = terms.flatMap(({ columns }) => columns).map((column) => ({ column, actionable: false }));
    const found = actionableReasons({ terms, contributions }, data, { features: all, k: 2 });
    expect(found.reasons.map(({ codes }) => [...codes])).toEqual([
      [-1, -1, -1],
      [-1, -1, -1],
    ]);
    expect(found.contributions.map((own) => own.length)).toEqual([3, 3]);
    expect(words(found.background, 0)).toEqual(['tenure = 2', 'contract = monthly']);
  });

  it('does not take a dollar sign in a value for a pattern, nor a level for a property', () => {
    const odd = { terms: [{ name: 'plan', columns: ['plan'] }], contributions: [Float64Array.of(1, 1)] };
    const feature = { column: 'plan', actionable: true, sentence: 'plan {value}!' };
    const found = actionableReasons(odd, { plan: ["$&$'", 'constructor'] }, { features: [feature] });
    expect(found.reasons[0]!.levels).toEqual(["plan $&$'!", 'plan constructor!']);
  });

  it('refuses features that are none, twins, bands out of order and data of another length', () => {
    const run =
      (own: readonly ReasonFeature[], columns: typeof data = data) =>
      () =>
        actionableReasons({ terms, contributions }, columns, { features: own });
    expect(run([{ column: 'age', actionable: true }])).toThrow('feature "age" is no term');
    expect(run([features[0]!, features[0]!])).toThrow('listed twice');
    expect(run([{ column: 'calls', actionable: 'no' as unknown as false }])).toThrow('invalid actionable: no');
    const bands = [
      { below: 3, sentence: 'a' },
      { below: 1, sentence: 'b' },
    ];
    expect(run([{ column: 'calls', actionable: true, bands }])).toThrow('bands must ascend');
    expect(
      run([{ column: 'calls', actionable: true, bands: [{ sentence: 'a' }, { below: 1, sentence: 'b' }] }]),
    ).toThrow('only the last');
    expect(run([], { ...data, tenure: [1] })).toThrow('column "tenure" has 1 rows, the explanation has 3');
    expect(() => actionableReasons({ terms, contributions: [] }, data)).toThrow('4 terms');
    expect(() => actionableReasons({ terms, contributions }, data, { k: 0 })).toThrow('invalid k');
  });
});
