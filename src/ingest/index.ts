export type { ByteSource } from './byte-source.ts';
export type { CsvArrowTypes, CsvType } from './csv-columns.ts';
export type { CsvColumns, CsvTypeMap, ReadCsvBatchOptions, ReadCsvOptions } from './csv-options.ts';
export { readCsv, readCsvTable } from './read-csv.ts';
export { readIpc, readIpcTable } from './read-ipc.ts';
export type { WriteCsvOptions } from './write-csv.ts';
export { writeCsv, writeCsvText } from './write-csv.ts';
export { writeIpc, writeIpcBytes } from './write-ipc.ts';
