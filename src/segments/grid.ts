import { readNumbers } from '../columns/index.ts';
import { makeLane } from '../columns/lane.ts';
import { fail } from '../errors.ts';
import { WHY } from '../model/batch.ts';
import { checked, listOf, text } from '../model/checks.ts';
import type { Estimator } from '../model/contract.ts';
import { knownOptions, list, names, object } from '../model/options.ts';
import { type CutRule, cutCount, fitCuts, ruleOption } from '../numerics/cut-rule.ts';
import type { Closed } from '../numerics/cuts.ts';
import { type Cell, cellTable, everyCell, type Segment } from './cells.ts';
import { bindGrid, type GridAxis, type GridModel, gridFields, gridKind } from './grid-kind.ts';
import { cellList } from './segment-options.ts';
import { sizeWarnings } from './segment-sizes.ts';

/** A column and how it is cut. */
export interface Axis {
  /** A number column. */
  readonly column: string;
  /** How the cuts are found, see {@link CutRule}. */
  readonly cut: CutRule;
  /** Which side of an interval holds its limit; `'right'` (default): high means strictly greater than the cut. */
  readonly closed?: Closed;
  /** From the lowest values to the highest. Default: low, high; low, middle, high; or 1 … k. */
  readonly levels?: readonly string[];
  /** Also write the level as a column of this name. */
  readonly as?: string;
}

export interface GridOptions<A extends readonly Axis[], S extends string> {
  readonly axes: A;
  /** Segments and the combinations they cover. Default: one per combination, its key the levels joined by "-". */
  readonly cells?: readonly Cell[];
  /** Cells that overlap are refused, or the `'first'` in the list wins. */
  readonly overlaps?: 'refuse' | 'first';
  /** Name of the segment column. */
  readonly as?: S;
}

/** The names under which axes write their levels. */
export type LevelNames<A extends readonly Axis[]> = Extract<A[number], { readonly as: string }>['as'];

/**
 * Cuts any number of columns into levels and names the combinations: pyramid, value matrix, eight classes and tiers are
 * presets of it. Fitting learns the cuts on the rows it is given – each axis on its own non-null cells – and stores
 * them, so that a later batch is cut at the same numbers. A null axis gives a null segment, unless all its levels lead
 * to the same one. Explained by margin: value − nearest cut, per axis.
 * @throws ClienteleError `invalid-option` when the cells do not cover the grid exactly once.
 * @example
 * const value = { column: 'value', cut: 'mean', levels: ['low', 'high'] } as const;
 * grid({ axes: [value], as: 'tier' }).fit({ value: [1, 2, 6] }).axes[0].cuts // [3]
 */
export function grid<const A extends readonly Axis[], const S extends string = 'segment'>(
  options: GridOptions<A, S>,
): Estimator<GridModel<A[number]['column'], S | LevelNames<A>>> {
  const { overlaps = 'refuse', as = 'segment' } = knownOptions(options, 'grid', 'axes cells overlaps as');
  names({ as });
  if (overlaps !== 'refuse' && overlaps !== 'first')
    fail('invalid-option', `invalid overlaps: ${JSON.stringify(overlaps)}; use "refuse" or "first"`);
  const axes = list(options.axes, 'axes').map(checkAxis);
  if (axes.length === 0) fail('invalid-option', 'axes: at least one is needed');
  distinct(
    'axes: column',
    axes.map((axis) => axis.column),
  );
  distinct('output', [as, ...axes.flatMap((axis) => axis.as ?? [])]);
  const levels = axes.map((axis) => axis.levels);
  const cells = options.cells === undefined ? everyCell(levels) : cellList(options.cells);
  const table = cellTable(levels, cells, overlaps);
  const segments = cells.map(({ when: _, ...segment }): Segment => segment);

  return {
    kind: gridKind,
    fit(data) {
      const columns = axes.map((axis) => readNumbers(data, axis.column));
      const fitted = axes.map(({ cut, ...axis }, a): GridAxis => {
        return { ...axis, cuts: fitCuts(columns[a]!, cut, axis.closed, axis.column) };
      });
      const model: GridModel = {
        kind: 'grid',
        version: 1,
        ...gridFields(fitted, segments, as),
        axes: fitted,
        segments,
        cells: table,
        fit: { status: 'converged', rows: 0, warnings: [], sizes: [] },
      };
      const { sizes, warnings } = survey(model, columns);
      const rows = sizes.reduce((n, size) => n + size, 0);
      const all = [...warnings, ...sizeWarnings(segments, sizes).map((warning) => warning.text)];
      return { ...model, fit: { status: 'converged', rows, warnings: all, sizes } } as GridModel<
        A[number]['column'],
        S | LevelNames<A>
      >;
    },
  } as Estimator<GridModel<A[number]['column'], S | LevelNames<A>>>;
}

function checkAxis(axis: Axis, a: number): Omit<GridAxis, 'cuts'> & { readonly cut: CutRule } {
  const {
    column,
    closed = 'right',
    as,
  } = knownOptions(object(axis, `axes[${a}]`), `axes[${a}]`, 'column cut closed levels as');
  names({ [`axes[${a}].column`]: column, ...(as === undefined ? {} : { [`axes[${a}].as`]: as }) });
  if (closed !== 'left' && closed !== 'right')
    fail('invalid-option', `axis "${column}": invalid closed: ${JSON.stringify(closed)}; use "left" or "right"`);
  const cut = ruleOption(axis.cut, `axis "${column}": cut`);
  const count = cutCount(cut) + 1;
  const usual = USUAL[count] ?? Array.from({ length: count }, (_, i) => String(i + 1));
  const levels = checked('invalid-option', listOf(text), axis.levels ?? usual, `axis "${column}": levels`);
  if (levels.length !== count)
    fail('invalid-option', `axis "${column}": ${levels.length} levels for ${count - 1} cuts; name ${count}`);
  distinct(`axis "${column}": level`, levels);
  return { column, cut, closed, levels, ...(as === undefined ? {} : { as }) };
}
const USUAL: { readonly [count: number]: readonly string[] } = { 2: ['low', 'high'], 3: ['low', 'middle', 'high'] };

function distinct(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail('invalid-option', `${what} "${twice}" is repeated`);
}

/** Segment sizes on the fitted rows, with what is odd about the columns and their cuts. */
function survey(
  model: GridModel,
  columns: readonly Float64Array[],
): { readonly sizes: readonly number[]; readonly warnings: readonly string[] } {
  const rows = columns[0]!.length;
  const warnings: string[] = [];
  const inputs = columns.map((values, a) => {
    const why = new Uint8Array(rows);
    let nulls = 0;
    for (let row = 0; row < rows; row++)
      if (values[row] !== values[row]) {
        why[row] = WHY.missing;
        nulls++;
      }
    if (nulls > 0)
      warnings.push(`"${model.axes[a]!.column}": ${nulls} of ${rows} rows are null and took no part in the cut`);
    return { values, codes: new Int32Array(0), why, clean: nulls === 0 };
  });
  // All axes write their level here, so that empty levels are seen.
  const axes = model.axes.map((axis, a) => ({ ...axis, as: String(a) }));
  const outputs = [model, ...axes].map(() => makeLane({ type: 'category' }, rows));
  bindGrid({ ...model, axes })(rows, inputs, outputs);
  axes.forEach(({ column, levels }, a) => {
    const sizes = countCodes(outputs[a + 1]!.codes, levels.length);
    const empty = levels.filter((_, code) => sizes[code] === 0);
    if (empty.length > 0) warnings.push(`"${column}": no row is ${empty.join(', ')}`);
  });
  return { sizes: countCodes(outputs[0]!.codes, model.segments.length), warnings };
}

function countCodes(codes: Int32Array, levels: number): readonly number[] {
  const counts = new Array<number>(levels).fill(0);
  for (const code of codes) if (code >= 0) counts[code]!++;
  return counts;
}
