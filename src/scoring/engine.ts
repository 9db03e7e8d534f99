import { fail } from '../errors.ts';
import { jsonValue } from '../model/checks.ts';
import type { Kind, Kinds, ModelBase } from '../model/contract.ts';
import { makePlan, type Plan } from './plan.ts';

/** The two doors to models: compiling and reading. */
export interface Engine<U extends ModelBase> {
  /** Resolves a model once, for many batches. */
  compile<M extends ModelBase>(model: M): Plan<M>;
  /**
   * The only door for models from files: schema, version, size (64 MB), depth (32) and ranges are checked.
   * @throws ClienteleError `invalid-model` with the path of the fault, `unknown-kind`.
   */
  parseModel(json: unknown): U;
}

type ModelOfKinds<T> = T[keyof T] extends infer K ? (K extends Kind<infer M> ? M : never) : never;

/**
 * `compile` and `parseModel` for a chosen few kinds, so that a scoring bundle holds nothing else.
 * @example const { compile, parseModel } = engine({ logisticRegression: logisticKind });
 */
// biome-ignore lint/suspicious/noExplicitAny: Kind<M> is invariant in M; any is the only supertype of all kinds
export function engine<const T extends { readonly [kind: string]: Kind<any> }>(table: T): Engine<ModelOfKinds<T>> {
  const kinds: Kinds = kindsOf(Object.values(table));
  return {
    compile: (model) => makePlan(model, kinds.of(model.kind), kinds),
    parseModel: (json) => {
      const value = jsonValue(json, 'model');
      const kind = (value as { readonly kind?: unknown } | null)?.kind;
      if (typeof kind !== 'string') fail('invalid-model', 'model: expected an object with a "kind"');
      return kinds.of(kind).parse(value, 'model', kinds) as ModelOfKinds<T>;
    },
  };
}

/** Kinds by name. */
export function kindsOf(list: readonly Kind[]): Kinds {
  const byName = new Map(list.map((kind) => [kind.kind, kind]));
  return {
    of: (kind) =>
      byName.get(kind) ??
      fail('unknown-kind', `unknown model kind "${kind}"; this engine knows ${[...byName.keys()].sort().join(', ')}`),
  };
}
