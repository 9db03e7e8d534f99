/// <reference path="./peers.d.ts" />

import LogisticRegression from 'ml-logistic-regression';
import { Matrix } from 'ml-matrix';
import { checkLabel } from '../churn/logistic/options.ts';
import { type LogisticModel, logisticKind } from '../churn/logistic-kind.ts';
import { type ChurnLabel, refuseLabel } from '../churn/logistic-regression.ts';
import { fail } from '../errors.ts';
import type { Estimator } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, names } from '../model/options.ts';
import { exp, log, log1p } from '../numerics/elementary.ts';
import { sigmoid } from '../numerics/sigmoid.ts';
import { buildDesign, type Design, usableRows } from '../regression/design.ts';
import { type Feature, normaliseFeatures, readFeatures } from '../regression/feature.ts';
import { outcome, twoClasses } from '../regression/outcome.ts';
import { quoted } from '../regression/quoted.ts';
import { BASELINE, bareCoefficients, churnWeights } from './import-ml-logistic-regression.ts';
import { plainJson } from './peer-json.ts';
import { checkTrainingRows, type TrainingRowOptions, trainingRows } from './training-rows.ts';

export interface MlLogisticOptions<F extends string, O extends string> extends TrainingRowOptions {
  readonly label: ChurnLabel;
  /** Number and category columns; a bare name takes the defaults of {@link Feature}. */
  readonly features: readonly (F | Feature<F>)[];
  /** Steps of the descent, all of which are taken. Default 1000 (50,000 in the package itself). */
  readonly numSteps?: number;
  /**
   * Step length on the summed gradient. Default 4/(rows·(columns + 1)), with which no step overshoots on standardised
   * columns, however they correlate.
   */
  readonly learningRate?: number;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

/** Largest element of the mean gradient with which the descent counts as ended. */
const CONVERGED = 1e-6;

/**
 * A logistic regression of churn that ml-logistic-regression trains and this library scores: a baseline for
 * `logisticRegression`. Columns are standardised, categories become 0/1 columns against a reference level, and an intercept
 * is added, since the package does none of these; the weights are folded back to raw columns. It takes a fixed number of
 * steps of gradient descent, knows neither standard errors nor weights nor nulls, and by default trains on no more than
 * 2,000 rows. `fit.gradientNorm` tells how far from the maximum of the likelihood it ended, `fit.status` 'converged' that it
 * is below 1e-6. It computes with `Math.exp`: the last bits of a model depend on the JavaScript engine.
 *
 * @throws one-class when the label has one class only; label-as-feature; all-null; unknown-column; invalid-option; invalid-value
 * when a learning rate lets the descent overflow.
 * @example
 * const model = mlLogisticRegression({
 *   label: { column: 'left', churned: 'yes', horizon: null },
 *   features: ['plan'],
 * }).fit({ left: ['yes', 'no', 'no', 'no', 'yes', 'no'], plan: ['a', 'a', 'a', 'b', 'b', 'b'] });
 * model.fit.baseRate; // 0.3333333333333333
 */
export function mlLogisticRegression<const F extends string, const O extends string = 'churnProbability'>(
  options: MlLogisticOptions<F, O>,
): Estimator<LogisticModel<F, O>> {
  const {
    label,
    numSteps = 1000,
    learningRate,
    as = 'churnProbability' as O,
  } = knownOptions(options, 'mlLogisticRegression', 'label features numSteps learningRate as maxRows seed');
  checkLabel(label);
  names({ as });
  if (!(Number.isSafeInteger(numSteps) && numSteps >= 1))
    fail('invalid-option', `invalid numSteps: ${numSteps}; use a whole number of at least 1`);
  if (learningRate !== undefined && !(learningRate > 0 && Number.isFinite(learningRate)))
    fail('invalid-option', `invalid learningRate: ${learningRate}; use a number above 0`);
  const limits = checkTrainingRows(options);
  const features = normaliseFeatures(options.features);
  refuseLabel(features, label.column);
  return {
    kind: logisticKind,
    labels: [label.column],
    targets: [{ output: as, actual: (data) => outcome(data, label.column, label.churned) }],
    fit(data) {
      const y = twoClasses(data, label.column, label.churned);
      const labelled = (row: number): boolean => y[row] === y[row];
      const read = readFeatures(data, features, labelled);
      const { rows, warnings } = trainingRows(y, usableRows(read, y.length, labelled), label.column, limits);
      const design = buildDesign(read, rows);
      const matrix = standardised(design);
      const own = Float64Array.from(rows, (row) => y[row]!);
      const rate = learningRate ?? 4 / (rows.length * (design.width + 1));
      const peer = new LogisticRegression({ numSteps, learningRate: rate });
      peer.train(new Matrix(matrix.cells), Matrix.columnVector(Array.from(own)));
      const weights = trained(peer, design.width + 1);
      const { logLikelihood, gradientNorm } = descentEnd(matrix.cells, own, weights);
      const { beta, intercept } = unscaled(design, matrix, weights);
      const part = { intercept, terms: design.terms(beta), groups: [] };
      const inputs = read.map(({ field }) => field as Field<F>);
      const events = own.reduce((sum, v) => sum + v, 0);
      const baseRate = events / own.length;
      const status = gradientNorm <= CONVERGED ? 'converged' : 'iteration-limit';
      const unused = [...design.constant, ...design.empty];
      return {
        kind: 'logisticRegression',
        version: 1,
        inputs,
        outputs: [{ name: as, type: 'number', horizon: label.horizon, explained: 'log-odds' }],
        ...part,
        fit: {
          status,
          rows: own.length,
          warnings: [
            ...warnings,
            ...(unused.length > 0 ? [`left out with weight 0 – constant: ${quoted(unused)}`] : []),
            ...(status === 'converged'
              ? []
              : [
                  `the descent ended after ${numSteps} steps short of the maximum of the likelihood, with a gradient norm of ${gradientNorm.toPrecision(3)}: signs and sizes of weights may be wrong; raise numSteps`,
                ]),
            BASELINE,
          ],
          logLikelihood,
          nullLogLikelihood: events * log(baseRate) + (own.length - events) * log(1 - baseRate),
          deviance: -2 * logLikelihood,
          aic: -2 * logLikelihood + 2 * (design.width + 1),
          iterations: numSteps,
          gradientNorm,
          baseRate,
          coefficients: bareCoefficients(part, inputs),
          vif: inputs.map(({ name }) => ({ column: name, vif: null })),
          errors: { method: 'none', factor: 1, reason: 'the package computes none, and need not end at the maximum' },
        },
      };
    },
  };
}

interface Standardised {
  /** Rows of the peer's matrix: the columns of the design, then 1. */
  readonly cells: number[][];
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

/** The design with every column, 0/1 columns too, at mean 0 and variance 1: a fixed step suits all of them alike. */
function standardised(design: Design): Standardised {
  const { rows, width } = design;
  const columns = Array.from({ length: width }, () => new Float64Array(rows));
  design.fill(0, rows, columns);
  const means = Float64Array.from(columns, (column) => column.reduce((sum, x) => sum + x, 0) / rows);
  const scales = Float64Array.from(columns, (column, j) => {
    const variance = column.reduce((sum, x) => sum + (x - means[j]!) ** 2, 0) / rows;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  const cells = Array.from({ length: rows }, (_, i) => [
    ...columns.map((column, j) => (column[i]! - means[j]!) / scales[j]!),
    1,
  ]);
  return { cells, means, scales };
}

function trained(peer: LogisticRegression, columns: number): readonly number[] {
  try {
    return churnWeights(plainJson(peer, 'ml-logistic-regression'), 1, columns);
  } catch {
    return fail('invalid-value', 'the descent of ml-logistic-regression overflowed: use a smaller learningRate');
  }
}

/** Back to the scaled columns of the design, and the intercept of the raw columns. */
function unscaled(
  design: Design,
  { means, scales }: Standardised,
  weights: readonly number[],
): { readonly beta: Float64Array; readonly intercept: number } {
  const beta = Float64Array.from(design.columns, (_, j) => weights[j]! / scales[j]!);
  const intercept = design.columns.reduce(
    (total, { mean, scale }, j) => total - beta[j]! * (means[j]! + mean / scale),
    weights[design.width]!,
  );
  return { beta, intercept: intercept + 0 };
}

/** Log-likelihood Σ ln P(y), and the largest element of Σ (y − p)·x over the rows. */
function descentEnd(
  cells: readonly (readonly number[])[],
  y: Float64Array,
  weights: readonly number[],
): { readonly logLikelihood: number; readonly gradientNorm: number } {
  const gradient = new Float64Array(weights.length);
  let logLikelihood = 0;
  cells.forEach((row, i) => {
    const z = row.reduce((sum, x, j) => sum + x * weights[j]!, 0);
    // ln P of what happened is −ln(1 + e^−z) for an event, with −z for z otherwise.
    const against = y[i] === 1 ? -z : z;
    logLikelihood -= Math.max(against, 0) + log1p(exp(-Math.abs(against)));
    const rest = y[i]! - sigmoid(z);
    row.forEach((x, j) => {
      gradient[j] = gradient[j]! + rest * x;
    });
  });
  const gradientNorm = gradient.reduce((most, g) => Math.max(most, Math.abs(g) / y.length), 0);
  return { logLikelihood, gradientNorm };
}
