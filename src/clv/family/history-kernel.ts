import { readNumbers } from '../../columns/index.ts';
import { heldCells, settleCells } from '../../columns/input-lane.ts';
import { blankNulls, carryWhy, setNull } from '../../kernels/nulls.ts';
import { type Called, scratchAt, type WasmKernels } from '../../kernels/wasm/registry.ts';
import { type Columns, type Lane, WHY } from '../../model/batch.ts';
import type { Kernel, StepCost } from '../../model/contract.ts';
import type { TimeUnit } from '../../model/field.ts';
import { type Covariate, covariateColumns, parametersAt, processOf } from './covariates.ts';
import type { HistoryBlock, HistoryScoring, Parameters, Posterior } from './family.ts';
import { isHistory } from './history.ts';
import type { Quantity } from './quantities.ts';

/** A stored model as the kernel needs it. */
type Scored<P extends string> = Parameters<P> & {
  readonly unit: TimeUnit;
  readonly covariates?: readonly Covariate[];
};

/** What is resolved once for customers who share their parameters. */
export interface Bound<P extends string = string> {
  readonly parameters: Parameters<P>;
  readonly posterior: Posterior;
  readonly given: readonly (((x: number, T: number, recency: number) => number) | null)[];
}

/** Most customers have few distinct covariates; with more than this the oldest are worked out again. */
const KEPT = 4096;

/**
 * The parameters, posterior and quantities of row i, by the covariate columns `z`. Rows with equal covariates share
 * them. Tables are built only where every customer has the same parameters, so the bits never depend on the neighbours.
 */
export function boundRows<P extends string>(
  scoring: HistoryScoring<string, P>,
  model: Scored<P>,
  quantities: readonly Quantity[],
): (z: readonly Float64Array[], i: number) => Bound<P> {
  const { covariates = [], unit } = model;
  const bind = (parameters: Parameters<P>, tables: boolean): Bound<P> => {
    const posterior = scoring.posterior(parameters, unit, tables);
    return { parameters, posterior, given: quantities.map((q) => posterior.given(q)) };
  };
  if (covariates.length === 0) {
    const only = bind(model, true);
    return () => only;
  }
  for (const { process } of covariates) processOf(scoring, process);
  const width = covariateColumns(covariates).length;
  const values = new Float64Array(width);
  type Branch = Map<number, Branch | Bound<P>>;
  let root: Branch = new Map();
  let kept = 0;
  return (z, i) => {
    let branch = root;
    for (let k = 0; k < width - 1; k++) {
      values[k] = z[k]![i]!;
      let next = branch.get(values[k]!) as Branch | undefined;
      if (next === undefined) {
        next = new Map();
        branch.set(values[k]!, next);
      }
      branch = next;
    }
    values[width - 1] = z[width - 1]![i]!;
    let bound = branch.get(values[width - 1]!) as Bound<P> | undefined;
    if (bound === undefined) {
      bound = bind(parametersAt(scoring, model, covariates, values), false);
      if (++kept > KEPT) {
        root = new Map();
        kept = 0;
      } else branch.set(values[width - 1]!, bound);
    }
    return bound;
  };
}

/** A kernel over the lanes frequency, recency, T and covariates, with one output lane per quantity. */
export function historyKernel<P extends string>(
  scoring: HistoryScoring<string, P>,
  model: Scored<P> & { readonly quantities: readonly Quantity[] },
): Kernel {
  const boundOf = boundRows(scoring, model, model.quantities);
  if ((model.covariates ?? []).length === 0) {
    const { posterior } = boundOf([], 0);
    if (posterior.bulk !== undefined) return bulkKernel(scoring, posterior.bulk, model.quantities);
  }
  let alive = new Float64Array(0);
  return (rows, inputs, outputs) => {
    const x = inputs[0]!.values as Float64Array;
    const recency = inputs[1]!.values as Float64Array;
    const T = inputs[2]!.values as Float64Array;
    const z = inputs.slice(3).map((lane) => lane.values as Float64Array);
    const known = (i: number): boolean => {
      for (let k = 3; k < inputs.length; k++) if (inputs[k]!.why[i] !== WHY.valid) return false;
      return true;
    };
    if (alive.length < rows) alive = new Float64Array(rows);
    for (let i = 0; i < rows; i++)
      alive[i] =
        isHistory(x[i]!, recency[i]!, T[i]!, scoring.discrete) && known(i)
          ? boundOf(z, i).posterior.alive(x[i]!, recency[i]!, T[i]!)
          : Number.NaN;
    for (let k = 0; k < model.quantities.length; k++) {
      const output = outputs[k]!;
      for (let i = 0; i < rows; i++) {
        const p = alive[i]!;
        const given = p > 0 ? boundOf(z, i).given[k]! : null;
        output.values[i] = given === null ? p : p * given(x[i]!, T[i]!, recency[i]!);
      }
      finish(rows, inputs, output, alive);
    }
  };
}

/** Which way {@link historyKernel} took. */
export function historyCost({ covariates = [] }: Scored<string>, called: Called): StepCost {
  if (called.has('betaGeometricAlive') || called.has('quietOdds') || called.has('patchCells'))
    return {
      path: 'wasm',
      kernel: 'SIMD P(alive) and piecewise polynomials',
      why: 'all customers share their parameters; cells without a polynomial are asked of the exact functions',
    };
  return {
    path: 'typescript',
    kernel: 'customer by customer',
    why:
      covariates.length > 0
        ? 'parameters differ with the covariates, so that customers share no tables'
        : 'the family has no functions in bulk',
  };
}

/** Room for a block: the histories, P(alive) and a column in between. */
const ROOMS = 5;

/** The same where all customers share their parameters and the family has its functions in bulk. */
function bulkKernel(
  scoring: HistoryScoring,
  bulk: NonNullable<Posterior['bulk']>,
  quantities: readonly Quantity[],
): Kernel {
  const given = quantities.map((q) => bulk.given(q));
  let own = Array.from({ length: ROOMS }, () => new Float64Array(0));
  return (rows, inputs, outputs) => {
    if (rows === 0) return;
    const scratch = outputs.length === 0 ? undefined : scratchAt(outputs[0]!.values.buffer);
    const mark = scratch?.mark() ?? 0;
    let rooms = scratch === undefined ? own : own.map(() => scratch.numbers());
    if (rooms.some(({ buffer, length }) => length < rows || buffer !== outputs[0]?.values.buffer)) {
      if (own[0]!.length < rows) own = own.map(() => new Float64Array(rows));
      rooms = own;
    }
    const [x0, recency0, T0, alive, room] = rooms as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const block: HistoryBlock = { x: x0, recency: recency0, T: T0, room };
    const kernels = rooms === own ? undefined : scratch?.kernels;
    const wrong =
      !(kernels !== undefined && !scoring.discrete && copyHistories(rows, inputs, block, kernels)) &&
      takeHistories(rows, inputs, block, scoring.discrete);
    bulk.alive(rows, block, alive);
    if (wrong) blankHistories(rows, inputs, alive, scoring.discrete);
    for (let k = 0; k < quantities.length; k++) {
      const output = outputs[k]!;
      const values = output.values as Float64Array;
      const each = given[k]!;
      if (each === null) values.set(alive.subarray(0, rows));
      else {
        each(rows, block, values);
        if (kernels !== undefined && values.buffer === alive.buffer)
          kernels.timesAlive(alive.byteOffset, values.byteOffset, rows);
        else for (let i = 0; i < rows; i++) values[i] = alive[i]! > 0 ? alive[i]! * values[i]! : alive[i]!;
      }
      finish(rows, inputs, output, wrong ? alive : null);
    }
    scratch?.release(mark);
  };
}

/** Copies histories as they are; false when one of them cannot be. Those that can are finite. */
function copyHistories(rows: number, inputs: readonly Lane[], into: HistoryBlock, kernels: WasmKernels): boolean {
  const { x, recency, T } = into;
  copyCells(rows, inputs[0]!, x);
  copyCells(rows, inputs[1]!, recency);
  copyCells(rows, inputs[2]!, T);
  if (kernels.areHistories(x.byteOffset, recency.byteOffset, T.byteOffset, rows) !== 1) return false;
  for (let c = 0; c < 3; c++) settleCells(inputs[c]!);
  return true;
}

function copyCells(rows: number, lane: Lane, to: Float64Array): void {
  const cells = heldCells(lane) ?? lane.values;
  to.set(cells.length > rows ? cells.subarray(0, rows) : cells);
}

/** Copies histories, with a new customer for each that cannot be; whether there was one. */
function takeHistories(
  rows: number,
  inputs: readonly Lane[],
  into: HistoryBlock,
  discrete: boolean | undefined,
): boolean {
  const [x, recency, T] = [inputs[0]!.values, inputs[1]!.values, inputs[2]!.values];
  const { x: x0, recency: recency0, T: T0 } = into;
  let wrong = false;
  for (let i = 0; i < rows; i++) {
    const can = isHistory(x[i]!, recency[i]!, T[i]!, discrete);
    if (!can) wrong = true;
    x0[i] = can ? x[i]! : 0;
    recency0[i] = can ? recency[i]! : 0;
    T0[i] = can ? T[i]! : 0;
  }
  return wrong;
}

function blankHistories(
  rows: number,
  inputs: readonly Lane[],
  alive: Float64Array,
  discrete: boolean | undefined,
): void {
  const [x, recency, T] = [inputs[0]!.values, inputs[1]!.values, inputs[2]!.values];
  for (let i = 0; i < rows; i++) if (!isHistory(x[i]!, recency[i]!, T[i]!, discrete)) alive[i] = Number.NaN;
}

/** Nulls of an output: those of the inputs, then the histories that cannot be, where `alive` is NaN. */
function finish(rows: number, inputs: readonly Lane[], output: Lane, alive: Float64Array | null): void {
  carryWhy(rows, inputs, output);
  if (alive !== null)
    for (let i = 0; i < rows; i++)
      if (alive[i] !== alive[i] && output.why[i] === WHY.valid) setNull(output, i, WHY.inconsistentHistory);
  blankNulls(rows, output);
}

/** One figure for every row of a batch: NaN where a cell is null or the history cannot be. */
export function eachHistory<P extends string>(
  scoring: HistoryScoring<string, P>,
  model: Scored<P> & { readonly inputs: readonly { readonly name: string }[] },
  batch: Columns,
  quantities: readonly Quantity[],
  value: (bound: Bound<P>, x: number, recency: number, T: number, row: number) => number,
): Float64Array {
  const boundOf = boundRows(scoring, model, quantities);
  const [x, recency, T, ...z] = model.inputs.map(({ name }) => readNumbers(batch, name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  return x.map((n, i) =>
    isHistory(n, recency[i]!, T[i]!, scoring.discrete) && z.every((column) => Number.isFinite(column[i]!))
      ? value(boundOf(z, i), n, recency[i]!, T[i]!, i)
      : Number.NaN,
  );
}
