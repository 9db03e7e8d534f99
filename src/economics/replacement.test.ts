import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { growthRate, replacementNeed, steadyStateBase } from './replacement.ts';

interface Golden {
  readonly smallFormulas: {
    readonly replacement: {
      readonly lost: number;
      readonly avgLost: number;
      readonly avgNew: number;
      readonly needed: number;
      readonly neededWhole: number;
    };
    readonly growth: readonly { readonly now: number; readonly added: number; readonly growth: number }[];
  };
}
const golden = fixture<Golden>('value-golden.json').smallFormulas;

describe('replacement and growth', () => {
  it('gives the golden number of new customers that make up for the lost, rounded up (S86)', () => {
    const { lost, avgLost, avgNew, needed, neededWhole } = golden.replacement;
    const found = replacementNeed({ lost, meanValueLost: avgLost, meanValueNew: avgNew })!;
    expect(Math.abs(found.needed - needed)).toBeLessThanOrEqual(1e-10);
    expect(found.neededWhole).toBe(neededWhole);
  });

  it('rounds up only what is more than a rounding error: 3·0.1/0.1 needs 3 (S86)', () => {
    expect((3 * 0.1) / 0.1).toBeGreaterThan(3);
    expect(replacementNeed({ lost: 3, meanValueLost: 0.1, meanValueNew: 0.1 })!.neededWhole).toBe(3);
    expect(replacementNeed({ lost: 3, meanValueLost: 1.001, meanValueNew: 1 })!.neededWhole).toBe(4);
    expect(replacementNeed({ lost: 3, meanValueLost: 1, meanValueNew: 0 })).toBeNull();
    expect(() => replacementNeed({ lost: -1, meanValueLost: 1, meanValueNew: 1 })).toThrow('invalid lost: -1');
  });

  it('has a steady base where acquisitions just replace who leaves: 50 / 4 % = 1250, of which 50 leave (S86)', () => {
    expect(steadyStateBase({ acquisitions: 50, churnRate: 0.04 })! * 0.04).toBeCloseTo(50, 12);
    expect(steadyStateBase({ acquisitions: 50, churnRate: 0 })).toBeNull();
    expect(steadyStateBase({ acquisitions: 50, churnRate: 1 })).toBe(50);
    expect(() => steadyStateBase({ acquisitions: 50, churnRate: 1.01 })).toThrow('invalid churnRate: 1.01');
  });

  it('gives the golden growth of three channels, and null where the start was 0 (S138)', () => {
    for (const { now, added, growth } of golden.growth)
      expect(Math.abs(growthRate({ now, added })! - growth)).toBeLessThanOrEqual(1e-10);
    expect(growthRate({ now: 5, added: 5 })).toBeNull();
    expect(growthRate({ now: 5, added: -5 })).toBe(-0.5);
    expect(() => growthRate({ now: Number.NaN, added: 1 })).toThrow('invalid now: NaN');
  });
});
