import { log, log1p } from '../../numerics/elementary.ts';
import { countLevels, riseSums } from '../bg-nbd/rise.ts';
import type { Histories } from '../family/history.ts';
import type { Likelihood } from '../maximise.ts';

/** Σ [lnΓ(r+x) − lnΓ(r) − x ln α − (r+x)·ln(1 + T/α)] over grouped histories, in r and alpha. */
export function nbdLikelihood(data: Histories): Likelihood {
  const { x, T, weight } = data;
  const { xs, weights } = countLevels(data);
  const purchases = x.reduce((total, n, i) => total + weight[i]! * n, 0);
  return (parameters, g, H) => {
    const [r, alpha] = parameters as unknown as [number, number];
    const [rise, slope, curve] = riseSums(r, xs, weights);
    let total = 0;
    let lost = 0;
    let [gr, gAlpha, hrAlpha, hAlphaAlpha] = [slope, -purchases / alpha, 0, purchases / (alpha * alpha)];
    for (let i = 0; i < x.length; i++) {
      const w = weight[i]!;
      const R = r + x[i]!;
      const end = 1 / (alpha + T[i]!);
      const logEnd = log1p(T[i]! / alpha);
      const ratio = (w * T[i]! * end) / alpha;
      gr -= w * logEnd;
      gAlpha += R * ratio;
      hrAlpha += ratio;
      hAlphaAlpha -= R * ratio * (1 / alpha + end);
      const term = -w * R * logEnd;
      const next = total + term;
      lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
      total = next;
    }
    g.set([gr, gAlpha]);
    H.set([curve, hrAlpha, hrAlpha, hAlphaAlpha]);
    return total + lost + (rise - purchases * log(alpha));
  };
}
