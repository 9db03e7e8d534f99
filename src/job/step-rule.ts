import { fail } from '../errors.ts';
import { type Check, type Optional, record } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';

/**
 * What the compiler checks for a caller in TypeScript: every option of `O`, with the type that JSON has in its place. The
 * values are the estimator's own to check.
 */
export type ShapeOf<O> = {
  readonly [K in keyof O]-?: Record<never, never> extends Pick<O, K> ? Optional<Required<O>[K]> : Check<O[K]>;
};

/** An object with every key of `O`. */
export function shaped<O>(shape: ShapeOf<O>): Check<O> {
  return record(shape as unknown as StepRule['options']) as Check<O>;
}

/** A step: the shape of its options, and the estimator that takes them. */
export interface StepRule {
  readonly options: { readonly [option: string]: Check<unknown> | Optional<unknown> };
  make(options: object): Estimator;
}

/** The options of an estimator, with any names of columns. */
export type OptionsOf<M extends (options: never) => Estimator> = NonNullable<Parameters<M>[0]>;

export function rule<M extends (options: never) => Estimator>(make: M, options: ShapeOf<OptionsOf<M>>): StepRule {
  return {
    options: options as unknown as StepRule['options'],
    make: make as unknown as (options: object) => Estimator,
  };
}

/** A step as data: `{ "step": "currentValue", … }` with the options of the estimator of that name. */
export interface StepOf<N extends string = string> {
  readonly step: N;
  readonly [option: string]: unknown;
}

/** One of these steps, with no option that it does not have. */
export function stepOf<N extends string>(rules: { readonly [S in N]: StepRule }): Check<StepOf<N>> {
  return (json, path) => {
    const name = (json as { readonly step?: unknown } | null)?.step;
    if (typeof name !== 'string' || !Object.hasOwn(rules, name))
      return fail(
        'invalid-job',
        `${path}.step: unknown step ${JSON.stringify(name)}; known are ${Object.keys(rules).join(', ')}`,
      );
    const { step: _, ...options } = json as StepOf;
    return { step: name as N, ...record(rules[name as N].options)(options, path) };
  };
}
