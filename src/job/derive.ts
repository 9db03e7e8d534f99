import { matches } from '../columns/matches.ts';
import { readDays } from '../columns/read-days.ts';
import { fail } from '../errors.ts';
import { type Check, dictionaryOf, finite, listOf, optional, record, text } from '../model/checks.ts';
import type { When } from '../model/when.ts';
import { condition } from './condition.ts';
import { columnOf, isCategory, numbersOf, type Table, tableRows } from './table.ts';

interface Rules {
  readonly linear: { readonly terms: { readonly [column: string]: number }; readonly constant?: number };
  readonly ratio: readonly string[];
  readonly difference: readonly string[];
  readonly product: readonly string[];
  readonly flag: When;
  readonly daysBetween: readonly string[];
  readonly fill: { readonly column: string; readonly value: number };
}

/**
 * The closed list of derived columns. There is no expression language.
 * - `linear`: constant + Σ coefficient·column
 * - `ratio` [a, b]: a/b, null where b is 0; `difference` [a, b]: a − b; `product` [a, b, …]
 * - `flag`: 1 where the condition holds, 0 where not, null where its column is null
 * - `daysBetween` [from, to]: whole days, both dates
 * - `fill`: the column with its nulls replaced by a stated value
 * Elsewhere a null in any part gives null, and so does a result that is not finite.
 */
const rules: { readonly [K in keyof Rules]: Check<Rules[K]> } = {
  linear: record({ terms: dictionaryOf(finite), constant: optional(finite) }),
  ratio: listOf(text, 2),
  difference: listOf(text, 2),
  product: listOf(text),
  flag: condition,
  daysBetween: listOf(text, 2),
  fill: record({ column: text, value: finite }),
};

/** One derived column: an object with exactly one rule. */
export type Derived = { [K in keyof Rules]: { readonly [P in K]: Rules[P] } }[keyof Rules];

export const derived: Check<Derived> = (json, path) => {
  const keys = typeof json === 'object' && json !== null ? Object.keys(json) : [];
  const [key] = keys;
  if (keys.length !== 1 || key === undefined || !Object.hasOwn(rules, key))
    return fail(
      'invalid-job',
      `${path}: expected one of ${Object.keys(rules).join(', ')}, got ${keys.join(', ') || 'none'}`,
    );
  const rule = key as keyof typeof rules;
  return { [rule]: rules[rule]((json as { [key: string]: unknown })[rule], `${path}.${rule}`) } as unknown as Derived;
};

/** The columns that a rule reads. */
export function columnsOf(rule: Derived): readonly string[] {
  if ('linear' in rule) return Object.keys(rule.linear.terms);
  if ('flag' in rule) return [rule.flag.column];
  if ('fill' in rule) return [rule.fill.column];
  return Object.values(rule).flat();
}

/** A new column of `table`. */
export function derive(table: Table, rule: Derived): Float64Array {
  const rows = tableRows(table);
  const numbers = (name: string): Float64Array => numbersOf(table, name);
  const each = (of: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => {
      const value = of(row);
      return Number.isFinite(value) ? value : Number.NaN;
    });
  if ('linear' in rule) {
    const terms = Object.entries(rule.linear.terms).map(([name, weight]) => ({ column: numbers(name), weight }));
    const constant = rule.linear.constant ?? 0;
    return each((row) => terms.reduce((sum, { column, weight }) => sum + weight * column[row]!, constant));
  }
  if ('ratio' in rule) {
    const [above, below] = rule.ratio.map(numbers) as [Float64Array, Float64Array];
    return each((row) => (below[row] === 0 ? Number.NaN : above[row]! / below[row]!));
  }
  if ('difference' in rule) {
    const [from, minus] = rule.difference.map(numbers) as [Float64Array, Float64Array];
    return each((row) => from[row]! - minus[row]!);
  }
  if ('product' in rule) {
    const factors = rule.product.map(numbers);
    return each((row) => factors.reduce((product, column) => product * column[row]!, 1));
  }
  if ('flag' in rule) return flag(table, rule.flag);
  if ('fill' in rule) {
    const { column, value } = rule.fill;
    return numbers(column).map((x) => (Number.isNaN(x) ? value : x));
  }
  const [from, to] = rule.daysBetween.map((name) => readDays({ [name]: columnOf(table, name) }, name)) as [
    Float64Array,
    Float64Array,
  ];
  return each((row) => to[row]! - from[row]!);
}

function flag(table: Table, when: When): Float64Array {
  const column = columnOf(table, when.column);
  const holds = matches({ [when.column]: column }, when);
  return Float64Array.from(holds, (hit, row) =>
    (isCategory(column) ? column.codes[row]! < 0 : Number.isNaN(column[row]!)) ? Number.NaN : hit,
  );
}
