import * as flechette from '@uwdata/flechette';
import * as arrow from 'apache-arrow';
import * as arrow17 from 'apache-arrow-17';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Columns } from '../model/batch.ts';
import { compile } from '../scoring/index.ts';
import { valueMatrix } from '../segments/index.ts';
import { readCsv, readCsvTable, writeCsv, writeCsvText } from './index.ts';

async function collect(source: Parameters<typeof writeCsv>[0]): Promise<string> {
  const parts: string[] = [];
  for await (const part of writeCsv(source)) parts.push(part);
  return parts.join('');
}

describe('writeCsv', () => {
  it('writes plain columns: text, numbers, codes, null as nothing', () => {
    const batch: Columns = {
      id: ['a', 'b,c', 'd "e"\nf', null],
      x: Float64Array.of(1.5, -0.1, 1e21, Number.NaN),
      tier: { codes: Int32Array.of(0, 1, -1, 0), levels: ['gold', 'iron'] },
    };
    expect(writeCsvText(batch)).toBe('id,x,tier\na,1.5,gold\n"b,c",-0.1,iron\n"d ""e""\nf",1e+21,\n,,gold\n');
    expect(writeCsvText({ a: [1], b: ['x;y'] }, { delimiter: ';' })).toBe('a;b\n1;"x;y"\n');
  });

  it('marks text that a spreadsheet would run, and leaves numbers alone', () => {
    const cells = [
      '=1+1',
      '+1',
      '-1+2',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\n=1',
      '＝1',
      '＋1',
      '－1',
      '＠A',
      '-5',
      '-1e3',
      'a=b',
      '',
    ];
    const text = writeCsvText({ id: cells, x: cells.map(() => -1) });
    expect(text).toBe(
      `id,x\n'=1+1,-1\n'+1,-1\n'-1+2,-1\n'@SUM(A1),-1\n'\t=1,-1\n"'\r=1",-1\n"'\n=1",-1\n'＝1,-1\n'＋1,-1\n'－1,-1\n'＠A,-1\n-5,-1\n-1e3,-1\na=b,-1\n"",-1\n`,
    );
    expect(writeCsvText({ '=x': ['=1'] })).toBe("'=x\n'=1\n");
    expect(writeCsvText({ id: ['=1'] }, { formulaSafe: false })).toBe('id\n=1\n');
  });

  it('writes numbers that read back as the same float64 (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (numbers) => {
        // Whole numbers beyond 2^53 − 1 are refused by the reader on purpose.
        const x = numbers.filter((n) => Math.abs(n) <= Number.MAX_SAFE_INTEGER);
        const back = readCsvTable(writeCsvText({ x, y: x }), { columns: { x: 'number' } }).getChild('x')!;
        expect([...back]).toEqual(x.map((n) => n + 0));
      }),
    );
  });

  it('writes Arrow tables and batches of apache-arrow 21 and 17 and flechette: dates as days, booleans as 1 and 0', async () => {
    const source = 'd,b,c\n1997-01-01,1,x\n,0,\n2020-02-29,,y\n';
    const table = (lib: typeof arrow): Columns => {
      const day = lib.makeData({
        type: new lib.DateDay(),
        length: 3,
        nullCount: 1,
        nullBitmap: Uint8Array.of(0b101),
        data: Int32Array.of(9862, 0, 18_321),
      });
      const bool = lib.makeData({
        type: new lib.Bool(),
        length: 3,
        nullCount: 1,
        nullBitmap: Uint8Array.of(0b011),
        data: Uint8Array.of(0b001),
      });
      const text = lib.vectorFromArray(['x', null, 'y']);
      return new lib.Table({ d: lib.makeVector(day), b: lib.makeVector(bool), c: text }) as Columns;
    };
    expect(writeCsvText(table(arrow))).toBe(source);
    expect(writeCsvText(table(arrow17 as unknown as typeof arrow))).toBe(source);
    const flat = flechette.tableFromArrays(
      { d: [new Date('1997-01-01'), null, new Date('2020-02-29')], b: [true, false, null], c: ['x', null, 'y'] },
      { types: { d: flechette.dateDay() } },
    );
    expect(writeCsvText(flat as unknown as Columns)).toBe(source);
    const columns = { d: 'date', b: 'number', c: 'category' } as const;
    expect(await collect(readCsv(source, { columns, batchRows: 1 }))).toBe(source);
    expect(writeCsvText([table(arrow), table(arrow17 as unknown as typeof arrow)])).toBe(source + source.slice(6));
  });

  it('writes more rows than a block holds, and a null of a lone column as a quoted nothing', () => {
    const x = Float64Array.from({ length: 10_000 }, (_, i) => (i === 5000 ? Number.NaN : i));
    const lines = writeCsvText({ x }).split('\n');
    expect(lines.length).toBe(10_002);
    expect([lines[1], lines[4097], lines[5001], lines[10_000]]).toEqual(['0', '4096', '""', '9999']);
    expect(readCsvTable(lines.join('\n'), { columns: { x: 'number' } }).numRows).toBe(10_000);
  });

  it('writes the scores of a plan as they come: the columns, without the reports', async () => {
    const plan = compile(valueMatrix({ cut: { fixed: 5 } }).fit({ currentValue: [1], potentialValue: [1] }));
    const batches = [
      { currentValue: [9, 1], potentialValue: [9, 9] },
      { currentValue: [null, 1], potentialValue: [1, 1] },
    ];
    async function* scores() {
      for await (const { columns } of plan.scoreBatches(batches)) yield columns;
    }
    const expected: string[] = [];
    for (const batch of batches) {
      const { codes, levels } = plan.score(batch).columns.segment;
      for (const code of codes) expected.push(code < 0 ? '""' : levels[code]!);
    }
    expect(await collect(scores())).toBe(`segment\n${expected.join('\n')}\n`);
    // @ts-expect-error the columns stand beside a report
    await expect(collect(plan.scoreBatches(batches))).rejects.toMatchObject({ code: 'wrong-type' });
  });

  it('refuses batches with other columns, no batch, points in time and integers that are not exact', async () => {
    await expect(collect([{ a: [1] }, { b: [1] }])).rejects.toMatchObject({
      code: 'wrong-schema',
      message: expect.stringContaining('columns b, the first had a'),
    });
    await expect(collect([])).rejects.toMatchObject({ code: 'empty-input' });
    await expect(collect({})).rejects.toMatchObject({ code: 'empty-input' });
    const time = arrow.makeVector(
      arrow.makeData({ type: new arrow.TimestampMillisecond(), length: 1, data: BigInt64Array.of(1n) }),
    );
    await expect(collect(new arrow.Table({ time }))).rejects.toMatchObject({ code: 'wrong-type' });
    const big = arrow.makeVector(BigInt64Array.of(5n, 9_007_199_254_740_993n));
    await expect(collect(new arrow.Table({ big }))).rejects.toMatchObject({
      code: 'invalid-value',
      message: expect.stringContaining('column "big", row 1'),
    });
  });
});
