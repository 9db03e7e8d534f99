import { fail } from '../errors.ts';
import { jsonValue } from '../model/checks.ts';
import type { Kind, Kinds, ModelBase } from '../model/contract.ts';
import { makePlan, type Plan } from './plan.ts';

/** The two doors to models: compiling and reading. */
export interface Engine<U extends ModelBase> {
  /**
   * Resolves a model once, for many batches.
   * @throws ClienteleError `wrong-type` for what is no model, such as an estimator that was not fitted or JSON text;
   * `unknown-kind`.
   */
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
    compile: (model) => makePlan(model, kinds.of(kindName(model)), kinds),
    parseModel: (json) => {
      if (typeof json === 'string')
        fail('invalid-model', 'model: expected an object with a "kind", got text: use parseModel(JSON.parse(text))');
      const value = jsonValue(json, 'model');
      const kind = (value as { readonly kind?: unknown } | null)?.kind;
      if (typeof kind !== 'string') fail('invalid-model', 'model: expected an object with a "kind"');
      return kinds.of(kind).parse(value, 'model', kinds) as ModelOfKinds<T>;
    },
  };
}

/** The kind of what is to be compiled, which in JavaScript may be anything. */
function kindName(model: { readonly kind?: unknown; readonly fit?: unknown } | null | undefined): string {
  if (typeof model === 'string')
    fail('wrong-type', 'compile: expected a model, got text: use compile(parseModel(JSON.parse(text)))');
  if (typeof model?.fit === 'function')
    fail('wrong-type', 'compile: expected a model, got an estimator: fit it first, compile(estimator.fit(data))');
  const kind = model?.kind;
  return typeof kind === 'string' ? kind : fail('wrong-type', 'compile: expected a model, which has a text "kind"');
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
