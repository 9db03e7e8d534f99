import { log, log1p } from '../numerics/elementary.ts';
import { digamma, digammaRise, lgamma, lgammaRise, trigamma } from '../numerics/special.ts';
import type { GammaGammaParameters } from './gamma-gamma-model.ts';
import type { Likelihood } from './maximise.ts';

/**
 * ln f(z | x) = ln[Γ(px+q)/(Γ(px)Γ(q))] + q ln v + (px − 1) ln z + px ln x − (px + q) ln(xz + v), the density of the mean z
 * of x purchases (Fader & Hardie 2013, note 025, eq. 1a).
 */
export function spendLogLikelihood({ p, q, v }: GammaGammaParameters, x: number, z: number): number {
  const px = p * x;
  // px(ln xz − ln(xz + v)) and q(ln v − ln(xz + v)), neither of which cancels.
  return lgammaRise(px, q) - lgamma(q) - log(z) - px * log1p(v / (x * z)) - q * log1p((x * z) / v);
}

/** The same summed over customers: fills gradient (3) and Hessian (3×3) in p, q, v. */
export function gammaGammaLikelihood(x: Float64Array, z: Float64Array): Likelihood {
  // Gamma functions depend on x alone.
  const levels = Float64Array.from(new Set(x)).sort();
  const counts = new Float64Array(levels.length);
  const at = new Map(Array.from(levels, (level, k) => [level, k]));
  let logs = 0;
  for (let i = 0; i < x.length; i++) {
    counts[at.get(x[i]!)!]!++;
    logs += log(z[i]!);
  }
  return (parameters, g, H) => {
    const [p, q, v] = parameters as unknown as [number, number, number];
    let value = -x.length * lgamma(q) - logs;
    let [gp, gq, gv] = [0, -x.length * digamma(q), 0];
    let [hpp, hpq, hpv, hqq, hqv, hvv] = [0, 0, 0, -x.length * trigamma(q), 0, 0];
    for (let k = 0; k < levels.length; k++) {
      const n = counts[k]!;
      const level = levels[k]!;
      const px = p * level;
      const both = trigamma(px + q);
      value += n * lgammaRise(px, q);
      gp += n * level * digammaRise(px, q);
      gq += n * digamma(px + q);
      hpp += n * level * level * (both - trigamma(px));
      hpq += n * level * both;
      hqq += n * both;
    }
    for (let i = 0; i < x.length; i++) {
      const n = x[i]!;
      const spent = n * z[i]!;
      const inverse = 1 / (spent + v);
      const share = log1p(v / spent);
      const rest = log1p(spent / v);
      value -= p * n * share + q * rest;
      gp -= n * share;
      gq -= rest;
      // q/v − (px+q)/(xz+v), without cancelling for large v.
      gv += (q * spent - p * n * v) * (inverse / v);
      hpv -= n * inverse;
      hqv += spent * (inverse / v);
      hvv += (p * n + q) * inverse * inverse - q / (v * v);
    }
    g.set([gp, gq, gv]);
    H.set([hpp, hpq, hpv, hpq, hqq, hqv, hpv, hqv, hvv]);
    return value;
  };
}
