import type { StepCost } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { Called } from './wasm/registry.ts';

/** How a linear predictor was computed, as `bindLinear` decides it; `rest` is what follows it. */
export function linearCost(inputs: readonly Field[], called: Called, rest: string): StepCost {
  const categories = inputs.some(({ type }) => type === 'category');
  const numbers = inputs.some(({ type }) => type === 'number');
  const kernel = `${numbers ? 'sum of columns' : ''}${numbers && categories ? ', ' : ''}${categories ? 'weights by code in TypeScript' : ''}${rest}`;
  if (called.has('linear'))
    return {
      path: categories ? 'mixed' : 'wasm',
      kernel: `SIMD ${kernel}`,
      why: 'columns that do not lie in the WASM memory are copied there block by block',
    };
  return {
    path: called.has('sigmoid') ? 'mixed' : 'typescript',
    kernel,
    why: numbers ? 'the WASM memory has no room for the columns' : 'there are no numbers to add up',
  };
}
