import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/**
 * The customer-value systems of the reference, by number, and where each is to be tested. 45 (business policy), 46 and 47
 * (label sets) and 50 (an organisational programme) compute nothing and are out of scope.
 */
const SYSTEMS: { readonly [number: number]: string } = {
  1: 'value',
  2: 'value',
  3: 'loyalty',
  4: 'value',
  5: 'value',
  6: 'value',
  7: 'weighting',
  8: 'weighting',
  9: 'weighting',
  10: 'weighting',
  11: 'weighting',
  12: 'value',
  13: 'value',
  14: 'economics',
  15: 'value',
  16: 'value',
  17: 'weighting',
  18: 'weighting',
  19: 'weighting',
  20: 'weighting',
  21: 'weighting',
  22: 'weighting',
  23: 'weighting',
  24: 'weighting',
  25: 'weighting',
  26: 'weighting',
  27: 'segments',
  28: 'segments',
  29: 'segments',
  30: 'segments',
  31: 'segments',
  32: 'segments',
  33: 'segments',
  34: 'segments',
  35: 'rfm',
  36: 'segments',
  37: 'segments',
  38: 'segments',
  39: 'segments',
  40: 'economics',
  41: 'segments',
  42: 'segments',
  43: 'segments',
  44: 'segments',
  48: 'segments',
  49: 'segments',
  51: 'economics',
  52: 'economics',
  53: 'economics',
  54: 'economics',
  55: 'economics',
  56: 'economics',
  57: 'economics',
  58: 'economics',
  59: 'economics',
  60: 'economics',
  61: 'loyalty',
  62: 'loyalty',
  63: 'loyalty',
  64: 'loyalty',
  65: 'weighting',
  66: 'weighting',
  67: 'loyalty',
  68: 'economics',
  69: 'loyalty',
  70: 'loyalty',
  71: 'loyalty',
  72: 'loyalty',
};

/** The titles of the tests and suites of a folder, each `it(…)` and `describe(…)` with the text after it. */
function titles(folder: string): readonly string[] {
  const here = new URL(`./${folder}/`, import.meta.url);
  return readdirSync(here)
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => {
      const source = readFileSync(new URL(name, here), 'utf8');
      return Array.from(
        source.matchAll(/\b(?:it|describe)(?:\.\w+(?:\([^'"`]*?\))?)?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs),
        (found) => found[2]!,
      );
    });
}

/** The numbers that a title names: `S8`, or a range such as `S8–S11`. */
function numbersOf(title: string): readonly number[] {
  return Array.from(title.matchAll(/\bS(\d+)(?:–S?(\d+))?\b/g), ([, from, to]) => {
    const first = Number(from);
    return Array.from({ length: Number(to ?? from) - first + 1 }, (_, i) => first + i);
  }).flat();
}

describe('every system in scope has a test that names it', () => {
  const named = new Map(
    [...new Set(Object.values(SYSTEMS))].map((folder) => [folder, new Set(titles(folder).flatMap(numbersOf))]),
  );

  it('are 68 of the 72', () => {
    expect(Object.keys(SYSTEMS)).toHaveLength(68);
  });

  it.each(Object.entries(SYSTEMS))('S%s, in src/%s', (number, folder) => {
    expect([...named.get(folder)!]).toContain(Number(number));
  });

  it('reads titles as they are written', () => {
    expect(numbersOf('index (S8–S11): S14, S6, XS7, S100')).toEqual([8, 9, 10, 11, 14, 6, 100]);
    expect(titles('segments')).toContain('eligibility (S39)');
  });
});
