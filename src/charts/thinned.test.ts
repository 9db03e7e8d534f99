import { describe, expect, it } from 'vitest';
import { spread } from './spread.ts';
import { thinned } from './thinned.ts';

describe('thinned', () => {
  const curve = Array.from({ length: 100_001 }, (_, i) => ({ x: i / 100_000, y: (i / 100_000) ** 2 }));

  it('shows a long curve by fewer than a thousand points, both ends among them', () => {
    const shown = thinned(curve, ({ x, y }) => [x, y]);
    expect(shown.length).toBeLessThan(1000);
    expect([shown[0], shown.at(-1)]).toEqual([curve[0], curve.at(-1)]);
  });

  it('never strays farther than 1/400 from a point that is left out', () => {
    const shown = thinned(curve, ({ x, y }) => [x, y]);
    let at = 0;
    for (const { x, y } of curve) {
      if (shown[at + 1] && shown[at + 1]!.x <= x) at++;
      expect(Math.max(x - shown[at]!.x, y - shown[at]!.y)).toBeLessThan(1 / 400);
    }
  });

  it('keeps a short curve as it is', () => {
    expect(thinned([], () => [0, 0])).toEqual([]);
    const short = curve.filter((_, i) => i % 10_000 === 0);
    expect(thinned(short, ({ x, y }) => [x, y])).toEqual(short);
  });
});

describe('spread', () => {
  it('sets equal values side by side around the middle, in quarters by hand; others stay on it', () => {
    expect(spread([[1, 1, 1, 9], [5]])).toEqual([[0, 1 / 4, -1 / 4, 0], [0]]);
  });

  it('reaches from −1 to 1 where a strip is dense', () => {
    const [dense] = spread([Array.from({ length: 101 }, () => 2)]);
    expect([Math.min(...dense!), Math.max(...dense!)]).toEqual([-1, 1]);
  });
});
