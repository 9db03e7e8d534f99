import { describe, expect, it } from 'vitest';
import { borderline } from './borderline.ts';
import { grid } from './grid.ts';
import { pyramid } from './pyramid.ts';
import { threeDimensional } from './three-dimensional.ts';

describe('borderline share (S31)', () => {
  it('counts who stands near a cut, the distance itself included, on both sides (S31, by hand)', () => {
    const tiers = [{ key: 'low' }, { key: 'high' }];
    const model = pyramid({ column: 'spend', cut: { fixed: 128 }, tiers }).fit({ spend: [1] });
    const spend = [111.9, 112, 128, 144, 144.1, null];
    const axes = [{ column: 'spend', count: 3, share: 0.6 }];
    expect(borderline({ spend }, model, { within: 0.125 })).toEqual({ rows: 5, count: 3, share: 0.6, axes });
    expect(borderline({ spend }, model, { within: { spend: 16 } }).count).toBe(3);
    expect(borderline({ spend }, model, { within: 0 }).count).toBe(1);
    expect(borderline({ spend: [null] }, model, { within: 0 }).share).toBeNull();
  });

  it('counts an axis only where the class across the cut is another one, and a customer once (S31, by hand)', () => {
    const cut = { fixed: 10 } as const;
    const axes = [
      { column: 'x', cut },
      { column: 'y', cut },
    ];
    const cells = [
      { key: 'best', when: ['high', 'high'] },
      { key: 'others', when: 'rest' },
    ] as const;
    const model = grid({ axes, cells }).fit({ x: [1], y: [1] });
    // Near both cuts; near x alone, where crossing changes the class; near x alone, where it does not.
    const found = borderline({ x: [11, 11, 11], y: [11, 90, 1] }, model, { within: { x: 1, y: 1 } });
    expect([found.count, ...found.axes.map((axis) => axis.count)]).toEqual([2, 2, 1]);
    expect(borderline({ x: [11, 11, 11], y: [11, 90, 1] }, model, { within: { y: 1 } }).count).toBe(1);
  });

  it('looks across each of several cuts (S31, by hand)', () => {
    const model = grid({ axes: [{ column: 'x', cut: { fixed: [10, 20] } }] }).fit({ x: [1] });
    expect(borderline({ x: [9, 12, 15, 18, 21, 30] }, model, { within: { x: 2 } }).count).toBe(4);
  });

  it('takes the eight classes, whatever a new flag does, and refuses a negative distance (S31)', () => {
    const model = threeDimensional({ cut: { fixed: 10 }, newBelow: { column: 'tenure', below: 3 } }).fit({
      currentValue: [1],
      potentialValue: [1],
      loyalty: [1],
      tenure: [1],
    });
    const one = { currentValue: [50, 10.25], potentialValue: [50, 50], loyalty: [50, 50], tenure: [3, 3] };
    // Being new changes no class: nobody is borderline by tenure.
    expect(borderline(one, model, { within: 0.0625 }).axes.map((axis) => axis.count)).toEqual([1, 0, 0, 0]);
    expect(() => borderline(one, model, { within: -1 })).toThrow(/invalid within: -1/);
    expect(() => borderline(one, model, { within: null as never })).toThrow(/invalid within: null; use an object/);
  });
});
