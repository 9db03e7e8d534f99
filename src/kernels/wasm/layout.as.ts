/** Where a memory holds what the kernels expect; scratch.ts lays it there. */

/** 2^(j/128) as high and low, j = 0 … 127. */
// @ts-ignore: decorator
@inline
export const ROOTS: usize = 1024;
/** 128 × (q, −ln q high, −ln q low, unused). */
// @ts-ignore: decorator
@inline
export const LOGS: usize = 3072;
