/** The parts of a spec that the tests walk, read without trust in its type. */
interface AnyView {
  readonly [part: string]: unknown;
}

const MARKS = ['area', 'bar', 'rect', 'circle', 'line', 'rule', 'text'];
const TYPES = ['quantitative', 'nominal', 'ordinal'];
const CHANNELS = ['x', 'x2', 'y', 'y2', 'yOffset', 'color', 'size', 'order', 'text', 'tooltip'];
/** Keys that Vega-Lite 5 knows for these definitions; `format` belongs to text only. */
const KEYS = ['field', 'type', 'title', 'value', 'datum', 'sort', 'scale', 'axis', 'legend', 'condition'];
const TESTS = ['valid', 'equal', 'oneOf', 'lt', 'lte', 'gt'];

/** What is wrong with a spec: nothing, for a chart that Vega-Lite draws as it is meant. */
export function faultsOf(spec: object): readonly string[] {
  const { $schema, title, description, data, config, ...view } = spec as AnyView & {
    readonly data: { readonly values: readonly object[] };
    readonly title: { readonly text: string };
  };
  const faults: string[] = [];
  const must = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault);
  };
  must(JSON.stringify(spec) === JSON.stringify(plain(spec, must, 'spec')), 'spec: not plain JSON');
  must($schema === 'https://vega.github.io/schema/vega-lite/v5.json', '$schema');
  must(title.text.length > 0 && typeof description === 'string' && description.length > 0, 'title, description');
  must(typeof config === 'object', 'config');

  const columns = Object.keys(data.values[0] ?? {});
  for (const row of data.values)
    must(JSON.stringify(Object.keys(row)) === JSON.stringify(columns), 'data.values: rows have different columns');
  const column = (name: unknown, place: string): void =>
    must(data.values.length === 0 || columns.includes(name as string), `${place}: no column ${name}`);

  const test = (predicate: AnyView, place: string): void => {
    column(predicate.field, place);
    must(TESTS.filter((word) => word in predicate).length === 1, `${place}: unknown test`);
  };
  const channel = (name: string, given: AnyView, place: string): void => {
    const own = name === 'text' || name === 'tooltip' ? [...KEYS, 'format'] : KEYS;
    for (const key of Object.keys(given)) must(own.includes(key), `${place}: unknown key ${key}`);
    if ('field' in given) {
      column(given.field, place);
      must(['x2', 'y2'].includes(name) || TYPES.includes(given.type as string), `${place}: type ${given.type}`);
      if (['x', 'y', 'tooltip', 'size'].includes(name)) must(typeof given.title === 'string', `${place}: no title`);
    } else must('value' in given || 'datum' in given, `${place}: nothing to show`);
    if (given.condition) test((given.condition as { test: AnyView }).test, `${place}.condition`);
  };
  let tooltips = 0;
  const walk = (part: AnyView, place: string): void => {
    if ('mark' in part) {
      const mark = part.mark as string | AnyView;
      must(MARKS.includes((typeof mark === 'string' ? mark : mark.type) as string), `${place}: unknown mark`);
    }
    must(
      ['mark', 'layer', 'facet'].filter((key) => key in part).length === 1,
      `${place}: neither mark, layer nor facet`,
    );
    must(!('facet' in part) || 'spec' in part, `${place}: facet without spec`);
    for (const [name, given] of Object.entries((part.encoding ?? {}) as AnyView)) {
      must(CHANNELS.includes(name), `${place}: unknown channel ${name}`);
      if (name === 'tooltip') tooltips++;
      for (const one of [given].flat() as AnyView[]) channel(name, one, `${place}.${name}`);
    }
    if (part.facet) channel('facet', part.facet as AnyView, `${place}.facet`);
    for (const { filter } of (part.transform ?? []) as { filter: AnyView }[]) test(filter, `${place}.transform`);
    ((part.layer ?? []) as AnyView[]).forEach((layer, i) => {
      walk(layer, `${place}.layer[${i}]`);
    });
    if (part.spec) walk(part.spec as AnyView, `${place}.spec`);
  };
  walk(view, 'view');
  must(tooltips > 0, 'no tooltip');
  return faults;
}

/** A copy, with a fault for whatever JSON cannot hold. */
function plain(value: unknown, must: (holds: boolean, fault: string) => void, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, i) => plain(item, must, `${path}[${i}]`));
  if (typeof value === 'object' && value !== null) {
    must(Object.getPrototypeOf(value) === Object.prototype, `${path}: no plain object`);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, plain(item, must, `${path}.${key}`)] as const),
    );
  }
  must(
    value === null ||
      typeof value === 'string' ||
      typeof value === 'boolean' ||
      (Number.isFinite(value) && !Object.is(value, -0)),
    `${path}: ${String(value)} is not JSON`,
  );
  return value;
}
