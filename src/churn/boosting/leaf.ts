import type { BestCut, NodeSums } from './split-search.ts';
import type { Place } from './tree-under-way.ts';

/** A leaf of a tree in growth. Its rows are side by side, those of the fit in one list, those carried along in another. */
export class Leaf implements NodeSums, Place {
  histogram: Float64Array | null = null;
  /** Null: it stays a leaf. */
  cut: Cut | null = null;

  constructor(
    readonly parent: number,
    readonly isLeft: boolean,
    readonly depth: number,
    readonly from: number,
    readonly to: number,
    readonly carriedFrom: number,
    readonly carriedTo: number,
    readonly gradient: number,
    readonly hessian: number,
    readonly weight: number,
    readonly low: number,
    readonly high: number,
  ) {}
}
export interface Cut extends BestCut {
  gain: number;
}
