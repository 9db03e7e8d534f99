import * as flechette from '@uwdata/flechette';
import * as arrow from 'apache-arrow';
import * as arrow17 from 'apache-arrow-17';
import { describe, expect, it } from 'vitest';
import type { ArrowLike } from '../model/batch.ts';
import { readCsv, readCsvTable, readIpc, readIpcTable, writeIpc, writeIpcBytes } from './index.ts';
import { SAMPLE_ROWS, sampleStream, sampleTable } from './ipc.test-support.ts';

type AnyTable = {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
};

/** Cells as text, whichever library read them. */
function cells(table: AnyTable): string[][] {
  const { fields } = table.schema;
  const columns = fields.map(({ name }) => [
    ...((table as unknown as arrow.Table).getChild(name) as Iterable<unknown>),
  ]);
  return columns.map((column) => column.map((cell) => String(cell instanceof Date ? cell.getTime() : cell)));
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function readAll(source: Parameters<typeof readIpc>[0]): Promise<arrow.Table> {
  const batches: arrow.RecordBatch[] = [];
  for await (const batch of readIpc(source)) batches.push(batch);
  return new arrow.Table(batches);
}

describe('readIpc', () => {
  it('reads a stream like apache-arrow does, in one piece, in chunks and unaligned', async () => {
    const stream = sampleStream();
    const expected = cells(arrow.tableFromIPC(stream));
    expect(expected[0]!.length).toBe(SAMPLE_ROWS);
    expect(cells(readIpcTable(stream))).toEqual(expected);
    for (const size of [1, 7, 8, 64, 1000, 1e6]) expect(cells(await readAll(inChunks(stream, size)))).toEqual(expected);
    const shifted = new Uint8Array(stream.length + 3);
    shifted.set(stream, 3);
    expect(cells(readIpcTable(shifted.subarray(3)))).toEqual(expected);
    expect(readIpcTable(stream).schema.metadata.get('origin')).toBe('test');
  });

  it('reads streams of flechette and apache-arrow 17, and files of flechette', async () => {
    const plain = { id: ['a', null, 'c'], x: [1.5, null, -2] };
    const expected = [
      ['a', 'null', 'c'],
      ['1.5', 'null', '-2'],
    ];
    for (const format of ['stream', 'file'] as const) {
      const bytes = flechette.tableToIPC(flechette.tableFromArrays(plain), { format })!;
      expect(cells(readIpcTable(bytes))).toEqual(expected);
      expect(cells(await readAll(inChunks(bytes, 100)))).toEqual(expected);
    }
    const table17 = new arrow17.Table({
      id: arrow17.vectorFromArray(plain.id),
      x: arrow17.vectorFromArray(plain.x, new arrow17.Float64()),
    });
    expect(cells(readIpcTable(arrow17.tableToIPC(table17)))).toEqual(expected);
  });

  it('reads the types that apache-arrow writes', () => {
    const vectors = {
      lists: arrow.vectorFromArray(
        [[1, 2], null, []],
        new arrow.List(new arrow.Field('item', new arrow.Int32(), true)),
      ),
      structs: arrow.vectorFromArray(
        [{ a: 1 }, null, { a: 3 }],
        new arrow.Struct([new arrow.Field('a', new arrow.Float64(), true)]),
      ),
      pairs: arrow.vectorFromArray(
        [[1, 2], null, [3, 4]],
        new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Int32(), true)),
      ),
      large: arrow.vectorFromArray(['a', null, 'ccc'], new arrow.LargeUtf8()),
      ...('Utf8View' in arrow && {
        view: arrow.vectorFromArray(['a', null, 'longer than twelve bytes'], new arrow.Utf8View()),
      }),
      times: arrow.vectorFromArray([1, null, 2], new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'UTC')),
      wide: arrow.vectorFromArray([1n, null, -3n], new arrow.Int64()),
      nothing: arrow.vectorFromArray([null, null, null], new arrow.Null()),
      bytes: arrow.vectorFromArray([Uint8Array.of(1), null, Uint8Array.of(2, 3)], new arrow.Binary()),
    };
    const stream = arrow.tableToIPC(new arrow.Table(vectors as never), 'stream');
    expect(cells(readIpcTable(stream))).toEqual(cells(arrow.tableFromIPC(stream)));
  });

  it('gives one empty batch for a stream without rows', async () => {
    const empty = readCsvTable('x,c\n', { columns: { x: 'number', c: 'category' } });
    const bytes = writeIpcBytes(empty);
    const table = await readAll(bytes);
    expect([table.numRows, String(table.schema)]).toEqual([0, String(empty.schema)]);
    const only = arrow.tableToIPC(
      new arrow.Table(new arrow.Schema([new arrow.Field('x', new arrow.Float64())])),
      'stream',
    );
    expect([readIpcTable(only).numRows, readIpcTable(only).schema.names]).toEqual([0, ['x']]);
  });

  it('refuses an empty input', async () => {
    expect(() => readIpcTable(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'empty-input' }));
    await expect(readAll(inChunks(new Uint8Array(0), 1))).rejects.toMatchObject({ code: 'empty-input' });
  });

  it('refuses a stream or file cut off at any byte', async () => {
    const file = flechette.tableToIPC(flechette.tableFromArrays({ x: [1, 2, 3] }), { format: 'file' })!;
    for (const whole of [sampleStream(), file])
      for (let end = 1; end < whole.length; end++)
        expect(() => readIpcTable(whole.subarray(0, end)), `cut at ${end} of ${whole.length}`).toThrow(
          expect.objectContaining({ code: 'corrupt-input' }),
        );
    const stream = sampleStream();
    for (let end = 1; end < stream.length; end += 97)
      await expect(readAll(inChunks(stream.subarray(0, end), 50))).rejects.toMatchObject({ code: 'corrupt-input' });
    expect(() => readIpcTable(stream.subarray(0, stream.length - 8))).toThrow('without its end-of-stream mark');
  });

  it('refuses bytes behind the end', async () => {
    const long = new Uint8Array([...sampleStream(), 0]);
    expect(() => readIpcTable(long)).toThrow('bytes behind the end');
    await expect(readAll(inChunks(long, 100))).rejects.toThrow('bytes behind the end');
    const twice = new Uint8Array([...sampleStream(), ...sampleStream()]);
    expect(() => readIpcTable(twice)).toThrow('bytes behind the end');
  });

  it('refuses other formats, compressed bodies and files that lack their schema, with the way out', async () => {
    const refuse = (bytes: Uint8Array) => expect(() => readIpcTable(bytes));
    refuse(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)).toThrow('gzip');
    refuse(new TextEncoder().encode('PAR1\u0015\u0004\u0015\u0000')).toThrow('Parquet');
    refuse(new TextEncoder().encode('id,x\n1,2\n')).toThrow('readCsv');
    refuse(new TextEncoder().encode('id\n')).toThrow(expect.objectContaining({ code: 'foreign-format' }));
    refuse(arrow.tableToIPC(sampleTable().select(['value']), 'file')).toThrow('write the stream format');
    // Version 17 cannot write compressed bodies.
    if (!('compressionRegistry' in arrow)) return;
    arrow.compressionRegistry.set(arrow.CompressionType.ZSTD, {
      encode: (data) => Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0, ...data),
      decode: (data) => data,
    });
    const writer = new arrow.RecordBatchStreamWriter({ compressionType: arrow.CompressionType.ZSTD });
    refuse(writer.writeAll(sampleTable()).finish().toUint8Array(true)).toThrow('compression=None');
  });

  it('refuses two columns of one name', () => {
    const x = arrow.makeData({ type: new arrow.Float64(), data: Float64Array.of(1), length: 1 });
    const fields = [new arrow.Field('x', x.type, true), new arrow.Field('x', x.type, true)];
    const batch = new arrow.RecordBatch(
      new arrow.Schema(fields),
      arrow.makeData({ type: new arrow.Struct(fields), length: 1, nullCount: 0, children: [x, x] }),
    );
    const bytes = arrow.RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
    expect(() => readIpcTable(bytes)).toThrow(expect.objectContaining({ code: 'duplicate-column' }));
    expect(() => writeIpcBytes([batch])).toThrow(expect.objectContaining({ code: 'duplicate-column' }));
  });

  it('closes the source when the reading is left early', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* inChunks(sampleStream(), 64);
      } finally {
        closed = true;
      }
    }
    for await (const batch of readIpc(source())) {
      expect(batch.numRows).toBe(9);
      break;
    }
    expect(closed).toBe(true);
  });
});

describe('writeIpc', () => {
  const csv = 'c,x,t,d\nb,1,one,1997-01-01\na,,,\nb,3,"th,ree",2020-02-29\nc,4,four,\n,5,five,1969-12-31\n';
  const columns = { c: 'category', x: 'number', t: 'text', d: 'date' } as const;

  it('writes batches with growing dictionaries so that apache-arrow 21 and 17 and flechette read the cells back', async () => {
    const expected = cells(readCsvTable(csv, { columns }));
    expect(expected[0]).toEqual(['b', 'a', 'b', 'c', 'null']);
    const bytes = await collect(writeIpc(readCsv(csv, { columns, batchRows: 2 })));
    expect(cells(arrow.tableFromIPC(bytes))).toEqual(expected);
    expect(cells(arrow17.tableFromIPC(bytes))).toEqual(expected);
    expect(cells(flechette.tableFromIPC(bytes))).toEqual(expected);
    expect(cells(readIpcTable(bytes))).toEqual(expected);
  });

  it('yields a piece per batch and never waits for a later one', async () => {
    const batches = [...sampleTable().batches];
    let taken = 0;
    async function* source(): AsyncGenerator<arrow.RecordBatch> {
      for (const batch of batches) {
        taken++;
        yield batch;
      }
    }
    const pieces: number[] = [];
    for await (const piece of writeIpc(source())) {
      expect(piece.length).toBeGreaterThan(0);
      pieces.push(taken);
    }
    expect(pieces).toEqual([1, 2, 3, 3]);
    expect(await collect(writeIpc(sampleTable()))).toEqual(Buffer.from(writeIpcBytes(sampleTable())));
  });

  it('writes batches of unrelated dictionaries, of other copies and libraries, in one stream', () => {
    const one = (lib: typeof arrow, levels: string[], id: number): ArrowLike => {
      const type = new lib.Dictionary(new lib.Utf8(), new lib.Int32(), id);
      return new lib.Table({ c: lib.vectorFromArray(levels, type) }).batches[0]!;
    };
    const flat = flechette.tableFromArrays(
      { c: ['w', 'v'] },
      { types: { c: flechette.dictionary(flechette.utf8(), flechette.int32()) } },
    );
    const batches = [
      one(arrow, ['x', 'y'], 3),
      one(arrow17 as unknown as typeof arrow, ['y', 'z', 'y'], 9),
      one(arrow, ['q'], 4),
      flat as unknown as ArrowLike,
    ];
    const bytes = writeIpcBytes(batches);
    const expected = [['x', 'y', 'y', 'z', 'y', 'q', 'w', 'v']];
    expect(cells(readIpcTable(bytes))).toEqual(expected);
    expect(cells(arrow17.tableFromIPC(bytes))).toEqual(expected);
    expect(cells(flechette.tableFromIPC(bytes))).toEqual(expected);
    expect(arrow.tableToIPC(batches[1] as never).length).toBe(0);
  });

  it('writes nested columns beside dictionaries', () => {
    const inner = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 0);
    const table = new arrow.Table({
      list: arrow.vectorFromArray([['x', 'y'], null, ['x']], new arrow.List(new arrow.Field('item', inner, true))),
      c: arrow.vectorFromArray(['p', 'q', 'p'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 1)),
    });
    expect(cells(readIpcTable(writeIpcBytes(table)))).toEqual(cells(table));
  });

  it('writes slices', () => {
    const slice = sampleTable().slice(3, 15);
    expect(cells(readIpcTable(writeIpcBytes(slice)))).toEqual(
      cells(sampleTable()).map((column) => column.slice(3, 15)),
    );
  });

  it('refuses batches whose names or types differ, plain columns, and no batch at all', async () => {
    const batch = (name: string, values: Float64Array | Int32Array): ArrowLike =>
      new arrow.Table({ [name]: arrow.makeVector(values) } as never).batches[0]!;
    const first = batch('x', Float64Array.of(1));
    for (const other of [batch('y', Float64Array.of(1)), batch('x', Int32Array.of(1))]) {
      await expect(collect(writeIpc([first, other]))).rejects.toMatchObject({ code: 'wrong-schema' });
      expect(() => writeIpcBytes([first, other])).toThrow(expect.objectContaining({ code: 'wrong-schema' }));
    }
    await expect(collect(writeIpc([{ x: [1] } as never]))).rejects.toMatchObject({ code: 'wrong-schema' });
    await expect(collect(writeIpc([]))).rejects.toMatchObject({ code: 'empty-input' });
    expect(() => writeIpcBytes([])).toThrow(expect.objectContaining({ code: 'empty-input' }));
  });

  it('gives the same bytes each time', async () => {
    const write = () => collect(writeIpc(readCsv(csv, { columns, batchRows: 2 })));
    expect(await write()).toEqual(await write());
  });
});
