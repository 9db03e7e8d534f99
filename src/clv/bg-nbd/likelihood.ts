import { exp, log, log1p } from '../../numerics/elementary.ts';
import { digammaRise, lgammaRise, logaddexp, trigamma } from '../../numerics/special.ts';
import type { Histories } from '../family/history.ts';
import type { Likelihood } from '../maximise.ts';
import type { BgNbdParameters } from './posterior.ts';

/**
 * ln L(x, t_x, T) = ln[Γ(r+x)/(Γ(r)α^x)] + ln[B(a, b+x)/B(a, b)]
 *                   + ln[(1+T/α)^−(r+x) + [x > 0]·a/(b+x−1)·(1+t_x/α)^−(r+x)]
 * (Fader, Hardie & Lee 2005, eq. 6; the last logarithm by note 027 without leaving log space). With α^r divided out
 * nothing cancels where r and α are huge.
 */
export function logLikelihoodOf({ r, alpha, a, b }: BgNbdParameters, x: number, recency: number, T: number): number {
  const R = r + x;
  const alive = -R * log1p(T / alpha);
  if (x === 0) return alive;
  const purchases = r > 0 ? rise(r, x) - x * log(alpha) : Number.NEGATIVE_INFINITY;
  if (a === 0) return purchases + alive;
  const died = log(a / (b + x - 1)) - R * log1p(recency / alpha);
  return purchases + rise(b, x) - rise(a + b, x) + logaddexp(alive, died);
}

/** lnΓ(c + x) − lnΓ(c) for a whole x: the sum of ln(c + i), i < x, or the asymptotic series where that is long. */
function rise(c: number, x: number): number {
  return x > LONG ? lgammaRise(c, x) : stepwise(c, 0, x)[0];
}

const LONG = 64;

/** Σ ln(c+i), Σ 1/(c+i), −Σ 1/(c+i)² over low ≤ i < high. */
function stepwise(c: number, low: number, high: number): [number, number, number] {
  let value = 0;
  let first = 0;
  let second = 0;
  for (let i = low; i < high; i++) {
    const inverse = 1 / (c + i);
    value += log(c + i);
    first += inverse;
    second -= inverse * inverse;
  }
  return [value, first, second];
}

/** Σ weight·[lnΓ(c+x) − lnΓ(c)] and its two derivatives in c, over ascending distinct x: one running sum. */
function riseSums(c: number, xs: readonly number[], weights: readonly number[]): [number, number, number] {
  let [value, first, second] = [0, 0, 0];
  const total: [number, number, number] = [0, 0, 0];
  let from = 0;
  for (let k = 0; k < xs.length; k++) {
    const x = xs[k]!;
    if (x - from > LONG) {
      value += lgammaRise(c + from, x - from);
      first += digammaRise(c + from, x - from);
      second += trigamma(c + x) - trigamma(c + from);
    } else {
      const [v, f, s] = stepwise(c, from, x);
      value += v;
      first += f;
      second += s;
    }
    from = x;
    total[0] += weights[k]! * value;
    total[1] += weights[k]! * first;
    total[2] += weights[k]! * second;
  }
  return total;
}

/**
 * The log-likelihood of grouped histories in r, alpha, a, b. The sums over x are prepared; an evaluation is then a loop
 * over distinct histories with two logarithms each.
 */
export function bgNbdLikelihood(data: Histories): Likelihood {
  const { x, recency, T, weight } = data;
  const purchases = x.reduce((total, n, i) => total + weight[i]! * n, 0);
  const xs: number[] = [];
  const weights: number[] = [];
  const level = Int32Array.from(x, (n, i) => {
    if (xs[xs.length - 1] !== n) weights[xs.push(n) - 1] = 0;
    weights[xs.length - 1]! += weight[i]!;
    return xs.length - 1;
  });
  return (parameters, g, H) => {
    const [r, alpha, a, b] = parameters as unknown as [number, number, number, number];
    const ofR = riseSums(r, xs, weights);
    const ofB = riseSums(b, xs, weights);
    const ofAB = riseSums(a + b, xs, weights);
    const logOdds = xs.map((n) => (n > 0 ? log(a / (b + n - 1)) : 0));
    let total = 0;
    let lost = 0;
    let [gr, gAlpha, gA, gB] = [0, 0, 0, 0];
    let [hrr, hrAlpha, hrA, hrB, hAlphaAlpha, hAlphaA, hAlphaB, hAA, hAB, hBB] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const n = x[i]!;
      const w = weight[i]!;
      const R = r + n;
      // −R·ln(1 + T/α) and its derivatives.
      const logEnd = log1p(T[i]! / alpha);
      const end = 1 / (alpha + T[i]!);
      const slopeEnd = (R * T[i]! * end) / alpha;
      let value = -R * logEnd;
      gr -= w * logEnd;
      gAlpha += w * slopeEnd;
      hrAlpha += (w * T[i]! * end) / alpha;
      hAlphaAlpha -= w * slopeEnd * (1 / alpha + end);
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
        const dr = logEnd - logLast;
        const dAlpha = slopeLast - slopeEnd;
        const dA = 1 / a;
        const dB = -perB;
        const p = w * pi;
        const q = (w * small) / ((1 + small) * (1 + small));
        gr += p * dr;
        gAlpha += p * dAlpha;
        gA += p * dA;
        gB += p * dB;
        hrr += q * dr * dr;
        hrAlpha += q * dr * dAlpha + (p * dAlpha) / R;
        hrA += q * dr * dA;
        hrB += q * dr * dB;
        hAlphaAlpha += q * dAlpha * dAlpha + p * (slopeEnd * (1 / alpha + end) - slopeLast * (1 / alpha + last));
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
    return total + lost + (ofR[0] - purchases * log(alpha)) + (ofB[0] - ofAB[0]);
  };
}
