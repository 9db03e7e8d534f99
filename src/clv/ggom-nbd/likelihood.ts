import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { countLevels, rise, riseSums } from '../bg-nbd/rise.ts';
import type { Histories } from '../family/history.ts';
import type { Likelihood } from '../maximise.ts';
import { knotsOf } from '../pareto-nbd/knots.ts';
import { aged, type Customer, panelWidth, poleOf, ruleFor, wear } from './lifetime.ts';
import { type GgomNbdParameters, silence } from './posterior.ts';

/**
 * ln L(x, t_x, T) = ln[Γ(r+x)/(Γ(r)α^x)] − (r+x)·ln(1 + t_x/α) + ln S(t_x) + ln[P(alive, no purchase) + P(dropout, no
 * purchase) from t_x to T | alive at t_x], the last as in {@link silence}; the likelihood of Bemmaor & Glady (2012).
 */
export function logLikelihoodOf(parameters: GgomNbdParameters, x: number, recency: number, T: number): number {
  const { r, alpha, b, s, beta } = parameters;
  if (r === 0 && x > 0) return Number.NEGATIVE_INFINITY;
  const purchases = x === 0 ? 0 : rise(r, x) - x * log(alpha);
  if (s === 0) return purchases - (r + x) * log1p(T / alpha);
  const { alive, dropped } = silence(parameters, x, recency, T);
  return purchases - (r + x) * log1p(recency / alpha) - s * wear(b, beta, recency) + log(alive + dropped);
}

const N = 5;
/** A sum of terms: Σw, then Σw·d and the lower triangle of Σw·(dd′ + c), d and c the derivatives of ln w. */
const SIZE = 21;
const second = (a: number, c: number): number => 1 + N + (a * (a + 1)) / 2 + c;

/**
 * Adds a term w of L with its derivatives in ln r, ln α, ln b, ln s and ln κ, κ = β/b, at the time τ: of the end of the
 * observation, (1 + τ/α)^−R·S(τ), or of a node, where the hazard is a factor more. y = (e^(bτ) − 1)/β.
 */
function addTerm(out: Float64Array, at: number, w: number, end: boolean, tau: number, y: number, p: Point): void {
  const { r, R, alpha, b, s, beta } = p;
  const age = log1p(tau / alpha);
  const eta = tau / (alpha + tau);
  const v = b * tau;
  // D = ln(1 + y) is the wear; its derivatives in ln b and ln κ are `ageing` and −share.
  const D = log1p(y);
  const rest = 1 / (1 + y);
  const share = y * rest;
  const grown = v * (y + 1 / beta);
  const ageing = (grown - y) * rest;
  const node = end ? 0 : 1;
  const m = s + node;
  const d0 = -r * age;
  const d1 = R * eta;
  const d2 = node * v - m * ageing;
  const d3 = node - s * D;
  const d4 = m * share - node;
  out[at]! += w;
  out[at + 1]! += w * d0;
  out[at + 2]! += w * d1;
  out[at + 3]! += w * d2;
  out[at + 4]! += w * d3;
  out[at + 5]! += w * d4;
  out[at + 6]! += w * (d0 * d0 + d0);
  out[at + 7]! += w * (d1 * d0 + r * eta);
  out[at + 8]! += w * (d1 * d1 - d1 * (1 - eta));
  out[at + 9]! += w * d2 * d0;
  out[at + 10]! += w * d2 * d1;
  out[at + 11]! += w * (d2 * d2 + node * v - m * ((v * grown - grown + y) * rest - ageing * ageing));
  out[at + 12]! += w * d3 * d0;
  out[at + 13]! += w * d3 * d1;
  out[at + 14]! += w * (d3 * d2 - s * ageing);
  out[at + 15]! += w * (d3 * d3 - s * D);
  out[at + 16]! += w * d4 * d0;
  out[at + 17]! += w * d4 * d1;
  out[at + 18]! += w * (d4 * d2 + m * ageing * rest);
  out[at + 19]! += w * (d4 * d3 + s * share);
  out[at + 20]! += w * (d4 * d4 - m * share * rest);
}

interface Point extends GgomNbdParameters {
  /** r + x. */
  readonly R: number;
}

/** ln[(1 + τ/α)^−R·S(τ)]. */
const logEnd = ({ R, alpha, b, s, beta }: Point, tau: number): number =>
  -R * log1p(tau / alpha) - s * log1p(expm1(b * tau) / beta);

/** Adds the nodes of ∫ (1 + τ/α)^−R·f(τ) dτ from `from` to `to`, over e^`reference`. */
function addBetween(out: Float64Array, at: number, from: number, to: number, reference: number, p: Point): void {
  const { R, alpha, b, s, beta } = p;
  const then: Customer = { R, A: alpha + from, b, s, beta: aged(b, beta, from) };
  const pole = poleOf(b, then.beta);
  const gap = to - from;
  let width = 0;
  for (let u = 0; u < gap; u += width) {
    const most = panelWidth(then, pole, 0, u);
    width = Math.min(most, gap - u);
    const { nodes, weights } = ruleFor(width / most);
    let last = 0;
    for (let k = 0; k < nodes.length; k++) {
      const tau = from + u + (width / 2) * (1 + nodes[k]!);
      const y = expm1(b * tau) / beta;
      last = exp(-R * log1p(tau / alpha) - s * log1p(y) - reference);
      addTerm(out, at, (width / 2) * weights[k]! * ((s * b) / aged(b, beta, tau)) * last, false, tau, y, p);
    }
    if (last <= NOTHING * out[at]!) break;
  }
}

const NOTHING = 1e-17;

/**
 * The log-likelihood of grouped histories in r, alpha, b, s, beta. The positive terms of each L, its end T and the nodes
 * of the integral over the moment of dropout, are summed together with the derivatives of their logarithms in ln r, ln α,
 * ln b, ln s and ln κ: in these the limit b → 0, the Pareto/NBD, is nothing special.
 *
 * Customers with equal x share the integral from each of their times on, J, over the end term E there: with ρ = E(T)/E(t_x)
 * L/E(t_x) = J(t_x) + ρ·(1 − J(T)), where nothing cancels, as J ≤ 1.
 */
export function ggomNbdLikelihood(data: Histories): Likelihood {
  const { weight } = data;
  const { xs, weights } = countLevels(data);
  const { time, blocks, atRecency, atEnd } = knotsOf(data);
  const purchases = blocks.reduce((total, block) => total + block.weight * block.x, 0);
  const longest = blocks.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  /** For each time of a block: J, and 1 − J. */
  const after = new Float64Array(SIZE * longest);
  const ended = new Float64Array(SIZE * longest);
  const reference = new Float64Array(longest);
  const G = new Float64Array(N);
  const C = new Float64Array(SIZE);
  const sum = new Float64Array(SIZE);
  return (parameters, g, H) => {
    const [r, alpha, b, s, beta] = parameters as unknown as [number, number, number, number, number];
    const [level, slope, bend] = riseSums(r, xs, weights);
    G.fill(0);
    C.fill(0);
    G[0] = r * slope;
    C[second(0, 0)] = r * slope + r * r * bend;
    G[1] = -purchases;
    let total = level - purchases * log(alpha);
    let lost = 0;
    for (const { x, first, last, from, to } of blocks) {
      const p: Point = { r, R: r + x, alpha, b, s, beta };
      after.fill(0, 0, SIZE * (to - from));
      ended.fill(0, 0, SIZE * (to - from));
      for (let k = to - 1 - from; k >= 0; k--) {
        const at = SIZE * k;
        const t = time[from + k]!;
        reference[k] = logEnd(p, t);
        if (from + k + 1 < to) {
          addBetween(after, at, t, time[from + k + 1]!, reference[k]!, p);
          const ratio = exp(reference[k + 1]! - reference[k]!);
          for (let j = 0; j < SIZE; j++) after[at + j]! += ratio * after[at + SIZE + j]!;
        }
        addTerm(ended, at, 1, true, t, expm1(b * t) / beta, p);
        for (let j = 0; j < SIZE; j++) ended[at + j]! -= after[at + j]!;
      }
      for (let i = first; i < last; i++) {
        const start = atRecency[i]!;
        const end = atEnd[i]!;
        const ratio = exp(reference[end]! - reference[start]!);
        for (let j = 0; j < SIZE; j++) sum[j] = after[SIZE * start + j]! + ratio * ended[SIZE * end + j]!;
        const w = weight[i]!;
        const each = w / sum[0]!;
        for (let a = 0; a < N; a++) {
          const mean = each * sum[1 + a]!;
          G[a]! += mean;
          for (let c = 0; c <= a; c++) C[second(a, c)]! += each * sum[second(a, c)]! - (mean * sum[1 + c]!) / sum[0]!;
        }
        const term = w * (reference[start]! + log(sum[0]!));
        const next = total + term;
        lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
        total = next;
      }
    }
    // From ln b with κ held to ln b with β held: ln κ = ln β − ln b.
    const [rb, ab, bb, sb, kr, ka, kb, ks, kk] = [
      ...[second(2, 0), second(2, 1), second(2, 2), second(3, 2)],
      ...[second(4, 0), second(4, 1), second(4, 2), second(4, 3), second(4, 4)],
    ] as [number, number, number, number, number, number, number, number, number];
    C[bb]! += C[kk]! - 2 * C[kb]!;
    C[kb]! -= C[kk]!;
    C[rb]! -= C[kr]!;
    C[ab]! -= C[ka]!;
    C[sb]! -= C[ks]!;
    G[2]! -= G[4]!;
    for (let a = 0; a < N; a++) {
      g[a] = G[a]! / parameters[a]!;
      for (let c = 0; c <= a; c++) {
        const value = (C[second(a, c)]! - (a === c ? G[a]! : 0)) / (parameters[a]! * parameters[c]!);
        H[N * a + c] = value;
        H[N * c + a] = value;
      }
    }
    return total + lost;
  };
}
