import { fail } from '../errors.ts';

/** Stops unless every named number is finite and at least 0. */
export function requireAmounts(amounts: { readonly [name: string]: number }): void {
  for (const [name, value] of Object.entries(amounts))
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      fail('invalid-value', `invalid ${name}: ${value}; use a finite number of at least 0`);
}

/** Stops unless every named number is finite. */
export function requireFinite(amounts: { readonly [name: string]: number }): void {
  for (const [name, value] of Object.entries(amounts))
    if (!Number.isFinite(value)) fail('invalid-value', `invalid ${name}: ${value}; use a finite number`);
}

/** Stops unless the names are distinct, and there is one at least. */
export function requireDistinct(names: readonly string[], what: string): void {
  if (names.length === 0) fail('empty-input', `no ${what} given`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) fail('invalid-option', `${what} "${twice}" is given twice: name each one once`);
}
