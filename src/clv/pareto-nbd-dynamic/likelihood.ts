import { exp, log, log1p } from '../../numerics/elementary.ts';
import { digammaRise, lgammaRise, trigamma } from '../../numerics/special.ts';
import { addMoments, MOMENTS, runMoments } from './run-moments.ts';
import { makeSide, type Side } from './side.ts';
import type { CovariateWalks } from './walks.ts';

/** ln L of θ = (ln r, ln α, ln s, ln β, γ of purchase, γ of dropout); fills its gradient (n) and Hessian (n×n) in θ. */
export type WalkLikelihood = (theta: Float64Array, gradient: Float64Array, hessian: Float64Array) => number;

/**
 * The log-likelihood of walks. With A and B the covariate-weighted times of the two processes, R = r + x and
 * E = −R·ln(1 + A/α) − s·ln(1 + B/β), a customer contributes
 *
 *   ln Γ(r+x)/Γ(r) − x·ln α + Σ γ′z(t_j) + ln[e^E(T) + (s/β)·Σ over runs of e^γ′z ∫ e^E/(1 + B/β) dτ], τ from t_x to T.
 *
 * @param purchase indices of the columns that act on the purchase rate; `dropout`: on the dropout rate
 */
export function walkLikelihood(
  { customers, from, until, purchases, values, columns }: CovariateWalks,
  purchase: readonly number[],
  dropout: readonly number[],
): WalkLikelihood {
  const { frequency, recency, T } = customers;
  const width = columns.length;
  const A = makeSide(purchase.length);
  const B = makeSide(dropout.length);
  const n = 2 + A.size + B.size;
  // Where the coordinates of a side stand in θ.
  const atA = [1, ...purchase.map((_, j) => 4 + j)];
  const atB = [3, ...dropout.map((_, j) => 4 + purchase.length + j)];
  const bought = new Map<number, number>();
  for (const x of frequency) bought.set(x, (bought.get(x) ?? 0) + 1);
  const total = frequency.reduce((sum, x) => sum + x, 0);
  // Σ z over all purchases.
  const zBought = purchase.map((column) => purchases.reduce((sum, x, k) => sum + x * values[width * k + column]!, 0));
  const M = new Float64Array(MOMENTS);
  const G = new Float64Array(n);
  const K = new Float64Array(n * n);

  const enter = (side: Side, used: readonly number[], theta: Float64Array, first: number, k: number): void => {
    let lin = 0;
    for (let j = 0; j < used.length; j++) {
      const z = values[width * k + used[j]!]!;
      side.z[j + 1] = z;
      lin += theta[first + j]! * z;
    }
    side.rate = exp(lin);
  };

  return (theta, gradient, hessian) => {
    for (let i = 0; i < 4; i++) if (!(Math.abs(theta[i]!) <= 60)) return Number.NaN;
    const [r, alpha, s, beta] = [exp(theta[0]!), exp(theta[1]!), exp(theta[2]!), exp(theta[3]!)];
    gradient.fill(0);
    hessian.fill(0);
    let sum = 0;
    let lost = 0;
    for (let i = 0; i < T.length; i++) {
      const R = r + frequency[i]!;
      const [last, end] = [recency[i]!, T[i]!];
      const at = { R, alpha, s, beta };
      A.reset();
      B.reset();
      G.fill(0);
      K.fill(0);
      let quiet = 0;
      let base = 0;
      let now = 0;
      for (let k = from[i]!; now < end; k++) {
        enter(A, purchase, theta, 4, k);
        enter(B, dropout, theta, 4 + purchase.length, k);
        const stop = Math.min(until[k]!, end);
        if (now < last) {
          const pause = Math.min(stop, last);
          A.advance(pause - now);
          B.advance(pause - now);
          now = pause;
        }
        if (now >= last && stop > now) {
          // Everything is told relative to e^E at the last purchase.
          if (now === last) base = R * log1p(A.time / alpha) + s * log1p(B.time / beta);
          A.tangent(alpha);
          B.tangent(beta);
          const stretch = {
            ...{ length: stop - now, purchase: A.time, dropout: B.time },
            ...{ purchaseRate: A.rate, dropoutRate: B.rate },
          };
          runMoments(M, at, stretch, base);
          const c = (s / beta) * B.rate;
          for (let m = 0; m < MOMENTS; m++) M[m]! *= c;
          quiet += M[0]!;
          gather(G, K, M, A, B, atA, atB, R, s + 1, 1 / s, 1);
          A.advance(stop - now);
          B.advance(stop - now);
          now = stop;
        }
      }
      const u = log1p(A.time / alpha);
      const v = log1p(B.time / beta);
      if (last === end) base = R * u + s * v;
      A.here(alpha);
      B.here(beta);
      M.fill(0);
      addMoments(M, exp(base - R * u - s * v), u, v, A.time / (alpha + A.time), B.time / (beta + B.time));
      quiet += M[0]!;
      gather(G, K, M, A, B, atA, atB, R, s, 0, 0);
      for (let a = 0; a < n; a++) {
        const slope = G[a]! / quiet;
        gradient[a]! += slope;
        for (let b = a; b < n; b++) hessian[n * a + b]! += K[n * a + b]! / quiet - (slope * G[b]!) / quiet;
      }
      const term = log(quiet) - base;
      const next = sum + term;
      lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
      sum = next;
    }
    sum += lost - total * theta[1]!;
    gradient[1]! -= total;
    for (const [x, many] of bought)
      if (x > 0) {
        sum += many * lgammaRise(r, x);
        gradient[0]! += many * digammaRise(r, x);
        hessian[0]! += many * (trigamma(r + x) - trigamma(r));
      }
    zBought.forEach((z, j) => {
      sum += theta[4 + j]! * z;
      gradient[4 + j]! += z;
    });
    // From r and s to their logarithms.
    for (const [a, p] of [
      [0, r],
      [2, s],
    ] as const) {
      for (let b = 0; b < n; b++) hessian[n * Math.min(a, b) + Math.max(a, b)]! *= b === a ? p * p : p;
      hessian[(n + 1) * a]! += p * gradient[a]!;
      gradient[a]! *= p;
    }
    for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) hessian[n * a + b] = hessian[n * b + a]!;
    return sum;
  };
}

/**
 * Adds the first and second derivatives of a term with moments M to G and the upper half of K: in r, s and the
 * coordinates of both sides. The term goes as e^(−R·u − S·v), times s where `perS` is 1/s, times e^γ′z/β where `inRun`
 * is 1.
 */
function gather(
  G: Float64Array,
  K: Float64Array,
  M: Float64Array,
  A: Side,
  B: Side,
  atA: readonly number[],
  atB: readonly number[],
  R: number,
  S: number,
  perS: number,
  inRun: 0 | 1,
): void {
  const n = G.length;
  const [m, mu, mv, mP, mQ] = [M[0]!, M[1]!, M[2]!, M[3]!, M[4]!];
  G[0]! -= mu;
  G[2]! += perS * m - mv;
  K[0]! += M[5]!;
  K[2]! += M[6]! - perS * mu;
  K[2 * n + 2]! += M[9]! - 2 * perS * mv;
  for (let i = 0; i < A.size; i++) {
    const a = atA[i]!;
    const [e, d] = [A.slope[i]!, A.tilt[i]!];
    const [c, t] = [-R * e, -R * d];
    const whole = c * m + t * mP;
    G[a]! += whole;
    K[a]! += whole / R - c * mu - t * M[7]!;
    const withS = perS * whole - c * mv - t * M[10]!;
    if (a < 2) K[n * a + 2]! += withS;
    else K[2 * n + a]! += withS;
    for (let j = i; j < A.size; j++) {
      const [e2, d2] = [A.slope[j]!, A.tilt[j]!];
      const at = A.size * i + j;
      K[n * a + atA[j]!]! +=
        R * (R + 1) * (e * e2 * m + (e * d2 + d * e2) * mP + d * d2 * M[12]!) -
        R * (A.curve[at]! * m + A.bend[at]! * mP);
    }
    for (let k = 0; k < B.size; k++) {
      const b = atB[k]!;
      const c2 = inRun * B.z[k]! - S * B.slope[k]!;
      const t2 = -S * B.tilt[k]!;
      K[n * Math.min(a, b) + Math.max(a, b)]! += c * c2 * m + c * t2 * mQ + t * c2 * mP + t * t2 * M[13]!;
    }
  }
  for (let k = 0; k < B.size; k++) {
    const b = atB[k]!;
    const [e, d] = [B.slope[k]!, B.tilt[k]!];
    const c = inRun * B.z[k]! - S * e;
    const t = -S * d;
    const whole = c * m + t * mQ;
    G[b]! += whole;
    K[b]! -= c * mu + t * M[8]!;
    K[2 * n + b]! += perS * whole - c * mv - t * M[11]! - e * m - d * mQ;
    for (let l = k; l < B.size; l++) {
      const [e2, d2] = [B.slope[l]!, B.tilt[l]!];
      const c2 = inRun * B.z[l]! - S * e2;
      const t2 = -S * d2;
      const at = B.size * k + l;
      K[n * b + atB[l]!]! +=
        c * c2 * m +
        (c * t2 + t * c2) * mQ +
        t * t2 * M[14]! +
        S * (e * e2 * m + (e * d2 + d * e2) * mQ + d * d2 * M[14]!) -
        S * (B.curve[at]! * m + B.bend[at]! * mQ);
    }
  }
}
