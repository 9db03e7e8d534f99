import type { FitReport } from '../../model/contract.ts';
import { choleskySolve } from '../../numerics/cholesky.ts';
import { normalCdf } from '../../numerics/normal.ts';
import type { DesignColumn } from '../../regression/design.ts';
import { maximise, type NewtonFit } from '../../regression/newton.ts';
import { quoted } from '../../regression/quoted.ts';
import { factorInOrder, RANK_TOLERANCE } from '../../regression/rank.ts';
import { summarise } from '../../regression/report.ts';
import { type ChiSquaredTest, chiSquaredTest } from './chi-squared-test.ts';
import type { Concordance } from './concordance.ts';
import type { CoxLikelihood } from './cox-likelihood.ts';
import type { ProportionalHazardsTest } from './proportional-hazards.ts';

/** One row of the table of coefficients, on the scale of the raw columns. Null: not defined, as for a separated column. */
export interface CoxCoefficient {
  /** `tenure`, `Contract=One year`. */
  readonly name: string;
  readonly estimate: number;
  /** From the inverse of the (penalised) information. */
  readonly standardError: number | null;
  /** Sandwich estimate of Lin & Wei (1989); of the sums over clusters with `cluster`. */
  readonly robustError: number | null;
  /** Wald: estimate over standard error, or over the robust one with `cluster`. */
  readonly z: number | null;
  /** Two-sided, normal. */
  readonly pValue: number | null;
  /** e^estimate. */
  readonly hazardRatio: number | null;
  /** Variance inflation by the other columns, within the risk sets. */
  readonly vif: number | null;
}

/** What a Cox fit tells about itself. */
export interface CoxReport extends FitReport {
  readonly events: number;
  /** Partial log-likelihood. */
  readonly logLikelihood: number;
  /** With all coefficients 0. */
  readonly nullLogLikelihood: number;
  /** −2 logLikelihood + 2·(coefficients in use). */
  readonly aic: number;
  readonly iterations: number;
  /** Largest element of the gradient over the number of events, on scaled columns. */
  readonly gradientNorm: number;
  readonly coefficients: readonly CoxCoefficient[];
  /** Generalised variance inflation per feature, GVIF^(1/columns). */
  readonly vif: readonly { readonly column: string; readonly vif: number | null }[];
  /** That all coefficients are 0; null with a penalty, and the Wald test also under separation. */
  readonly likelihoodRatioTest: ChiSquaredTest | null;
  readonly waldTest: ChiSquaredTest | null;
  readonly scoreTest: ChiSquaredTest | null;
  /** Of the linear predictor on the rows of the fit, which flatters. */
  readonly concordance: Concordance;
  /** Null with a penalty, under separation, or when it was not asked for. */
  readonly proportionalHazards: ProportionalHazardsTest | null;
}

export type CoxSummary = Pick<
  CoxReport,
  | 'status'
  | 'rows'
  | 'warnings'
  | 'logLikelihood'
  | 'nullLogLikelihood'
  | 'aic'
  | 'iterations'
  | 'gradientNorm'
  | 'coefficients'
  | 'vif'
  | 'likelihoodRatioTest'
  | 'waldTest'
  | 'scoreTest'
>;

/** Fits, and tells what `summarise` tells of a regression, in terms of hazards. */
export function fitCox(
  likelihood: CoxLikelihood,
  options: {
    readonly columns: readonly DesignColumn[];
    readonly features: readonly string[];
    readonly rows: number;
    readonly warnings: readonly string[];
    readonly leftOut: { readonly [why: string]: readonly string[] };
    readonly threshold: number;
    readonly penalty: Float64Array;
    readonly maxIterations: number;
    readonly clusters: { readonly codes: Int32Array; readonly count: number } | undefined;
  },
): { readonly fit: NewtonFit; readonly groups: readonly (readonly string[])[]; readonly summary: CoxSummary } {
  const { columns, rows, penalty, clusters } = options;
  const fit = maximise(likelihood, penalty, options.maxIterations);
  const scores = likelihood.scores(fit.beta, clusters);
  // Its words for separation and its intercept belong to classes: here they are left out, or replaced.
  const { groups, report } = summarise({ ...fit, status: 'converged' }, { ...options, baseRate: 0, scores });
  const warnings = [...report.warnings];
  const unbounded = columns.flatMap(({ name }, j) => (fit.unbounded[j + 1] === 1 ? [name] : []));
  if (fit.status === 'not-identified')
    warnings.push(
      `monotone likelihood by ${quoted(unbounded)}: at every event the customer who left was at the edge of who could leave, along these` +
        ' columns, so their weights have no finite estimate and are as reached when the search ended; leave them out, or set l2',
    );
  if (fit.status === 'iteration-limit') warnings.push(`the fit ended after ${fit.iterations} iterations`);
  const live = columns.flatMap((_, j) => (fit.dropped[j + 1] === 0 ? [j + 1] : []));
  const tested = penalty.every((x) => x === 0) && live.length > 0;
  const { logLikelihood, nullLogLikelihood, iterations, gradientNorm, vif } = report;
  return {
    fit,
    groups,
    summary: {
      status: fit.status,
      rows,
      warnings,
      logLikelihood,
      nullLogLikelihood,
      aic: -2 * logLikelihood + 2 * live.length,
      iterations,
      gradientNorm,
      coefficients: report.coefficients.slice(1).map(({ oddsRatio, ...row }): CoxCoefficient => {
        const error = clusters === undefined ? row.standardError : row.robustError;
        const z = error === null || error === 0 ? null : row.estimate / error;
        return { ...row, z, pValue: z === null ? null : 2 * normalCdf(-Math.abs(z)), hazardRatio: oddsRatio };
      }),
      vif,
      likelihoodRatioTest: tested ? chiSquaredTest(2 * (logLikelihood - nullLogLikelihood), live.length) : null,
      waldTest: tested && fit.status === 'converged' ? waldTest(likelihood, fit, live) : null,
      scoreTest: tested ? scoreTest(likelihood, live) : null,
    },
  };
}

function waldTest(likelihood: CoxLikelihood, { beta }: NewtonFit, live: readonly number[]): ChiSquaredTest {
  const { information, size } = evaluated(likelihood, beta);
  let chiSquared = 0;
  for (const a of live)
    for (const b of live) chiSquared += beta[a]! * beta[b]! * information[Math.max(a, b) * size + Math.min(a, b)]!;
  return chiSquaredTest(chiSquared, live.length);
}

function scoreTest(likelihood: CoxLikelihood, live: readonly number[]): ChiSquaredTest {
  const { gradient, information, size } = evaluated(likelihood, new Float64Array(likelihood.size));
  const solved = gradient.slice();
  const out = new Uint8Array(size).fill(1);
  for (const j of live) out[j] = 0;
  for (let j = 0; j < size; j++) if (out[j] === 1) solved[j] = 0;
  factorInOrder(information, size, (_, diagonal) => RANK_TOLERANCE * diagonal, out, new Float64Array(size));
  choleskySolve(information, size, solved);
  return chiSquaredTest(
    solved.reduce((sum, x, j) => sum + x * gradient[j]!, 0),
    live.length,
  );
}

function evaluated(
  likelihood: CoxLikelihood,
  beta: Float64Array,
): { readonly gradient: Float64Array; readonly information: Float64Array; readonly size: number } {
  const { size } = likelihood;
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  likelihood.evaluate(beta, gradient, information);
  return { gradient, information, size };
}
