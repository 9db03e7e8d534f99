import type { ProbabilityField } from '../churn/logistic-kind.ts';
import { fail } from '../errors.ts';
import type { LinearPart, LinearTerm } from '../kernels/linear.ts';
import { checked, finite, listOf, nullable, span, whole } from '../model/checks.ts';
import type { FitReport, ModelBase } from '../model/contract.ts';
import type { Field, Span } from '../model/field.ts';
import { knownOptions, names } from '../model/options.ts';
import type { Coefficient } from '../regression/report.ts';
import { type MatrixLayout, type MlLevels, type MlScaled, matrixLayout } from './ml-feature.ts';
import { anyObject, plainJson } from './peer-json.ts';

export interface ImportMlLogisticOptions<F extends string, O extends string> {
  /** What the columns of the matrix held that the peer was trained on, in their order. */
  readonly features: readonly (F | MlLevels<F> | MlScaled<F>)[];
  /** Where the matrix had a further column of ones, without which there is no intercept. Default `'none'`. */
  readonly intercept?: 'none' | 'first' | 'last';
  /** The class of those who left. Default 1. */
  readonly churned?: number;
  /** Time within which they left; null when it is not known. */
  readonly horizon: Span | null;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/** What can be told of a logistic regression without the rows it was trained on. */
export interface ImportedLogisticReport extends FitReport {
  /** Estimates on the raw columns; the peer knows no errors. */
  readonly coefficients: readonly Coefficient[];
}

/** A `logisticRegression` model that was read from the peer's file. */
export interface ImportedLogisticModel<F extends string = string, O extends string = string>
  extends ModelBase<'logisticRegression', F, ProbabilityField<O>>,
    LinearPart {
  readonly fit: ImportedLogisticReport;
}

/**
 * The JSON of ml-logistic-regression as a `logisticRegression` model on raw columns: P = 1 − testScores of the churned
 * class's own classifier, since that package labels the class itself 0 and all others 1. Scalings and one-hot
 * columns are folded into the weights. A null gives null; a level that is not listed counts as the
 * reference, all of whose columns are 0.
 *
 * @param peer what `toJSON()` of the trained `LogisticRegression` returns, or the JSON text of it.
 * @throws invalid-model with the place of the fault; invalid-option.
 * @example
 * const json = {
 *   name: 'LogisticRegression',
 *   numberClasses: 2,
 *   classifiers: [{ weights: [[0.5, 2]] }, { weights: [[-0.5, -2]] }],
 * };
 * importMlLogisticRegression(json, { features: ['tenure'], intercept: 'last', horizon: null }).intercept; // 2
 */
export function importMlLogisticRegression<const F extends string, const O extends string = 'churnProbability'>(
  peer: unknown,
  options: ImportMlLogisticOptions<F, O>,
): ImportedLogisticModel<F, O> {
  const {
    intercept = 'none',
    churned = 1,
    horizon,
    as = 'churnProbability' as O,
  } = knownOptions(options, 'importMlLogisticRegression', 'features intercept churned horizon as');
  const layout = matrixLayout(options.features);
  checked('invalid-option', nullable(span), horizon, 'horizon');
  checked('invalid-option', whole(), churned, 'churned');
  names({ as });
  if (!['none', 'first', 'last'].includes(intercept))
    fail('invalid-option', `invalid intercept: ${String(intercept)}; use "none", "first" or "last"`);
  const count = layout.columns.length + (intercept === 'none' ? 0 : 1);
  const weights = churnWeights(plainJson(peer, 'ml-logistic-regression'), churned, count);
  const part =
    intercept === 'none'
      ? linearPartOf(layout, weights, 0)
      : intercept === 'first'
        ? linearPartOf(layout, weights.slice(1), weights[0]!)
        : linearPartOf(layout, weights, weights[count - 1]!);
  return {
    kind: 'logisticRegression',
    version: 1,
    inputs: layout.inputs as readonly Field<F>[],
    outputs: [{ name: as, type: 'number', horizon, explained: 'log-odds' }],
    ...part,
    fit: {
      status: 'iteration-limit',
      rows: 0,
      warnings: [
        'imported from ml-logistic-regression: how many rows it was trained on and whether its descent came to an end is not in the file',
        BASELINE,
      ],
      coefficients: bareCoefficients(part, layout.inputs),
    },
  };
}

/** Said of every model that came from this peer. */
export const BASELINE = 'a baseline: fixed-step gradient descent, without standard errors';

/** Weights of P(churned), one per column of the matrix. */
export function churnWeights(json: unknown, churned: number, columns: number): readonly number[] {
  const at = 'ml-logistic-regression';
  const { name, numberClasses, classifiers } = anyObject(json, at);
  if (name !== 'LogisticRegression')
    fail('invalid-model', `${at}.name: expected "LogisticRegression", got ${JSON.stringify(name)}`);
  const classes = whole(1)(numberClasses, `${at}.numberClasses`);
  const own = listOf(anyObject, classes)(classifiers, `${at}.classifiers`)[churned];
  if (own === undefined) return fail('invalid-option', `invalid churned: ${churned}; the file has ${classes} classes`);
  const path = `${at}.classifiers[${churned}].weights`;
  if (own.weights === null || own.weights === undefined)
    fail('invalid-model', `${path}: missing: the peer has not been trained`);
  const row = listOf(listOf(finite), 1)(own.weights, path)[0]!;
  if (row.length !== columns)
    fail('invalid-model', `${path}[0]: ${row.length} weights, but features and intercept make ${columns} columns`);
  return row.map((weight) => -weight);
}

function linearPartOf({ inputs, columns }: MatrixLayout, weights: readonly number[], start: number): LinearPart {
  const path = 'ml-logistic-regression: the weight on the raw column';
  const terms = inputs.map((field, input): LinearTerm => {
    const column = field.name;
    if (field.type === 'category') {
      const own = new Array<number>(field.levels!.length).fill(0);
      columns.forEach((c, j) => {
        if (c.input === input) own[c.level] = weights[j]! + 0;
      });
      return { column, weights: own, missing: null, unseen: 0, centre: 0 };
    }
    const j = columns.findIndex((c) => c.input === input);
    const { mean, scale } = columns[j]!;
    const weight = finite(weights[j]! / scale + 0, `${path} "${column}"`);
    return { column, weight, missing: null, centre: finite(weight * mean + 0, `${path} "${column}" times its mean`) };
  });
  const intercept = columns.reduce((total, { mean, scale }, j) => total - (weights[j]! * mean) / scale, start);
  return { intercept: finite(intercept + 0, 'ml-logistic-regression: the intercept'), terms, groups: [] };
}

/** The estimates of a linear part; nothing else is known of them. */
export function bareCoefficients({ intercept, terms }: LinearPart, inputs: readonly Field[]): readonly Coefficient[] {
  const unknown = { standardError: null, robustError: null, z: null, pValue: null, oddsRatio: null, vif: null };
  return [
    { name: '(intercept)', estimate: intercept, ...unknown },
    ...terms.flatMap((term, k) =>
      'weights' in term
        ? term.weights.map((estimate, code) => ({
            name: `${term.column}=${inputs[k]!.levels![code]}`,
            estimate,
            ...unknown,
          }))
        : [{ name: term.column, estimate: term.weight, ...unknown }],
    ),
  ];
}
