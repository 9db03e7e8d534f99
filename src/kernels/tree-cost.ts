import type { StepCost } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { Tree } from './tree.ts';
import { codeTrees } from './tree-codes.ts';
import { treeTests } from './tree-tests.ts';
import type { Called } from './wasm/registry.ts';

/** How sums of trees were computed, as `bindTrees` decides it. */
export function treesCost(trees: readonly Tree[], inputs: readonly Field[], called: Called): StepCost {
  const coded = codeTrees(trees, treeTests(trees, inputs));
  const why =
    typeof coded === 'string'
      ? coded
      : coded.length === 1
        ? 'no column has more than 255 thresholds'
        : `${coded.length} parts of the trees, none with more than 255 thresholds of a column`;
  if (called.has('selectTrees')) return { path: 'wasm', kernel: 'select programs on 8-bit codes', why };
  if (called.has('walkCells')) return { path: 'wasm', kernel: 'walk on float64 cells', why };
  return {
    path: 'typescript',
    kernel: 'walk on float64 cells',
    why: trees.length === 0 ? 'there is no tree' : 'the WASM memory has no room for the trees and their columns',
  };
}
