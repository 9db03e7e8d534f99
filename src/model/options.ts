import { fail } from '../errors.ts';

/** Stops unless every one of these options is the name of a column or an output: text that is not empty. */
export function names(options: { readonly [option: string]: unknown }): void {
  for (const [option, name] of Object.entries(options))
    if (typeof name !== 'string' || name === '') refuse(option, name, 'use a name that is not empty');
}

/** The option itself, which must be a list. */
export function list<T>(value: readonly T[], option: string): readonly T[] {
  return Array.isArray(value) ? value : refuse(option, value, 'use a list');
}

/** The option itself, which must be an object and not a list. */
export function object<T>(value: T, option: string): T {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : refuse(option, value, 'use an object');
}

function refuse(option: string, value: unknown, remedy: string): never {
  const told =
    typeof value === 'string'
      ? JSON.stringify(value)
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object' && value !== null
          ? 'an object'
          : String(value);
  return fail('invalid-option', `invalid ${option}: ${told}; ${remedy}`);
}
