/** Cells per bin: gradient, hessian, weight. */
export const CELL = 3;
