import { describe, expect, it } from 'vitest';
import { logisticRegression } from '../churn/index.ts';
import type { PlainColumn } from '../model/batch.ts';
import { ownershipPropensity } from '../value/index.ts';
import { outcome, twoClasses } from './outcome.ts';

const refused = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });
const label = { column: 'left', churned: 'yes', horizon: null } as const;
const fit = (left: PlainColumn, x: PlainColumn) => () =>
  logisticRegression({ label, features: ['x'] }).fit({ left, x });
const owned = (o: PlainColumn, x: PlainColumn) => () =>
  ownershipPropensity({ offers: [{ name: 'tv', owned: { column: 'o', equals: 'yes' } }], features: ['x'] }).fit({
    o,
    x,
  });

describe('a label', () => {
  it('is 1 where it equals the value, 0 where it differs and NaN where it is null', () => {
    expect([...outcome({ left: ['yes', 'no', null] }, 'left', 'yes')]).toEqual([1, 0, Number.NaN]);
    expect([...twoClasses({ left: [1, 0, null] }, 'left', 1)]).toEqual([1, 0, Number.NaN]);
  });

  it('of one class names the classes that occur in the rows, not the levels of their dictionary', () => {
    const only = (code: number) => ({ codes: Int32Array.of(code, code, -1), levels: ['yes', 'no', 'maybe'] });
    expect(fit(only(1), [1, 2, 3])).toThrow(refused('one-class', /label "left" is never "yes"; it holds "no"$/));
    expect(fit(only(0), [1, 2, 3])).toThrow(refused('one-class', /label "left" is always "yes"/));
    expect(fit([0, 1, 0], [1, 2, 3])).toThrow(refused('wrong-type', /holds numbers; "yes" is not one/));
  });

  it('is one of many values that are told up to twelve', () => {
    const many = Array.from({ length: 20 }, (_, i) => `v${String(i).padStart(2, '0')}`);
    expect(fit(many, many.map(Number.parseFloat))).toThrow(refused('one-class', /it holds "v00", .*"v11", …$/));
  });

  it('of one class only among rows without a null in a feature is told so', () => {
    expect(fit(['yes', 'no', 'no'], [null, 2, 3])).toThrow(
      refused('one-class', /label "left": all 2 rows of the fit say no; rows with a null in a feature take no part/),
    );
    expect(fit(['yes', 'yes', 'no'], [1, 2, null])).toThrow(refused('one-class', /all 2 rows of the fit say yes/));
  });

  it('without rows is an empty input, and with nulls alone all null, whatever the type that an empty column seems to have', () => {
    const nobody = { codes: Int32Array.of(-1, -1), levels: ['yes', 'no'] };
    for (const make of [fit, owned]) {
      expect(make([], [])).toThrow(refused('empty-input', /there are no rows to fit/));
      expect(make([null, null], [1, 2])).toThrow(refused('all-null', /is null in all 2 rows/));
      expect(make(nobody, [1, 2])).toThrow(refused('all-null', /is null in all 2 rows/));
    }
    expect(owned(['no', 'no'], [1, 2])).toThrow(refused('one-class', /offer "tv": all 2 rows of the fit say no/));
  });
});
