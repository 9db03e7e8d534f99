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

/** The keys of an object type; of a union, those of each. */
type KeyOf<O> = O extends unknown ? keyof O & string : never;
type Word<S extends string> = S extends `${infer First} ${infer Rest}` ? First | Word<Rest> : S;
/** A text that names every key of `O` and nothing else; another one cannot be passed, and the compiler shows the difference. */
type Naming<O, S extends string> = [KeyOf<O>, Word<S>] extends [Word<S>, KeyOf<O>]
  ? S
  : { readonly missing: Exclude<KeyOf<O>, Word<S>>; readonly unknown: Exclude<Word<S>, KeyOf<O>> };

/**
 * The options themselves, which must have no key beside these: a misspelt one would silently leave a default in its place.
 * A value `undefined` is as absent.
 */
export function knownOptions<O, const S extends string>(options: O, of: string, keys: S & Naming<O, S>): O {
  onlyKeys(object(options, 'options') as object, of, keys.split(' '));
  return options;
}

/** The same of keys that no type tells. */
export function onlyKeys(options: object, of: string, keys: readonly string[]): void {
  for (const [key, value] of Object.entries(options))
    if (value !== undefined && !keys.includes(key))
      fail('invalid-option', `${of}: unknown option ${JSON.stringify(key)}; known are ${keys.join(', ')}`);
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
