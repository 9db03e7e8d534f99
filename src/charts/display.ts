/** The method by which a Deno notebook asks a value how to show itself. */
const shown: unique symbol = Symbol.for('Jupyter.display');

/** What `display` needs to know of a spec: any {@link Chart}, or one with changes laid over. */
export interface Displayable {
  readonly $schema: string;
  readonly title: { readonly text: string; readonly subtitle: readonly string[] };
  readonly data: { readonly values: readonly object[] };
}

/** What a notebook picks from: the chart, or text where it cannot be drawn. */
export interface MimeBundle {
  readonly 'application/vnd.vegalite.v5+json': Displayable;
  readonly 'text/plain': string;
}

/** A value that a notebook draws when it is the last one of a cell. */
export interface Displayed {
  readonly [shown]: () => MimeBundle;
}

const MOST_ROWS = 50;

/**
 * Makes a notebook draw the chart. Where it cannot, the title and the chart data stand there as text.
 * @example display(lorenzChart(concentration(spend))) // as the last line of a cell
 */
export function display<Spec extends Displayable>(spec: Spec): Displayed {
  return { [shown]: () => ({ 'application/vnd.vegalite.v5+json': spec, 'text/plain': textOf(spec) }) };
}

function textOf({ title, data: { values } }: Displayable): string {
  const line = (cells: readonly unknown[]): string => cells.map((cell) => cell ?? '').join('\t');
  return [
    title.text,
    ...title.subtitle,
    line(Object.keys(values[0] ?? {})),
    ...values.slice(0, MOST_ROWS).map((row) => line(Object.values(row))),
    ...(values.length > MOST_ROWS ? [`… ${values.length - MOST_ROWS} more rows`] : []),
  ].join('\n');
}
