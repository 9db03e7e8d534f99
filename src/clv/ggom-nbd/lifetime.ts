import { exp, expm1, log, log1p } from '../../numerics/elementary.ts';
import { gaussLegendre, type Rule } from '../../numerics/quadrature.ts';

/**
 * A customer from some moment on, while alive then: purchases come at a rate λ ~ Gamma(R, A), the hazard of dropout is
 * ηb·e^(bu), η ~ Gamma(s, β). Who is alive after u is again such a customer, with A + u and β of {@link aged}.
 */
export interface Customer {
  readonly R: number;
  readonly A: number;
  readonly b: number;
  readonly s: number;
  readonly beta: number;
}

/** β of the customers still alive after u: (β + e^(bu) − 1)·e^(−bu). */
export function aged(b: number, beta: number, u: number): number {
  return beta * exp(-b * u) - expm1(-b * u);
}

/** −ln S(u)/s = ln(1 + (e^(bu) − 1)/β); b·u/β where b → 0. */
export function wear(b: number, beta: number, u: number): number {
  const v = b * u;
  return v < 600 ? log1p(expm1(v) / beta) : v - log(beta) + log1p((beta - 1) * exp(-v));
}

/** A Gauss–Legendre panel of so many nodes leaves 1e-15 of what {@link panelWidth} spans. */
export const PANEL = 16;

/** The nodes for parts of a panel as good as {@link PANEL} for all of it: the narrower, the fewer. */
const NODES: readonly (readonly [most: number, nodes: number])[] = [
  [0.003, 3],
  [0.01, 4],
  [0.03, 5],
  [0.1, 7],
  [0.3, 10],
];

/** The rule for a share of a panel. */
export function ruleFor(share: number): Rule {
  for (const [most, nodes] of NODES) if (share <= most) return gaussLegendre(nodes);
  return gaussLegendre(PANEL);
}

const DROP = 6;
const REACH = 3;
const WITHIN = 4;

/** Where the hazard has its singularity: its real part, on the way to which (β > 1) the hazard rises. */
export function poleOf(b: number, beta: number): number {
  return beta < 1 ? log1p(-beta) / b : log(beta - 1) / b;
}

/**
 * How far from u an integrand made of e^(−δu), (1 + u/A)^−R, S(u) and their slopes is as good as a polynomial: each may
 * fall by e^−6 (S by its hazard's most), and the singularities at −A, at the pole and at pole ± iπ/b stay a third of the
 * panel away, or as far aside as is as good.
 */
export function panelWidth({ R, A, b, s, beta }: Customer, pole: number, delta: number, u: number): number {
  const hazard = (s * b) / aged(b, beta, u);
  const rising = beta > 1;
  const wear = rising ? Math.max(log1p((DROP * b) / hazard) / b, DROP / (s * b)) : DROP / hazard;
  const smooth = Math.max(REACH * (u - pole), rising ? WITHIN / b : 0);
  return Math.min(wear, smooth, DROP / (R / (A + u) + delta), REACH * (A + u));
}

const NOTHING = 1e-17;

/**
 * ∫₀^W e^(−δu)·(1 + u/A)^−R·S(u)·h(u) du, a positive integral, by panels. h is the hazard of `dropout` (then it is the
 * probability that dropout comes before a purchase and before W), of a `purchase`, R/(A + u) (the probability that a
 * purchase comes first), or 1 for the discounted `life` without purchase. W may be Infinity where dropout or δ ends it.
 */
export function race(customer: Customer, of: 'dropout' | 'purchase' | 'life', W: number, delta = 0): number {
  const { R, A, b, s, beta } = customer;
  if ((of === 'dropout' && s === 0) || (of === 'purchase' && R === 0)) return 0;
  const pole = poleOf(b, beta);
  const { nodes, weights } = gaussLegendre(PANEL);
  let sum = 0;
  let width = 0;
  for (let u = 0; u < W; u += width) {
    width = Math.min(panelWidth(customer, pole, delta, u), W - u);
    const half = width / 2;
    for (let i = 0; i < nodes.length; i++) {
      const t = u + half * (1 + nodes[i]!);
      const left = exp(-R * log1p(t / A) - s * wear(b, beta, t) - delta * t);
      const rate = of === 'life' ? 1 : of === 'purchase' ? R / (A + t) : (s * b) / aged(b, beta, t);
      sum += half * weights[i]! * left * rate;
    }
    const end = u + width;
    const rest = exp(-R * log1p(end / A) - s * wear(b, beta, end) - delta * end);
    if (rest * (of === 'life' ? Math.min(W - end, 1 / delta) : 1) <= NOTHING * sum) break;
  }
  return sum;
}
