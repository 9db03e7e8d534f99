import type { CsvArrowTypes, CsvType } from './csv-columns.ts';

/** The declared columns: name in the header → how to read it. */
export interface CsvColumns {
  readonly [name: string]: CsvType;
}

export interface ReadCsvOptions<C extends CsvColumns = CsvColumns> {
  /** Which columns to read, and as what. The batches hold them in this order, whatever the order in the file. */
  readonly columns: C;
  /**
   * What becomes of columns of the file that are not declared: left out (the default: `columns` says what you get),
   * refused, or read as the type given here, behind the declared ones in file order. Types are never guessed.
   */
  readonly others?: 'drop' | 'refuse' | CsvType;
  /** Declared columns that the file may lack, such as a label when scoring; the batches then lack them too. */
  readonly optional?: readonly string[];
  /** Cells that mean “no value”, exactly as written; spaces around numbers and dates do not count. Default `['']`. */
  readonly missing?: readonly string[];
  /** One ASCII character. Default `,`. */
  readonly delimiter?: string;
}

export interface ReadCsvBatchOptions<C extends CsvColumns = CsvColumns> extends ReadCsvOptions<C> {
  /** Rows per batch; the last one may be shorter. Default 65,536. */
  readonly batchRows?: number;
  /** Longest record in bytes, a guard against a quote that is never closed. Default 1 MiB. */
  readonly maxRecordBytes?: number;
}

/** The Arrow column types that declared columns are read into. */
export type CsvTypeMap<C extends CsvColumns> = { [N in keyof C & string]: CsvArrowTypes[C[N]] };
