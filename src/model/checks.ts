import { type ErrorCode, fail } from '../errors.ts';
import type { FitReport } from './contract.ts';
import type { AnnuityTerms, Field, TimeUnit } from './field.ts';

/**
 * A check reads an unknown JSON value and returns it typed, or stops with an error that names the path.
 * Model readers are put together from these, so a kind's file format is written down once, as data.
 */
export type Check<T> = (json: unknown, path: string) => T;
export type Checked<C> = C extends Check<infer T> ? T : never;

const MAX_DEPTH = 32;
const MAX_BYTES = 64 * 2 ** 20;

function show(json: unknown): string {
  const text = typeof json === 'bigint' ? `${json}n` : (JSON.stringify(json) ?? String(json));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
const bad = (path: string, wanted: string, json: unknown): never =>
  fail('invalid-model', `${path}: expected ${wanted}, got ${show(json)}`);

export const finite: Check<number> = (json, path) =>
  typeof json === 'number' && Number.isFinite(json) ? json : bad(path, 'a finite number', json);

export const text: Check<string> = (json, path) => (typeof json === 'string' ? json : bad(path, 'a string', json));

export const flag: Check<boolean> = (json, path) =>
  typeof json === 'boolean' ? json : bad(path, 'true or false', json);

/** A finite number within `[low, high]`. */
export function within(low: number, high: number): Check<number> {
  return (json, path) => {
    const value = finite(json, path);
    return value >= low && value <= high ? value : bad(path, `a number in [${low}, ${high}]`, json);
  };
}

/** A finite number above 0. */
export const positive: Check<number> = (json, path) => {
  const value = finite(json, path);
  return value > 0 ? value : bad(path, 'a number above 0', json);
};

/** A whole number within `[low, high]`. */
export function whole(low = 0, high: number = Number.MAX_SAFE_INTEGER): Check<number> {
  return (json, path) => {
    const value = finite(json, path);
    return Number.isInteger(value) && value >= low && value <= high
      ? value
      : bad(path, `a whole number in [${low}, ${high}]`, json);
  };
}

export function oneOf<const T extends string | number | boolean | null>(...allowed: readonly T[]): Check<T> {
  return (json, path) =>
    allowed.includes(json as T)
      ? (json as T)
      : bad(path, `one of ${allowed.map((a) => JSON.stringify(a)).join(', ')}`, json);
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (json, path) => (json === null ? null : check(json, path));
}

/** A list; `length` fixes how many. */
export function listOf<T>(check: Check<T>, length?: number): Check<readonly T[]> {
  return (json, path) => {
    if (!Array.isArray(json)) return bad(path, 'a list', json);
    if (length !== undefined && json.length !== length) return bad(path, `a list of ${length}`, json);
    return Array.from(json, (item, i) => check(item, `${path}[${i}]`));
  };
}

/** The first check that accepts; `what` names them for the error. */
export function either<A, B>(a: Check<A>, b: Check<B>, what: string): Check<A | B> {
  return (json, path) => {
    for (const check of [a, b] as const) {
      try {
        return check(json, path);
      } catch {}
    }
    return bad(path, what, json);
  };
}

/** Marks a key of {@link record} that may be absent. */
export interface Optional<T> {
  readonly optional: Check<T>;
}
export const optional = <T>(check: Check<T>): Optional<T> => ({ optional: check });

type Shape = { readonly [key: string]: Check<unknown> | Optional<unknown> };
type FromShape<S extends Shape> = {
  readonly [K in keyof S as S[K] extends Optional<unknown> ? never : K]: S[K] extends Check<infer T> ? T : never;
} & {
  readonly [K in keyof S as S[K] extends Optional<unknown> ? K : never]?: S[K] extends Optional<infer T> ? T : never;
};

/** An object with exactly these keys (own properties only); an unknown or missing one is an error. */
export function record<const S extends Shape>(shape: S): Check<FromShape<S>> {
  return (json, path) => {
    const entries = own(json, path);
    for (const key of entries.keys())
      if (!Object.hasOwn(shape, key))
        fail(
          'invalid-model',
          `${path}: unknown key ${JSON.stringify(key)}; known are ${Object.keys(shape).join(', ')}`,
        );
    const out: Record<string, unknown> = {};
    for (const [key, check] of Object.entries(shape)) {
      const value = entries.get(key);
      if (typeof check === 'function') {
        if (!entries.has(key)) fail('invalid-model', `${path}: missing key ${JSON.stringify(key)}`);
        out[key] = check(value, `${path}.${key}`);
      } else if (entries.has(key)) out[key] = check.optional(value, `${path}.${key}`);
    }
    return out as FromShape<S>;
  };
}

/** An object with any keys, all values of one type. */
export function dictionaryOf<T>(check: Check<T>): Check<{ readonly [key: string]: T }> {
  return (json, path) => {
    const out: Record<string, T> = {};
    for (const [key, value] of own(json, path)) out[key] = check(value, `${path}.${key}`);
    return out;
  };
}

function own(json: unknown, path: string): Map<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return bad(path, 'an object', json);
  const entries = new Map(Object.entries(json));
  for (const key of ['__proto__', 'constructor', 'prototype'])
    if (entries.has(key)) fail('invalid-model', `${path}: key ${JSON.stringify(key)} is refused`);
  return entries;
}

/** A copy of any JSON value, depth and size limited, numbers finite, keys safe, −0 as 0. */
export const jsonValue: Check<unknown> = (json, path) => {
  let bytes = 0;
  const walk = (value: unknown, at: string, depth: number): unknown => {
    if (depth > MAX_DEPTH) fail('invalid-model', `${at}: nested deeper than ${MAX_DEPTH}`);
    bytes += typeof value === 'string' ? value.length + 2 : 8;
    if (bytes > MAX_BYTES) fail('invalid-model', `${path}: larger than ${MAX_BYTES / 2 ** 20} MB`);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return finite(value, at) + 0;
    if (Array.isArray(value)) return Array.from(value, (item, i) => walk(item, `${at}[${i}]`, depth + 1));
    const out: Record<string, unknown> = {};
    for (const [key, item] of own(value, at)) {
      bytes += key.length + 2;
      out[key] = walk(item, `${at}.${key}`, depth + 1);
    }
    return out;
  };
  return walk(json, path, 1);
};

const unit: Check<TimeUnit> = oneOf('day', 'week', 'month', 'quarter', 'year');
const discount: Check<number> = (json, path) => {
  const value = finite(json, path);
  return value > -1 ? value : bad(path, 'a rate above −1', json);
};
export const span: Check<{ readonly every: number; readonly unit: TimeUnit }> = record({
  every: positive,
  unit,
});
export const rate: Check<{ readonly discount: number; readonly per: Checked<typeof unit> }> = record({
  discount,
  per: unit,
});

/** Annuity terms as they stand in a model. */
export const annuity: Check<AnnuityTerms> = record({ periods: whole(), unit, discount, timing: oneOf('end', 'begin') });
const anyField = record({
  name: text,
  type: oneOf('number', 'category'),
  levels: optional(listOf(text)),
  unit: optional(text),
  horizon: optional(nullable(span)),
  annuity: optional(annuity),
  explained: optional(text),
});

/** One field; a category must list its levels, without a repeat. */
export const field: Check<Field> = (json, path) => {
  const f = anyField(json, path);
  if ((f.type === 'category') !== (f.levels !== undefined))
    fail('invalid-model', `${path}: "levels" belong to a category, and every category has them`);
  if (f.levels && new Set(f.levels).size !== f.levels.length)
    fail('invalid-model', `${path}.levels: a level is repeated`);
  return f;
};

/** Fields with distinct names. `T` is the caller's promise about the names, checked by the kind that calls. */
export function fields<F extends Field>(json: unknown, path: string): readonly F[] {
  const list = listOf(field)(json, path);
  if (new Set(list.map((f) => f.name)).size !== list.length) fail('invalid-model', `${path}: a name is repeated`);
  return list as readonly F[];
}

const reportHead = {
  status: oneOf('converged', 'boundary', 'not-identified', 'iteration-limit'),
  rows: whole(),
  warnings: listOf(text),
};

/** The common part of a fit report; what a kind adds is checked as plain JSON data. */
export function fitReport<R extends FitReport>(json: unknown, path: string): R {
  const value = Object.fromEntries(own(jsonValue(json, path), path));
  for (const [key, check] of Object.entries(reportHead)) check(value[key], `${path}.${key}`);
  return value as unknown as R;
}

/** The keys that every model has, for use in {@link record}: `record({ ...modelHead('bgNbd', 1), r: positive })`. */
export function modelHead<K extends string>(
  kind: K,
  version: number,
): {
  readonly kind: Check<K>;
  readonly version: Check<number>;
} {
  return {
    kind: oneOf(kind),
    version: (json, path) => {
      const found = whole(1)(json, path);
      return found === version
        ? found
        : fail(
            'invalid-model',
            `${path}: ${kind} version ${found} cannot be read here (this library reads ${version})`,
          );
    },
  };
}

/** For option checks outside models: the same checks with another error code. */
export function checked<T>(code: ErrorCode, check: Check<T>, value: unknown, path: string): T {
  try {
    return check(value, path);
  } catch (error) {
    return fail(code, (error as Error).message);
  }
}
