import {
  type Check,
  either,
  finite,
  flag,
  listOf,
  nullable,
  type Optional,
  oneOf,
  optional,
  record,
  span,
  text,
  whole,
} from '../model/checks.ts';
import type { Span, TimeUnit, Timing } from '../model/field.ts';
import { cutRule } from '../numerics/cut-rule.ts';
import type { Feature } from '../regression/feature.ts';
import type { RegressionOptions } from '../regression/fit-logistic.ts';
import type { Closed, CutRule } from '../segments/index.ts';
import { type ShapeOf, shaped } from './step-rule.ts';

export const unit: Check<TimeUnit> = oneOf('day', 'week', 'month', 'quarter', 'year');
export const timing: Check<Timing> = oneOf('end', 'begin');
export const cell: Check<string | number> = either(text, finite, 'a text or a number');
export const closed: Optional<Closed> = optional(oneOf('left', 'right'));
/** A name of a column or an output. */
export const name: Optional<string> = optional(text);

/** Who left: the cell of a column. */
export const event: Check<{ readonly column: string; readonly churned: string | number }> = shaped({
  column: text,
  churned: cell,
});
export const label: Check<{
  readonly column: string;
  readonly churned: string | number;
  readonly horizon: Span | null;
}> = shaped({ column: text, churned: cell, horizon: nullable(span) });

/** A bare name, or an object that says more. */
export function nameOr<T>(check: Check<T>): Check<string | T> {
  return (json, path) => (typeof json === 'object' ? check(json, path) : text(json, path));
}

export const features: Check<readonly (string | Feature)[]> = listOf(
  nameOr(
    shaped<Feature>({
      column: text,
      type: optional(oneOf('number', 'category')),
      reference: name,
      missing: optional(oneOf('null', 'level', 'impute')),
      unseen: optional(oneOf('reference', 'null')),
    }),
  ),
);
export const regression: ShapeOf<RegressionOptions> = {
  l2: optional(finite),
  standardise: optional(flag),
  groupCollinear: optional(either(finite, oneOf(false), 'a number or false')),
  maxIterations: optional(whole()),
};

/** The check of a model's part on an option, which stays as it is written. */
export function asWritten<T>(check: Check<T>): Check<T> {
  return (json, path) => {
    check(json, path);
    return json as T;
  };
}

export const cut: Check<CutRule> = asWritten(cutRule);

/** One rule for all, or one for each of these. */
export function cutPer<const A extends string>(...axes: readonly A[]): Check<CutRule | { readonly [P in A]: CutRule }> {
  const perAxis = record(Object.fromEntries(axes.map((axis) => [axis, cut])));
  return (json, path) =>
    typeof json === 'object' && json !== null && axes.some((axis) => Object.hasOwn(json, axis))
      ? (perAxis(json, path) as { readonly [P in A]: CutRule })
      : cut(json, path);
}

/** A quantity that becomes an output, which `as` may name. */
export function output<Q extends object>(quantity: Check<Q>): Check<Q & { readonly as?: string }> {
  return (json, path) => {
    if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'as')) return quantity(json, path);
    const { as, ...rest } = json as { readonly as: unknown };
    return { ...quantity(rest, path), as: text(as, `${path}.as`) };
  };
}
