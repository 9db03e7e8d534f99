import { exp, log, log1p } from '../../numerics/elementary.ts';
import { lgammaRise, logaddexp } from '../../numerics/special.ts';
import type { Histories } from '../family/history.ts';
import type { Likelihood } from '../maximise.ts';
import { type Phases, phaseSum } from './phases.ts';
import type { BgNbdParameters, FirstDropout } from './posterior.ts';
import { countLevels, rise, riseSums } from './rise.ts';

/** How a model departs from the BG/NBD. */
export interface Variant {
  /** The time between two purchases is that of k phases, each at rate λ: Erlang-k. */
  readonly k: number;
  readonly first: FirstDropout;
}

const BG_NBD: Variant = { k: 1, first: 0 };

/**
 * With R = r + kx and n = x (BG) or x + 1 (MBG), the number of times the customer might have dropped out,
 *
 * ln L(x, t_x, T) = ln[Γ(R)/(Γ(r)α^(kx))] + ln[B(a, b+n)/B(a, b)] + ln c
 *                   + ln[(1+T/α)^−R·S + [n > 0]·a/(b+n−1)·(1+t_x/α)^−R]
 *
 * (Fader, Hardie & Lee 2005, eq. 6; the last logarithm by note 027 without leaving log space). With α^r divided out
 * nothing cancels where r and α are huge. S is {@link phaseSum}; c = t_x^((k−1)x)·Γ(x)/Γ(kx) comes of integrating over
 * the times of the purchases before the last one. Both are 1 at k = 1.
 */
export function logLikelihoodOf(
  { r, alpha, a, b }: BgNbdParameters,
  x: number,
  recency: number,
  T: number,
  { k, first }: Variant = BG_NBD,
): number {
  const n = x + first;
  const R = r + k * x;
  let alive = -R * log1p(T / alpha);
  if (k > 1) alive += phaseSum(k, R, (T - recency) / (alpha + T)).ln;
  if (n === 0) return alive;
  const purchases =
    x === 0 ? 0 : r > 0 ? rise(r, k * x) - k * x * log(alpha) + timing(k, x, recency) : Number.NEGATIVE_INFINITY;
  if (a === 0) return purchases + alive;
  const died = log(a / (b + n - 1)) - R * log1p(recency / alpha);
  return purchases + rise(b, n) - rise(a + b, n) + logaddexp(alive, died);
}

/** ln c of {@link logLikelihoodOf}. */
export function timing(k: number, x: number, recency: number): number {
  return k === 1 || x === 0 ? 0 : (k - 1) * x * log(recency) - lgammaRise(x, (k - 1) * x);
}

/**
 * The log-likelihood of grouped histories in r, alpha, a, b. The sums over x are prepared; an evaluation is then a loop
 * over distinct histories with two logarithms each.
 */
export function bgNbdLikelihood(data: Histories, { k, first }: Variant = BG_NBD): Likelihood {
  const { x, recency, T, weight } = data;
  const purchases = k * x.reduce((total, n, i) => total + weight[i]! * n, 0);
  const times = x.reduce((total, n, i) => total + weight[i]! * timing(k, n, recency[i]!), 0);
  const { xs, weights, level } = countLevels(data);
  const phases = xs.map((n) => k * n);
  const dropouts = xs.map((n) => n + first);
  const none: Phases = { ln: 0, R: 0, RR: 0, q: 0, qq: 0, Rq: 0 };
  return (parameters, g, H) => {
    const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
    const ofR = riseSums(r, phases, weights);
    const ofB = riseSums(b, dropouts, weights);
    const ofAB = riseSums(a + b, dropouts, weights);
    const logOdds = dropouts.map((n) => (n > 0 ? log(a / (b + n - 1)) : 0));
    let total = 0;
    let lost = 0;
    let [gr, gAlpha, gA, gB] = [0, 0, 0, 0];
    let [hrr, hrAlpha, hrA, hrB, hAlphaAlpha, hAlphaA, hAlphaB, hAA, hAB, hBB] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const n = x[i]! + first;
      const w = weight[i]!;
      const R = r + k * x[i]!;
      // −R·ln(1 + T/α) and its derivatives.
      const logEnd = log1p(T[i]! / alpha);
      const end = 1 / (alpha + T[i]!);
      const slopeEnd = (R * T[i]! * end) / alpha;
      // ln S; dq/dα = −q·end.
      const S = k === 1 ? none : phaseSum(k, R, (T[i]! - recency[i]!) * end);
      const sAlpha = -S.q * end;
      const sRAlpha = -S.Rq * end;
      const sAlphaAlpha = (S.qq + 2 * S.q) * end * end;
      let value = S.ln - R * logEnd;
      gr += w * (S.R - logEnd);
      gAlpha += w * (slopeEnd + sAlpha);
      hrr += w * S.RR;
      hrAlpha += (w * T[i]! * end) / alpha + w * sRAlpha;
      hAlphaAlpha += w * (sAlphaAlpha - slopeEnd * (1 / alpha + end));
      if (n > 0) {
        // u: alive, v: dead; π is the weight of v and ∇ ln(e^u + e^v) = ∇u + π∇(v − u).
        const last = 1 / (alpha + recency[i]!);
        const logLast = log1p(recency[i]! / alpha);
        const slopeLast = (R * recency[i]! * last) / alpha;
        const gap = logOdds[level[i]!]! - R * logLast - value;
        const small = exp(-Math.abs(gap));
        const pi = gap > 0 ? 1 / (1 + small) : small / (1 + small);
        value += (gap > 0 ? gap : 0) + log1p(small);
        const perB = 1 / (b + n - 1);
        const dr = logEnd - logLast - S.R;
        const dAlpha = slopeLast - slopeEnd - sAlpha;
        const dA = 1 / a;
        const dB = -perB;
        const p = w * pi;
        const q = (w * small) / ((1 + small) * (1 + small));
        gr += p * dr;
        gAlpha += p * dAlpha;
        gA += p * dA;
        gB += p * dB;
        hrr += q * dr * dr - p * S.RR;
        hrAlpha += q * dr * dAlpha + p * ((slopeLast - slopeEnd) / R - sRAlpha);
        hrA += q * dr * dA;
        hrB += q * dr * dB;
        hAlphaAlpha +=
          q * dAlpha * dAlpha + p * (slopeEnd * (1 / alpha + end) - slopeLast * (1 / alpha + last) - sAlphaAlpha);
        hAlphaA += q * dAlpha * dA;
        hAlphaB += q * dAlpha * dB;
        hAA += q * dA * dA - p * dA * dA;
        hAB += q * dA * dB;
        hBB += q * dB * dB + p * dB * dB;
      }
      const term = w * value;
      const next = total + term;
      lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
      total = next;
    }
    gr += ofR[1];
    gAlpha -= purchases / alpha;
    gA -= ofAB[1];
    gB += ofB[1] - ofAB[1];
    hrr += ofR[2];
    hAlphaAlpha += purchases / (alpha * alpha);
    hAA -= ofAB[2];
    hAB -= ofAB[2];
    hBB += ofB[2] - ofAB[2];
    g.set([gr, gAlpha, gA, gB]);
    H.set([
      ...[hrr, hrAlpha, hrA, hrB],
      ...[hrAlpha, hAlphaAlpha, hAlphaA, hAlphaB],
      ...[hrA, hAlphaA, hAA, hAB],
      ...[hrB, hAlphaB, hAB, hBB],
    ]);
    return total + lost + (ofR[0] - purchases * log(alpha)) + (ofB[0] - ofAB[0]) + times;
  };
}
