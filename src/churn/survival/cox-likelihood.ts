import { exp, log } from '../../numerics/elementary.ts';
import { BLOCK, Block } from '../../regression/block.ts';
import type { Design } from '../../regression/design.ts';
import type { Likelihood } from '../../regression/newton.ts';
import { addSpan, atEvents, atRisk, type RiskSets, sumBackwards } from './risk-sets.ts';

/**
 * What becomes of events at one time: Efron's approximation takes them to have come one after the other in any order,
 * Breslow's lets each see the whole risk set.
 */
export type Ties = 'efron' | 'breslow';

export interface CoxProblem {
  readonly design: Design;
  readonly sets: RiskSets;
  readonly event: Float64Array;
  readonly offset?: Float64Array | undefined;
  readonly ties: Ties;
}

export interface CoxLikelihood extends Likelihood {
  /**
   * As `evaluate`, with the events at time k counted timeWeight[k] ≥ 0 times: Σ_k w_k·U_k and Σ_k w_k·V_k of the Schoenfeld
   * residuals U_k and their variances.
   */
  weighted(beta: Float64Array, timeWeight: Float64Array, gradient: Float64Array, information: Float64Array): void;
  /** η of every row, and the increments of the cumulative baseline hazard at η = 0. */
  baseline(beta: Float64Array): { readonly eta: Float64Array; readonly increments: Float64Array };
  /** Σ s sᵀ of the score residuals s, added up within clusters first: the middle of the sandwich. */
  scores(
    beta: Float64Array,
    clusters?: { readonly codes: Int32Array; readonly count: number } | undefined,
  ): Float64Array;
}

/** Information below this share of the sum it is the difference of is rounding. */
const NOISE = 1e-12;

/**
 * Cox's partial likelihood Σ_events η − Σ_k Σ_l ln φ_kl, φ_kl = Σ_{at risk} e^η − f_l·Σ_{tied events} e^η with f_l = l/d_k for
 * l = 0 … d_k − 1 (Efron), or 0 (Breslow). Coefficient 0 is an intercept that never moves, since the hazard's level cancels.
 *
 * With the hazard increments h_k = Σ_l 1/φ_kl, row i has the expected number of events μ_i = e^η_i·(Σ h_k over its span, less
 * its share of ties), and
 *   gradient = Σ (event − μ)x,  information = Σ μ·xxᵀ − Σ_k Σ_l x̄_kl x̄_klᵀ.
 * The second sum is a Gram matrix as well, of risk-set sums Σ e^η x, so that no p × p matrix is kept per time and rows come
 * in any order. Each evaluation passes twice over the design.
 */
export function coxLikelihood({ design, sets, event, offset, ties }: CoxProblem): CoxLikelihood {
  const { rows: n, width: p } = design;
  const { starts, last, before } = sets;
  const steps = sets.times.length;
  const size = p + 1;
  const block = new Block(p);
  const deaths = atEvents(sets, event);
  const total = deaths.reduce((sum, d) => sum + d, 0);
  const efron = ties === 'efron' && deaths.some((d) => d > 1);
  const tied = Int32Array.from(deaths.keys()).filter((k) => efron && deaths[k]! > 1);
  const eta = new Float64Array(n);
  const risk = new Float64Array(n);
  const expected = new Float64Array(n);
  const root = new Float64Array(BLOCK);
  const residual = new Float64Array(BLOCK);
  // Per time, over its l: Σ 1/φ, Σ f/φ, Σ 1/φ², Σ f/φ², Σ f²/φ².
  const hazard = new Float64Array(steps);
  const share = new Float64Array(steps);
  const square = new Float64Array(steps);
  const cross = new Float64Array(steps);
  const own = new Float64Array(steps);
  const cumulative = new Float64Array(steps);
  // Per column and time: Σ e^η x over the rows at risk, and over the tied events.
  const sums = Array.from({ length: p }, () => new Float64Array(steps));
  const tiedSums = Array.from({ length: p }, () => new Float64Array(efron ? steps : 0));
  let top = 0;

  const blocks = (each: (from: number, rows: number) => void): void => {
    for (let from = 0; from < n; from += BLOCK) {
      const rows = Math.min(BLOCK, n - from);
      design.fill(from, rows, block.columns);
      each(from, rows);
    }
  };

  /** Fills everything that is one number per row or time; returns the log-likelihood, NaN where it overflows. */
  const prepare = (beta: Float64Array, timeWeight: Float64Array | null): number => {
    const slopes = beta.subarray(1);
    blocks((from, rows) => block.combine(rows, slopes, eta.subarray(from, from + rows)));
    if (offset !== undefined) for (let i = 0; i < n; i++) eta[i] = eta[i]! + offset[i]!;
    top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) if (eta[i]! > top) top = eta[i]!;
    for (let i = 0; i < n; i++) risk[i] = exp(eta[i]! - top);
    const atRiskSum = atRisk(sets, risk);
    const eventSum = efron ? atEvents(sets, event, risk) : atRiskSum;
    let ll = 0;
    for (let i = 0; i < n; i++) if (event[i] === 1) ll += eta[i]! - top;
    for (let k = 0; k < steps; k++) {
      const d = deaths[k]!;
      const w = timeWeight === null ? 1 : timeWeight[k]!;
      const all = atRiskSum[k]!;
      const parts = efron ? d : 1;
      const times = efron ? w : w * d;
      let [h, e, a, b, c] = [0, 0, 0, 0, 0];
      for (let l = 0; l < parts; l++) {
        const f = l / d;
        const phi = all - f * eventSum[k]!;
        if (!(phi > 0)) return Number.NaN;
        const q = 1 / phi;
        h += q;
        e += f * q;
        a += q * q;
        b += f * q * q;
        c += f * f * q * q;
        ll -= (efron ? 1 : d) * log(phi);
      }
      hazard[k] = times * h;
      share[k] = times * e;
      square[k] = times * a;
      cross[k] = times * b;
      own[k] = times * c;
    }
    accumulate(hazard, cumulative, starts);
    for (let i = 0; i < n; i++) {
      const span = between(cumulative, last[i]!, before[i]!);
      expected[i] = risk[i]! * Math.max(0, event[i] === 1 ? span - share[last[i]!]! : span);
    }
    return ll;
  };

  /** Adds the rows of the block to the risk-set sums. */
  const gather = (from: number, rows: number): void => {
    for (let j = 0; j < p; j++) {
      const x = block.columns[j]!;
      const out = sums[j]!;
      const tie = tiedSums[j]!;
      for (let i = 0; i < rows; i++) {
        const value = risk[from + i]! * x[i]!;
        if (value === 0) continue;
        const at = last[from + i]!;
        addSpan(out, at, before[from + i]!, value);
        if (efron && event[from + i] === 1) tie[at] = tie[at]! + value;
      }
    }
  };

  const clearSums = (): void => {
    for (const column of sums) column.fill(0);
    for (const column of tiedSums) column.fill(0);
  };

  const evaluate = (
    beta: Float64Array,
    timeWeight: Float64Array | null,
    gradient: Float64Array,
    information: Float64Array,
  ): number => {
    const ll = prepare(beta, timeWeight);
    const slopes = gradient.subarray(1);
    gradient.fill(0);
    block.clearGram();
    clearSums();
    blocks((from, rows) => {
      for (let i = 0; i < rows; i++) {
        const at = from + i;
        const count = event[at] === 0 ? 0 : timeWeight === null ? 1 : timeWeight[last[at]!]!;
        residual[i] = count - expected[at]!;
        root[i] = Math.sqrt(expected[at]!);
      }
      block.addProducts(rows, residual, slopes);
      block.addGram(rows, root);
      gather(from, rows);
    });
    for (const column of sums) sumBackwards(column, starts);
    information.fill(0);
    information[0] = total;
    for (let a = 0; a < p; a++) for (let b = 0; b <= a; b++) information[(a + 1) * size + b + 1] = block.gram(a, b);
    block.clearGram();
    // Σ_l (S − f_l D)(S − f_l D)ᵀ/φ² = a(S − (b/a)D)(…)ᵀ + (c − b²/a)DDᵀ: two Gram matrices, however many events are tied.
    gramOfMeans();
    for (let a = 0; a < p; a++)
      for (let b = 0; b <= a; b++) {
        const at = (a + 1) * size + b + 1;
        const whole = information[at]!;
        const rest = whole - block.gram(a, b);
        information[at] = a === b && rest <= NOISE * whole ? 0 : rest;
      }
    return ll;
  };

  const gramOfMeans = (): void => {
    for (let from = 0; from < steps; from += BLOCK) {
      const rows = Math.min(BLOCK, steps - from);
      for (let i = 0; i < rows; i++) root[i] = Math.sqrt(square[from + i]!);
      for (let j = 0; j < p; j++) {
        const x = block.columns[j]!;
        for (let i = 0; i < rows; i++) {
          const k = from + i;
          x[i] = sums[j]![k]! - (efron && square[k]! > 0 ? (cross[k]! / square[k]!) * tiedSums[j]![k]! : 0);
        }
      }
      block.addGram(rows, root);
    }
    for (let from = 0; from < tied.length; from += BLOCK) {
      const rows = Math.min(BLOCK, tied.length - from);
      for (let i = 0; i < rows; i++) {
        const k = tied[from + i]!;
        root[i] = square[k]! > 0 ? Math.sqrt(Math.max(0, own[k]! - cross[k]! ** 2 / square[k]!)) : 0;
        for (let j = 0; j < p; j++) block.columns[j]![i] = tiedSums[j]![k]!;
      }
      block.addGram(rows, root);
    }
  };

  return {
    size,
    total,
    start: 0,
    evaluate: (beta, gradient, information) => evaluate(beta, null, gradient, information),
    weighted: (beta, timeWeight, gradient, information) => {
      evaluate(beta, timeWeight, gradient, information);
    },
    baseline(beta) {
      prepare(beta, null);
      return { eta: eta.slice(), increments: hazard.map((h) => h * exp(-top)) };
    },
    scores(beta, clusters) {
      prepare(beta, null);
      clearSums();
      blocks(gather);
      // Per column: the mean of the risk set at each time, and the cumulative Σ_l x̄/φ.
      const means = sums.map((column, j) => {
        sumBackwards(column, starts);
        return column.map((s, k) => (hazard[k]! * s - (efron ? share[k]! * tiedSums[j]![k]! : 0)) / deaths[k]!);
      });
      const drifts = sums.map((column, j) => {
        const drift = column.map((s, k) => square[k]! * s - (efron ? cross[k]! * tiedSums[j]![k]! : 0));
        accumulate(drift, drift, starts);
        return drift;
      });
      const residuals = (from: number, rows: number): void => {
        for (let j = 0; j < p; j++) {
          const x = block.columns[j]!;
          const [s, t, drift, mean] = [sums[j]!, tiedSums[j]!, drifts[j]!, means[j]!];
          for (let i = 0; i < rows; i++) {
            const row = from + i;
            const k = last[row]!;
            const happened = event[row] === 1;
            const ties = happened && efron ? cross[k]! * s[k]! - own[k]! * t[k]! : 0;
            const mu = expected[row]! * x[i]! - risk[row]! * (between(drift, k, before[row]!) - ties);
            x[i] = (happened ? x[i]! - mean[k]! : 0) - mu;
          }
        }
      };
      block.clearGram();
      root.fill(1);
      if (clusters === undefined)
        blocks((from, rows) => {
          residuals(from, rows);
          block.addGram(rows, root);
        });
      else {
        const { codes, count } = clusters;
        const totals = sums.map(() => new Float64Array(count));
        blocks((from, rows) => {
          residuals(from, rows);
          for (let j = 0; j < p; j++)
            for (let i = 0; i < rows; i++) {
              const c = codes[from + i]!;
              totals[j]![c] = totals[j]![c]! + block.columns[j]![i]!;
            }
        });
        for (let from = 0; from < count; from += BLOCK) {
          const rows = Math.min(BLOCK, count - from);
          for (let j = 0; j < p; j++) block.columns[j]!.set(totals[j]!.subarray(from, from + rows));
          block.addGram(rows, root);
        }
      }
      const out = new Float64Array(size * size);
      for (let a = 0; a < p; a++)
        for (let b = 0; b < p; b++) out[(a + 1) * size + b + 1] = block.gram(Math.max(a, b), Math.min(a, b));
      return out;
    },
  };
}

/** Running sums within each stratum; `out` may be `steps` itself. */
export function accumulate(steps: Float64Array, out: Float64Array, starts: Int32Array): void {
  for (let s = 0; s + 1 < starts.length; s++) {
    let total = 0;
    for (let k = starts[s]!; k < starts[s + 1]!; k++) {
      total += steps[k]!;
      out[k] = total;
    }
  }
}

/** What a running sum gains after `before` up to `last`; −1 stands for the start. */
function between(running: Float64Array, last: number, before: number): number {
  if (last === before) return 0;
  return running[last]! - (before < 0 ? 0 : running[before]!);
}
