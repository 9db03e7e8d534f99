import * as arrow from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { code, expected, FIELDS, READERS, rowsOf, scored, stream } from './build.test-support.ts';
import { arrowBuilder, reasonColumn, toArrow } from './build.ts';
import { append, columnNames, readCategories, readNumbers } from './index.ts';

describe('arrowBuilder', () => {
  it('makes batches over the same values, with nulls in the bitmap', () => {
    const columns = scored(20);
    const batch = arrowBuilder(FIELDS)(columns, 20) as arrow.RecordBatch;
    expect(rowsOf(batch, 'churn')).toEqual(expected(20, 'churn'));
    expect(rowsOf(batch, 'tier')).toEqual(expected(20, 'tier'));
    expect(batch.getChild('churn')!.data[0]!.values).toBe(columns.churn);
    expect(batch.getChild('tier')!.data[0]!.values).toBe(columns.tier.codes);
    expect(batch.getChild('churn')!.nullCount).toBe(4);
  });

  it('leaves out the bitmap when nothing is null', () => {
    const batch = arrowBuilder([FIELDS[0]])({ churn: Float64Array.of(1, 2) }, 2) as arrow.RecordBatch;
    expect(batch.getChild('churn')!.nullCount).toBe(0);
    expect(batch.getChild('churn')!.data[0]!.nullBitmap).toHaveLength(0);
  });

  it.each(READERS)('makes batches that one stream holds, and %s reads', (_name, read) => {
    const build = arrowBuilder(FIELDS);
    const parts = [7, 1, 30].map((rows) => build(scored(rows, rows), rows));
    const table = read(stream(parts));
    expect(table.numRows).toBe(38);
    for (const name of ['churn', 'tier'] as const)
      expect(rowsOf(table, name)).toEqual([7, 1, 30].flatMap((rows) => expected(rows, name, rows)));
  });

  it('writes its dictionary once, however many batches there are', () => {
    const build = arrowBuilder([{ name: 'tier', type: 'category', levels: ['x'.repeat(10_000)] }]);
    const part = { tier: { codes: new Int32Array(1), levels: ['x'.repeat(10_000)] } };
    expect(stream([1, 1, 1, 1, 1].map((rows) => build(part, rows))).length).toBeLessThan(15_000);
  });

  it('gives the same bytes for the same input, whatever was built before', () => {
    const bytes = (): Uint8Array => stream([arrowBuilder(FIELDS)(scored(9), 9)]);
    expect(bytes()).toEqual(bytes());
  });

  it('maps codes whose levels come in another order, and refuses levels it does not know', () => {
    const build = arrowBuilder([FIELDS[1]]);
    const batch = build({ tier: { codes: Int32Array.of(0, 1, -1), levels: ['客户', 'gold'] } }, 3);
    expect(rowsOf(batch, 'tier')).toEqual(['客户', 'gold', null]);
    expect(code(() => build({ tier: { codes: Int32Array.of(0), levels: ['tin'] } }, 1))).toBe('wrong-schema');
    expect(code(() => build({ tier: Float64Array.of(1) }, 1))).toBe('wrong-type');
    expect(code(() => build({ tier: { codes: Int32Array.of(0), levels: ['gold'] } }, 2))).toBe('wrong-length');
    expect(code(() => build({}, 1))).toBe('unknown-column');
  });
});

describe('toArrow', () => {
  it.each(READERS)('makes a table of any plain columns that %s reads', (_name, read) => {
    const plain = { n: [1, null, 3], b: [true, false, null], s: ['b', null, 'ä'], ...scored(3) };
    const table = read(arrow.tableToIPC(toArrow(plain) as arrow.Table));
    expect(columnNames(table)).toEqual(['n', 'b', 's', 'churn', 'tier']);
    expect(rowsOf(table, 'n')).toEqual([1, null, 3]);
    expect(rowsOf(table, 'b')).toEqual([1, 0, null]);
    expect(rowsOf(table, 's')).toEqual(['b', null, 'ä']);
    expect(rowsOf(table, 'tier')).toEqual(expected(3, 'tier'));
  });

  it('reads back as what went in, all-null and empty columns included', () => {
    const plain = { x: [null, null], e: ['', null], y: Float64Array.of(Number.NaN, 2) };
    const table = toArrow(plain);
    expect(readNumbers(table, 'x')).toEqual(readNumbers(plain, 'x'));
    expect(readNumbers(table, 'y')).toEqual(plain.y);
    expect(readCategories(table, 'e')).toEqual(readCategories(plain, 'e'));
    expect(toArrow({}).numRows).toBe(0);
    expect(readCategories(toArrow({ x: { codes: new Int32Array(0), levels: ['a'] } }), 'x').levels).toEqual(['a']);
  });

  it('copies values that two columns share, which the stream writer would merge', () => {
    const x = Float64Array.of(1, 2, 3);
    const once = toArrow({ x, y: x, z: x.subarray(0, 3) }) as arrow.Table;
    const twice = append(once, { again: once.getChild('x')!.data[0]!.values as Float64Array });
    const table = arrow.tableFromIPC(arrow.tableToIPC(twice as arrow.Table));
    for (const name of ['x', 'y', 'z', 'again']) expect(rowsOf(table, name)).toEqual([1, 2, 3]);
  });

  it('takes the columns, their order and their levels from the fields', () => {
    const table = toArrow({ ...scored(4), other: [1, 2, 3, 4] }, [FIELDS[1], FIELDS[0]]);
    expect(columnNames(table)).toEqual(['tier', 'churn']);
    expect(code(() => toArrow({ churn: [1] }, FIELDS))).toBe('unknown-column');
  });
});

describe('reasonColumn', () => {
  it('names why each cell is null', () => {
    const { codes, levels } = reasonColumn(Uint8Array.of(0, 1, 4));
    expect(Array.from(codes, (reason) => levels[reason])).toEqual(['valid', 'missing', 'out-of-range']);
  });
});
