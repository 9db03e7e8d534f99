/** Longer lists say how long they are instead. */
const MOST = 10;

/** `a, b`; from a long list the first ten: `a, b … and 37 more`. */
export function shortList(texts: readonly string[]): string {
  const more = texts.length - MOST;
  return texts.slice(0, MOST).join(', ') + (more > 0 ? ` … and ${more} more` : '');
}

/** `"a", "b"`, cut as by {@link shortList}. */
export function quoted(names: readonly string[]): string {
  return shortList(names.map((name) => `"${name}"`));
}
