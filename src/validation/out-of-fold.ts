import { takeRows } from '../columns/whole.ts';
import { ClienteleError, fail } from '../errors.ts';
import { bindRun, plainResult } from '../kernels/run.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import type { Estimator, Kind, Kinds, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { Parted } from './folds.ts';

/** Plain columns that rows can be taken from. */
export type Frame = { [name: string]: Float64Array | CategoryColumn };

/** Every output of a model for every row, as plain columns. For fits that need scores; scoring itself is `compile`. */
export function scoreFrame(model: ModelBase, data: Columns, kinds: Kinds): Frame {
  const { columns } = bindRun(kinds.of(model.kind).bind(model, kinds), model.inputs, model.outputs)(data);
  return Object.fromEntries(columns.map((column) => [column.field.name, plainResult(column)]));
}

/** The number column `output` of a model's scores, NaN where null. */
export function predict(kinds: Kinds, model: ModelBase, data: Columns, output: string): Float64Array {
  const own = scoreFrame(model, data, kinds)[output];
  return own !== undefined && !('codes' in own)
    ? own
    : fail('unknown-column', `${model.kind} gives no number "${output}"`);
}

/** The kinds of an estimator and, when it is a chain, of its steps. */
export function kindsWithin(estimator: Estimator): Kinds {
  const known = new Map<string, Kind>();
  const add = (own: Estimator & { readonly steps?: readonly Estimator[] }): void => {
    known.set(own.kind.kind, own.kind);
    own.steps?.forEach(add);
  };
  add(estimator);
  return { of: (kind) => known.get(kind) ?? fail('unknown-kind', `unknown model kind "${kind}"`) };
}

/** The test rows of every split scored by a fit to its training rows; null elsewhere. */
export function outOfFold(
  estimator: Estimator,
  outputs: readonly Field[],
  { splits, titles }: Pick<Parted, 'splits' | 'titles'>,
  data: Frame,
  kinds: Kinds,
  {
    upstream = [],
    before,
    fitted,
  }: {
    readonly upstream?: readonly Field[];
    /** Called before each fit. */
    readonly before?: (title: string) => void;
    readonly fitted?: (model: ModelBase) => void;
  } = {},
): Frame {
  const columns = Object.keys(data);
  const rows = columns.length === 0 ? 0 : length(data[columns[0]!]!);
  const out: Frame = {};
  for (const { name, type, levels } of outputs)
    out[name] =
      type === 'number'
        ? new Float64Array(rows).fill(Number.NaN)
        : { codes: new Int32Array(rows).fill(-1), levels: levels! };
  splits.forEach(({ train, test }, k) => {
    before?.(titles[k]!);
    const model = fitPart(estimator, takeRows(data, train, columns), upstream, titles[k]!);
    fitted?.(model);
    const scores = scoreFrame(model, takeRows(data, test, columns), kinds);
    for (const { name } of outputs) place(out[name]!, scores[name]!, test);
  });
  return out;
}

/** The fit to one part; what stops it is told with the part's name. */
function fitPart(estimator: Estimator, part: Columns, upstream: readonly Field[], title: string): ModelBase {
  try {
    return estimator.fit(part, upstream);
  } catch (error) {
    if (!(error instanceof ClienteleError)) throw error;
    return fail(error.code, `${error.message} (in the fit that judges ${title}: use fewer folds, or bring more data)`);
  }
}

function length(column: Float64Array | CategoryColumn): number {
  return 'codes' in column ? column.codes.length : column.length;
}

function place(
  whole: Float64Array | CategoryColumn,
  part: Float64Array | CategoryColumn,
  rows: ArrayLike<number>,
): void {
  if (!('codes' in whole)) {
    for (let i = 0; i < rows.length; i++) whole[rows[i]!] = (part as Float64Array)[i]!;
    return;
  }
  const { codes, levels } = part as CategoryColumn;
  const code = levels.map((level) => whole.levels.indexOf(level));
  for (let i = 0; i < rows.length; i++) whole.codes[rows[i]!] = codes[i]! < 0 ? -1 : code[codes[i]!]!;
}
