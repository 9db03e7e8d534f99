import type { FitReport } from '../model/contract.ts';
import { exp } from '../numerics/elementary.ts';
import { normalCdf } from '../numerics/normal.ts';
import { type Collinearity, collinearity } from './collinearity.ts';
import type { DesignColumn } from './design.ts';
import type { NewtonFit } from './newton.ts';
import { quoted } from './quoted.ts';

/** One row of the table of coefficients, on the scale of the raw columns. Null: not defined, as for a separated column. */
export interface Coefficient {
  /** `(intercept)`, `tenure`, `Contract=One year`. */
  readonly name: string;
  readonly estimate: number;
  /** From the inverse of the (penalised) information, or as {@link LogisticReport.errors} says. */
  readonly standardError: number | null;
  /**
   * Sandwich estimate, which holds when the model does not (White 1980): HC0, or the one asked for; null where it is not
   * computed.
   */
  readonly robustError: number | null;
  /** Wald: estimate over standard error. */
  readonly z: number | null;
  /** Two-sided, normal. */
  readonly pValue: number | null;
  /** e^estimate. */
  readonly oddsRatio: number | null;
  /** Variance inflation by the other columns. */
  readonly vif: number | null;
}

/** What a logistic fit tells about itself. */
export interface LogisticReport extends FitReport {
  readonly logLikelihood: number;
  /** Of the model with an intercept alone. */
  readonly nullLogLikelihood: number;
  /** −2 log-likelihood. */
  readonly deviance: number;
  /** deviance + 2·(coefficients in use). */
  readonly aic: number;
  readonly iterations: number;
  /** Largest element of the gradient over the sum of weights, on scaled columns. */
  readonly gradientNorm: number;
  /** Share of events among the rows used, weighted. */
  readonly baseRate: number;
  readonly coefficients: readonly Coefficient[];
  /** Generalised variance inflation per feature, GVIF^(1/columns). */
  readonly vif: readonly { readonly column: string; readonly vif: number | null }[];
  /** Sum of the observation weights, when there are any: the number of observations that the log-likelihood counts. */
  readonly totalWeight?: number;
  /** How the standard errors were found. Absent: from the information. */
  readonly errors?: ErrorReport;
  /** The penalty that the coefficients were fitted under. Absent: none, or one that an older version did not write down. */
  readonly penalty?: PenaltyReport;
  /** Class weights, and what the intercept was moved by to undo them. */
  readonly classWeight?: ClassWeightReport;
  /** Column of known log-odds that the predictor begins with; `scored`: it is an input of the model. */
  readonly offset?: { readonly column: string; readonly scored: boolean };
  /** Kept when asked for, unless the fit is not identified. */
  readonly covariance?: CoefficientCovariance;
}

/**
 * Covariance of the weights of a design whose first column is 1 and whose others are `(x − mean)/scale`: centred, so that
 * the variance of a predictor does not cancel.
 */
export interface CoefficientCovariance {
  /** In the order of `coefficients`, without the intercept. `feature` is an input; `code` a level of it, −1 its nulls, null the number itself. */
  readonly columns: readonly {
    readonly feature: number;
    readonly code: number | null;
    readonly mean: number;
    readonly scale: number;
  }[];
  /** Lower triangle by rows, the intercept first. */
  readonly lower: readonly number[];
}

/** How the standard errors of a logistic fit were found. */
export interface ErrorReport {
  /**
   * `model`: inverse information. `HC0`: sandwich; `HC1`: times n/(n − k). `cluster`: sandwich of the sums over clusters, times
   * G/(G − 1). `none`: there are none, for the stated reason.
   */
  readonly method: 'model' | 'HC0' | 'HC1' | 'cluster' | 'none';
  /** What the variances of the plain sandwich were multiplied by. */
  readonly factor: number;
  readonly cluster?: { readonly column: string; readonly clusters: number };
  readonly reason?: string;
}

/** The penalty `l1·Σ|w| + (l2/2)·Σw²` on Σ logloss; equal to `Σweights·lambda·(mix·Σ|w| + (1 − mix)/2·Σw²)`. */
export interface PenaltyReport {
  readonly l1: number;
  readonly l2: number;
  readonly lambda: number;
  readonly mix: number;
  /** Whether it applied to columns divided by their standard deviation. */
  readonly standardised: boolean;
  /** Coefficients that are not 0, the intercept aside. */
  readonly df: number;
  readonly crossValidation?: PenaltyCrossValidation;
}

/** Held-out deviance along the penalties tried, from the largest to the smallest. */
export interface PenaltyCrossValidation {
  readonly folds: number;
  readonly seed: number;
  /** Column whose equal values stayed in one fold. */
  readonly group?: string;
  readonly rule: 'min' | 'one-standard-error';
  readonly lambdas: readonly number[];
  /** Held-out −2·log-likelihood per observation: the mean over folds, weighted by their sizes. */
  readonly deviance: readonly number[];
  /** Of that mean. */
  readonly standardError: readonly number[];
  /** λ of the smallest held-out deviance. */
  readonly min: number;
  /** The largest λ whose deviance is within one standard error of the smallest. */
  readonly oneStandardError: number;
}

export interface ClassWeightReport {
  readonly event: number;
  readonly nonEvent: number;
  /** ln(π/(1−π)) − ln(ρ/(1−ρ)): π share of events in the data, ρ share after class weights. */
  readonly interceptShift: number;
}

const INTERCEPT: DesignColumn = { name: '(intercept)', feature: -1, mean: 0, scale: 1 };

export interface Summary {
  readonly report: LogisticReport;
  readonly groups: readonly (readonly string[])[];
  /** Intercept on the raw scale. */
  readonly intercept: number;
}

export interface SummaryOptions {
  readonly columns: readonly DesignColumn[];
  readonly features: readonly string[];
  readonly rows: number;
  readonly baseRate: number;
  readonly warnings: readonly string[];
  /** Features left out before the fit, by reason. */
  readonly leftOut: { readonly [why: string]: readonly string[] };
  readonly threshold: number;
  /** Σ of score outer products; absent: no robust errors. */
  readonly scores?: Float64Array | undefined;
  /** Which errors are reported, and the factor on the sandwich. Default: those of the model, and HC0 beside them. */
  readonly errors?: { readonly method: ErrorReport['method']; readonly factor: number } | undefined;
  /** Added to the intercept. */
  readonly interceptShift?: number | undefined;
  /** Whether to keep the covariance of the coefficients. */
  readonly intervals?: boolean | undefined;
  /** Coefficients in use. Default: those that were not left out. */
  readonly used?: number | undefined;
}

/** The report of a fit whose coefficients are the intercept and, in this order, `columns`. */
export function summarise(fit: NewtonFit, options: SummaryOptions): Summary {
  const { columns, features, rows, baseRate, threshold, scores } = options;
  const all = [INTERCEPT, ...columns];
  const n = all.length;
  const { beta, covariance, dropped, unbounded } = fit;
  // Raw coefficients are T·beta: β_j/s_j, and β_0 − Σ β_j m_j/s_j for the intercept.
  const shift = Float64Array.from(all, ({ mean, scale }, j) => (j === 0 ? 1 : -mean / scale));
  const intercept = shift.reduce((total, s, j) => total + s * beta[j]!, options.interceptShift ?? 0);
  const live = (j: number): boolean => dropped[j] === 0 && unbounded[j] === 0;
  const error = (variances: Float64Array, j: number): number | null => {
    if (!live(j)) return null;
    if (j > 0) return Math.sqrt(variances[j * n + j]!) / all[j]!.scale;
    let variance = 0;
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) if (live(a) && live(b)) variance += shift[a]! * shift[b]! * variances[a * n + b]!;
    return Math.sqrt(variance);
  };
  const { method, factor } = options.errors ?? { method: 'model', factor: 1 };
  const sandwich = scores && product(covariance, product(scores, covariance, n), n).map((v) => v * factor);
  const reported = method === 'none' ? undefined : method === 'model' ? covariance : sandwich;
  const told: Collinearity = collinearity(
    fit.startInformation,
    n,
    dropped,
    columns.map((column) => column.feature),
    threshold,
  );
  const names = (flags: Uint8Array): readonly string[] =>
    columns.flatMap((c, j) => (flags[j + 1] === 1 ? [c.name] : []));
  const leftOut = Object.entries({ ...options.leftOut, 'combination of earlier columns': names(dropped) }).flatMap(
    ([why, list]) => (list.length > 0 ? [`${why}: ${quoted(list)}`] : []),
  );
  const warnings = [...options.warnings];
  if (leftOut.length > 0) warnings.push(`left out with weight 0 – ${leftOut.join('; ')}`);
  if (fit.status === 'not-identified')
    warnings.push(
      `separation by ${quoted(names(unbounded))}: the classes are told apart without error along these columns, so their weights have no finite` +
        ' estimate and are as reached when the search ended; leave them out, or set l2',
    );
  if (fit.status === 'iteration-limit') warnings.push(`the fit ended after ${fit.iterations} iterations`);
  const coefficients = all.map(({ name, scale }, j): Coefficient => {
    const estimate = (j === 0 ? intercept : beta[j]! / scale) + 0;
    const standardError = reported === undefined ? null : error(reported, j);
    const z = standardError === null ? null : orNull(estimate / standardError);
    return {
      name,
      estimate,
      standardError,
      robustError: sandwich === undefined ? null : error(sandwich, j),
      z,
      pValue: z === null ? null : 2 * normalCdf(-Math.abs(z)),
      oddsRatio: dropped[j] === 1 ? null : orNull(exp(estimate)),
      vif: j === 0 ? null : told.columns[j - 1]!,
    };
  });
  const used = options.used ?? dropped.reduce((count, flag) => count + 1 - flag, 0);
  return {
    intercept: intercept + 0,
    groups: told.groups.map((group) => group.map((f) => features[f]!)),
    report: {
      status: fit.status,
      rows,
      warnings,
      logLikelihood: fit.logLikelihood,
      nullLogLikelihood: fit.startLogLikelihood,
      deviance: -2 * fit.logLikelihood,
      aic: -2 * fit.logLikelihood + 2 * used,
      iterations: fit.iterations,
      gradientNorm: fit.gradientNorm,
      baseRate,
      coefficients,
      vif: features.map((column, f) => ({ column, vif: told.features[f] ?? null })),
      ...(options.intervals && reported && fit.status !== 'not-identified'
        ? { covariance: kept(reported, columns, live) }
        : {}),
    },
  };
}

function kept(
  covariance: Float64Array,
  columns: readonly DesignColumn[],
  live: (column: number) => boolean,
): CoefficientCovariance {
  const n = columns.length + 1;
  const lower: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) lower.push(live(i) && live(j) ? covariance[i * n + j]! + 0 : 0);
  return {
    columns: columns.map(({ feature, code = null, mean, scale }) => ({ feature, code, mean: mean + 0, scale })),
    lower,
  };
}

function orNull(x: number): number | null {
  return Number.isFinite(x) ? x + 0 : null;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const f = a[i * n + k]!;
      for (let j = 0; j < n; j++) out[i * n + j] = out[i * n + j]! + f * b[k * n + j]!;
    }
  return out;
}
