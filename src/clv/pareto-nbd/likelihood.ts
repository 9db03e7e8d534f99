import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { digammaRise, lgammaRise, trigamma } from '../../numerics/special.ts';
import type { Histories } from '../family/history.ts';
import type { Likelihood } from '../maximise.ts';
import { type Block, knotsOf } from './knots.ts';
import { NOTHING, PANEL, ruleFor } from './lomax.ts';
import { type ParetoNbdParameters, silence } from './posterior.ts';

/**
 * ln L(x, t_x, T) = ln[Γ(r+x)/(Γ(r)α^x)] − (r+x)·ln(1 + t_x/α) − s·ln(1 + t_x/β) + ln P(no purchase in (t_x, T])
 * (Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005).
 */
export function logLikelihoodOf(parameters: ParetoNbdParameters, x: number, recency: number, T: number): number {
  const { r, alpha, s, beta } = parameters;
  const bought = x === 0 ? 0 : r > 0 ? lgammaRise(r, x) - x * log(alpha) : Number.NEGATIVE_INFINITY;
  return (
    bought - (r + x) * log1p(recency / alpha) - s * log1p(recency / beta) + log(silence(parameters, x, recency, T))
  );
}

/** Figures per knot: ∫φ and ∫φ times the products up to second order of a, b, P, Q; then a and b at the knot. */
const MOMENTS = 17;
const A = 15;
const B = 16;

/** Room for an evaluation, shared by all: a hundred thousand customers with their own covariates need it but once. */
let scratch: Float64Array = new Float64Array(MOMENTS * 64);

/**
 * The log-likelihood of grouped histories in r, alpha, s, beta. With R = r + x, E(t) = −R·ln(1+t/α) − s·ln(1+t/β) and
 * φ(τ) = e^(E(τ))/(1+τ/β), a history contributes ln[e^(E(T)) + (s/β)∫φ dτ over (t_x, T]]. The integral is the difference
 * of two that end at the last time of any customer with the same x, and those are summed up knot by knot from above: an
 * evaluation costs a few nodes per distinct (x, time), whatever the number of distinct histories. The difference is well
 * conditioned: (s/β)∫φ beyond T is never above e^(E(T)).
 *
 * Derivatives come from the same nodes: a = ln(1+τ/α), P = τ/(α+τ) give ∂φ/∂r = −aφ, α·∂φ/∂α = RPφ; b and Q likewise
 * with s + 1 and β.
 */
export function paretoNbdLikelihood(data: Histories): Likelihood {
  const { T, weight } = data;
  const { time, blocks, atRecency, atEnd } = knotsOf(data);
  const most = MOMENTS * blocks.reduce((largest, { from, to }) => Math.max(largest, to - from), 0);
  const purchases = blocks.reduce((total, { x, weight: many }) => total + x * many, 0);

  /** Fills M: the integrals from each knot of a block to its last one, over e^(E) at the knot. */
  const integrate = (M: Float64Array, { from, to }: Block, R: number, alpha: number, s: number, beta: number): void => {
    const end = MOMENTS * (to - 1 - from);
    M.fill(0, end, end + A);
    M[end + A] = log1p(time[to - 1]! / alpha);
    M[end + B] = log1p(time[to - 1]! / beta);
    for (let k = to - 2; k >= from; k--) {
      const at = MOMENTS * (k - from);
      const next = at + MOMENTS;
      const low = time[k]!;
      const lowA = log1p(low / alpha);
      const lowB = log1p(low / beta);
      const fall = R * (M[next + A]! - lowA) + s * (M[next + B]! - lowB);
      let width = time[k + 1]! - low;
      if (fall > NOTHING)
        width = Math.min(width, (alpha + low) * expm1(NOTHING / R), (beta + low) * expm1(NOTHING / s));
      const L = 1 / ((R + 1) / (alpha + low) + (s + 2) / (beta + low));
      const span = log1p(width / L);
      const panels = Math.ceil(span / PANEL);
      const half = span / panels / 2;
      const { nodes, weights } = ruleFor(2 * half);
      let [z, za, zb, zP, zQ] = [0, 0, 0, 0, 0];
      let [zaa, zab, zaP, zaQ, zbb, zbP, zbQ, zPP, zPQ, zQQ] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
      for (let panel = 0; panel < panels; panel++)
        for (let i = 0; i < nodes.length; i++) {
          const d = L * expm1(half * (2 * panel + 1 + nodes[i]!));
          const overAlpha = (low + d) / alpha;
          const overBeta = (low + d) / beta;
          const a = log1p(overAlpha);
          const b = log1p(overBeta);
          const P = overAlpha / (1 + overAlpha);
          const Q = overBeta / (1 + overBeta);
          const f = (half * weights[i]! * (d + L) * exp(-R * (a - lowA) - s * (b - lowB))) / (1 + overBeta);
          const fa = f * a;
          const fb = f * b;
          const fP = f * P;
          const fQ = f * Q;
          z += f;
          za += fa;
          zb += fb;
          zP += fP;
          zQ += fQ;
          zaa += fa * a;
          zab += fa * b;
          zaP += fa * P;
          zaQ += fa * Q;
          zbb += fb * b;
          zbP += fb * P;
          zbQ += fb * Q;
          zPP += fP * P;
          zPQ += fP * Q;
          zQQ += fQ * Q;
        }
      const rest = exp(-fall);
      M[at] = z + rest * M[next]!;
      M[at + 1] = za + rest * M[next + 1]!;
      M[at + 2] = zb + rest * M[next + 2]!;
      M[at + 3] = zP + rest * M[next + 3]!;
      M[at + 4] = zQ + rest * M[next + 4]!;
      M[at + 5] = zaa + rest * M[next + 5]!;
      M[at + 6] = zab + rest * M[next + 6]!;
      M[at + 7] = zaP + rest * M[next + 7]!;
      M[at + 8] = zaQ + rest * M[next + 8]!;
      M[at + 9] = zbb + rest * M[next + 9]!;
      M[at + 10] = zbP + rest * M[next + 10]!;
      M[at + 11] = zbQ + rest * M[next + 11]!;
      M[at + 12] = zPP + rest * M[next + 12]!;
      M[at + 13] = zPQ + rest * M[next + 13]!;
      M[at + 14] = zQQ + rest * M[next + 14]!;
      M[at + A] = lowA;
      M[at + B] = lowB;
    }
  };

  return (parameters, g, H) => {
    const [r, alpha, s, beta] = parameters as unknown as [number, number, number, number];
    if (scratch.length < most) scratch = new Float64Array(most);
    const M = scratch;
    const S = s + 1;
    const c = s / beta;
    let total = 0;
    let lost = 0;
    let bought = -purchases * log(alpha);
    // Derivatives in r, ln-like α∂α, s, β∂β; second ones α²∂αα and so on.
    let [gr, gA, gs, gB] = [0, 0, 0, 0];
    let [hrr, hrA, hrs, hrB, hAA, hAs, hAB, hss, hsB, hBB] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (const block of blocks) {
      const R = r + block.x;
      integrate(M, block, R, alpha, s, beta);
      for (let i = block.first; i < block.last; i++) {
        const w = weight[i]!;
        const m = MOMENTS * atRecency[i]!;
        const o = MOMENTS * atEnd[i]!;
        const a = M[o + A]!;
        const b = M[o + B]!;
        const fall = R * (a - M[m + A]!) + s * (b - M[m + B]!);
        // All relative to e^(E(t_x)): alive is e^(E(T)), and z … the integrals over (t_x, T].
        const alive = exp(-fall);
        const z = M[m]! - alive * M[o]!;
        const za = M[m + 1]! - alive * M[o + 1]!;
        const zb = M[m + 2]! - alive * M[o + 2]!;
        const zP = M[m + 3]! - alive * M[o + 3]!;
        const zQ = M[m + 4]! - alive * M[o + 4]!;
        const zaa = M[m + 5]! - alive * M[o + 5]!;
        const zab = M[m + 6]! - alive * M[o + 6]!;
        const zaP = M[m + 7]! - alive * M[o + 7]!;
        const zaQ = M[m + 8]! - alive * M[o + 8]!;
        const zbb = M[m + 9]! - alive * M[o + 9]!;
        const zbP = M[m + 10]! - alive * M[o + 10]!;
        const zbQ = M[m + 11]! - alive * M[o + 11]!;
        const zPP = M[m + 12]! - alive * M[o + 12]!;
        const zPQ = M[m + 13]! - alive * M[o + 13]!;
        const zQQ = M[m + 14]! - alive * M[o + 14]!;
        const quiet = alive + c * z;
        const u = alive / quiet;
        const v = c / quiet;
        const P = T[i]! / (alpha + T[i]!);
        const Q = T[i]! / (beta + T[i]!);
        const dr = -u * a - v * za;
        const dA = R * (u * P + v * zP);
        const ds = -u * b + v * (z / s - zb);
        const dB = u * s * Q + v * (S * zQ - z);
        gr += w * dr;
        gA += w * dA;
        gs += w * ds;
        gB += w * dB;
        hrr += w * (u * a * a + v * zaa - dr * dr);
        hrA += w * (u * P * (1 - R * a) + v * (zP - R * zaP) - dr * dA);
        hrs += w * (u * a * b + v * (zab - za / s) - dr * ds);
        hrB += w * (v * (za - S * zaQ) - u * a * s * Q - dr * dB);
        hAA += w * (R * (u * P * ((R + 1) * P - 2) + v * ((R + 1) * zPP - 2 * zP)) - dA * dA);
        hAs += w * (R * (v * (zP / s - zbP) - u * P * b) - dA * ds);
        hAB += w * (R * (u * P * s * Q + v * (S * zPQ - zP)) - dA * dB);
        hss += w * (u * b * b + v * (zbb - (2 * zb) / s) - ds * ds);
        hsB += w * (u * Q * (1 - s * b) + v * ((S * zQ - z) / s + zb + zQ - S * zbQ) - ds * dB);
        hBB += w * (u * s * Q * (S * Q - 2) + v * (2 * z - 4 * S * zQ + S * (S + 1) * zQQ) - dB * dB);
        const term = w * (log(quiet) - R * M[m + A]! - s * M[m + B]!);
        const next = total + term;
        lost += Math.abs(total) >= Math.abs(term) ? total - next + term : term - next + total;
        total = next;
      }
      if (block.x > 0) {
        bought += block.weight * lgammaRise(r, block.x);
        gr += block.weight * digammaRise(r, block.x);
        hrr += block.weight * (trigamma(R) - trigamma(r));
      }
    }
    gA -= purchases;
    hAA += purchases;
    g[0] = gr;
    g[1] = gA / alpha;
    g[2] = gs;
    g[3] = gB / beta;
    H[0] = hrr;
    H[5] = hAA / (alpha * alpha);
    H[10] = hss;
    H[15] = hBB / (beta * beta);
    H[1] = H[4] = hrA / alpha;
    H[2] = H[8] = hrs;
    H[3] = H[12] = hrB / beta;
    H[6] = H[9] = hAs / alpha;
    H[7] = H[13] = hAB / (alpha * beta);
    H[11] = H[14] = hsB / beta;
    return total + lost + bought;
  };
}
