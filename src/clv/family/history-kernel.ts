import { readNumbers } from '../../columns/index.ts';
import { blankNulls, carryWhy, setNull } from '../../kernels/nulls.ts';
import { type Columns, WHY } from '../../model/batch.ts';
import type { Kernel } from '../../model/contract.ts';
import type { TimeUnit } from '../../model/field.ts';
import { type Covariate, covariateColumns, parametersAt, processOf } from './covariates.ts';
import type { HistoryScoring, Parameters, Posterior } from './family.ts';
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
  const shared = (model.covariates ?? []).length === 0 ? boundOf([], 0) : null;
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
        isHistory(x[i]!, recency[i]!, T[i]!, scoring.discrete) && (shared !== null || known(i))
          ? (shared ?? boundOf(z, i)).posterior.alive(x[i]!, recency[i]!, T[i]!)
          : Number.NaN;
    for (let k = 0; k < model.quantities.length; k++) {
      const output = outputs[k]!;
      carryWhy(rows, inputs, output);
      const same = shared?.given[k];
      for (let i = 0; i < rows; i++) {
        const p = alive[i]!;
        const given = same === undefined && p > 0 ? boundOf(z, i).given[k]! : same;
        output.values[i] = !given || !(p > 0) ? p : p * given(x[i]!, T[i]!, recency[i]!);
        if (p !== p && output.why[i] === WHY.valid) setNull(output, i, WHY.inconsistentHistory);
      }
      blankNulls(rows, output);
    }
  };
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
