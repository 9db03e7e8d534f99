import { describe, expect, it } from 'vitest';
import type { CategoryColumn } from '../model/batch.ts';
import { seededRandom } from '../numerics/random.ts';
import { engine } from '../scoring/engine.ts';
import { type Cell, gridCoverage } from './cells.ts';
import { grid } from './grid.ts';
import { gridKind } from './grid-kind.ts';
import { segmentSizes } from './segment-sizes.ts';

const { compile, parseModel } = engine({ grid: gridKind });
const names = ({ codes, levels }: CategoryColumn): (string | null)[] => Array.from(codes, (c) => levels[c] ?? null);
const value = { column: 'value', cut: { fixed: [10, 20] } } as const;
const risk = { column: 'risk', cut: { fixed: 0.5 } } as const;
const cells: readonly Cell[] = [
  { key: 'care', when: [['middle', 'high'], 'high'] },
  { key: 'keep', when: ['high', 'low'] },
  { key: 'watch', when: 'rest' },
];

describe('grid', () => {
  it('puts a value equal to a cut below it, or above it when intervals are closed on the left (S29)', () => {
    const at = (closed: 'right' | 'left') => {
      const model = grid({ axes: [{ ...value, closed }] }).fit({ value: [1] });
      return names(compile(model).score({ value: [9, 10, 11, 20, 21] }).columns.segment);
    };
    expect(at('right')).toEqual(['low', 'low', 'middle', 'middle', 'high']);
    expect(at('left')).toEqual(['low', 'middle', 'middle', 'high', 'high']);
  });

  it('names the combinations of any number of axes when no cells are given: 27 for three criteria of three levels (S34)', () => {
    const terciles = { quantile: [1 / 3, 2 / 3] };
    const axes = [
      { column: 'value', cut: terciles },
      { column: 'potential', cut: terciles },
      { column: 'loyalty', cut: terciles },
    ] as const;
    const customers = { value: [1, 2, 3], potential: [3, 2, 1], loyalty: [2, 1, 3] };
    const model = grid({ axes }).fit(customers);
    expect(model.segments).toHaveLength(27);
    expect(names(compile(model).score(customers).columns.segment)).toEqual([
      'low-high-middle',
      'middle-middle-low',
      'high-low-high',
    ]);
  });

  it('covers by level, list, "*" and rest, and writes levels on demand', () => {
    const axes = [value, { ...risk, as: 'riskLevel' }] as const;
    const model = grid({ axes, cells, as: 'plan' }).fit({ value: [1, 15, 25], risk: [0.9, 0.9, 0.1] });
    const { columns } = compile(model).score({ value: [5, 15, 25, 25], risk: [0.9, 0.9, 0.1, 0.9] });
    expect(names(columns.plan)).toEqual(['watch', 'care', 'keep', 'care']);
    expect(names(columns.riskLevel)).toEqual(['high', 'high', 'low', 'high']);
  });

  it('refuses cells that leave combinations out or cover them twice, and names these', () => {
    const axes = [value, risk] as const;
    expect(() => grid({ axes, cells: [{ key: 'a', when: ['low', '*'] }] })).toThrow(
      /no cell covers middle-low, middle-high, high-low, high-high; add cells/,
    );
    const twice: readonly Cell[] = [
      { key: 'a', when: ['*', 'low'] },
      { key: 'b', when: [['low', 'middle'], '*'] },
      { key: 'c', when: 'rest' },
    ];
    expect(() => grid({ axes, cells: twice })).toThrow(/more than one cell covers low-low, middle-low/);
    const first = grid({ axes, cells: twice, overlaps: 'first' }).fit({ value: [1], risk: [0] });
    expect(first.cells).toEqual([0, 1, 0, 1, 0, 2]);
    expect(gridCoverage([['1', '2']], [{ key: 'a', when: ['2'] }])).toEqual({
      combinations: 2,
      uncovered: ['1'],
      once: 1,
      overlapping: [],
      first: [-1, 0],
    });
  });

  it('refuses options that contradict each other', () => {
    const axis = { column: 'x', cut: 'mean' } as const;
    for (const [options, message] of [
      [{ axes: [] }, /at least one/],
      [{ axes: [axis, axis] }, /column "x" is repeated/],
      [{ axes: [{ ...axis, levels: ['a'] }] }, /1 levels for 1 cuts/],
      [{ axes: [{ ...axis, levels: ['a', 'a'] }] }, /level "a" is repeated/],
      [{ axes: [{ ...axis, as: 'segment' }] }, /output "segment" is repeated/],
      [{ axes: [axis], cells: [] }, /at least one/],
      [{ axes: [axis], cells: [{ key: 'a', when: ['huge'] }] }, /unknown level "huge"; axis 0 has low, high/],
      [{ axes: [axis], cells: [{ key: 'a', when: ['*', '*'] }] }, /2 conditions for 1 axes/],
      [
        {
          axes: [axis],
          cells: [
            { key: 'a', when: ['*'] },
            { key: 'b', when: 'rest' },
          ],
        },
        /"b" is never reached/,
      ],
      [{ axes: [{ column: 'x', cut: { quantile: 2 } }] }, /axis "x": cut/],
    ] as const)
      expect(() => grid(options as never)).toThrow(message);
  });

  it('gives null for a null axis with its reason, except where every level leads to one segment', () => {
    const axes = [value, risk] as const;
    const either: readonly Cell[] = [
      { key: 'risky', when: ['*', 'high'] },
      { key: 'safe', when: [['low', 'middle'], 'low'] },
      { key: 'best', when: ['high', 'low'] },
    ];
    const model = grid({ axes, cells: either }).fit({ value: [1], risk: [1] });
    const batch = { value: [null, null, 25, 25, null], risk: [0.9, 0.1, null, 0.1, null] };
    const { columns, report } = compile(model).score(batch);
    expect(names(columns.segment)).toEqual(['risky', null, null, 'best', null]);
    expect(report.nulls).toEqual({ segment: { missing: 3 } });
  });

  it('ignores the nulls of an axis that no segment depends on', () => {
    const axes = [risk, { ...value, as: 'valueLevel' }] as const;
    const model = grid({
      axes,
      cells: [
        { key: 'a', when: ['low', '*'] },
        { key: 'b', when: ['high', '*'] },
      ],
    }).fit({ value: [1], risk: [1] });
    const { columns } = compile(model).score({ value: [null, 15], risk: [0.1, 0.9] });
    expect(names(columns.segment)).toEqual(['a', 'b']);
    expect(names(columns.valueLevel)).toEqual([null, 'middle']);
    expect(
      compile(model)
        .explain({ value: [null], risk: [0.75] }, 'segment')
        .terms.map((t) => t.name),
    ).toEqual(['risk']);
  });

  it('learns each cut on its own non-null cells, and tells of nulls and of levels without customers', () => {
    const axes = [
      { column: 'value', cut: 'mean' },
      { column: 'risk', cut: 'mean' },
    ] as const;
    const model = grid({ axes }).fit({ value: [1, 2, 6, null], risk: [4, 4, 4, 4] });
    expect(model.axes.map((axis) => axis.cuts)).toEqual([[3], [4]]);
    expect(model.fit.rows).toBe(3);
    expect(model.fit.sizes).toEqual([2, 0, 1, 0]);
    expect(model.fit.warnings).toEqual([
      '"value": 1 of 4 rows are null and took no part in the cut',
      '"risk": no row is high',
    ]);
  });

  it('explains a segment by the margin to the nearest cut of each axis', () => {
    const model = grid({ axes: [value, risk] }).fit({ value: [1], risk: [1] });
    const told = compile(model).explain({ value: [12, 19, 40, null], risk: [0.25, 0.5, 1, 1] }, 'segment');
    expect(told.scale).toBe('margin');
    expect(told.base).toBe(0);
    expect(told.terms.map((term) => term.name)).toEqual(['value', 'risk']);
    expect(told.contributions.map((c) => [...c])).toEqual([
      [2, -1, 20, Number.NaN],
      [-0.25, 0, 0.5, Number.NaN],
    ]);
  });

  it('scores the same after a round trip through JSON, in any order of rows and any batches', () => {
    const random = seededRandom(5);
    const column = () =>
      Float64Array.from({ length: 5000 }, () => (random.uniform() < 0.05 ? Number.NaN : random.uniform()));
    const data = { value: column(), risk: column() };
    const axes = [
      { column: 'value', cut: { quantile: [0.2, 0.9] } },
      { column: 'risk', cut: 'mean', as: 'riskLevel' },
    ] as const;
    const model = grid({ axes, cells }).fit(data);
    const parsed = parseModel(JSON.parse(JSON.stringify(model))) as typeof model;
    expect(parsed).toEqual(model);
    const whole = names(compile(model).score(data).columns.segment);
    expect(names(compile(parsed).score(data).columns.segment)).toEqual(whole);
    const parts = [0, 1, 2049, 4000].flatMap((start, p, all) => {
      const end = all[p + 1] ?? 5000;
      const part = { value: data.value.subarray(start, end), risk: data.risk.subarray(start, end) };
      return names(compile(model).score(part).columns.segment);
    });
    expect(parts).toEqual(whole);
    const turned = { value: data.value.slice().reverse(), risk: data.risk.slice().reverse() };
    expect(grid({ axes, cells }).fit(turned).axes).toEqual(model.axes);
  });

  it('refuses a stored model that does not hold together', () => {
    const model = grid({ axes: [value, risk], cells }).fit({ value: [1], risk: [1] });
    const broken = (change: object) => () => parseModel({ ...JSON.parse(JSON.stringify(model)), ...change });
    expect(broken({ version: 2 })).toThrow(/version/);
    expect(broken({ cells: [0, 0] })).toThrow(/cells/);
    expect(broken({ cells: [0, 1, 2, 3, 0, 0] })).toThrow(/cells\[3\]/);
    expect(broken({ inputs: [...model.inputs].reverse() })).toThrow(/inputs/);
    expect(broken({ outputs: [{ ...model.outputs[0], levels: ['care', 'keep', 'other'] }] })).toThrow(/outputs/);
    expect(broken({ axes: [{ ...model.axes[0]!, cuts: [20, 10] }, model.axes[1]] })).toThrow(/cuts\[1\]/);
    expect(broken({ axes: [{ ...model.axes[0]!, levels: ['a', 'b'] }, model.axes[1]] })).toThrow(/axes\[0\]/);
    expect(broken({ extra: 1 })).toThrow(/unknown key/);
  });
});

describe('segmentSizes', () => {
  const axes = [value] as const;
  const sized: readonly Cell[] = [
    { key: 'small', when: ['low'], usually: 'small' },
    { key: 'large', when: ['middle'], usually: 'large' },
    { key: 'other', when: ['high'] },
  ];
  const model = grid({ axes, cells: sized }).fit({ value: [1, 15, 15, 25] });

  it('counts each segment and what is unclassified', () => {
    const { columns } = compile(model).score({ value: [1, 15, 15, 25, null] });
    expect(segmentSizes(columns.segment, model)).toEqual({
      rows: 4,
      unclassified: 1,
      segments: [
        { key: 'small', count: 1, share: 0.25 },
        { key: 'large', count: 2, share: 0.5 },
        { key: 'other', count: 1, share: 0.25 },
      ],
      warnings: [],
    });
  });
  it('warns when a small segment is above an equal share or a large one below it, not when equal (S33)', () => {
    expect(segmentSizes(['small', 'large', 'other'], model).warnings).toEqual([]);
    const { warnings } = segmentSizes(['small', 'small', 'large', 'other'], model);
    expect(warnings.map(({ key, usually, share, limit }) => [key, usually, share, limit])).toEqual([
      ['small', 'small', 0.5, 1 / 3],
      ['large', 'large', 0.25, 1 / 3],
    ]);
    expect(grid({ axes, cells: sized }).fit({ value: [1, 1, 15, 25] }).fit.warnings).toEqual(
      warnings.map((w) => w.text),
    );
  });
  it('has no share without customers, and refuses a foreign segment', () => {
    expect(segmentSizes([], model).segments[0]!.share).toBeNull();
    expect(() => segmentSizes(['medium'], model)).toThrow(/"medium" is no segment of the model: small, large, other/);
  });
});
