/** Any Arrow-shaped table or record batch: apache-arrow 17–21, flechette and kin. Recognised by shape, never by class. */
export interface ArrowLike {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): { readonly length: number; readonly nullCount: number } | null;
}

/** One plain column: numbers (NaN is null) or text (null is null). Booleans and bigints are accepted as numbers. */
export type PlainColumn =
  | ArrayLike<number>
  | readonly (number | null | undefined)[]
  | readonly (string | null | undefined)[]
  | readonly (boolean | null | undefined)[]
  | readonly (bigint | null | undefined)[]
  | CategoryColumn;

/** A plain dictionary column, as {@link Scored} results hold it: `codes[row]` indexes `levels`, −1 is null. */
export interface CategoryColumn {
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** A batch: a plain record of equally long columns, or anything Arrow-shaped. */
export type Columns<In extends string = string> = { readonly [C in In]: PlainColumn } | ArrowLike;

/**
 * A block of one column while it is read or written. A number lane uses `values`, a category lane uses `codes`;
 * the other one is empty. `why[row]` is 0 for a valid cell, else a code of {@link REASONS}; the value beside it is
 * NaN (or −1). `clean` promises that every `why` of the block is 0, so that kernels may skip looking.
 */
export interface Lane {
  values: Float64Array;
  codes: Int32Array;
  why: Uint8Array;
  clean: boolean;
}

/** Why a cell is null. Index = the code in {@link Lane.why}. The first cause travels down a pipeline. */
export const REASONS = [
  'valid',
  'missing',
  'not-finite',
  'unseen-level',
  'out-of-range',
  'zero-base',
  'not-eligible',
  'no-mean',
  'no-purchase',
  'inconsistent-history',
] as const;
export type Reason = (typeof REASONS)[number];

/** The codes of {@link REASONS} by name, for kernels. */
export const WHY = {
  valid: 0,
  missing: 1,
  notFinite: 2,
  unseenLevel: 3,
  outOfRange: 4,
  zeroBase: 5,
  notEligible: 6,
  noMean: 7,
  noPurchase: 8,
  inconsistentHistory: 9,
} as const;
