import type { Tree } from '../../kernels/tree.ts';

/** The split that a node hangs on, −1 for the root, and the side. */
export interface Place {
  readonly parent: number;
  readonly isLeft: boolean;
}

/** The stored form of a tree while it grows: splits in the order in which they are made, so that parents come first. */
export class TreeUnderWay {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly nullLeft: number[] = [];
  private readonly subsets: (readonly number[])[] = [];
  private readonly known = new Map<string, number>();

  add(feature: number, threshold: number, nullLeft: number, place: Place, left: number, right: number): number {
    const own = this.feature.push(feature) - 1;
    this.threshold.push(threshold);
    this.nullLeft.push(nullLeft);
    this.left.push(~left);
    this.right.push(~right);
    if (place.parent >= 0) (place.isLeft ? this.left : this.right)[place.parent] = own;
    return own;
  }

  subset(codes: readonly number[]): number {
    const key = codes.join();
    const found = this.known.get(key);
    if (found !== undefined) return found;
    this.known.set(key, this.subsets.length);
    return this.subsets.push(codes) - 1;
  }

  finish(value: readonly number[], weight: readonly number[]): Tree {
    const { feature, threshold, left, right, nullLeft, subsets } = this;
    return { feature, threshold, left, right, nullLeft, subsets, surrogates: [], value, weight };
  }
}
