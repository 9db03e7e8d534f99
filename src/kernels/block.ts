/** Rows per block: a block of every input and output of a usual model stays in the second-level cache. */
export const BLOCK = 2048;
