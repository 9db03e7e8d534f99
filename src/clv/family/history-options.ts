import { fail } from '../../errors.ts';
import { checked, finite, oneOf, positive } from '../../model/checks.ts';
import { DAYS, type Field, type TimeUnit } from '../../model/field.ts';
import { list, names as namesOf, object } from '../../model/options.ts';
import { covariateColumns } from './covariates.ts';
import type { HistoryScoring } from './family.ts';
import type { HistoryColumns } from './history.ts';
import { type NameOf, type Quantity, type QuantityOutput, quantityField, quantityOf } from './quantities.ts';

/** Options that every buy-till-you-die estimator shares. */
export interface HistoryOptions<
  F extends string = string,
  R extends string = string,
  T extends string = string,
  Q extends readonly QuantityOutput[] = readonly QuantityOutput[],
  P extends string = string,
  Z extends string = string,
> extends HistoryColumns<F, R, T> {
  /** Unit of recency and T; the model's parameters and horizons are in it. */
  readonly unit: TimeUnit;
  /** Column of the number of customers a row stands for, whole and ≥ 0; needed for fitting only. Default: 1 each. */
  readonly weight?: string;
  /** The columns the model emits when it scores. Default: `[{ quantity: 'probabilityAlive' }]`. */
  readonly outputs?: Q;
  /**
   * Columns of time-invariant covariates by the process they act on, such as `{ purchase: ['Channel'], dropout: [] }`:
   * each a number, a category as 0/1 columns. A null leaves the row out of the fit and gives nulls.
   */
  readonly covariates?: { readonly [process: string]: readonly Z[] };
  /** Covariate columns with one coefficient in all processes that list them. */
  readonly equal?: readonly Z[];
  /**
   * Ridge on the coefficients by process: the fit maximises ln L − rows·Σ λ|γ|², as a penalty on the mean log-likelihood.
   */
  readonly ridge?: { readonly [process: string]: number };
  /**
   * Log-normal priors by parameter: ln θ ~ N(ln median, sd²), and the fit is the mode of the posterior of ln θ. Default:
   * none, maximum likelihood.
   */
  readonly priors?: { readonly [N in P]?: { readonly median: number; readonly sd: number } };
}

/** The keys of {@link HistoryOptions}, for `knownOptions`. */
export const HISTORY_KEYS = 'frequency recency T unit weight outputs covariates equal ridge priors';

/** The covariates of a fit before it has coefficients. */
export interface CovariateTerm {
  readonly process: string;
  readonly column: string;
  /** Terms of one group share their coefficient. */
  readonly group: string;
}

/** Outputs when none are chosen. */
export type DefaultOutputs = readonly [{ readonly quantity: 'probabilityAlive' }];

/** The parts of a model that follow from the options alone. */
export interface HistoryHead<In extends string, Out extends string> {
  readonly unit: TimeUnit;
  readonly weight: string | null;
  readonly inputs: readonly Field<In>[];
  readonly outputs: readonly Field<Out, 'number'>[];
  readonly quantities: readonly Quantity[];
  readonly terms: readonly CovariateTerm[];
  readonly ridge: { readonly [process: string]: number };
  readonly priors: { readonly [parameter: string]: { readonly median: number; readonly sd: number } };
}

/** Checks the options; `invalid-option` names what is wrong. */
export function historyHead<
  const F extends string = 'frequency',
  const R extends string = 'recency',
  const T extends string = 'T',
  const Q extends readonly QuantityOutput[] = DefaultOutputs,
  P extends string = string,
  const Z extends string = never,
>(
  scoring: HistoryScoring<string, P>,
  options: HistoryOptions<F, R, T, Q, P, Z>,
): HistoryHead<F | R | T | Z, NameOf<Q[number]>> {
  type In = F | R | T | Z;
  type Out = NameOf<Q[number]>;
  const {
    frequency = 'frequency',
    recency = 'recency',
    T = 'T',
    weight = null,
    outputs = [{ quantity: 'probabilityAlive' }],
  } = object(options, 'options');
  namesOf({ frequency, recency, T, ...(weight === null ? {} : { weight }) });
  const unit = checked('invalid-option', oneOf(...(Object.keys(DAYS) as TimeUnit[])), options.unit, 'unit');
  const columns = [frequency, recency, T] as In[];
  if (new Set(columns).size < 3)
    fail('invalid-option', `frequency, recency and T need three columns, got ${columns.join(', ')}`);
  if (list<QuantityOutput>(outputs, 'outputs').length === 0) fail('invalid-option', 'outputs: choose at least one');
  const quantities = outputs.map((output: QuantityOutput, k) => {
    const { as, ...q } = object(output, `outputs[${k}]`);
    if (as !== undefined) namesOf({ [`outputs[${k}].as`]: as });
    return checked('invalid-option', quantityOf(scoring), q, `outputs[${k}]`);
  });
  const names = outputs.map((q: QuantityOutput) => (q.as ?? q.quantity) as Out);
  const twice = names.find((name, k) => names.indexOf(name) < k || columns.includes(name as string as In));
  if (twice !== undefined) fail('output-taken', `outputs: the name "${twice}" is taken; rename one by "as"`);
  const [x, t, end] = columns as [In, In, In];
  const terms = covariateTerms(scoring, options);
  const taken = covariateColumns(terms).find((z) => [...columns, ...names].includes(z as In & Out));
  if (taken !== undefined) fail('invalid-option', `covariates: "${taken}" is a column or output of its own already`);
  if (weight !== null && [...columns, ...covariateColumns(terms), ...names].includes(weight as In & Out))
    fail('invalid-option', `weight: "${weight}" is a column or output of its own already`);
  return {
    unit,
    weight,
    inputs: [
      { name: x, type: 'number', unit: 'purchases' },
      { name: t, type: 'number', unit },
      { name: end, type: 'number', unit },
      ...covariateColumns(terms).map((name) => ({ name: name as In, type: 'number' as const })),
    ],
    terms,
    ridge: ridges(terms, options.ridge),
    priors: priorsOf(scoring, options.priors),
    outputs: quantities.map((q, k) => quantityField(q, names[k]!, unit)),
    quantities,
  };
}

/** Refuses columns that an earlier step states in another unit of time. */
export function checkUnits(head: HistoryHead<string, string>, upstream: readonly Field[] = []): void {
  for (const input of head.inputs.slice(1, 3)) {
    const stated = upstream.find((f) => f.name === input.name)?.unit;
    if (stated !== undefined && stated in DAYS && stated !== head.unit)
      fail(
        'horizon-mismatch',
        `column "${input.name}" is in ${stated}s, the model in ${head.unit}s: give the model the unit "${stated}", or make the column in ${head.unit}s`,
      );
  }
}

function covariateTerms(
  { kind, processes }: HistoryScoring,
  { covariates = {}, equal = [] }: HistoryOptions<string, string, string, readonly QuantityOutput[], string, string>,
): readonly CovariateTerm[] {
  const shared = list(equal, 'equal');
  const terms = Object.entries(object(covariates, 'covariates')).flatMap(([process, columns]) => {
    if (!processes.some(({ name }) => name === process))
      fail(
        'invalid-option',
        processes.length === 0
          ? `covariates: ${kind} takes none`
          : `covariates: no process "${process}" in ${kind}; it has ${processes.map(({ name }) => name).join(', ')}`,
      );
    return list(columns, `covariates.${process}`).map((column, k) => {
      namesOf({ [`covariates.${process}[${k}]`]: column });
      return { process, column, group: shared.includes(column) ? column : `${process}.${column}` };
    });
  });
  for (const [k, { process, column }] of terms.entries()) {
    const acts = processes.find(({ name }) => name === process)!.acts.map(({ parameter }) => parameter);
    for (const other of terms.slice(k + 1))
      if (
        other.column === column &&
        processes.find(({ name }) => name === other.process)!.acts.some(({ parameter }) => acts.includes(parameter))
      )
        fail(
          'invalid-option',
          `covariates: "${column}" acts twice on one parameter, by ${process} and ${other.process}`,
        );
  }
  for (const column of shared)
    if (terms.filter((term) => term.column === column).length < 2)
      fail('invalid-option', `equal: "${column}" must be a covariate of two processes`);
  return terms;
}

function ridges(
  terms: readonly CovariateTerm[],
  ridge: { readonly [process: string]: number } = {},
): { readonly [process: string]: number } {
  for (const [process, lambda] of Object.entries(object(ridge, 'ridge'))) {
    if (!terms.some((term) => term.process === process))
      fail('invalid-option', `ridge: process "${process}" has no covariates`);
    if (!(checked('invalid-option', finite, lambda, `ridge.${process}`) >= 0))
      fail('invalid-option', `ridge.${process}: ${lambda} is negative`);
  }
  return ridge;
}

function priorsOf(
  { kind, names }: HistoryScoring,
  priors: { readonly [parameter: string]: { readonly median: number; readonly sd: number } | undefined } = {},
): { readonly [parameter: string]: { readonly median: number; readonly sd: number } } {
  return Object.fromEntries(
    Object.entries(object(priors, 'priors')).map(([name, prior]) => {
      if (!names.includes(name))
        fail('invalid-option', `priors: no parameter "${name}" in ${kind}; it has ${names.join(', ')}`);
      const { median, sd } = object(prior!, `priors.${name}`);
      checked('invalid-option', positive, median, `priors.${name}.median`);
      checked('invalid-option', positive, sd, `priors.${name}.sd`);
      return [name, { median, sd }];
    }),
  );
}
