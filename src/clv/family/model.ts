import { fail } from '../../errors.ts';
import {
  type Check,
  either,
  field,
  fields,
  finite,
  fitReport,
  listOf,
  modelHead,
  oneOf,
  optional,
  record,
  text,
  within,
} from '../../model/checks.ts';
import type { Kind, ModelBase } from '../../model/contract.ts';
import { DAYS, type Field, type TimeUnit } from '../../model/field.ts';
import type { LikelihoodFit } from '../fit-report.ts';
import { type Covariate, covariateColumns } from './covariates.ts';
import type { HistoryScoring, Parameters } from './family.ts';
import { historyCost, historyKernel } from './history-kernel.ts';
import { type Quantity, quantityField, quantityOf } from './quantities.ts';

/** How the fit of a buy-till-you-die model ended. Coefficients of covariates are named `process.column`. */
export interface HistoryFit<P extends string = string> extends LikelihoodFit<P> {
  /** Distinct histories (x, t_x, T) and covariates: the rows the likelihood is summed over. */
  readonly distinctRows: number;
  /** The limiting model at a boundary, in words. */
  readonly limit?: string;
  /** ln L plus the log densities of the priors and ridges, where there are any. */
  readonly logPosterior?: number;
}

/** A fitted buy-till-you-die model: its parameters by name, in its own unit of time. */
export type HistoryModel<
  K extends string = string,
  P extends string = string,
  In extends string = string,
  Out extends string = string,
> = ModelBase<K, In, Field<Out, 'number'>> &
  Parameters<P> & {
    /** Unit of recency, T, times among the parameters and every horizon. */
    readonly unit: TimeUnit;
    /** What each output is, in the order of `outputs`. */
    readonly quantities: readonly Quantity[];
    readonly covariates?: readonly Covariate[];
    readonly fit: HistoryFit<P>;
  };

/** As far as a search goes, at a limit of the parameters too: e^±60 about the mean T. */
export const reached: Check<number> = within(1e-40, 1e40);
export const zeroOrReached: Check<number> = either(oneOf(0), reached, '0 or a number in [1e-40, 1e40]');

/** Reads and scores the models of a family; nothing of fitting. */
export function historyKind<K extends string, P extends string>(
  scoring: HistoryScoring<K, P>,
): Kind<HistoryModel<K, P>> {
  const shape = record({
    ...modelHead(scoring.kind, scoring.version),
    inputs: (json: unknown, path: string) => fields<Field<string, 'number'>>(json, path),
    outputs: (json: unknown, path: string) => fields<Field<string, 'number'>>(json, path),
    unit: oneOf(...(Object.keys(DAYS) as TimeUnit[])),
    ...scoring.checks,
    ...scoring.settings,
    quantities: listOf(quantityOf(scoring)),
    covariates: optional(
      listOf(
        record({ process: oneOf(...scoring.processes.map(({ name }) => name)), column: text, coefficient: finite }),
      ),
    ),
    fit: (json: unknown, path: string) => fitReport<HistoryFit<P>>(json, path),
  });
  return {
    kind: scoring.kind,
    version: scoring.version,
    parse(json: unknown, path: string): HistoryModel<K, P> {
      const model = shape(json, path) as unknown as HistoryModel<K, P>;
      checkHistoryFields(model, path);
      return model;
    },
    bind: (model: HistoryModel<K, P>) => historyKernel(scoring, model),
    cost: historyCost,
  } as unknown as Kind<HistoryModel<K, P>>;
}

/** The inputs are frequency, recency, T and the covariates; each output is the field of its quantity. */
export function checkHistoryFields(
  model: Pick<HistoryModel, 'inputs' | 'outputs' | 'quantities' | 'unit' | 'covariates'>,
  path: string,
): void {
  const { inputs, outputs, quantities, unit, covariates = [] } = model;
  const columns = covariateColumns(covariates);
  if (inputs.length !== 3 + columns.length || inputs.some((f) => f.type !== 'number'))
    fail('invalid-model', `${path}.inputs: expected numbers: frequency, recency, T and ${columns.length} covariates`);
  columns.forEach((column, k) => {
    if (inputs[3 + k]!.name !== column) fail('invalid-model', `${path}.inputs[${3 + k}]: expected "${column}"`);
  });
  if (outputs.length !== quantities.length || outputs.length === 0)
    fail('invalid-model', `${path}.outputs: ${outputs.length} for ${quantities.length} quantities`);
  outputs.forEach((output, k) => {
    const wanted = field(quantityField(quantities[k]!, output.name, unit), path);
    if (JSON.stringify(output) !== JSON.stringify(wanted))
      fail('invalid-model', `${path}.outputs[${k}]: not the field of its quantity, ${JSON.stringify(wanted)}`);
  });
}
