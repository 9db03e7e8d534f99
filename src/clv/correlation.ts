import { exp, expm1, log1p } from '../numerics/elementary.ts';
import { ascendingRows } from '../numerics/rank.ts';
import { mean } from '../numerics/sum.ts';
import type { SpendCorrelation } from './gamma-gamma-model.ts';

const Z975 = 1.959963984540054;

/** Pearson's and Spearman's correlation of two columns, Pearson's with its 95 % interval; null when there is none. */
export function spendCorrelation(x: Float64Array, z: Float64Array): SpendCorrelation | null {
  const r = pearson(x, z);
  if (x.length < 4 || r === null) return null;
  const atanh = (log1p(r) - log1p(-r)) / 2;
  const half = Z975 / Math.sqrt(x.length - 3);
  const tanh = (t: number): number => expm1(2 * t) / (exp(2 * t) + 1);
  const interval = Math.abs(r) < 1 ? ([tanh(atanh - half), tanh(atanh + half)] as const) : ([r, r] as const);
  return { pearson: r, interval, spearman: spearman(x, z) ?? 0 };
}

function pearson(x: Float64Array, y: Float64Array): number | null {
  const mx = mean(x);
  const my = mean(y);
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [u, w] = [x[i]! - mx, y[i]! - my];
    xx += u * u;
    xy += u * w;
    yy += w * w;
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : null;
}

/** Spearman's rank correlation, ties sharing their mean rank; null when a column is constant. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const [u, v] = [meanRanks(x), meanRanks(y)];
  const centre = (x.length + 1) / 2;
  let [uu, uv, vv] = [0, 0, 0];
  for (let i = 0; i < u.length; i++) {
    const [a, b] = [u[i]! - centre, v[i]! - centre];
    uu += a * a;
    uv += a * b;
    vv += b * b;
  }
  return uu > 0 && vv > 0 ? uv / Math.sqrt(uu * vv) : null;
}

function meanRanks(values: ArrayLike<number>): Float64Array {
  const order = ascendingRows(values);
  const out = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) out[order[k]!] = (from + to + 1) / 2;
  }
  return out;
}
