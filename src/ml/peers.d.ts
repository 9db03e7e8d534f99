// What is used of two packages that ship no declarations.
declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  export default class LogisticRegression {
    constructor(options?: { readonly numSteps?: number; readonly learningRate?: number });
    /** One row of `x` per row of the column vector `y`, whose classes are 0 … K−1. */
    train(x: Matrix, y: Matrix): void;
    toJSON(): unknown;
  }
}

declare module 'ml-cart' {
  export class DecisionTreeClassifier {
    constructor(options?: {
      readonly maxDepth?: number;
      readonly minNumSamples?: number;
      readonly gainThreshold?: number;
    });
    train(x: readonly (readonly number[])[], y: readonly number[]): void;
    toJSON(): unknown;
  }
}
