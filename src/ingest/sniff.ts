/** What other tools put first into their files, the name users know it by, and the way out. */
const FORMATS: readonly (readonly [magic: readonly number[], name: string, remedy: string])[] = [
  [[0x1f, 0x8b], 'gzip', 'decompress it first, for instance with DecompressionStream("gzip")'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive or an Excel workbook (.xlsx)', 'unpack it, or save the sheet as CSV UTF-8'],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty zip archive', 'pass the file it should hold'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook (.xls)', 'save the sheet as CSV UTF-8'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd', 'decompress it first'],
  [[0x42, 0x5a, 0x68, 0x31, 0x41, 0x59], 'bzip2', 'decompress it first'],
  [[0x42, 0x5a, 0x68, 0x39, 0x31, 0x41], 'bzip2', 'decompress it first'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'xz', 'decompress it first'],
  [[0x50, 0x41, 0x52, 0x31, 0x15], 'Parquet', 'write it as an Arrow stream or as CSV'],
  [[0x41, 0x52, 0x52, 0x4f, 0x57, 0x31, 0x00, 0x00], 'an Arrow file', 'read it with readIpc'],
  [[0xff, 0xff, 0xff, 0xff], 'an Arrow stream', 'read it with readIpc'],
  [[0xff, 0xfe], 'UTF-16 text', 'save it as UTF-8'],
  [[0xfe, 0xff], 'UTF-16 text', 'save it as UTF-8'],
  [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF', 'pass a table'],
];

/** How many bytes {@link foreignFormat} looks at. */
export const SNIFF_BYTES = 16;

/** Tells by its first bytes a format that is not CSV, with a remedy; `undefined` when none is recognised. */
export function foreignFormat(head: Uint8Array): string | undefined {
  for (const [magic, name, remedy] of FORMATS)
    if (magic.every((byte, i) => head[i] === byte)) return `the input is ${name}: ${remedy}`;
  const text = String.fromCharCode(...head.subarray(0, SNIFF_BYTES)).toLowerCase();
  if (/^\s*<(!doctype html|html)/.test(text))
    return 'the input is an HTML page, perhaps an error page: check the address';
  return undefined;
}
