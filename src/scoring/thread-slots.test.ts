import { describe, expect, it } from 'vitest';
import { Slots } from './thread-slots.ts';

describe('Slots', () => {
  it('are used again, the smallest that has room; a larger one takes the place of the largest that is free', () => {
    let numbers = 0;
    const dropped: number[] = [];
    const slots = new Slots(
      () => numbers++,
      (number) => dropped.push(number),
    );
    const [small, large] = [slots.take(1), slots.take(1_000_000)];
    expect(large.buffer.byteLength).toBeGreaterThanOrEqual(1_000_000);
    slots.give(large);
    slots.give(small);
    expect(slots.take(10)).toBe(small);
    expect(slots.take(900_000)).toBe(large);
    slots.give(large);
    slots.give(small);
    expect(slots.take(2_000_000).number).toBe(2);
    expect(dropped).toEqual([large.number]);
    expect(slots.take(0)).toBe(small);
  });
});
