import { describe, expect, it } from 'vitest';
import { tabulated } from './chebyshev.ts';
import { betaRule, cosPi, gaussLegendre } from './quadrature.ts';

describe('gaussLegendre', () => {
  it('has the nodes and weights of the 5-point rule (Abramowitz & Stegun, table 25.4)', () => {
    const { nodes, weights } = gaussLegendre(5);
    const wanted = [0.906179845938664, 0.5384693101056831, 0, 0.23692688505618908, 0.47862867049936647];
    expect(nodes[4]).toBeCloseTo(wanted[0]!, 15);
    expect(nodes[3]).toBeCloseTo(wanted[1]!, 15);
    expect(nodes[2]).toBeCloseTo(0, 15);
    expect(weights[4]).toBeCloseTo(wanted[3]!, 14);
    expect(weights[3]).toBeCloseTo(wanted[4]!, 14);
    expect(weights[2]).toBeCloseTo(128 / 225, 14);
  });
  it('integrates x^30 with 16 points exactly, and its weights add up to 2', () => {
    for (const n of [1, 2, 16, 48]) {
      const { nodes, weights } = gaussLegendre(n);
      expect(weights.reduce((a, w) => a + w, 0)).toBeCloseTo(2, 13);
      const degree = 2 * n - 2;
      expect(weights.reduce((a, w, i) => a + w * nodes[i]! ** degree, 0)).toBeCloseTo(2 / (degree + 1), 13);
    }
  });
});

it('cosPi is the cosine', () => {
  for (let m = 0; m <= 64; m++) expect(cosPi(m, 32)).toBeCloseTo(Math.cos((Math.PI * m) / 32), 14);
});

// a, b, R, q, E[(1 − (1 + pq)^(−R))/(Rpq)] for p ~ Beta(a, b), by mpmath with 30 digits in ln(p/(1−p)).
const MEANS: readonly (readonly [number, number, number, number, number])[] = [
  [0.793, 2.426, 0.243, 0.9, 0.8909794437342542],
  [0.793, 2.426, 0.243, 100000.0, 0.001797383032355243],
  [1, 3.5, 2.5, 5, 0.416148831459377],
  [0.01, 0.02, 0.3, 40, 0.665788302001098],
  [1e-6, 1, 1.5, 10, 0.9999973511417136],
  [30, 80, 5.2, 3, 0.22859744409923902],
  [7552, 55766, 2.7, 20, 0.1495095011875923],
  [0.4, 2000.8, 1000.1, 0.1, 0.9902218958540445],
  [0.4, 200.8, 200.1, 100, 0.2491094303288785],
  [5, 0.05, 3, 2, 0.16227308700693846],
  [1000, 1, 3, 2, 0.16064209057328369],
  [0.001, 0.001, 2, 10000.0, 0.4951951208969888],
  [100000.0, 300000.0, 1.2, 30, 0.10259144931048853],
];

// The density is the exponential of a number of the size of a + b: its rounding is what is left.
const rounding = (a: number, b: number): number => 1e-14 + 1e-16 * (a + b);

describe('betaRule', () => {
  it('gives the moments of the Beta distribution: E[p] = a/(a+b), E[p²] = a(a+1)/((a+b)(a+b+1))', () => {
    for (const [a, b] of [
      [0.8, 2.4],
      [1, 1],
      [1e-4, 3],
      [40, 0.02],
      [40, 0.2],
      [1000, 0.01],
      [1e5, 0.3],
      [5000, 30_000],
      [0.3, 900],
    ] as const) {
      const { nodes, weights } = betaRule(a, b);
      const moment = (k: number): number => weights.reduce((sum, w, i) => sum + w * nodes[i]! ** k, 0);
      expect(moment(0)).toBeCloseTo(1, 14);
      expect(Math.abs((moment(1) * (a + b)) / a - 1)).toBeLessThan(rounding(a, b));
      expect(Math.abs((moment(2) * (a + b) * (a + b + 1)) / (a * (a + 1)) - 1)).toBeLessThan(rounding(a, b));
    }
  });
  it('integrates the kernel of expected purchases to rounding over extreme shapes', () => {
    for (const [a, b, R, q, wanted] of MEANS) {
      const { nodes, weights } = betaRule(a, b, 1 / (1 + (R + 1) * q));
      let sum = 0;
      nodes.forEach((p, i) => {
        const s = p * q;
        sum += weights[i]! * (s < 1e-290 ? 1 : -Math.expm1(-R * Math.log1p(s)) / (R * s));
      });
      expect(Math.abs(sum / wanted - 1)).toBeLessThan(rounding(a, b));
    }
  });
  it('holds where the parameters are all but degenerate', () => {
    for (const [a, b] of [
      [8e-17, 1],
      [8e-17, 3e-16],
      [1e-13, 40],
      [2, 1e15],
      [1e9, 3e9],
    ] as const) {
      const { nodes, weights } = betaRule(a, b);
      const mean = weights.reduce((sum, w, i) => sum + w * nodes[i]!, 0);
      expect(Math.abs(mean - a / (a + b))).toBeLessThan(1e-10 * (a / (a + b)));
    }
  });
  it('is one node at 0 for a = 0', () => {
    expect(betaRule(0, 3)).toEqual({ nodes: Float64Array.of(0), weights: Float64Array.of(1) });
  });
});

describe('tabulated', () => {
  it('reproduces a function that is analytic for |Im v| < π/2 to 1e-14, and builds each interval once', () => {
    let built = 0;
    const table = tabulated(0.5, () => {
      built++;
      return (v) => 1 / Math.cosh(v);
    });
    for (let v = 0; v < 10; v += 0.013) expect(Math.abs(table(v) * Math.cosh(v) - 1)).toBeLessThan(1e-14);
    expect(built).toBe(20);
  });
});
