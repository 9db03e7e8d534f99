import { expm1, log, log1p } from '../../numerics/elementary.ts';
import { digammaRise, trigamma } from '../../numerics/special.ts';
import { sum } from '../../numerics/sum.ts';
import type { Likelihood } from '../maximise.ts';
import { type LifetimeParameters, lifetimeLaw, timeOf } from './lifetime-law.ts';
import type { RenewalTable } from './renewal-table.ts';

// With r_t = S(t)/S(t−1), the probability of making renewal t, P(T = t) = (1 − r_t)·r_{t−1}⋯r_1, so that the likelihood
// of lifetimes, censored or not, and also of customers first seen later, is Π r_t^kept·(1 − r_t)^lost over renewals.

/** ln Π r_t^kept·(1 − r_t)^lost under given parameters. */
export function logLikelihoodOf(parameters: LifetimeParameters, { kept, lost }: RenewalTable): number {
  const law = lifetimeLaw(parameters);
  return sum(
    kept.map((made, i) => {
      const hazard = law.hazard(i, 1);
      return (made > 0 ? -made * hazard : 0) + (lost[i]! > 0 ? lost[i]! * log(-expm1(-hazard)) : 0);
    }),
  );
}

/** Shifted-beta-geometric in alpha, beta: r_t = (β+t−1)/(α+β+t−1) (Fader & Hardie 2007). */
export function shiftedBetaGeometricLikelihood({ kept, lost }: RenewalTable): Likelihood {
  const terms = new Float64Array(kept.length);
  return (parameters, g, H) => {
    const [alpha, beta] = parameters as unknown as [number, number];
    let [gAlpha, gBeta, hAlphaAlpha, hAlphaBeta, hBetaBeta] = [0, 0, 0, 0, 0];
    for (let i = 0; i < kept.length; i++) {
      const perKept = 1 / (beta + i);
      const perAll = 1 / (alpha + beta + i);
      const all = kept[i]! + lost[i]!;
      // Each pair of logarithms as one, so that nothing cancels where alpha and beta are huge.
      terms[i] = lost[i]! * log(alpha * perAll) - kept[i]! * log1p(alpha * perKept);
      gAlpha += (lost[i]! * (beta + i) * perAll) / alpha - kept[i]! * perAll;
      gBeta += kept[i]! * alpha * perKept * perAll - lost[i]! * perAll;
      hAlphaAlpha += all * perAll * perAll - lost[i]! / (alpha * alpha);
      hAlphaBeta += all * perAll * perAll;
      hBetaBeta += all * perAll * perAll - kept[i]! * perKept * perKept;
    }
    g.set([gAlpha, gBeta]);
    H.set([hAlphaAlpha, hAlphaBeta, hAlphaBeta, hBetaBeta]);
    return sum(terms);
  };
}

/**
 * Beta-discrete-Weibull in alpha, beta, c: −ln r_t = h_t = g(β + (t−1)^c) − g(β + t^c), g(x) = lnΓ(x) − lnΓ(α+x)
 * (Fader, Hardie, Liu, Davin & Steenburgh 2018). With A(x) = ψ(α+x) − ψ(x) = −g′(x) and u = t^c,
 * ∂h/∂α = ψ(α+x_t) − ψ(α+x_{t−1}), ∂h/∂β = A_t − A_{t−1}, ∂h/∂c = A_t·u_t·ln t − A_{t−1}·u_{t−1}·ln(t−1).
 */
export function betaDiscreteWeibullLikelihood({ kept, lost }: RenewalTable): Likelihood {
  const terms = new Float64Array(kept.length);
  return (parameters, g, H) => {
    const [alpha, beta, c] = parameters as unknown as [number, number, number];
    if (c * log(kept.length + 1) > 690) return Number.NaN;
    const law = lifetimeLaw({ alpha, beta, c });
    let [gAlpha, gBeta, gC] = [0, 0, 0];
    let [hAlphaAlpha, hAlphaBeta, hAlphaC, hBetaBeta, hBetaC, hCC] = [0, 0, 0, 0, 0, 0];
    let before = pointAt(0, alpha, beta, c);
    for (let i = 0; i < kept.length; i++) {
      const now = pointAt(i + 1, alpha, beta, c);
      const h = law.hazard(i, 1);
      const odds = 1 / expm1(h);
      // ∂ ln L/∂h = lost·(1 − r)⁻¹·r − kept, and its derivative.
      const slope = lost[i]! * odds - kept[i]!;
      const bend = -lost[i]! * odds * (1 + odds);
      terms[i] = (kept[i]! > 0 ? -kept[i]! * h : 0) + (lost[i]! > 0 ? lost[i]! * log(-expm1(-h)) : 0);
      const dAlpha = digammaRise(alpha + before.x, law.ahead(i, 1));
      const dBeta = now.A - before.A;
      const dC = now.A * now.du - before.A * before.du;
      const dAlphaAlpha = now.curve - before.curve;
      const dAlphaC = now.curve * now.du - before.curve * before.du;
      const dBetaBeta = now.dA - before.dA;
      const dBetaC = now.dA * now.du - before.dA * before.du;
      const dCC =
        now.dA * now.du * now.du + now.A * now.ddu - (before.dA * before.du * before.du + before.A * before.ddu);
      gAlpha += slope * dAlpha;
      gBeta += slope * dBeta;
      gC += slope * dC;
      hAlphaAlpha += slope * dAlphaAlpha + bend * dAlpha * dAlpha;
      hAlphaBeta += slope * dAlphaAlpha + bend * dAlpha * dBeta;
      hAlphaC += slope * dAlphaC + bend * dAlpha * dC;
      hBetaBeta += slope * dBetaBeta + bend * dBeta * dBeta;
      hBetaC += slope * dBetaC + bend * dBeta * dC;
      hCC += slope * dCC + bend * dC * dC;
      before = now;
    }
    g.set([gAlpha, gBeta, gC]);
    H.set([hAlphaAlpha, hAlphaBeta, hAlphaC, hAlphaBeta, hBetaBeta, hBetaC, hAlphaC, hBetaC, hCC]);
    return sum(terms);
  };
}

/** What h needs of one t: x = β + t^c, A(x), A′(x), ψ′(α+x), and du/dc, d²u/dc² of u = t^c. */
function pointAt(
  t: number,
  alpha: number,
  beta: number,
  c: number,
): { x: number; A: number; dA: number; curve: number; du: number; ddu: number } {
  const u = timeOf(t, c);
  const x = beta + u;
  const curve = trigamma(alpha + x);
  const du = t < 2 ? 0 : u * log(t);
  return { x, A: digammaRise(x, alpha), dA: curve - trigamma(x), curve, du, ddu: t < 2 ? 0 : du * log(t) };
}
