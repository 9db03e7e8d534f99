import { describe, expect, it } from 'vitest';
import { bytes, inChunks, oneNumber, readAll, refusal } from './csv.test-support.ts';
import { type ReadCsvBatchOptions, readCsv, readCsvTable } from './index.ts';

describe('readCsv refuses', () => {
  it('cells that are not of their type, with line, column, value and remedy', () => {
    const error = refusal(() => readCsvTable('id,x\n1,5\n2,00123\n', oneNumber));
    expect(error).toMatchObject({
      code: 'wrong-type',
      message: `line 3, column "x": "00123" has leading zeros: declare the column as 'text' to keep it`,
    });
    for (const cell of ['0x10', '9007199254740993', '1e999', '1e-999', 'abc'])
      expect(refusal(() => readCsvTable(`x\n${cell}\n`, oneNumber)).code).toBe('wrong-type');
    for (const day of ['2023-02-29', '1997-13-01', '01/02/1997', '1997-01-01T00:00:00', '19970101'])
      expect(refusal(() => readCsvTable(`d\n${day}\n`, { columns: { d: 'date' } })).message).toContain('yyyy-mm-dd');
  });

  it('with the line of the file, also behind quoted line ends, CRLF, empty lines and a byte order mark', async () => {
    for (const end of ['\n', '\r\n']) {
      const source = bytes(['\ufeffid,x', '"a', 'b', 'c",1', '', '"",2', '"d', 'e",bad', ''].join(end));
      const message = /^line 7, column "x": "bad"/;
      expect(refusal(() => readCsvTable(source, oneNumber)).message).toMatch(message);
      for (const size of [1, 7, 1000])
        await expect(readAll(inChunks(source, size), oneNumber)).rejects.toThrow(message);
    }
  });

  it('with the line far down a file that is read in many pieces', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => (i % 3 === 0 ? `"row\n${i}",${i}` : `row ${i},${i}`));
    lines[50_001] = 'row,x50001';
    // Each of the 16,667 rows above whose number is a multiple of 3 takes two lines; the header takes one.
    const line = 1 + 50_001 + 16_667 + 1;
    const read = readAll(inChunks(bytes(`id,x\n${lines.join('\n')}\n`), 5000), oneNumber);
    await expect(read).rejects.toThrow(`line ${line}, column "x"`);
  });

  it('rows with too few or too many cells', () => {
    expect(refusal(() => readCsvTable('x,y\n1,2\n3\n', oneNumber))).toMatchObject({
      code: 'corrupt-input',
      message: expect.stringContaining('line 3 has 1 cells, the header has 2'),
    });
    expect(refusal(() => readCsvTable('x,y\n1,2,3\n', oneNumber)).message).toContain('line 2 has 3 cells');
  });

  it('headers that are doubled, empty or not the declared ones', () => {
    expect(refusal(() => readCsvTable('x,y,x\n1,2,3\n', oneNumber))).toMatchObject({
      code: 'duplicate-column',
      message: expect.stringContaining('columns 1 and 3 are both named "x"'),
    });
    expect(refusal(() => readCsvTable('x,,y\n1,2,3\n', oneNumber)).message).toContain('column 2 has an empty header');
    expect(refusal(() => readCsvTable('x, \n1,2\n', oneNumber)).message).toContain('empty header');
    expect(refusal(() => readCsvTable('a,b\n1,2\n', oneNumber))).toMatchObject({
      code: 'unknown-column',
      message: 'unknown column "x": the file has a, b',
    });
    expect(refusal(() => readCsvTable('a;x\n1;2\n', oneNumber)).message).toContain('set `delimiter` to ";"');
  });

  it.each([
    ['gzip', [0x1f, 0x8b, 8, 0]],
    ['Excel', [0x50, 0x4b, 3, 4, 20, 0]],
    ['old Excel', [0xd0, 0xcf, 0x11, 0xe0, 0xa1]],
    ['Arrow file', [...bytes('ARROW1'), 0, 0]],
    ['Arrow stream', [255, 255, 255, 255, 16, 0, 0, 0]],
    ['Parquet', [...bytes('PAR1'), 0x15, 4]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['UTF-16', [0xff, 0xfe, 0x78, 0]],
    ['UTF-16', [0xfe, 0xff, 0, 0x78]],
    ['HTML', [...bytes('<!DOCTYPE html><html><body>404</body></html>')]],
  ])('%s by its first bytes', async (name, head) => {
    const source = new Uint8Array([...head, ...bytes('\nx\n1\n')]);
    for (const size of [1, 1000])
      await expect(readAll(inChunks(source, size), oneNumber)).rejects.toMatchObject({
        code: 'foreign-format',
        message: expect.stringContaining(name),
      });
  });

  it('invalid UTF-8 with its line and byte, also where a chunk ends inside a character', async () => {
    const source = new Uint8Array([...bytes('x,c\n1,é\n2,ab'), 0xe9, ...bytes(',\n')]);
    expect(refusal(() => readCsvTable(source, oneNumber))).toMatchObject({
      code: 'corrupt-input',
      message: expect.stringMatching(/^line 3, near byte [56] of the line, is not valid UTF-8/),
    });
    await expect(readAll(inChunks(source, 1), oneNumber)).rejects.toThrow(/^line 3, near byte/);
    expect(refusal(() => readCsvTable('x\n\ud800\n', oneNumber)).message).toContain('surrogate');
  });

  it('quotes that are never closed, naming the line of the quote', () => {
    const text = { columns: { x: 'text' } } as const;
    const message = 'the quote opened on line 4 is never closed';
    expect(refusal(() => readCsvTable('x,y\n"a\nb",c\nd,"e ""f""\ng\nh\n', text)).message).toContain(message);
    expect(refusal(() => readCsvTable('x,y\n1,2\n3,ab"c"\n', text)).message).toMatch(/^line 3, cell 2 .*unquoted/);
    expect(refusal(() => readCsvTable('x,y\n1,2\n3,"ab"c\n', text)).message).toMatch(/^line 3, cell 2 goes on/);
  });

  it('records beyond `maxRecordBytes`, naming the line where they start', async () => {
    const source = `x,y\n1,2\n3,"${'long\n'.repeat(100)}"\n`;
    await expect(readAll(source, { ...oneNumber, maxRecordBytes: 200 })).rejects.toMatchObject({
      code: 'corrupt-input',
      message: expect.stringContaining('starts on line 3 is longer than 200 bytes'),
    });
    expect((await readAll(source, { ...oneNumber, maxRecordBytes: 600 }))[0]!.numRows).toBe(2);
    const endless = inChunks(bytes(`x,y\n1,"${'z'.repeat(100_000)}`), 1000);
    await expect(readAll(endless, { ...oneNumber, maxRecordBytes: 5000 })).rejects.toThrow('line 2');
  });

  it('NUL bytes, bare carriage returns and empty inputs', () => {
    expect(refusal(() => readCsvTable('x\n1\n\u00002\n', oneNumber)).message).toContain('line 3 holds a NUL byte');
    expect(refusal(() => readCsvTable('x\r1\r2\r', oneNumber)).message).toContain('carriage return');
    expect(refusal(() => readCsvTable('x\n1\r', oneNumber)).message).toContain('line 2 holds a carriage return');
    for (const source of ['', '\ufeff', '\n\n'])
      expect(refusal(() => readCsvTable(source, oneNumber)).code).toBe('empty-input');
  });

  it('options that make no sense, before reading', () => {
    const invalid = (options: unknown) => refusal(() => readCsv('x\n', options as ReadCsvBatchOptions)).code;
    expect(invalid({ columns: {} })).toBe('invalid-option');
    expect(invalid({ columns: { x: 'float' } })).toBe('invalid-option');
    expect(invalid({ columns: { x: 'number' }, others: 'keep' })).toBe('invalid-option');
    expect(invalid({ columns: { x: 'number' }, delimiter: '"' })).toBe('invalid-option');
    expect(invalid({ columns: { x: 'number' }, delimiter: '||' })).toBe('invalid-option');
    expect(invalid({ columns: { x: 'number' }, batchRows: 0 })).toBe('invalid-option');
  });

  it('sources that are not bytes', async () => {
    await expect(readAll(7 as never, oneNumber)).rejects.toMatchObject({ code: 'wrong-type' });
    async function* strings(): AsyncGenerator<string> {
      yield 'x\n1\n';
    }
    await expect(readAll(strings() as never, oneNumber)).rejects.toMatchObject({ code: 'wrong-type' });
  });
});
