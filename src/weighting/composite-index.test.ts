import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { engine } from '../scoring/engine.ts';
import { compositeIndex, type Indicator } from './composite-index.ts';
import { compositeIndexKind } from './composite-index-kind.ts';
import { hierarchy, leafOf } from './hierarchy.ts';

const { compile, parseModel } = engine({ compositeIndex: compositeIndexKind });
const golden = fixture<{
  normalisation: { input: number[]; zSample: number[]; minMaxCost: number[] };
  scoreMapping: { linearDescending: { low: number; high: number; inputs: number[]; outputs: number[] } };
}>('value-golden.json');

const near = (found: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-12): void => {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i]).toBeNaN();
    else expect(Math.abs(found[i]! - value)).toBeLessThan(tolerance);
  });
};

const mapped = [
  { column: 'profit', weight: 0.5, map: { kind: 'linear', low: 200, high: 1200 }, group: 'currentValue' },
  { column: 'volume', weight: 0.2, map: { kind: 'linear', low: 0, high: 10 }, group: 'currentValue' },
  { column: 'recency', weight: 0.3, map: { kind: 'linear', low: 0, high: 90 }, cost: true, group: 'potentialValue' },
] as const;
const customers = { profit: [450, 1200, 100], volume: [5, 10, 0], recency: [45, 0, 200] };

describe('compositeIndex (S8–S11)', () => {
  it('S8: Y = Σ X·R and the branch scores come out by hand: 0.5·25 + 0.2·50 + 0.3·50 = 37.5, (12.5 + 10)/0.7', () => {
    const { columns } = compile(compositeIndex({ indicators: mapped }).fit(customers)).score(customers);
    near(columns.score, [37.5, 100, 0]);
    near(columns.currentValue, [22.5 / 0.7, 100, 0]);
    near(columns.potentialValue, [50, 100, 0]);
  });

  it('S9: a mirrored linear map equals golden scoreMapping.linearDescending', () => {
    const { low, high, inputs, outputs } = golden.scoreMapping.linearDescending;
    const model = compositeIndex({
      indicators: [{ column: 'days', weight: 1, map: { kind: 'linear', low, high }, cost: true }],
    }).fit({ days: inputs });
    near(compile(model).score({ days: inputs }).columns.score, outputs);
  });

  it('S10: standardisations equal golden normalisation, are stored, and score another batch with the same parameters', () => {
    const { input, zSample, minMaxCost } = golden.normalisation;
    const model = compositeIndex({
      indicators: [
        { column: 'a', weight: 0.25, standardise: 'z-sample' },
        { column: 'b', weight: 0.75, standardise: 'min-max', cost: true },
      ],
    }).fit({ a: input, b: input });
    const plan = compile(model);
    near(
      plan.score({ a: input, b: input }).columns.score,
      input.map((_, i) => 0.25 * zSample[i]! + 0.75 * minMaxCost[i]!),
    );
    near(plan.score({ a: [9], b: [15] }).columns.score, [0]);
    near(plan.score({ a: [9], b: [27] }).columns.score, [-0.75]);
  });

  it('a map comes before a standardisation, a step map leaves nulls out of it', () => {
    const model = compositeIndex({
      indicators: [
        {
          column: 'x',
          weight: 1,
          map: { kind: 'step', cuts: [10], scores: [20, 60], closed: 'left' },
          cost: true,
          standardise: 'min-max',
        },
      ],
    }).fit({ x: [5, 15, Number.NaN] });
    expect(model.indicators[0]!.standard).toEqual({ kind: 'min-max', centre: 40, spread: 40 });
    near(compile(model).score({ x: [5, 15, Number.NaN] }).columns.score, [1, 0, Number.NaN]);
  });

  it('S10: a column without spread counts as 0 in every row and is told of', () => {
    const data = { a: [4, 4, 4], b: [1, 2, 3] };
    const model = compositeIndex({
      indicators: [
        { column: 'a', weight: 0.5, standardise: 'z-sample' },
        { column: 'b', weight: 0.5, standardise: 'z-sample' },
      ],
    }).fit(data);
    expect(model.fit.warnings).toEqual(['"a" has no spread (z-sample): it counts as 0 in every row']);
    near(compile(model).score(data).columns.score, [-0.5, 0, 0.5]);
    near(compile(model).score({ a: [9], b: [2] }).columns.score, [0]);
  });

  it('a null indicator makes the index and its own branch null, with its reason; the other branch stands', () => {
    const model = compositeIndex({ indicators: mapped }).fit(customers);
    const batch = { profit: [450, null], volume: [5, 5], recency: [Infinity, 45] };
    const { columns, report } = compile(model).score(batch, { reasons: true });
    near(columns.score, [Number.NaN, Number.NaN]);
    near(columns.currentValue, [22.5 / 0.7, Number.NaN]);
    near(columns.potentialValue, [Number.NaN, 50]);
    expect(report.rows).toBe(2);
  });

  it('missing: renormalise scores over the indicators that are there, Σ X·R / Σ R; none there is null', () => {
    const model = compositeIndex({ indicators: mapped, missing: 'renormalise' }).fit(customers);
    const batch = { profit: [450, null, null], volume: [5, 5, null], recency: [null, 45, null] };
    const { columns } = compile(model).score(batch);
    near(columns.score, [22.5 / 0.7, (10 + 15) / 0.5, Number.NaN]);
    near(columns.currentValue, [22.5 / 0.7, 50, Number.NaN]);
    near(columns.potentialValue, [Number.NaN, 50, Number.NaN]);
  });

  it('explained terms add up to every output bit for bit, with nulls and renormalisation', () => {
    const cell = fc.option(fc.double({ min: -100, max: 2000, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(fc.record({ profit: cell, volume: cell, recency: cell }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('null' as const, 'renormalise' as const),
        (rows, missing) => {
          const batch = {
            profit: rows.map((r) => r.profit),
            volume: rows.map((r) => r.volume),
            recency: rows.map((r) => r.recency),
          };
          const plan = compile(compositeIndex({ indicators: mapped, missing }).fit(customers));
          const { columns } = plan.score(batch);
          for (const output of ['score', 'currentValue', 'potentialValue'] as const) {
            const { base, contributions, scale, terms } = plan.explain(batch, output);
            expect([base, scale]).toEqual([0, 'score']);
            expect(terms.map(({ name }) => name)).toEqual(
              mapped.filter(({ group }) => output === 'score' || group === output).map(({ column }) => column),
            );
            rows.forEach((_, i) => {
              expect(contributions.reduce((s, term) => s + term[i]!, base)).toBe(columns[output][i]!);
            });
          }
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });

  it('the score of a row is the same bits whatever stands beside it in the batch', () => {
    const model = compositeIndex({ indicators: mapped, missing: 'renormalise' }).fit(customers);
    const plan = compile(model);
    const alone = plan.score({ profit: [777], volume: [3.3], recency: [12.1] }).columns.score[0];
    const beside = plan.score({ profit: [null, 777], volume: [1, 3.3], recency: [2, 12.1] }).columns.score[1];
    expect(beside).toBe(alone);
  });

  it('S26: leaves of a hierarchy weigh the indicators, and the branch scores rebuild the index by branch weights', () => {
    const tree = hierarchy({
      name: 'value',
      judgements: [2],
      children: [
        { name: 'current', judgements: [4], children: [{ name: 'profit' }, { name: 'volume' }] },
        { name: 'potential', children: [{ name: 'loyalty' }] },
      ],
    });
    const model = compositeIndex({
      indicators: [
        { column: 'profit', weight: leafOf(tree, 'current', 'profit'), group: 'current' },
        { column: 'volume', weight: leafOf(tree, 'current', 'volume'), group: 'current' },
        { column: 'loyalty', weight: leafOf(tree, 'potential', 'loyalty'), group: 'potential' },
      ],
      as: 'value',
    }).fit({ profit: [], volume: [], loyalty: [] });
    const { columns } = compile(model).score({ profit: [80], volume: [30], loyalty: [60] });
    near(columns.current, [0.8 * 80 + 0.2 * 30]);
    near(columns.value, [(2 / 3) * columns.current[0]! + (1 / 3) * columns.potential[0]!]);
  });

  it('S11: an empty batch gives an empty batch', () => {
    const model = compositeIndex({ indicators: mapped }).fit(customers);
    expect(compile(model).score({ profit: [], volume: [], recency: [] }).columns.score).toHaveLength(0);
  });

  it('a score beyond the largest number is null, not Infinity', () => {
    const model = compositeIndex({ indicators: [{ column: 'x', weight: 1, standardise: 'min-max' }] }).fit({
      x: [0, 1e-300],
    });
    const plan = compile(model);
    expect(plan.score({ x: [1e300] }).columns.score[0]).toBeNaN();
    expect(plan.explain({ x: [1e300] }, 'score').contributions[0]![0]).toBeNaN();
  });

  it('weights must sum to 1 within 1e-9, or are renormalised when asked', () => {
    const indicators = [
      { column: 'a', weight: 3 },
      { column: 'b', weight: 1 },
    ] as const;
    expect(() => compositeIndex({ indicators })).toThrow(/the weights sum to 4, not 1.*renormalise: true/);
    const model = compositeIndex({ indicators, renormalise: true }).fit({ a: [1], b: [1] });
    expect(model.indicators.map(({ weight }) => weight)).toEqual([0.75, 0.25]);
    expect(() => compositeIndex({ indicators: [{ column: 'a', weight: 1 + 2e-9 }] })).toThrow(/sum to/);
    compositeIndex({ indicators: [{ column: 'a', weight: 1 + 5e-10 }] });
  });

  it.each([
    ['no indicators', [], /at least one/],
    [
      'a repeated column',
      [
        { column: 'a', weight: 0.5 },
        { column: 'a', weight: 0.5 },
      ],
      /"a" is repeated/,
    ],
    ['a group named as the index', [{ column: 'a', weight: 1, group: 'score' }], /invalid group "score"/],
    ['a cost of nothing', [{ column: 'a', weight: 1, cost: true }], /a cost needs a map, or standardise/],
    ['a cost of a sum', [{ column: 'a', weight: 1, cost: true, standardise: 'sum' }], /a cost needs a map/],
    ['an unknown standardisation', [{ column: 'a', weight: 1, standardise: 'z' as 'sum' }], /unknown standardise "z"/],
    ['a bad map', [{ column: 'a', weight: 1, map: { kind: 'linear', low: 1, high: 1 } }], /indicator "a": map/],
    [
      'a negative weight',
      [
        { column: 'a', weight: 2 },
        { column: 'b', weight: -1 },
      ],
      /invalid weight -1/,
    ],
  ] as const)('refuses %s', (_, indicators, message) => {
    expect(() => compositeIndex({ indicators: indicators as readonly Indicator[] })).toThrow(message);
  });

  it('a missing column is named when fitted', () => {
    expect(() => compositeIndex({ indicators: mapped }).fit({ profit: [1], volume: [1] })).toThrow(/"recency"/);
  });

  it('a saved model scores the same bits, and faults in a file are told by path', () => {
    const model = compositeIndex({
      indicators: [
        { column: 'a', weight: 0.3, standardise: 'robust-z', cost: true },
        { column: 'b', weight: 0.7, map: { kind: 'logistic', midpoint: 1, slope: 0.3 }, group: 'g' },
      ],
    }).fit({ a: [1, 2, 4, 9], b: [0, 0, 0, 0] });
    const json = JSON.stringify(model);
    const batch = { a: [0.1, 7], b: [3, 4] };
    expect(compile(parseModel(JSON.parse(json))).score(batch)).toEqual(compile(model).score(batch));
    const broken = (change: (draft: ReturnType<typeof JSON.parse>) => void): (() => unknown) => {
      const draft = JSON.parse(json);
      change(draft);
      return () => parseModel(draft);
    };
    expect(
      broken((m) => {
        m.indicators[0].weight = 0.5;
      }),
    ).toThrow(/model.indicators: the weights sum to 1.2/);
    expect(
      broken((m) => {
        m.inputs.reverse();
      }),
    ).toThrow(/model.inputs\[0\]/);
    expect(
      broken((m) => {
        m.outputs.pop();
      }),
    ).toThrow(/model.outputs: expected 2/);
    expect(
      broken((m) => {
        m.indicators[0].standard.spread = 1;
      }),
    ).toThrow(/indicators\[0\].standard.spread: 1 has the wrong sign/);
    expect(
      broken((m) => {
        m.indicators[0].standard = null;
      }),
    ).toThrow(/a cost needs a map/);
    expect(
      broken((m) => {
        m.indicators[1].map.slope = 0;
      }),
    ).toThrow(/indicators\[1\].map.slope/);
  });
});

describe('indicators of the wrong shape', () => {
  it.each([
    [null, /invalid indicators: null; use a list/],
    [[null], /invalid indicators\[0\]: null; use an object/],
    [[{ column: 5, weight: 1 }], /invalid indicators\[0\]\.column: 5; use a name/],
    [[{ column: 'a' }], /invalid indicators\[0\]\.weight: undefined; use an object/],
  ])('%j are refused by name', (indicators, message) => {
    expect(() => compositeIndex({ indicators } as never)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringMatching(message) }),
    );
  });
});
