/** The result of one model, or of several by name, to be shown in one chart. */
export type ByModel<Result> = Result | { readonly [model: string]: Result };

/** Results with the names of their models, null for the only one. */
export function byModel<Result>(
  given: ByModel<Result>,
  isOne: (given: ByModel<Result>) => given is Result,
): readonly (readonly [model: string | null, result: Result])[] {
  return isOne(given) ? [[null, given]] : Object.entries(given);
}

/** {@link byModel} of tables and curves. */
export function listsByModel<Row>(
  given: ByModel<readonly Row[]>,
): readonly (readonly [model: string | null, rows: readonly Row[]])[] {
  return byModel(given, (list): list is readonly Row[] => Array.isArray(list));
}

/** What is told of a model below the title. */
export function toldOf(model: string | null, text: string): string {
  return model === null ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : `${model}: ${text}`;
}
