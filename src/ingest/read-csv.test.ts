import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../fixtures/load.ts';
import type { Columns } from '../model/batch.ts';
import { bytes, type Cells, inChunks, oneNumber, readAll, refusal, rowsOf } from './csv.test-support.ts';
import { readCsv, readCsvTable } from './index.ts';

describe('readCsv', () => {
  const text =
    'id,x,c,d,unread\n00123,1.5,Yes,1997-01-01,1\n"a ""b"", c",,No,,2\nzß,-3e2,,2020-02-29,3\n,4,Maybe,1969-12-31,4\n';
  const columns = { c: 'category', x: 'number', id: 'text', d: 'date' } as const;
  const expected: Cells = [
    { c: 'Yes', x: 1.5, id: '00123', d: Date.UTC(1997, 0, 1) },
    { c: 'No', x: null, id: 'a "b", c', d: null },
    { c: null, x: -300, id: 'zß', d: Date.UTC(2020, 1, 29) },
    { c: 'Maybe', x: 4, id: null, d: Date.UTC(1969, 11, 31) },
  ];

  it('reads the declared columns as their types, in the declared order (cells by hand)', () => {
    const table = readCsvTable(text, { columns });
    expect(String(table.schema)).toBe(
      'Schema<{ 0: c: Dictionary<Int32, Utf8>, 1: x: Float64, 2: id: Utf8, 3: d: Date32<DAY> }>',
    );
    expect(rowsOf([table])).toEqual(expected);
    const asColumns: Columns = table;
    expect(asColumns).toBe(table);
  });

  it('gives the same rows however the bytes are cut into chunks and the rows into batches', async () => {
    const all = bytes(`\ufeff${text.replaceAll('\n', '\r\n')}`);
    for (let size = 1; size <= 40; size++)
      for (const batchRows of [1, 3, 4, 100]) {
        const batches = await readAll(inChunks(all, size), { columns, batchRows });
        expect(batches.map((batch) => batch.numRows)).toEqual(
          batchRows === 1 ? [1, 1, 1, 1] : batchRows === 3 ? [3, 1] : [4],
        );
        expect(rowsOf(batches)).toEqual(expected);
      }
  });

  it('reads web streams, with and without async iteration, and closes a source that is left early', async () => {
    const stream = (): ReadableStream<Uint8Array> => new Blob([text]).stream();
    expect(rowsOf(await readAll(stream(), { columns }))).toEqual(expected);
    const bare = stream();
    const noIterator = { getReader: () => bare.getReader() } as unknown as ReadableStream<Uint8Array>;
    expect(rowsOf(await readAll(noIterator, { columns }))).toEqual(expected);

    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield bytes('x\n');
        for (;;) yield bytes('1\n'.repeat(20_000));
      } finally {
        closed = true;
      }
    }
    for await (const batch of readCsv(endless(), { ...oneNumber, batchRows: 10 })) {
      expect(batch.numRows).toBe(10);
      break;
    }
    expect(closed).toBe(true);
  });

  it('shares one dictionary type among batches, each dictionary beginning with the earlier one', async () => {
    const batches = await readAll('c\nb\na\nb\nc\n', { columns: { c: 'category' }, batchRows: 2 });
    const chunks = batches.map((batch) => batch.getChild('c')!.data[0]!);
    expect(chunks.map((chunk) => [...chunk.values])).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(chunks.map((chunk) => [...chunk.dictionary!])).toEqual([
      ['b', 'a'],
      ['b', 'a', 'c'],
    ]);
    expect(chunks[0]!.type).toBe(chunks[1]!.type);
  });

  it('reads back any table of text that RFC 4180 can write (property)', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '😀', '=', '0'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const line = (cells: readonly string[]): string =>
          cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(',') + end;
        const table = readCsvTable([['x', 'y'], ...rows].map(line).join(''), {
          columns: { x: 'text', y: 'category' },
          missing: [],
        });
        expect(rowsOf([table])).toEqual(rows.map(([x, y]) => ({ x, y })));
      }),
    );
  });

  it('reads enough rows to outgrow every buffer', () => {
    const rows = 30_000;
    const lines = Array.from(
      { length: rows },
      (_, i) => `${i},level ${i % 5000},name ${i},${i % 7 === 0 ? '' : i / 8}`,
    );
    const table = readCsvTable(`i,c,t,x\n${lines.join('\n')}`, {
      columns: { i: 'integer', c: 'category', t: 'text', x: 'number' },
    });
    expect(table.numRows).toBe(rows);
    expect(table.getChild('c')!.data[0]!.dictionary!.length).toBe(5000);
    for (const i of [0, 1, 1023, 1024, 1025, 4999, 5000, 29_999])
      expect(rowsOf([table.slice(i, i + 1)])).toEqual([
        { i, c: `level ${i % 5000}`, t: `name ${i}`, x: i % 7 === 0 ? null : i / 8 },
      ]);
  });

  it('compares `missing` tokens exactly for text, and without surrounding spaces for numbers', () => {
    const table = readCsvTable('x,t\n NA ,NA\n 5 , NA\n', { columns: { x: 'number', t: 'text' }, missing: ['NA'] });
    expect(rowsOf([table])).toEqual([
      { x: null, t: null },
      { x: 5, t: ' NA' },
    ]);
  });

  it('skips empty lines, but takes them for missing cells in a file of one column', () => {
    expect(readCsvTable('\nx,y\n\n1,2\n\n\n', oneNumber).numRows).toBe(1);
    expect(rowsOf([readCsvTable('x\n1\n\n2\n', oneNumber)])).toEqual([{ x: 1 }, { x: null }, { x: 2 }]);
  });

  it('gives one batch without rows for a file with nothing but a header', async () => {
    for (const source of ['x', 'x\n', '\ufeffx,y\r\n']) {
      const batches = await readAll(source, oneNumber);
      expect(batches.map((batch) => [batch.numRows, String(batch.schema)])).toEqual([[0, 'Schema<{ 0: x: Float64 }>']]);
    }
  });

  it('treats undeclared columns as `others` says', () => {
    const source = 'a,x,b\np,1,q\n';
    expect(readCsvTable(source, oneNumber).schema.names).toEqual(['x']);
    expect(rowsOf([readCsvTable(source, { ...oneNumber, others: 'category' })])).toEqual([{ x: 1, a: 'p', b: 'q' }]);
    const error = refusal(() => readCsvTable(source, { ...oneNumber, others: 'refuse' }));
    expect(error).toMatchObject({ code: 'unknown-column', message: expect.stringContaining('a, b') });
  });

  it('does without the columns listed as optional', () => {
    const options = { columns: { x: 'number', Churn: 'category' }, optional: ['Churn'] } as const;
    expect(readCsvTable('x\n1\n', options).schema.names).toEqual(['x']);
    expect(readCsvTable('Churn,x\nYes,1\n', options).schema.names).toEqual(['x', 'Churn']);
  });

  it('takes column names that objects inherit', () => {
    const table = readCsvTable('constructor,__proto__\n1,2\n', {
      columns: Object.fromEntries([
        ['__proto__', 'number'],
        ['constructor', 'number'],
      ]) as { [name: string]: 'number' },
    });
    expect(table.schema.names).toEqual(['__proto__', 'constructor']);
  });

  it.skipIf(!hasShared('telco-churn.csv'))(
    'reads the telco data set: 7,043 customers, 1,869 churned, 11 blank totals',
    async () => {
      const source = readFileSync(sharedPath('telco-churn.csv'));
      const batches = await readAll(inChunks(source, 65_536), {
        columns: { customerID: 'text', tenure: 'integer', TotalCharges: 'number', Churn: 'category' },
        batchRows: 1000,
      });
      const rows = rowsOf(batches);
      expect(rows.length).toBe(7043);
      expect(rows.filter((row) => row.Churn === 'Yes').length).toBe(1869);
      expect(rows.filter((row) => row.TotalCharges === null).length).toBe(11);
      expect(rows[0]).toEqual({ customerID: '7590-VHVEG', tenure: 1, TotalCharges: 29.85, Churn: 'No' });
    },
  );
});
